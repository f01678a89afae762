/* The routing form shows the fields its mode needs; without this script all of them stand there. */
function fit(form) {
  const chosen = form.querySelector('input[name="mode"]:checked');
  form.querySelectorAll("[data-for-mode]").forEach((part) => { part.hidden = Boolean(chosen) && !part.dataset.forMode.split(" ").includes(chosen.value); });
}
const each = (scope) => scope.querySelectorAll("form").forEach((form) => { if (form.querySelector("[data-for-mode]")) fit(form); });
document.addEventListener("change", (event) => { if (event.target.name === "mode" && event.target.form) fit(event.target.form); });
document.addEventListener("htmx:afterSwap", (event) => each(event.target.parentNode || document));
each(document);
/* «更多操作»: Esc and a click elsewhere close it; the focus goes back to its button. */
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); event.preventDefault(); }
});
document.addEventListener("click", (event) => { document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }); });
