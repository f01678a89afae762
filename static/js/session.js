/* A dead session keeps the page: sign in on top of it, get a fresh token, go on (beyond.md 1). A warning comes two minutes before. */
const d = document, over = d.getElementById("session-expired"), warn = d.getElementById("session-warning");
const idle = Number(d.documentElement.dataset.sessionIdle || 0) * 1000;
let timer = 0, waiting = null;
function arm() { clearTimeout(timer); if (warn && idle > 180000) timer = setTimeout(() => { if (!over.open) warn.showModal(); }, idle - 120000); }
arm();
const expired = (retry) => { if (!over || over.open) return; waiting = retry || null; if (warn && warn.open) warn.close(); over.showModal(); d.getElementById("ov-password").focus(); };

const plain = window.fetch.bind(window);
window.fetch = async (...a) => { const r = await plain(...a); if (r.status === 401) expired(); else arm(); return r; };
d.addEventListener("htmx:beforeOnLoad", (e) => { if (e.detail.xhr.status === 401) { e.preventDefault(); const el = e.detail.elt; expired(() => window.htmx.trigger(el, e.detail.requestConfig.triggeringEvent ? e.detail.requestConfig.triggeringEvent.type : "submit")); } });

/* An ordinary form asks first whether the session still lives, so that nothing typed is lost to a redirect. */
d.addEventListener("submit", async (e) => {
  const f = e.target;
  if (f.method !== "post" || f.dataset.checked || f.matches("[data-overlay-sign-in], [data-no-session-check]") || f.hasAttribute("hx-post") || !over) return;
  e.preventDefault(); const b = e.submitter;
  const go = () => { f.dataset.checked = "1"; delete f.dataset.sent; const t = f.querySelector('[name="csrfmiddlewaretoken"]'); if (t) t.value = token(); if (b) f.requestSubmit(b); else f.requestSubmit(); setTimeout(() => delete f.dataset.checked, 0); };
  let r = null; try { r = await plain("/session/keep/", { headers: { "X-Requested-With": "fetch" } }); } catch { r = null; }
  if (r && r.status === 401) { delete f.dataset.sent; d.querySelectorAll(".is-busy").forEach((n) => n.classList.remove("is-busy")); expired(go); } else go();
});
const token = () => d.querySelector('meta[name="csrf-token"]').content;

if (over) over.querySelector("form").addEventListener("submit", async (e) => {
  e.preventDefault(); e.stopPropagation();
  const f = e.target, err = f.querySelector("[data-overlay-error]"); err.hidden = true;
  const r = await plain(f.action, { method: "POST", headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" }, body: new FormData(f) });
  const a = await r.json().catch(() => ({}));
  if (a.csrf) d.querySelector('meta[name="csrf-token"]').content = a.csrf;
  if (a.needs_otp) { f.querySelector("[data-overlay-otp]").hidden = false; d.getElementById("ov-otp").focus(); }
  if (!a.ok) { err.textContent = a.message || "没有登录成功，请重试。"; err.hidden = false; delete f.dataset.sent; f.querySelectorAll(".is-busy").forEach((n) => n.classList.remove("is-busy")); return; }
  f.reset(); delete f.dataset.sent; f.querySelectorAll(".is-busy").forEach((n) => n.classList.remove("is-busy")); over.close(); arm(); d.dispatchEvent(new Event("session:renewed"));
  if (waiting) { const w = waiting; waiting = null; w(); }
});
if (over) over.addEventListener("cancel", (e) => e.preventDefault());
const keep = d.querySelector("[data-session-keep]");
if (keep) keep.addEventListener("click", async () => { await window.fetch("/session/keep/", { headers: { "X-Requested-With": "fetch" } }); warn.close(); });
