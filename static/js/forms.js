/* Small widgets bound by data- attributes: dialogs, choices, busy buttons, rows, selection, dates, counters, print, theme, toasts. */
const d = document, root = d.documentElement;
const $$ = (s, c = d) => Array.from(c.querySelectorAll(s));
const csrf = () => { const m = d.querySelector('meta[name="csrf-token"]'); return m ? m.content : ""; };
const shown = (n) => !n.disabled && n.type !== "hidden" && n.getClientRects().length > 0;
const composing = (e) => e.isComposing || e.keyCode === 229;

/* ── htmx: token, busy regions, errors, focus ── */
d.addEventListener("htmx:configRequest", (e) => { e.detail.headers["X-CSRFToken"] = csrf(); });
d.addEventListener("htmx:beforeRequest", (e) => { if (e.detail.target) e.detail.target.setAttribute("aria-busy", "true"); });
d.addEventListener("htmx:afterRequest", (e) => { if (e.detail.target) e.detail.target.removeAttribute("aria-busy"); const f = e.detail.elt.closest("form"); if (f) ready(f); });
d.addEventListener("htmx:responseError", (e) => { if (e.detail.xhr.status !== 401) toast(`没有办成，请稍后再试。错误 ${e.detail.xhr.status}，${new Date().toTimeString().slice(0, 8)}`, "bad"); });
d.addEventListener("htmx:sendError", () => toast("网络中断，没有发出。您填写的内容还在。", "bad"));
let swapped = null;
d.addEventListener("htmx:beforeSwap", (e) => { swapped = e.detail.target && e.detail.target.contains(d.activeElement) ? e.detail.target : null; });
d.addEventListener("htmx:afterSwap", (e) => { mirror(d); ticks(); renumber(); const n = e.target.querySelector && e.target.querySelector("[data-autofocus]"); if (n) n.focus(); });
d.addEventListener("htmx:afterSettle", (e) => { /* the focused thing vanished: go to the heading of what came in its place */
  const region = swapped && (d.getElementById(swapped.id) || e.target); swapped = null;
  if (!region || region === d.body || d.activeElement !== d.body) return;
  const h = region.querySelector("h1, h2, h3") || region; h.tabIndex = -1; h.focus();
});

/* ── a browser says what is wrong with a field in its own language, not in the page's ── */
d.addEventListener("invalid", (e) => {
  const t = e.target; t.setCustomValidity("");
  if (!t.validity.valid) t.setCustomValidity(!t.validity.valueMissing ? "填写的内容不对，请检查。" : t.tagName === "SELECT" || /^(radio|checkbox)$/.test(t.type) ? "请选择这一项。" : "请填写这一项。");
}, true);
["input", "change"].forEach((kind) => d.addEventListener(kind, (e) => { if (e.target.setCustomValidity) e.target.setCustomValidity(""); }, true));

/* ── the line is gone: a strip says so for as long as it is (DESIGN §8) ── */
function line() {
  const strip = d.querySelector(".offline");
  if (navigator.onLine) { if (strip) strip.remove(); return; }
  if (strip) return;
  const told = d.createElement("div");
  told.className = "offline"; told.setAttribute("role", "status");
  told.textContent = "网络已断开。您填写的内容留在本页，请不要关闭；恢复后再提交。";
  (d.getElementById("main") || d.body).prepend(told);
}
["online", "offline"].forEach((event) => window.addEventListener(event, line));
line();

/* ── toasts: good news leaves after 5 s, errors stay until closed ── */
function toast(text, kind = "ok") {
  let box = d.querySelector(".toasts");
  if (!box) { box = d.createElement("div"); box.className = "toasts"; d.body.append(box); }
  const t = d.createElement("div"), words = d.createElement("div"), x = d.createElement("button");
  t.className = "toast toast--" + kind; t.setAttribute("role", kind === "bad" ? "alert" : "status");
  words.className = "grow"; words.textContent = text;
  x.className = "iconbtn"; x.type = "button"; x.dataset.dismiss = ""; x.setAttribute("aria-label", "关闭"); x.textContent = "×";
  t.append(words, x); box.append(t);
  if (kind === "ok") setTimeout(() => t.remove(), 5000);
}
d.addEventListener("toast", (e) => toast(e.detail.text, e.detail.kind));
$$("[data-toast]").forEach((t) => setTimeout(() => t.remove(), Number(t.dataset.toast)));

/* ── clicks ── */
function clip(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const t = d.createElement("textarea"); t.value = text; t.className = "sr"; d.body.append(t); t.select(); d.execCommand("copy"); t.remove(); /* plain http on the county's net */
  return Promise.resolve();
}
function appearance(el, name, value) {
  root.dataset[name] = value;
  if (el.dataset.url) fetch(el.dataset.url, { method: "POST", headers: { "X-CSRFToken": csrf(), "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ [name]: value }).toString() }).catch(() => {});
}
const CLICKS = {
  "[data-open]": (n, e) => { const dlg = d.getElementById(n.dataset.open); if (dlg) { e.preventDefault(); dlg.returnTo = n; dlg.showModal(); } },
  "[data-close]": (n) => n.closest("dialog").close(),
  "[data-dismiss]": (n) => n.closest(".toast, .note").remove(),
  "[data-copy]": (n) => clip(n.dataset.copy).then(() => toast("已复制"), () => toast("没有复制成功，请手工选取", "warn")),
  "[data-focus]": (n) => { const f = d.getElementById(n.dataset.focus), box = f && (Array.from(f.elements).find((x) => x.tagName === "TEXTAREA" && shown(x)) || Array.from(f.elements).find(shown)); if (box) { box.scrollIntoView({ block: "center" }); box.focus(); } },
  "button[data-print]": () => window.print(),
  "[data-back]": (n, e) => { e.preventDefault(); history.back(); },
  "[data-theme-toggle]": (n) => appearance(n, "theme", root.dataset.theme === "dark" ? "light" : "dark"),
  "[data-set-density]": (n) => { appearance(n, "density", n.dataset.setDensity); $$("[data-set-density]").forEach((b) => b.setAttribute("aria-pressed", String(b === n))); },
  "[data-rows-add]": (n) => addRow(n.closest("[data-rows]")),
  "[data-rows-remove]": (n) => removeRow(n),
  "[data-reveal-password]": (n) => { const t = d.getElementById(n.dataset.revealPassword); if (t) { t.type = t.type === "password" ? "text" : "password"; n.setAttribute("aria-pressed", String(t.type === "text")); t.focus(); } },
  "[data-clear-selection]": () => { $$("[data-list] input[type=checkbox]").forEach((b) => { b.checked = false; b.indeterminate = false; }); ticks(); },
};
d.addEventListener("click", (e) => { Object.entries(CLICKS).forEach(([s, act]) => { const n = e.target.closest(s); if (n) act(n, e); }); });
d.addEventListener("close", (e) => { if (e.target.returnTo) { e.target.returnTo.focus(); e.target.returnTo = null; } }, true);

/* ── .is-on mirrors checked radios and boxes, because :has() is newer than the county's browsers ── */
function mirror(scope) { $$(".seg label, .pick label", scope).forEach((l) => { const i = l.querySelector("input"); if (i) l.classList.toggle("is-on", i.checked); }); }
d.addEventListener("change", (e) => { const g = e.target.closest && e.target.closest(".seg, .pick"); if (g) mirror(g); });
d.addEventListener("reset", (e) => setTimeout(() => { mirror(e.target); $$("[data-count-for]").forEach((c) => count(d.getElementById(c.dataset.countFor))); missing(e.target); }, 0));

/* ── a form is sent once: the second click finds it busy. The back button finds it ready again. [data-many]: a download, may be sent again ── */
d.addEventListener("submit", (e) => {
  const f = e.target;
  if (f.getAttribute("method") !== "post" && !f.hasAttribute("hx-post")) return;
  if (f.dataset.sent) { e.preventDefault(); e.stopImmediatePropagation(); return; }
  if (e.submitter && e.submitter.hasAttribute("data-preview")) return; /* a preview opens beside and saves nothing: the form stays as it is */
  f.dataset.clean = "1";
  if (f.hasAttribute("data-many")) return;
  f.dataset.sent = "1";
  const b = e.submitter || Array.from(f.elements).find((n) => n.type === "submit"); if (b) b.classList.add("is-busy");
}, true);
function ready(f) { delete f.dataset.sent; Array.from(f.elements).forEach((b) => b.classList.remove("is-busy")); }
window.addEventListener("pageshow", () => $$("form[data-sent]").forEach(ready));

/* ── leaving with unsaved text asks first, unless a server draft holds it ── */
d.addEventListener("input", (e) => { const f = e.target.form; if (f && f.hasAttribute("data-guard")) { delete f.dataset.clean; f.dataset.dirty = "1"; } count(e.target); });
window.addEventListener("beforeunload", (e) => { if (d.querySelector("form[data-guard][data-dirty]:not([data-clean])")) { e.preventDefault(); e.returnValue = ""; } });

/* ── character counters: <span data-count-for="id_story" data-max="2000"> ── */
function count(t) { const c = t && t.id && d.querySelector(`[data-count-for="${t.id}"]`); if (c) { c.textContent = `${t.value.length} / ${c.dataset.max}`; c.classList.toggle("bad-t", t.value.length > Number(c.dataset.max)); } }

/* ── how many required fields are still empty; [data-missing] (in the form, or data-missing="form-id") jumps to the first ── */
function isEmpty(n, f) {
  if (n.type === "radio") return !$$(`input[name="${n.name}"]`, f).some((r) => r.checked);
  if (n.type === "checkbox") return !n.checked;
  return !n.value.trim();
}
function labelOf(n, f) {
  if (n.dataset.label) return n.dataset.label;
  const group = n.type === "radio" && n.closest("fieldset"), l = group ? group.querySelector("legend") : f.querySelector(`label[for="${n.id}"]`);
  return l ? l.firstChild.textContent.trim() : "";
}
function missing(f) {
  const link = f.querySelector("[data-missing]") || d.querySelector(`[data-missing="${f.id}"]`); if (!link) return;
  const seen = new Set(), empty = Array.from(f.elements).filter((n) => n.required && (n.type === "radio" || shown(n)) && isEmpty(n, f) && !seen.has(n.name) && seen.add(n.name));
  link.hidden = !empty.length; link.target_ = empty[0] || null;
  if (empty.length) (link.querySelector("[data-missing-text]") || link).textContent = `还差 ${empty.length} 项必填：${labelOf(empty[0], f)}`;
}
d.addEventListener("click", (e) => { const link = e.target.closest("[data-missing]"); if (link && link.target_) { e.preventDefault(); link.target_.focus(); } });
["input", "change", "rows:added"].forEach((event) => d.addEventListener(event, (e) => { const f = e.target.form || (e.target.closest && e.target.closest("form")); if (f && f.hasAttribute("data-counts-missing")) missing(f); }));

/* ── Enter moves to the next field in counter forms; Ctrl+Enter and F9 send. A radio group is one stop ── */
d.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || composing(e) || e.ctrlKey || e.shiftKey || e.defaultPrevented) return;
  const f = e.target.form; if (!f || !f.hasAttribute("data-enter-next") || !/^(INPUT|SELECT)$/.test(e.target.tagName) || /^(submit|button|file)$/.test(e.target.type)) return;
  e.preventDefault();
  const all = Array.from(f.elements).filter((n) => (/^(INPUT|SELECT|TEXTAREA)$/.test(n.tagName) || n.hasAttribute("data-stop")) && n.tabIndex >= 0 && shown(n));
  const next = all.slice(all.indexOf(e.target) + 1).find((n) => n.type !== "radio" || (n.name !== e.target.name && (n.checked || !all.some((o) => o.name === n.name && o.checked))));
  if (next) next.focus();
});

/* ── dates typed short: 0315, 20260315, +7, 今天, 明天 → 2026-03-15. data-date="future": a day that has passed means next year ── */
function parseDate(text, kind = "", today = new Date()) {
  const t = text.trim(), iso = (x) => `${x.getFullYear()}-${String(x.getMonth() + 1).padStart(2, "0")}-${String(x.getDate()).padStart(2, "0")}`;
  const plus = (n) => iso(new Date(today.getFullYear(), today.getMonth(), today.getDate() + n));
  const words = { 今: 0, 今天: 0, 明: 1, 明天: 1, 后天: 2, 昨: -1, 昨天: -1, 前天: -2 };
  if (t in words) return plus(words[t]);
  if (/^[+-]\d{1,3}$/.test(t)) return plus(Number(t));
  const whole = t.match(/^(\d{4})(\d{2})(\d{2})$/) || t.match(/^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/), part = t.match(/^(\d{2})(\d{2})$/) || t.match(/^(\d{1,2})[-./月](\d{1,2})日?$/);
  if (!whole && !part) return null;
  const [year, month, day] = whole ? [whole[1], whole[2], whole[3]].map(Number) : [today.getFullYear(), Number(part[1]), Number(part[2])];
  const make = (y) => { const x = new Date(y, month - 1, day); return x.getMonth() === month - 1 && x.getDate() === day ? iso(x) : null; };
  const found = make(year);
  return found && !whole && kind === "future" && found < iso(today) ? make(year + 1) : found;
}
function writeOut(field) {
  const v = field.value && parseDate(field.value, field.dataset.date);
  if (v && v !== field.value) { field.value = v; field.dispatchEvent(new Event("input", { bubbles: true })); }
}
d.addEventListener("change", (e) => { if (e.target.matches && e.target.matches("[data-date]")) writeOut(e.target); });
/* Ctrl+Enter and F9 send from within the field, before it has changed. */
d.addEventListener("submit", (e) => $$("[data-date]", e.target).forEach(writeOut), true);

/* ── rows that repeat (points, people, tasks): [data-rows="prefix"] holds [data-rows-body], a <template>, a management form ── */
const live = (box) => $$("[data-rows-row]", box).filter((r) => !r.hidden);
function addRow(box) {
  const total = box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`), max = Number(box.dataset.max || 99), n = Number(total.value);
  if (live(box).length >= max) { toast(`最多 ${max} 行`, "warn"); return; }
  const made = d.createElement("template");
  made.innerHTML = box.querySelector("template").innerHTML.replace(/__prefix__/g, n);
  const row = made.content.firstElementChild;
  box.querySelector("[data-rows-body]").append(row); total.value = n + 1; renumber();
  if (window.htmx) window.htmx.process(row);
  row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }));
  const f = $$("input, textarea, select", row).find(shown); if (f) f.focus();
}
function removeRow(button) {
  const row = button.closest("[data-rows-row]"), box = row.closest("[data-rows]"), del = row.querySelector('[name$="-DELETE"]');
  if (live(box).length <= Number(box.dataset.min || 0)) { toast(`至少 ${box.dataset.min} 行`, "warn"); return; }
  $$("input, textarea, select", row).forEach((n) => { n.required = false; if (!del && !/-id$/.test(n.name)) { if (/^(checkbox|radio)$/.test(n.type)) n.checked = false; else n.value = ""; } });
  if (del) { del.value = "on"; del.checked = true; }
  const i = live(box).indexOf(row); row.hidden = true; renumber();
  const next = live(box)[Math.max(0, i - 1)], field = next && $$("input, textarea, select", next).find(shown), add = box.querySelector("[data-rows-add]");
  if (field) field.focus(); else if (add) add.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
function renumber() { $$("[data-rows]").forEach((box) => live(box).forEach((r, i) => { const n = r.querySelector("[data-rows-no]"); if (n) n.textContent = i + 1; })); }
d.addEventListener("keydown", (e) => { /* Enter in the last row adds the next one; in an empty last row it moves on */
  if (e.key !== "Enter" || composing(e) || e.ctrlKey || e.defaultPrevented || e.target.tagName !== "INPUT" || e.target.getAttribute("aria-expanded") === "true") return;
  const row = e.target.closest("[data-rows-row][data-enter-adds]"); if (!row) return;
  const box = row.closest("[data-rows]"), rows = live(box), after = rows[rows.indexOf(row) + 1];
  if (after) { e.preventDefault(); $$("input, textarea, select", after).find(shown).focus(); }
  else if (e.target.value.trim()) { e.preventDefault(); addRow(box); }
}, true);

/* ── a file too large for the house is told beside its field before it travels; the others stay chosen. The public pages tell it their own way (data-files) ── */
const MIB = 1048576;
d.addEventListener("change", (e) => {
  const t = e.target, most = Number(t.dataset && t.dataset.maxMib), together = Number(t.dataset && t.dataset.maxTotalMib) || Infinity;
  if (t.type !== "file" || !most || t.hasAttribute("data-files")) return;
  const kept = new DataTransfer(), large = [], later = []; let sum = 0;
  Array.from(t.files).forEach((f) => { if (f.size > most * MIB) large.push(`“${f.name}”`); else if (sum + f.size > together * MIB) later.push(`“${f.name}”`); else { sum += f.size; kept.items.add(f); } });
  let told = d.getElementById(`${t.id}-large`);
  if (!told) {
    told = d.createElement("p"); told.id = `${t.id}-large`; told.className = "field__err"; told.setAttribute("role", "alert");
    (t.closest(".field") || t.form).append(told);
    t.setAttribute("aria-describedby", `${t.getAttribute("aria-describedby") || ""} ${told.id}`.trim());
  }
  const rest = kept.files.length ? "其余文件还在。" : "";
  told.textContent = [large.length && `${large.join("、")}超过 ${most} 兆，传不上去，请压缩或分开后再选。`, later.length && `${later.join("、")}请下一次再传，一次最多共 ${together} 兆。`, (large.length || later.length) && rest].filter(Boolean).join("");
  told.hidden = !told.textContent;
  if (told.textContent) t.files = kept.files;
});

/* ── ticks in a list: the bulk bar says how many; «all matching» means the whole filter and is offered once the page is ticked ── */
function ticks() {
  const list = d.querySelector("[data-list]"), bar = d.querySelector("[data-bulk]"); if (!list || !bar) return;
  const boxes = $$("input[type=checkbox]:not([data-all])", list), on = boxes.filter((b) => b.checked), head = list.querySelector("[data-all]");
  boxes.forEach((b) => { const r = b.closest("tr, [data-row]"); if (r) r.classList.toggle("is-sel", b.checked); });
  if (head) { head.checked = boxes.length > 0 && on.length === boxes.length; head.indeterminate = on.length > 0 && on.length < boxes.length; }
  bar.hidden = !on.length;
  $$("[data-count]", bar).forEach((c) => { c.textContent = on.length; });
  $$("[data-all-matching-offer]", bar).forEach((offer) => { offer.hidden = on.length < boxes.length; $$("input", offer).forEach((n) => { n.disabled = offer.hidden; if (offer.hidden) n.checked = false; }); }); /* one row unticked: the frozen selection is no longer meant */
}
d.addEventListener("change", (e) => {
  if (!e.target.closest || !e.target.closest("[data-list]")) return;
  if (e.target.matches("[data-all]")) $$("input[type=checkbox]:not([data-all])", e.target.closest("[data-list]")).forEach((b) => { b.checked = e.target.checked; });
  ticks();
});

/* ── on load ── */
mirror(d); ticks();
$$("[data-count-for]").forEach((c) => count(d.getElementById(c.dataset.countFor)));
$$("form[data-counts-missing]").forEach(missing);
const first = d.querySelector("[data-autofocus]") || $$("form[data-focus-empty]").map((f) => Array.from(f.elements).find((n) => n.required && shown(n) && isEmpty(n, f)))[0]
  || $$("form[data-focus-first]").map((f) => Array.from(f.elements).find((n) => n.name && n.type !== "hidden" && n.type !== "submit" && shown(n)))[0];
if (first) { first.focus(); if (first.matches("form[data-focus-first] input")) first.select(); } /* a name that was proposed: typing replaces it */
if (d.body.hasAttribute("data-print")) window.addEventListener("load", () => window.print());
