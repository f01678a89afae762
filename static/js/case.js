/* A field that belongs to some choices of another («way=4 6») is shown and sent for those only; without this script all stand there. */
function fitOne(part) {
  const [name, values] = part.dataset.shownWhen.split("="), box = part.closest("form").elements[name];
  const isFor = !box || !box.value || values.split(" ").includes(box.value);
  part.hidden = !isFor;
  part.querySelectorAll("input, select, textarea").forEach((n) => { n.disabled = !isFor; });
}
const fitAll = (scope) => scope.querySelectorAll("[data-shown-when]").forEach(fitOne);
document.addEventListener("change", (event) => { if (event.target.form) fitAll(event.target.form); });
document.addEventListener("htmx:afterSwap", () => fitAll(document));
fitAll(document);
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
/* Who else is here: a beat every 25 s while the page is looked at, and none while it is not. Written in within the last minute counts as writing.
   Whatever goes wrong, the line just empties: nothing hangs on it. It does not keep the session alive (X-Background). */
const here = document.getElementById("presence");
if (here) {
  let wrote = 0, busy = false;
  document.addEventListener("input", (event) => { if (event.target.form && event.target.form.matches("[data-primary]")) { const fresh = Date.now() - wrote > 60000; wrote = Date.now(); if (fresh) beat(); } });
  async function beat() {
    if (busy || document.visibilityState !== "visible") return;
    busy = true;
    const body = new URLSearchParams({ writing: Date.now() - wrote < 60000 ? here.dataset.writing : "" });
    const headers = { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, "X-Requested-With": "fetch", "X-Background": "1", "Content-Type": "application/x-www-form-urlencoded" };
    try {
      const r = await fetch(here.dataset.presence, { method: "POST", headers, body: body.toString() });
      const words = r.ok ? await r.text() : "";
      if (words.trim() !== here.innerHTML.trim()) here.innerHTML = words;
    } catch { here.textContent = ""; }
    busy = false;
  }
  beat();
  setInterval(beat, 25000);
  document.addEventListener("visibilitychange", beat);
}
