/* Keyboard map (DESIGN §7). An element declares its standard key: data-key="F9", "Alt+T", "N", "1"…; the script clicks it, or focuses it if one types in it.
   A person may have moved keys (profile page): <html data-keys="F9=Alt+J J=L">, standard=chosen. What is pressed is translated to the standard key, and the
   key caps on the page show the chosen one. A page's own script hears a `shortcut` event first, with the standard key in `detail`.
   Keys of an input method are never ours; single keys are ignored inside fields and can be switched off (data-single-keys="off" on <html>). */
const root = document.documentElement;
const $$ = (s, c = document) => Array.from(c.querySelectorAll(s));
const inField = (t) => Boolean(t && (t.isContentEditable || /^(TEXTAREA|SELECT)$/.test(t.tagName) || (t.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|file)$/.test(t.type))));
const composing = (e) => e.isComposing || e.keyCode === 229;
const visible = (el) => !el.disabled && el.getAttribute("aria-disabled") !== "true" && el.getClientRects().length > 0;

/* Letters and digits by their place on the board, so that neither an input method nor Shift changes them. */
function name(e) {
  const base = /^Key[A-Z]$/.test(e.code) ? e.code.slice(3) : /^Digit\d$/.test(e.code) && !e.shiftKey ? e.code.slice(5) : /^[?？]$/.test(e.key) ? "?" : e.code === "Slash" && !e.shiftKey ? "/" : e.key;
  return (e.ctrlKey ? "Ctrl+" : "") + (e.altKey ? "Alt+" : "") + base;
}
const chosen = new Map((root.dataset.keys || "").split(" ").filter(Boolean).map((pair) => pair.split("=")));
const standard = new Map(Array.from(chosen, ([from, to]) => [to, from]));
/* A key whose command has moved away, and to which none has come, means nothing. */
const meant = (pressed) => standard.get(pressed) || (chosen.has(pressed) ? "" : pressed);
const plain = (pressed) => !/^(F\d|Ctrl\+|Alt\+)/.test(pressed);
const cap = (key) => key.replace("+", " ");

/* Each cap once: a cap put in later by a page's script comes through the observer. */
function relabel(part) {
  (part.matches("kbd") ? [part] : $$("kbd", part)).forEach((k) => {
    const to = "asIs" in k.dataset ? "" : chosen.get(k.textContent.trim().replace(" ", "+"));
    k.dataset.asIs = "";
    if (to) k.textContent = cap(to);
  });
}
if (chosen.size) {
  relabel(document.body);
  new MutationObserver((seen) => seen.forEach((m) => m.addedNodes.forEach((n) => { if (n.nodeType === 1) relabel(n); }))).observe(document.body, { childList: true, subtree: true });
}

/* A field that asks for a key takes what is pressed; Tab, Enter, Ctrl+Enter, Esc and the keys that correct text keep their meaning. */
function takes(e) {
  const key = name(e);
  if (!e.target.matches || !e.target.matches("[data-key-field]") || e.metaKey || !/^((Ctrl\+)?(Alt\+)?([A-Z0-9]|F\d+)|[/?])$/.test(key) || /^Ctrl\+[ACVXZ]$/.test(key)) return false;
  e.preventDefault();
  e.target.value = cap(key);
  e.target.select();
  return true;
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
  const buttons = Array.from(form.elements).filter((n) => n.tagName === "BUTTON" && n.type === "submit" && visible(n));
  const button = buttons.find((n) => n.hasAttribute("data-submit")) || buttons[0];
  if (!button) return false;
  button.click();
  return true;
}

document.addEventListener("keydown", (e) => {
  if (composing(e) || e.defaultPrevented || takes(e)) return;
  const pressed = name(e), key = meant(pressed), dialog = document.querySelector("dialog[open]");
  if (key === "Escape") {
    if (dialog) return;
    if (e.target.type === "search" && e.target.value) { e.preventDefault(); return; } /* the browser would empty it: Esc never loses typed text */
    const clear = $$("[data-clear-selection]").find(visible);
    if (clear) clear.click();
    return;
  }
  if (!key || e.metaKey || (plain(pressed) && (inField(e.target) || dialog || root.dataset.singleKeys === "off"))) return;
  if (!e.target.dispatchEvent(new CustomEvent("shortcut", { detail: key, bubbles: true, cancelable: true }))) { e.preventDefault(); return; }
  if (key === "Ctrl+Enter") { if (send(e.target)) e.preventDefault(); return; }
  if (key === "?") { const sheet = document.getElementById("keys"); if (sheet && !dialog) { e.preventDefault(); sheet.returnTo = document.activeElement; sheet.showModal(); } return; }
  if (/^[JKX]$/.test(key) && !dialog && document.querySelector("[data-list]")) { e.preventDefault(); row(key); return; }
  if (pressed === "Enter") { const cur = document.activeElement === document.body && document.querySelector("[data-list] .is-cur"), a = cur && link(cur); if (a) { e.preventDefault(); a.click(); } return; }
  if (/^(\/|[A-Z1-9]|F[2489]|Alt\+[A-Z0-9])$/.test(key) && !e.repeat && press(key)) e.preventDefault();
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
