/* Small widgets bound by data- attributes: dialogs, choices, busy buttons, rows, selection, dates, counters, print, theme. */
const d = document;
const $$ = (s, c = d) => Array.from(c.querySelectorAll(s));
const csrf = () => { const m = d.querySelector('meta[name="csrf-token"]'); return m ? m.content : ""; };

/* htmx carries the token of the page; it changes when somebody signs in again in the overlay. */
d.addEventListener("htmx:configRequest", (e) => { e.detail.headers["X-CSRFToken"] = csrf(); });
d.addEventListener("htmx:responseError", (e) => { if (e.detail.xhr.status !== 401) toast("没有办成，请稍后再试。错误 " + e.detail.xhr.status, "bad"); });
d.addEventListener("htmx:sendError", () => toast("网络中断，没有发出。您填写的内容还在。", "bad"));
d.addEventListener("htmx:afterSwap", (e) => { mirror(e.target); autofocus(e.target); });

export function toast(text, kind = "ok") {
  let box = d.querySelector(".toasts");
  if (!box) { box = d.createElement("div"); box.className = "toasts"; box.setAttribute("role", "status"); d.body.append(box); }
  const t = d.createElement("div"); t.className = "toast toast--" + kind; t.textContent = text; box.append(t);
  if (kind === "ok") setTimeout(() => t.remove(), 5000);
}
$$("[data-toast]").forEach((t) => setTimeout(() => t.remove(), Number(t.dataset.toast)));

d.addEventListener("click", (e) => {
  const at = (s) => e.target.closest(s);
  const open = at("[data-open]"), close = at("[data-close]"), gone = at("[data-dismiss]"), theme = at("[data-theme-toggle]"), copy = at("[data-copy]"), print = at("[data-print]"), back = at("[data-back]");
  if (open) { const dlg = d.getElementById(open.dataset.open); if (dlg) { e.preventDefault(); dlg.returnTo = open; dlg.showModal(); } }
  if (close) { const dlg = close.closest("dialog"); dlg.close(); if (dlg.returnTo) dlg.returnTo.focus(); }
  if (gone) gone.parentElement.remove();
  if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => toast("已复制"));
  if (print && print.tagName !== "BODY") window.print();
  if (back) { e.preventDefault(); history.back(); }
  if (theme) {
    const root = d.documentElement, dark = root.dataset.theme !== "dark";
    root.dataset.theme = dark ? "dark" : "";
    if (theme.dataset.url) fetch(theme.dataset.url, { method: "POST", headers: { "X-CSRFToken": csrf(), "Content-Type": "application/x-www-form-urlencoded" }, body: "theme=" + (dark ? "dark" : "light") });
  }
  const add = at("[data-rows-add]"), del = at("[data-rows-remove]");
  if (add) addRow(add.closest("[data-rows]"));
  if (del) removeRow(del);
  const insert = at("[data-insert]");
  if (insert) { const t = d.getElementById(insert.dataset.target); if (t) { t.setRangeText(insert.dataset.insert, t.selectionStart, t.selectionEnd, "end"); t.dispatchEvent(new Event("input", { bubbles: true })); t.focus(); } const dlg = insert.closest("dialog"); if (dlg) dlg.close(); }
});

/* .is-on mirrors checked radios and boxes, because :has() is newer than the county's browsers. */
function mirror(scope) { $$(".seg label, .pick label", scope).forEach((l) => { const i = l.querySelector("input"); if (i) l.classList.toggle("is-on", i.checked); }); }
d.addEventListener("change", (e) => { const g = e.target.closest && e.target.closest(".seg, .pick"); if (g) mirror(g); });
mirror(d);

/* A form is sent once: the second click finds the button busy. The back button finds it ready again. */
d.addEventListener("submit", (e) => {
  const f = e.target;
  if (f.method === "get" || f.hasAttribute("data-many")) return;
  if (f.dataset.sent) { e.preventDefault(); return; }
  f.dataset.sent = "1"; f.dataset.clean = "1";
  const b = e.submitter || f.querySelector("button[type=submit]"); if (b) b.classList.add("is-busy");
});
function ready() { $$("form[data-sent]").forEach((f) => delete f.dataset.sent); $$(".is-busy").forEach((b) => b.classList.remove("is-busy")); }
window.addEventListener("pageshow", ready);
d.addEventListener("htmx:afterRequest", ready);

/* Leaving with unsaved text asks first, unless a server draft holds it. */
d.addEventListener("input", (e) => { const f = e.target.form; if (f && f.hasAttribute("data-guard")) delete f.dataset.clean, f.dataset.dirty = "1"; count(e.target); });
window.addEventListener("beforeunload", (e) => { if (d.querySelector("form[data-guard][data-dirty]:not([data-clean])")) e.preventDefault(); });

/* Character counters: <span data-count-for="id_story" data-max="2000">. */
function count(t) { const c = t.id && d.querySelector(`[data-count-for="${t.id}"]`); if (c) c.textContent = `${t.value.length} / ${c.dataset.max}`; }
$$("[data-count-for]").forEach((c) => { const t = d.getElementById(c.dataset.countFor); if (t) count(t); });

/* How many required fields are still empty; the link jumps to the first. <a data-missing hidden>. */
function missing(f) {
  const link = f.querySelector("[data-missing]") || d.querySelector(`[data-missing="${f.id}"]`); if (!link) return;
  const empty = $$("[required]", f).filter((n) => visibleField(n) && !n.value.trim());
  link.hidden = !empty.length;
  if (empty.length) { const l = f.querySelector(`label[for="${empty[0].id}"]`); link.textContent = `还差 ${empty.length} 项必填：${(empty[0].dataset.label || (l ? l.firstChild.textContent : "")).trim()}`; link.href = "#" + empty[0].id; link.onclick = (e) => { e.preventDefault(); empty[0].focus(); }; }
}
const visibleField = (n) => !n.disabled && n.type !== "hidden" && n.getClientRects().length > 0;
$$("form[data-counts-missing]").forEach((f) => { missing(f); ["input", "change"].forEach((ev) => f.addEventListener(ev, () => missing(f))); });

/* Enter moves to the next field in counter forms; Ctrl+Enter and F9 send (habits 3). */
d.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || e.isComposing || e.keyCode === 229 || e.ctrlKey || e.defaultPrevented) return;
  const f = e.target.form; if (!f || !f.hasAttribute("data-enter-next") || !/^(INPUT|SELECT)$/.test(e.target.tagName) || /^(submit|button)$/.test(e.target.type)) return;
  e.preventDefault();
  const all = $$("input, select, textarea, button[data-stop]", f).filter((n) => visibleField(n) && n.tabIndex >= 0), i = all.indexOf(e.target);
  if (all[i + 1]) all[i + 1].focus();
});

/* Dates typed short: 0315, 20260315, +7, 今天, 明天 → 2026-03-15. */
export function parseDate(text, today = new Date()) {
  const t = text.trim(), iso = (x) => `${x.getFullYear()}-${String(x.getMonth() + 1).padStart(2, "0")}-${String(x.getDate()).padStart(2, "0")}`;
  const plus = (n) => { const x = new Date(today); x.setDate(x.getDate() + n); return iso(x); };
  if (/^今天?$/.test(t)) return plus(0); if (/^明天?$/.test(t)) return plus(1); if (/^昨天?$/.test(t)) return plus(-1);
  let m = t.match(/^([+-]\d{1,3})$/); if (m) return plus(Number(m[1]));
  m = t.match(/^(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?$/) || (t.match(/^\d{4}$/) && [0, today.getFullYear(), t.slice(0, 2), t.slice(2)]) || ((m = t.match(/^(\d{1,2})[-./月](\d{1,2})日?$/)) && [0, today.getFullYear(), m[1], m[2]]);
  if (!m) return null;
  const x = new Date(m[1], m[2] - 1, m[3]); return x.getMonth() === m[2] - 1 && x.getDate() === Number(m[3]) ? iso(x) : null;
}
d.addEventListener("change", (e) => { if (e.target.matches && e.target.matches("[data-date]") && e.target.value) { const v = parseDate(e.target.value); if (v) e.target.value = v; } });

/* Rows that repeat (points, people, tasks): [data-rows="prefix"] holds [data-rows-body], a <template>, a management form. */
function addRow(box) {
  const total = box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`), max = Number(box.dataset.max || 99), n = Number(total.value);
  if ($$("[data-rows-row]", box).filter((r) => !r.hidden).length >= max) { toast(`最多 ${max} 行`, "warn"); return; }
  const body = box.querySelector("[data-rows-body]"), wrap = d.createElement("div");
  wrap.innerHTML = box.querySelector("template").innerHTML.replace(/__prefix__/g, n);
  const row = wrap.firstElementChild; body.append(row); total.value = n + 1; number(box);
  const f = row.querySelector("input:not([type=hidden]), textarea, select"); if (f) f.focus();
  row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
}
function removeRow(button) {
  const row = button.closest("[data-rows-row]"), box = row.closest("[data-rows]"), del = row.querySelector('[name$="-DELETE"]');
  if (del) { del.value = "on"; del.checked = true; row.hidden = true; } else { $$("input, textarea, select", row).forEach((n) => { n.value = ""; }); row.hidden = true; }
  number(box); const a = box.querySelector("[data-rows-add]"); if (a) a.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
function number(box) { $$("[data-rows-row]", box).filter((r) => !r.hidden).forEach((r, i) => { const n = r.querySelector("[data-rows-no]"); if (n) n.textContent = i + 1; }); }
d.addEventListener("keydown", (e) => { /* Enter in the last row's only field adds the next row */
  if (e.key !== "Enter" || e.isComposing || e.keyCode === 229 || e.ctrlKey || e.defaultPrevented) return;
  const row = e.target.closest && e.target.closest("[data-rows-row][data-enter-adds]"); if (!row || e.target.tagName === "TEXTAREA") return;
  e.preventDefault(); const rows = $$("[data-rows-row]", row.closest("[data-rows]")).filter((r) => !r.hidden), i = rows.indexOf(row);
  if (rows[i + 1]) rows[i + 1].querySelector("input:not([type=hidden]), textarea").focus(); else if (e.target.value.trim()) addRow(row.closest("[data-rows]"));
}, true);

/* Ticks in a list: the bulk bar shows how many; «all matching» freezes the whole filter. */
function ticks() {
  const list = d.querySelector("[data-list]"), bar = d.querySelector("[data-bulk]"); if (!list || !bar) return;
  const boxes = $$("input[type=checkbox][name=number]", list), on = boxes.filter((b) => b.checked);
  boxes.forEach((b) => { const r = b.closest("tr, [data-row]"); if (r) r.classList.toggle("is-sel", b.checked); });
  bar.hidden = !on.length; const c = bar.querySelector("[data-count]"); if (c) c.textContent = on.length;
  const all = bar.querySelector("[data-all-matching-offer]"); if (all) all.hidden = on.length < boxes.length;
}
d.addEventListener("change", (e) => { if (e.target.matches && e.target.matches("[data-all]")) $$("input[type=checkbox][name=number]", d.querySelector("[data-list]")).forEach((b) => { b.checked = e.target.checked; }); ticks(); });
d.addEventListener("click", (e) => { if (e.target.closest("[data-clear-selection]")) { $$("[data-list] input[type=checkbox]").forEach((b) => { b.checked = false; }); ticks(); } });
d.addEventListener("htmx:afterSwap", ticks); ticks();

function autofocus(scope) { const n = scope.querySelector && scope.querySelector("[data-autofocus]"); if (n) n.focus(); }
autofocus(d);
if (d.body.hasAttribute("data-print")) window.addEventListener("load", () => window.print());
