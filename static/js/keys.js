/* Keyboard map (DESIGN §7). Elements declare data-key="F9", "Alt+T", "Ctrl+Enter", "N", "1"…; the script clicks or focuses them. */
const root = document.documentElement;
const $$ = (s, c = document) => Array.from(c.querySelectorAll(s));
export const inField = (t) => Boolean(t && (/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.isContentEditable) && !/^(checkbox|radio|button|submit)$/.test(t.type || ""));
export const composing = (e) => e.isComposing || e.keyCode === 229;

function name(e) {
  const base = /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : /^Digit\d$/.test(e.code) && !e.shiftKey ? e.code.slice(5) : e.key;
  return (e.ctrlKey ? "Ctrl+" : "") + (e.altKey ? "Alt+" : "") + base;
}
function visible(el) { return !el.disabled && el.getClientRects().length > 0; }
function press(key) {
  const open = document.querySelector("dialog[open]");
  const el = $$("[data-key]", open || document).find((n) => n.dataset.key === key && visible(n));
  if (!el) return false;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|submit|button)$/.test(el.type)) { el.focus(); if (el.select) el.select(); } else el.click();
  return true;
}
const GO = { "Alt+1": "/petitions/register/", "Alt+2": "/cases/" };

document.addEventListener("keydown", (e) => {
  if (composing(e) || e.defaultPrevented) return;
  const key = name(e);
  if (key === "Ctrl+Enter") {
    const form = (e.target.closest && e.target.closest("form:not([role=search])")) || document.querySelector("form[data-primary]");
    if (form && form.method !== "dialog") { e.preventDefault(); const b = form.querySelector("[data-submit]") || form.querySelector("button[type=submit], button:not([type])"); if (b) b.click(); }
    return;
  }
  if (GO[key]) { e.preventDefault(); if (!press(key)) location.href = GO[key]; return; }
  if (/^(F2|F4|F8|F9|Alt\+[A-Z])$/.test(key)) { if (press(key)) e.preventDefault(); return; }
  if (key === "Escape") { const c = document.querySelector("[data-clear-selection]"); if (c && !document.querySelector("dialog[open]") && visible(c)) c.click(); return; }
  if (inField(e.target) || e.ctrlKey || e.altKey || e.metaKey || root.dataset.singleKeys === "off") return;
  if (document.querySelector("dialog[open]")) return;
  if (e.key === "?") { const k = document.getElementById("keys"); if (k) { e.preventDefault(); k.showModal(); } return; }
  if (e.key === "/" || e.code === "Slash") { if (press("/")) e.preventDefault(); return; }
  if (/^(J|K|X)$/.test(key) && document.querySelector("[data-list]")) { e.preventDefault(); row(key); return; }
  if (e.key === "Enter") { const a = document.querySelector("[data-list] tr.is-cur a.title, [data-list] .is-cur a[data-open-row]"); if (a && document.activeElement === document.body) a.click(); return; }
  if (/^[A-Z1-9]$/.test(key) && press(key)) e.preventDefault();
});

function row(key) {
  const rows = $$("[data-list] [data-row], [data-list] tbody tr");
  if (!rows.length) return;
  let i = rows.findIndex((r) => r.classList.contains("is-cur"));
  if (key === "X") { const c = rows[i] && rows[i].querySelector("input[type=checkbox]"); if (c) { c.checked = !c.checked; c.dispatchEvent(new Event("change", { bubbles: true })); } return; }
  if (rows[i]) rows[i].classList.remove("is-cur");
  i = Math.max(0, Math.min(rows.length - 1, i + (key === "J" ? 1 : -1)));
  rows[i].classList.add("is-cur");
  const a = rows[i].querySelector("a"); if (a) a.focus();
}
