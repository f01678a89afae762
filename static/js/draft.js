/* Autosave to the server: form[data-draft-url]. On blur, every 5 s while dirty, before leaving. Nothing stays in the browser. */
const csrf = () => document.querySelector('meta[name="csrf-token"]').content;
document.querySelectorAll("form[data-draft-url]").forEach((form) => {
  const note = document.querySelector("[data-draft-note]");
  let dirty = false, busy = false;
  const say = (t, bad) => { if (note) { note.textContent = t; note.classList.toggle("bad-t", Boolean(bad)); } };
  const body = () => { const f = new FormData(form); Array.from(f.keys()).forEach((k) => { if (k === "csrfmiddlewaretoken" || f.get(k) instanceof File) f.delete(k); }); return f; };
  async function save() {
    if (!dirty || busy || form.dataset.sent) return; busy = true; dirty = false;
    try {
      const r = await fetch(form.dataset.draftUrl, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" }, body: body() });
      if (!r.ok) throw r.status;
      say("已暂存 " + new Date().toTimeString().slice(0, 8)); form.dataset.clean = "1";
    } catch (s) { dirty = true; say(s === 401 ? "登录已超时，重新登录后会继续暂存" : "未能暂存，正在重试", true); }
    busy = false;
  }
  form.addEventListener("input", () => { dirty = true; delete form.dataset.clean; });
  form.addEventListener("change", () => { dirty = true; });
  form.addEventListener("focusout", () => save());
  setInterval(save, 5000);
  document.addEventListener("draft:save", async () => { dirty = true; await save(); });
  document.addEventListener("session:renewed", () => { dirty = true; save(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  window.addEventListener("pagehide", () => { if (dirty && !form.dataset.sent) fetch(form.dataset.draftUrl, { method: "POST", keepalive: true, headers: { "X-CSRFToken": csrf() }, body: body() }); });
});
document.addEventListener("click", (e) => { if (e.target.closest("[data-draft-save]")) { e.preventDefault(); document.dispatchEvent(new Event("draft:save")); } });
