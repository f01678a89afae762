/* A dead session keeps the page: one signs in on top of it, the waiting request goes out again with a fresh token (beyond.md 1).
   A warning comes two minutes before the idle end; an answer in another tab counts for this one too. */
const d = document, over = d.getElementById("session-expired"), warn = d.getElementById("session-warning");
const idle = Number(d.documentElement.dataset.sessionIdle || 0) * 1000, LEAD = 120000;
const plain = window.fetch.bind(window);
const meta = d.querySelector('meta[name="csrf-token"]');
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
let timers = [], waiting = [], pressed = false;

function arm() {
  timers.forEach(clearTimeout);
  if (warn && warn.open) warn.close();
  if (!warn || idle <= LEAD) return;
  timers = [setTimeout(() => { if (!over.open && !warn.open) warn.showModal(); }, idle - LEAD), setTimeout(() => expired(), idle)];
}
function alive() { arm(); if (tabs) tabs.postMessage("alive"); }
/* What the page asks for by itself is nobody's presence: the server does not count it (X-Background), so the warning may not wait for it. */
const byItself = (headers) => Boolean(headers && headers["X-Background"]);
if (tabs) tabs.onmessage = arm;
arm();

/* Browsers keep whole pages in memory for the Back button, past Clear-Site-Data: the sign-in page says when somebody left, and a page
   from before that is asked for anew, which leads to the sign-in page. */
const begun = Date.now(), LEFT = "session:left";
if (d.querySelector(".login__form")) localStorage.setItem(LEFT, begun);
addEventListener("pageshow", (e) => {
  if (!e.persisted || !over || Number(localStorage.getItem(LEFT)) < begun) return;
  d.documentElement.hidden = true;
  location.reload();
});

function unlock(form) { delete form.dataset.sent; Array.from(form.elements).forEach((n) => n.classList.remove("is-busy")); }
/* Leaving a field by pressing a button sends the draft first: an overlay that came between press and release would swallow the click. */
d.addEventListener("pointerdown", () => { pressed = true; }, true);
["pointerup", "pointercancel"].forEach((kind) => d.addEventListener(kind, () => { pressed = false; }, true));
function expired(retry) {
  if (retry) waiting.push(retry);
  if (!over || over.open) return;
  if (pressed) { setTimeout(expired, 50); return; }
  if (warn && warn.open) warn.close();
  over.showModal();
  d.getElementById("ov-password").focus();
}
const dead = (status, header) => status === 401 || Boolean(header);

/* Every fetch of ours: a 401 waits for the overlay and is then sent once more. */
window.fetch = async (input, options) => {
  const r = await plain(input, options);
  if (!over || !dead(r.status, r.headers.get("X-Session-Expired"))) { if (r.ok && new URL(r.url).origin === location.origin && !byItself(options && options.headers)) alive(); return r; }
  await new Promise((go) => expired(go));
  const again = { ...options };
  if (again.headers && again.headers["X-CSRFToken"]) again.headers = { ...again.headers, "X-CSRFToken": meta.content };
  return plain(input, again);
};
d.addEventListener("htmx:beforeOnLoad", (e) => {
  const { xhr, elt, requestConfig } = e.detail;
  if (!over || !dead(xhr.status, xhr.getResponseHeader("X-Session-Expired"))) { if (!byItself(requestConfig.headers)) alive(); return; }
  e.preventDefault();
  const { verb, path, target, formData, parameters } = requestConfig;
  const values = formData ? Object.fromEntries(Array.from(new Set(formData.keys())).map((k) => { const v = formData.getAll(k); return [k, v.length > 1 ? v : v[0]]; })) : parameters;
  expired(() => window.htmx.ajax(verb, path, { source: elt, target, values: { ...values, csrfmiddlewaretoken: meta.content } }));
});

/* An ordinary form asks first whether the session still lives, so that nothing typed is lost to a redirect or a broken line. */
d.addEventListener("submit", async (e) => {
  const f = e.target;
  if (e.defaultPrevented || !over || f.getAttribute("method") !== "post" || f.dataset.checked || (e.submitter && e.submitter.hasAttribute("data-preview")) || f.matches("[data-no-session-check], [hx-post], [data-hx-post]")) return;
  e.preventDefault();
  const button = e.submitter;
  const go = () => {
    f.dataset.checked = "1"; unlock(f);
    const t = f.querySelector('[name="csrfmiddlewaretoken"]'); if (t) t.value = meta.content;
    if (button) f.requestSubmit(button); else f.requestSubmit();
    setTimeout(() => delete f.dataset.checked, 0);
  };
  let r = null;
  try { r = await plain("/session/keep/", { headers: { "X-Requested-With": "fetch" } }); } catch { r = null; }
  if (!r) { unlock(f); d.dispatchEvent(new CustomEvent("toast", { detail: { text: "网络中断，没有发出。您填写的内容还在。", kind: "bad" } })); return; }
  if (dead(r.status, r.headers.get("X-Session-Expired"))) { unlock(f); expired(go); } else go();
});

if (over) {
  over.addEventListener("cancel", (e) => e.preventDefault());
  over.querySelector("form").addEventListener("submit", async (e) => {
    e.preventDefault(); e.stopPropagation();
    const f = e.target, err = f.querySelector("[data-overlay-error]"), button = f.querySelector("[type=submit]");
    err.hidden = true; button.classList.add("is-busy");
    let a = {};
    try { a = await (await plain(f.getAttribute("action"), { method: "POST", headers: { "X-CSRFToken": meta.content, "X-Requested-With": "fetch", Accept: "application/json" }, body: new FormData(f) })).json(); } catch { a = {}; }
    button.classList.remove("is-busy");
    if (a.csrf) meta.content = a.csrf;
    if (a.needs_otp) { f.querySelector("[data-overlay-otp]").hidden = false; d.getElementById("ov-otp").focus(); }
    if (!a.ok) {
      err.textContent = a.message || "没有登录成功，请重试。"; err.hidden = false;
      /* What was wrong is typed anew, not typed on: five tries lock the account. */
      const wrong = f.querySelector("[data-overlay-otp]").hidden ? d.getElementById("ov-password") : d.getElementById("ov-otp");
      wrong.focus(); wrong.select();
      return;
    }
    f.reset(); over.close(); alive();
    d.dispatchEvent(new Event("session:renewed"));
    waiting.splice(0).forEach((go) => go());
  });
}
d.addEventListener("click", (e) => { if (e.target.closest("[data-session-keep]")) window.fetch("/session/keep/", { headers: { "X-Requested-With": "fetch" } }).catch(() => {}); });
