/* A card reader that types (DESIGN §7.3): bursts of ≥15 characters with gaps <35 ms ending in Enter never reach a field or a form. */
const GAP = 35, LEAST = 15;
let chars = [], last = 0, where = null, before = "", caret = null;

export function validId(n) {
  if (!/^\d{17}[\dX]$/.test(n)) return false;
  const w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return "10X98765432"[w.reduce((s, x, i) => s + x * Number(n[i]), 0) % 11] === n[17];
}
function key(e) { const m = /^(?:Digit|Numpad)(\d)$/.exec(e.code); return m ? m[1] : e.code === "KeyX" ? "X" : e.key && e.key.length === 1 ? e.key : ""; }
function reset() { chars = []; where = null; }

document.addEventListener("keydown", (e) => {
  const now = performance.now(), fast = now - last < GAP; last = now;
  if (e.key === "Enter") {
    if (chars.length >= LEAST && fast) { e.preventDefault(); e.stopImmediatePropagation(); finish(); } else reset();
    return;
  }
  const c = key(e); if (!c || e.ctrlKey || e.altKey || e.metaKey) { if (e.key !== "Shift") reset(); return; }
  if (!fast) { reset(); where = document.activeElement; before = where && "value" in where ? where.value : null; caret = where && where.selectionStart; }
  chars.push(c);
  /* From the sixth fast character on nobody is typing: keep the rest out of the field. */
  if (chars.length > 5) { e.preventDefault(); e.stopImmediatePropagation(); }
}, true);

function finish() {
  const number = (chars.join("").toUpperCase().match(/\d{17}[\dX]/) || [""])[0], field = where;
  if (field && before !== null && field.value !== before) { field.value = before; if (caret !== null && field.setSelectionRange) try { field.setSelectionRange(caret, caret); } catch { /* number inputs have no caret */ } field.dispatchEvent(new Event("input", { bubbles: true })); }
  reset();
  const ok = validId(number), box = document.querySelector("[data-idread]");
  if (box) { box.hidden = false; box.classList.toggle("is-bad", !ok); const t = box.querySelector("[data-idread-text]") || box; t.textContent = ok ? `已读卡 ${new Date().toTimeString().slice(0, 5)}` : "未读到卡，请重放"; }
  if (ok) document.dispatchEvent(new CustomEvent("card:read", { detail: { number } }));
}
const hint = document.querySelector("[data-card-focus-hint]");
if (hint) { window.addEventListener("blur", () => { hint.hidden = false; }); window.addEventListener("focus", () => { hint.hidden = true; }); }
