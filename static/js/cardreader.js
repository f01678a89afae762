/* A card reader that types (DESIGN §7.3). A burst is ≥15 characters, 12 of them digits, with gaps <35 ms, ending in Enter: it never reaches a
   field nor sends a form, wherever the focus is. Fast characters that turn out to be no burst are put back where they were typed.
   Dispatches "card:read" {number} on document (a page that takes the number prevents the default, see place); shows the outcome in [data-idread]. Only digits and X are taken: names arrive garbled under an IME. */
const GAP = 35, LEAST = 15, DIGITS = 12, LEAK = 5;
let keys = [], last = 0, field = null, before = "", from = 0, to = 0, timer = 0;

/* ISO 7064 MOD 11-2 over the 17 digits of GB 11643. */
function validId(number) {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return "10X98765432"[weights.reduce((sum, w, i) => sum + w * Number(number[i]), 0) % 11] === number[17];
}

window.validId = validId;

/* Under an IME `key` is "Process"; `code` still names the digit. */
function typed(e) {
  const m = /^(?:Digit|Numpad)(\d)$/.exec(e.code);
  if (m && !e.shiftKey) return m[1];
  if (e.code === "KeyX" && e.key.length !== 1) return "X";
  return e.key && e.key.length === 1 ? e.key : "";
}
function forget() { clearTimeout(timer); keys = []; field = null; }
const editable = (n) => Boolean(n && "value" in n && /^(INPUT|TEXTAREA)$/.test(n.tagName) && !/^(checkbox|radio|button|submit|file)$/.test(n.type));

function start() {
  forget();
  const at = document.activeElement;
  if (!editable(at)) return;
  field = at; before = at.value;
  try { from = at.selectionStart; to = at.selectionEnd; } catch { from = to = null; }
  if (from === null) from = to = before.length;
}
function put(value, caret) {
  field.value = value;
  try { field.setSelectionRange(caret, caret); } catch { /* number inputs have no caret */ }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
/* Somebody types very fast, or a script does: nothing may be lost. */
function giveBack() {
  if (keys.length > LEAK && field && !field.readOnly) { const text = keys.join(""), whole = before.slice(0, from) + text + before.slice(to); put(field.maxLength > 0 ? whole.slice(0, field.maxLength) : whole, from + text.length); }
  forget();
}

document.addEventListener("keydown", (e) => {
  if (e.repeat) { giveBack(); return; }
  const fast = e.timeStamp - last < GAP; /* when the key was struck, not when a busy page came to it */
  last = e.timeStamp;
  if (e.key === "Enter" || e.code === "Enter" || e.code === "NumpadEnter") {
    const digits = keys.filter((k) => /\d/.test(k)).length;
    if (fast && keys.length >= LEAST && digits >= DIGITS) { e.preventDefault(); e.stopImmediatePropagation(); finish(); } else giveBack();
    return;
  }
  if (e.key === "Shift") return;
  const c = typed(e);
  if (!c || e.ctrlKey || e.altKey || e.metaKey) { giveBack(); return; }
  if (!fast || !keys.length) { if (keys.length) giveBack(); start(); }
  keys.push(c);
  clearTimeout(timer);
  timer = setTimeout(giveBack, 1000); /* long, for keys may lie in the queue of a busy machine; nobody types six characters so fast */
  /* From the sixth fast character on a reader is at work: keep the rest out of the field. */
  if (keys.length > LEAK) { e.preventDefault(); e.stopImmediatePropagation(); }
}, true);

/* What comes in between without a key (an IME, dictation, a text pasted by mouse) is no reader's: later the text from before would overwrite it. */
document.addEventListener("beforeinput", (e) => {
  if (keys.length && (e.inputType === "insertFromPaste" || /[^\x00-\x7f０-９]/.test(e.data || ""))) giveBack();
}, true);

function finish() {
  const number = (keys.join("").toUpperCase().match(/\d{17}[\dX]/) || [""])[0];
  if (field && field.value !== before) put(before, from);
  forget();
  const ok = validId(number), box = document.querySelector("[data-idread]");
  if (box) {
    box.hidden = false;
    box.classList.toggle("is-bad", !ok);
    (box.querySelector("[data-idread-text]") || box).textContent = ok ? `已读卡 ${new Date().toTimeString().slice(0, 5)}` : "未读到卡，请重放";
  }
  else if (!ok) document.dispatchEvent(new CustomEvent("toast", { detail: { text: "未读到卡，请重放", kind: "warn" } }));
  if (ok && document.dispatchEvent(new CustomEvent("card:read", { detail: { number }, cancelable: true }))) place(number);
}

/* A page that does nothing of its own with a card: the number goes to the field for it that stands open, else the top bar looks for the person.
   Only suggests: a form half filled on this page stays. */
function place(number) {
  const fields = (within) => [...within.querySelectorAll('input[name$="id_number"]:not([type=hidden])')].filter((n) => n.checkVisibility() && !n.disabled && !n.readOnly);
  const empty = (within) => within && fields(within).find((n) => !n.value), at = document.activeElement;
  const to = fields(document).find((n) => n.value === number) || empty(at && at.closest("section, fieldset")) || empty(document) || document.querySelector('[role="search"] input');
  if (!to) return;
  to.value = number;
  to.focus();
  to.dispatchEvent(new Event("input", { bubbles: true }));
}

const hints = () => document.querySelectorAll("[data-card-focus-hint]");
window.addEventListener("blur", () => hints().forEach((n) => { n.hidden = false; }));
window.addEventListener("focus", () => hints().forEach((n) => { n.hidden = true; }));
