/* Keyboard map (DESIGN §7). An element declares its key: data-key="F9", "Alt+T", "N", "1"…; the script clicks it, or focuses it if one types in it.
   Keys of an input method are never ours; single keys are ignored inside fields and can be switched off (data-single-keys="off" on <html>). */
const root = document.documentElement;
const $$ = (s, c = document) => Array.from(c.querySelectorAll(s));
const inField = (t) => Boolean(t && (t.isContentEditable || /^(TEXTAREA|SELECT)$/.test(t.tagName) || (t.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|file)$/.test(t.type))));
const composing = (e) => e.isComposing || e.keyCode === 229;
const visible = (el) => !el.disabled && el.getAttribute("aria-disabled") !== "true" && el.getClientRects().length > 0;

function name(e) {
  const base = /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : /^Digit\d$/.test(e.code) && !e.shiftKey ? e.code.slice(5) : e.key;
  return (e.ctrlKey ? "Ctrl+" : "") + (e.altKey ? "Alt+" : "") + base;
}
/* Inside an open dialog only the dialog's own keys count. */
function press(key) {
  const el = $$("[data-key]", document.querySelector("dialog[open]") || document).find((n) => n.dataset.key === key && visible(n));
  if (!el) return false;
  if (inField(el)) { el.focus(); if (el.select) el.select(); } else el.click();
  return true;
}
function send(target) {
  const near = target && (target.form || (target.closest && target.closest("form")));
  const form = near && near.getAttribute("role") !== "search" ? near : document.querySelector("form[data-primary]");
  if (!form || form.getAttribute("method") === "dialog") return false;
  const own = Array.from(form.elements).filter((n) => n.tagName === "BUTTON" && n.type === "submit" && visible(n));
  const button = own.find((n) => n.hasAttribute("data-submit")) || own[0];
  if (!button) return false;
  button.click();
  return true;
}

document.addEventListener("keydown", (e) => {
  if (composing(e) || e.defaultPrevented) return;
  const key = name(e), dialog = document.querySelector("dialog[open]");
  if (key === "Ctrl+Enter") { if (send(e.target)) e.preventDefault(); return; }
  if (/^(F2|F4|F8|F9|Alt\+[A-Z1-9])$/.test(key)) { if (!e.repeat && press(key)) e.preventDefault(); return; }
  if (key === "Escape") {
    if (dialog) return;
    if (e.target.type === "search" && e.target.value) { e.preventDefault(); return; } /* the browser would empty it: Esc never loses typed text */
    const clear = $$("[data-clear-selection]").find(visible);
    if (clear) clear.click();
    return;
  }
  if (inField(e.target) || e.ctrlKey || e.altKey || e.metaKey || dialog || root.dataset.singleKeys === "off") return;
  if (e.key === "?" || e.key === "？") { const sheet = document.getElementById("keys"); if (sheet) { e.preventDefault(); sheet.returnTo = document.activeElement; sheet.showModal(); } return; }
  if (e.key === "/" || e.code === "Slash") { if (press("/")) e.preventDefault(); return; }
  if (/^[JKX]$/.test(key) && document.querySelector("[data-list]")) { e.preventDefault(); row(key); return; }
  if (e.key === "Enter") { const cur = document.activeElement === document.body && document.querySelector("[data-list] .is-cur"), a = cur && link(cur); if (a) { e.preventDefault(); a.click(); } return; }
  if (/^[A-Z1-9]$/.test(key) && !e.repeat && press(key)) e.preventDefault();
});

const link = (r) => r.querySelector("a.title, a[data-open-row]") || r.querySelector("a");

/* J and K walk the rows, X ticks; the row's link holds the focus, so Enter opens it. */
function row(key) {
  const rows = $$("[data-list] [data-row], [data-list] tbody tr").filter((r) => r.getClientRects().length > 0);
  if (!rows.length) return;
  let i = rows.findIndex((r) => r.classList.contains("is-cur"));
  if (key === "X") { const c = rows[i] && rows[i].querySelector("input[type=checkbox]"); if (c) { c.checked = !c.checked; c.dispatchEvent(new Event("change", { bubbles: true })); } return; }
  if (rows[i]) rows[i].classList.remove("is-cur");
  i = Math.max(0, Math.min(rows.length - 1, i + (key === "J" ? 1 : -1)));
  rows[i].classList.add("is-cur");
  const a = link(rows[i]);
  if (a) a.focus();
  rows[i].scrollIntoView({ block: "nearest" });
}
