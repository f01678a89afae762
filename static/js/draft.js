/* Autosave to the server: form[data-draft-url]. On leaving a field, every 5 s while something changed, and on leaving the page.
   Nothing stays in the browser: petitioners' data is personal (L-SEC). [data-draft-note] says when; [data-draft-save] (F8) saves at once. */
const csrf = () => document.querySelector('meta[name="csrf-token"]').content;
document.querySelectorAll("form[data-draft-url]").forEach((form) => {
  let dirty = false, busy = false;
  const say = (text, bad) => document.querySelectorAll("[data-draft-note]").forEach((n) => { n.textContent = text; n.classList.toggle("bad-t", Boolean(bad)); });
  const body = () => { const f = new FormData(form); Array.from(f.keys()).forEach((k) => { if (k === "csrfmiddlewaretoken" || f.get(k) instanceof File) f.delete(k); }); return f; };
  const touch = () => { dirty = true; delete form.dataset.clean; };
  async function save() {
    if (!dirty || busy || form.dataset.sent) return;
    busy = true; dirty = false;
    try {
      const r = await fetch(form.dataset.draftUrl, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" }, body: body() });
      if (r.status === 409) { say((await r.json()).message, true); return; } /* registered meanwhile: stays busy, nothing more to keep */
      if (r.status === 422) { say((await r.json()).message, true); busy = false; return; } /* the same again would be refused again: the next keystroke tries */
      if (!r.ok) throw new Error(String(r.status));
      say("已暂存 " + new Date().toTimeString().slice(0, 8));
      if (!dirty) form.dataset.clean = "1";
    } catch { dirty = true; say("未能暂存，正在重试", true); }
    busy = false;
  }
  form.addEventListener("input", touch);
  form.addEventListener("change", (e) => { if (e.target !== form) touch(); }); /* the form itself only asks for the repeat check */
  form.addEventListener("focusout", save);
  setInterval(save, 5000);
  document.addEventListener("draft:save", () => { touch(); save(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  window.addEventListener("pagehide", () => { if (dirty && !form.dataset.sent) fetch(form.dataset.draftUrl, { method: "POST", keepalive: true, headers: { "X-CSRFToken": csrf() }, body: body() }).catch(() => {}); });
});
document.addEventListener("click", (e) => { if (e.target.closest("[data-draft-save]")) { e.preventDefault(); document.dispatchEvent(new Event("draft:save")); } });
