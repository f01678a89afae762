/* Before the page is drawn: large print and contrast as chosen in this window. Nothing else is kept. */
(function () {
  try {
    ["large", "contrast"].forEach(function (name) { if (sessionStorage.getItem("look." + name)) document.documentElement.setAttribute("data-" + name, ""); });
  } catch (e) { /* storage closed: the page looks as it comes */ }
})();
