/* 常用语: form[data-texts-url] gives each of its textareas a button (and Alt+T) that opens the picker. Typing pinyin initials or characters narrows the
   list, Enter takes. A blank {…} is selected at once; Tab goes to the next one while any is left; what is still open stands under the box. */
const d = document;
const BLANK = /[{｛][^{}｛｝\n]{0,40}[}｝]/g;
const csrf = () => d.querySelector('meta[name="csrf-token"]').content;
const el = (tag, props = {}, ...kids) => { const n = Object.assign(d.createElement(tag), props); n.append(...kids); return n; };
const blanks = (t) => Array.from(t.value.matchAll(BLANK));

let dialog = null, box = null, list = null, target = null, rows = [], shown = [], at = 0;
function build() {
  box = el("input", { type: "search", className: "input", id: "texts-q", autocomplete: "off" });
  box.setAttribute("role", "combobox"); box.setAttribute("aria-expanded", "true"); box.setAttribute("aria-controls", "texts-list"); box.setAttribute("aria-autocomplete", "list");
  list = el("ul", { className: "texts__list", id: "texts-list" });
  list.setAttribute("role", "listbox"); list.setAttribute("aria-label", "常用语");
  const shut = el("button", { type: "button", className: "btn", textContent: "关闭" }), keep = el("a", { className: "btn btn--ghost push", href: "/petitions/texts/", target: "_blank", textContent: "维护常用语" });
  shut.addEventListener("click", () => dialog.close());
  const head = el("div", { className: "dialog__h" }, el("h2", { id: "texts-t", textContent: "常用语" }));
  const label = el("label", { className: "sr", htmlFor: "texts-q", textContent: "拼音首字母或文字" });
  box.placeholder = "拼音首字母或文字";
  dialog = el("dialog", { className: "dialog dialog--wide", id: "texts-pick" }, head, el("div", { className: "dialog__b stack stack--sm" }, label, box, list), el("div", { className: "dialog__f" }, keep, shut));
  dialog.setAttribute("aria-labelledby", "texts-t");
  d.body.append(dialog);
  box.addEventListener("input", (e) => { if (!e.isComposing) draw(); });
  box.addEventListener("compositionend", draw);
  box.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); mark(at + (e.key === "ArrowDown" ? 1 : -1)); }
    else if (e.key === "Enter") { e.preventDefault(); e.stopPropagation(); if (shown[at]) take(shown[at]); }
  });
  dialog.addEventListener("close", () => { if (target) target.focus(); });
}
function mark(i) {
  at = Math.max(0, Math.min(shown.length - 1, i));
  Array.from(list.children).forEach((n, k) => { n.setAttribute("aria-selected", String(k === at)); if (k === at) { n.scrollIntoView({ block: "nearest" }); box.setAttribute("aria-activedescendant", n.id); } });
}
function painted(text) {
  const p = el("small"); let from = 0;
  for (const m of text.matchAll(BLANK)) { p.append(text.slice(from, m.index), el("mark", { textContent: m[0] })); from = m.index + m[0].length; }
  p.append(text.slice(from));
  return p;
}
function draw() {
  const q = box.value.trim().toLowerCase();
  shown = rows.filter((r) => !q || r.initials.split(" ").some((word) => word.startsWith(q)) || r.name.toLowerCase().includes(q) || r.text.includes(q));
  list.textContent = "";
  shown.forEach((r, i) => {
    const li = el("li", { id: `texts-o${i}`, className: "texts__o" }, el("b", { textContent: r.name }), el("span", { className: "tag", textContent: r.whose }), painted(r.text));
    li.setAttribute("role", "option");
    li.addEventListener("click", () => take(r));
    list.append(li);
  });
  if (!shown.length) list.append(el("li", { className: "typeahead__none", textContent: rows.length ? "没有符合的，可换个字母或文字" : "这一步还没有常用语，可到“常用语”页新建" }));
  mark(0);
}
async function open(t) {
  if (!dialog) build();
  target = t; rows = []; box.value = ""; draw();
  dialog.showModal(); box.focus();
  try {
    const r = await fetch(t.form.dataset.textsUrl, { headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
    if (!r.ok) throw new Error(String(r.status));
    rows = await r.json(); draw();
  } catch { list.textContent = ""; list.append(el("li", { className: "typeahead__none", textContent: "没有取到常用语，请稍后再试" })); }
}
function take(row) {
  const t = target, start = t.selectionStart, lead = start && !/[\n。；]$/.test(t.value.slice(0, start)) ? "\n" : "";
  dialog.close();
  const whole = !t.value.trim() || (t.selectionStart === 0 && t.selectionEnd === t.value.length);
  if (whole) t.setRangeText(row.text, 0, t.value.length, "end"); else t.setRangeText(lead + row.text, start, t.selectionEnd, "end");
  t.dispatchEvent(new Event("input", { bubbles: true }));
  t.focus();
  if (!next(t, whole ? 0 : start)) t.setSelectionRange(t.value.length, t.value.length);
  fetch(`/petitions/texts/${row.id}/use/`, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" } }).catch(() => {});
}
/* Select the first blank at or after `from`. */
function next(t, from) {
  const m = blanks(t).find((one) => one.index >= from);
  if (!m) return false;
  t.focus(); t.setSelectionRange(m.index, m.index + m[0].length);
  return true;
}
function note(t) {
  const left = blanks(t);
  let p = t.blanksNote;
  if (!p && !left.length) return;
  if (!p) { p = t.blanksNote = el("p", { className: "blanks" }); p.setAttribute("role", "status"); t.after(p); }
  t.classList.toggle("has-blanks", left.length > 0);
  p.textContent = ""; p.hidden = !left.length;
  if (!left.length) return;
  p.append(`还有 ${left.length} 处要填（Tab 到下一处）：`);
  left.slice(0, 8).forEach((m) => { const b = el("button", { type: "button", className: "blanks__b", textContent: m[0] }); b.addEventListener("click", () => { const again = blanks(t).find((one) => one[0] === m[0]); if (again) next(t, again.index); }); p.append(b); });
}
d.addEventListener("input", (e) => { if (e.target.matches && e.target.matches("form[data-texts-url] textarea")) note(e.target); });
d.addEventListener("keydown", (e) => {
  const t = e.target;
  if (e.key !== "Tab" || e.shiftKey || e.ctrlKey || e.altKey || e.isComposing || !t.matches || !t.matches("form[data-texts-url] textarea")) return;
  if (next(t, t.selectionEnd)) e.preventDefault(); /* none left after the cursor: Tab leaves the box as ever */
});
function bind() {
  d.querySelectorAll("form[data-texts-url] textarea").forEach((t) => {
    if (t.dataset.texts) return;
    t.dataset.texts = "1"; note(t);
    const label = t.id && d.querySelector(`label[for="${t.id}"]`);
    if (!label) return;
    const b = el("button", { type: "button", className: "btn btn--sm btn--ghost texts__open", textContent: "常用语" });
    const first = t.getClientRects().length > 0 && !d.querySelector('[data-key="Alt+T"]');
    if (t.form.hasAttribute("data-enter-next")) b.tabIndex = -1; /* the counter's way from box to box stays as short as it is; Alt+T opens it */
    if (first) { b.dataset.key = "Alt+T"; b.append(" ", el("kbd", { textContent: "Alt T" })); }
    b.setAttribute("aria-label", `常用语：${label.firstChild.textContent.trim()}`);
    b.addEventListener("click", () => open(t));
    label.after(b); label.parentNode.classList.add("has-texts");
  });
}
d.addEventListener("shortcut", (e) => { /* in a box Alt+T means that box, whichever comes first on the page */
  if (e.detail === "Alt+T" && e.target.matches && e.target.matches("form[data-texts-url] textarea")) { e.preventDefault(); open(e.target); }
});
bind();
["htmx:afterSwap", "htmx:oobAfterSwap", "rows:added"].forEach((event) => d.addEventListener(event, bind));
