/* The routing panel: a suggestion fills the unit at once, fields follow the mode. Without JavaScript the links and all fields do. */
const form = document.getElementById("route-form");
document.addEventListener("click", (e) => {
  const s = e.target.closest("[data-pick-unit]"); if (!s || !form) return;
  e.preventDefault();
  const box = form.querySelector("[data-typeahead]"), hidden = box.querySelector("input[type=hidden]"), shown = box.querySelector("input:not([type=hidden])");
  hidden.value = s.dataset.pickUnit; shown.value = s.dataset.pickName; box.classList.add("is-picked");
  document.querySelectorAll("[data-pick-unit]").forEach((n) => { n.classList.toggle("is-on", n === s); if (n === s) n.setAttribute("aria-current", "true"); else n.removeAttribute("aria-current"); });
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
});
function follow() {
  if (!form) return;
  const on = form.querySelector('[name="mode"]:checked'), mode = on ? on.value : "";
  form.querySelectorAll("[data-for-mode]").forEach((n) => { n.hidden = !n.dataset.forMode.split(" ").includes(mode); });
}
if (form) { form.addEventListener("change", follow); follow(); }
