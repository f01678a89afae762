/* The register page: what the counter needs beyond the common widgets. Nothing typed is ever cleared by a check. */
const { validId } = window; /* cardreader.js; scripts carry hashed names in production, so none imports another */
const toast = (text, kind = "ok") => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

const d = document, form = d.querySelector("form[data-register]");
const $ = (s, c = d) => c.querySelector(s);
const $$ = (s, c = d) => Array.from(c.querySelectorAll(s));
const csrf = () => $('meta[name="csrf-token"]').content;
const told = (n) => { n.dispatchEvent(new Event("input", { bubbles: true })); n.dispatchEvent(new Event("change", { bubbles: true })); };
const set = (n, v) => { if (n && n.value !== v) { n.value = v; told(n); } };
const rows = (kind) => $$(`[data-${kind}]`, form).filter((r) => !r.hidden);
const named = (row, name) => $(`[name$="-${name}"]`, row);

/* ── Numbers: masked in the box once complete, whole only in the hidden input that is sent. ── */
const plain = (t) => t.normalize("NFKC").replace(/[\s\-—]/g, "").toUpperCase();
const maskId = (n) => n.slice(0, 6) + "*".repeat(n.length - 10) + n.slice(-4);
const maskPhone = (n) => (/^1[3-9]\d{9}$/.test(n) ? n.slice(0, 3) + "****" + n.slice(-4) : n);
const isPhone = (n) => /^(1[3-9]\d{9}|0\d{9,11})$/.test(n);

function idProblem(n) {
  if (n.length === 15) return "15 位旧证已停用，请填写 18 位号码。";
  if (n.length !== 18) return `身份证号码应为 18 位，现在是 ${n.length} 位。`;
  if (!/^\d{17}[\dX]$/.test(n)) return "身份证号码只能有数字，最后一位可以是 X。";
  return validId(n) ? "" : "身份证号码校验不对，请核对有没有抄错。";
}
function facts(n) {
  const born = `${n.slice(6, 10)}-${n.slice(10, 12)}-${n.slice(12, 14)}`, now = new Date(), b = new Date(born);
  let age = now.getFullYear() - b.getFullYear(); if (now.getMonth() < b.getMonth() || (now.getMonth() === b.getMonth() && now.getDate() < b.getDate())) age -= 1;
  return { born, age, sex: Number(n[16]) % 2 ? "1" : "2" };
}
function say(box, words) { const p = $("[data-check]", box.closest(".field")), i = $("input:not([type=hidden])", box); if (p) { p.textContent = words; p.hidden = !words; } if (words) i.setAttribute("aria-invalid", "true"); else i.removeAttribute("aria-invalid"); }
function takeId(box, quiet) {
  const hidden = $("input[type=hidden]", box), shown = $("input:not([type=hidden])", box), row = box.closest("[data-person]"), type = row && named(row, "id_type");
  const n = plain(hidden.value), hint = $("[data-id-facts]", box.closest(".field"));
  if (hint) hint.textContent = "";
  if (!n || (type && !["111", "112", ""].includes(type.value))) { say(box, ""); return; }
  const bad = idProblem(n); say(box, quiet && n.length < 18 ? "" : bad);
  if (bad) return;
  hidden.value = n; shown.value = maskId(n);
  const f = facts(n); if (hint) hint.textContent = `${f.sex === "1" ? "男" : "女"} · ${f.age} 岁`;
  if (!row) return;
  set(named(row, "sex"), f.sex); set(named(row, "born_on"), f.born);
  if (f.age >= 60) { const c = $('input[name="care_needs"][value="elder"]', form); if (c && !c.checked) { c.checked = true; told(c); } }
}
function takePhone(box) {
  const hidden = $("input[type=hidden]", box), shown = $("input:not([type=hidden])", box), n = plain(hidden.value).replace(/^(\+86|0086)/, "");
  if (!n) { say(box, ""); return; }
  const ok = isPhone(n); say(box, ok ? "" : "电话应为 11 位手机号，或区号加座机号，如 05358210000。");
  if (ok) { hidden.value = n; shown.value = maskPhone(n); }
}
function bindSecret(box) {
  if (box.dataset.bound) return; box.dataset.bound = "1";
  const hidden = $("input[type=hidden]", box), shown = $("input:not([type=hidden])", box), take = box.dataset.secret === "id" ? takeId : takePhone;
  /* Coming back to a masked number: typing starts a new one, leaving keeps the old. */
  shown.addEventListener("focus", () => { if (shown.value.includes("*")) shown.select(); });
  shown.addEventListener("input", () => {
    if (shown.value.includes("*")) { const own = shown.value.replace(/[\d*]*\*[\d*X]*/i, ""); shown.value = own; }
    hidden.value = plain(shown.value);
    if (box.dataset.secret === "id" && hidden.value.length === 18 && validId(hidden.value)) { takeId(box, true); ask(); }
  });
  shown.addEventListener("change", () => { take(box); ask(); });
  shown.addEventListener("blur", () => { if (hidden.value) take(box); });
  if (hidden.value) take(box, true);
}
const bindSecrets = (scope = form) => $$("[data-secret]", scope).forEach(bindSecret);

/* ── The card reader: the number goes to the first person without one, wherever the focus is. ── */
d.addEventListener("card:read", (e) => {
  e.preventDefault();
  const n = e.detail.number, people = rows("person"), at = d.activeElement && d.activeElement.closest("[data-person]");
  const row = people.find((r) => named(r, "id_number").value === n) || (at && !named(at, "id_number").value ? at : null) || people.find((r) => !named(r, "id_number").value) || people[0];
  const box = named(row, "id_number").closest("[data-secret]"), f = facts(n), read = $("[data-idread]");
  named(row, "id_number").value = n; takeId(box); told(named(row, "id_number"));
  if (read) { $("[data-idread-facts]", read).textContent = `${f.sex === "1" ? "男" : "女"} · ${f.age} 岁`; $("[data-idread-number]", read).textContent = maskId(n); }
  const next = [named(row, "name"), $('[data-secret="phone"] input:not([type=hidden])', row), $(".typeahead input:not([type=hidden])", row)].find((i) => i && !i.value);
  if (next) next.focus();
  ask();
});

/* ── What depends on what. ── */
const value = (name) => { const n = form.elements[name]; return n ? n.value : ""; };
const on = (name) => Boolean(form.elements[name] && form.elements[name].checked);
const show = (sel, yes) => $$(sel, form).forEach((n) => { n.hidden = !yes; });
function depend() {
  const isProtected = form.dataset.protected.split(",").includes(value("purpose"));
  show("[data-protected-only]", isProtected);
  $$('[data-handling] input[value="answer"]', form).forEach((n) => { n.disabled = isProtected; if (isProtected && n.checked) { n.checked = false; const r = $('[data-handling] input[value="route"]', form); r.checked = true; $$("[data-handling] label", form).forEach((l) => l.classList.toggle("is-on", l.contains(r))); } });
  show("[data-forwarded-only]", form.dataset.forwarded.split(",").includes(value("channel")));
  show("[data-reception-only]", form.dataset.receptions.split(",").includes(value("channel")));
  show("[data-agent-only]", on("has_agent")); show("[data-oral-only]", on("is_oral"));
  show("[data-answer-only]", value("handling") === "answer");
  const count = Math.max(Number(value("headcount")) || 1, rows("person").length), kind = $("[data-visit-kind]", form);
  if (kind) kind.textContent = count >= 5 ? `集体 ${count} 人` : count > 1 ? `联名 ${count} 人` : "个人";
  const people = $("[data-rows=people] [data-rows-body]", form), anonymous = on("is_anonymous"); people.hidden = anonymous;
  const first = rows("person")[0], point = rows("point")[0];
  if (first) {
    named(first, "name").required = !anonymous;
    const where = $(".typeahead input:not([type=hidden])", first); where.required = !anonymous && !named(first, "address").value.trim(); where.dataset.label = "现住村（社区）";
  }
  if (point) { const t = named(point, "text"); t.required = true; t.dataset.label = "逐项诉求"; }
  form.elements.answer_text.required = value("handling") === "answer";
}

/* ── The repeat check: 250 ms after what matters changed. ── */
const WATCHED = /(id_number|phone|-name|topic|area|respondent|respondent_text|is_about_centre|title|purpose|-text)$/;
let timer = 0;
function ask(wait = 250) { clearTimeout(timer); timer = setTimeout(() => window.htmx && window.htmx.trigger("#dup", "repeats:ask"), wait); }
form.addEventListener("change", (e) => { depend(); if (WATCHED.test(e.target.name || "") || e.target.name === "story") ask(); });
form.addEventListener("input", (e) => { if (e.target.name === "story" || e.target.name === "title") ask(900); if (/-address$/.test(e.target.name)) depend(); });
form.addEventListener("rows:added", (e) => { bindSecrets(e.target); depend(); });
form.addEventListener("click", (e) => { if (e.target.closest("[data-rows-remove]")) setTimeout(depend); });

/* One tab stop for the third pane; arrows move inside. */
function rove(panel) {
  const stops = $$("a[href], button", panel); if (!stops.length) return;
  stops.forEach((n, i) => { n.tabIndex = i ? -1 : 0; });
}
d.addEventListener("keydown", (e) => {
  const panel = e.target.closest && e.target.closest("[data-roving]"); if (!panel || !/^Arrow(Down|Up|Left|Right)$|^(Home|End)$/.test(e.key)) return;
  const stops = $$("a[href], button", panel), i = stops.indexOf(e.target); if (i < 0) return;
  e.preventDefault();
  const to = e.key === "Home" ? 0 : e.key === "End" ? stops.length - 1 : Math.max(0, Math.min(stops.length - 1, i + (/Down|Right/.test(e.key) ? 1 : -1)));
  stops.forEach((n, k) => { n.tabIndex = k === to ? 0 : -1; }); stops[to].focus();
});
const field = (name) => form.elements[name];
let wasInPanel = false;
d.addEventListener("htmx:beforeSwap", (e) => { if (e.detail.target.id === "dup") wasInPanel = e.detail.target.contains(d.activeElement); });
d.addEventListener("htmx:afterSwap", (e) => {
  if (e.target.id !== "dup") return;
  const panel = $("[data-roving]", e.target); if (panel) rove(panel);
  if (wasInPanel && panel) ($("a[href], button", panel) || panel).focus();
});
d.addEventListener("click", (e) => {
  const at = (s) => e.target.closest(s), link = at("[data-repeat-link]"), merge = at("[data-repeat-merge]"), not = at("[data-repeat-not]"), undo = at("[data-repeat-undo]"), same = at("[data-same]");
  if (link) { field("repeat_of").value = link.dataset.repeatLink; field("merge_into").value = ""; field("repeat_reason").value = link.dataset.reason; told(field("repeat_of")); ask(0); }
  if (merge) { field("merge_into").value = merge.dataset.repeatMerge; field("repeat_of").value = ""; field("repeat_reason").value = merge.dataset.reason; told(field("merge_into")); ask(0); }
  if (undo) { ["repeat_of", "merge_into", "repeat_reason"].forEach((n) => { field(n).value = ""; }); told(field("repeat_of")); ask(0); }
  if (not) { const f = field("not_repeat"); f.value = [f.value, not.dataset.repeatNot].filter(Boolean).join(","); ["repeat_of", "merge_into"].forEach((n) => { if (field(n).value === not.dataset.repeatNot) field(n).value = ""; }); told(f); ask(0); }
  if (same) sameAsLastTime(same.dataset.same, same.dataset.samePerson);
});

/* ── Same as last time: fills only what is empty. ── */
function choose(box, choice) {
  if (!box || !choice.label) return;
  const hidden = $("input[type=hidden]", box), shown = $("input:not([type=hidden])", box);
  if (hidden.value || shown.value) return;
  shown.value = choice.label; hidden.value = choice.value; if (choice.value) box.classList.add("is-picked"); told(hidden);
}
const fill = (n, v) => { if (n && !n.value.trim() && v) set(n, v); };
async function sameAsLastTime(number, person) {
  const r = await fetch(`${form.dataset.sameUrl.replace("NUMBER", number)}?person=${person || ""}`, { headers: { "X-Requested-With": "fetch" } });
  if (!r.ok) { toast("没有取到上次的信息，请稍后再试。", "bad"); return; }
  const a = await r.json(), p = a.person, row = rows("person")[0];
  if (p && row && (!named(row, "name").value || named(row, "name").value === p.name)) {
    ["name", "sex", "nation", "occupation", "address"].forEach((n) => fill(named(row, n), p[n]));
    named(row, "carry").value = p.carry;
    choose($(".typeahead", row), p.area);
    [["id_number", p.id_masked], ["phone", p.phone_masked]].forEach(([n, masked]) => { const h = named(row, n), s = $("input:not([type=hidden])", h.closest("[data-secret]")); if (!h.value && masked) s.placeholder = `沿用上次 ${masked}`; });
  }
  choose(field("topic").closest(".typeahead"), a.matter.topic); choose(field("area").closest(".typeahead"), a.matter.area); choose(field("respondent").closest(".typeahead"), a.matter.respondent);
  fill(field("place"), a.matter.place);
  a.care_needs.forEach((v) => { const c = $(`input[name="care_needs"][value="${v}"]`, form); if (c && !c.checked) { c.checked = true; told(c); } });
  depend(); toast("已沿用上次登记的信息，请核对有没有变化。");
}

/* ── «一是…二是…» in the story becomes numbered points; «请求一是» has no stop before the first. ── */
function splitPoints(text) {
  const marks = /(?:^|[，。；：:;,\s]|(?=一是[^]*?[，。；;,]\s*二是))\s*(?:[一二三四五六七八九十]{1,2}是(?:要求|请求)?|第?[一二三四五六七八九十]{1,2}、|\(?（?\d{1,2}[.、）)](?!\d)|第[一二三四五六七八九十]{1,2}[，,、])/g, found = [];
  let m; while ((m = marks.exec(text))) found.push([m.index, m.index + m[0].length]);
  return found.map(([, from], i) => text.slice(from, i + 1 < found.length ? found[i + 1][0] : undefined).split(/[。\n]/)[0].replace(/^[，、：\s]+|[，；;、。\s]+$/g, "")).filter(Boolean);
}
d.addEventListener("click", (e) => {
  if (!e.target.closest("[data-split-points]")) return;
  const found = splitPoints(field("story").value), box = $("[data-rows=points]", form);
  if (!found.length) { toast("内容里没有找到“一是……二是……”这样的分项。", "warn"); return; }
  const have = rows("point").map((r) => named(r, "text").value.trim()), fresh = found.filter((t) => !have.includes(t));
  fresh.forEach((t) => { let row = rows("point").find((r) => !named(r, "text").value.trim()); if (!row) { $("[data-rows-add]", box).click(); row = rows("point").find((r) => !named(r, "text").value.trim()); } if (row) set(named(row, "text"), t.slice(0, 300)); });
  toast(`拆出 ${found.length} 项诉求，请核对。`); const first = rows("point")[0]; if (first) named(first, "text").focus();
});

/* ── Files go to the draft at once: chosen, dropped or pasted. ── */
const list = $("[data-files]", form), fault = $("[data-files-error]", form);
const refuse = (file, why) => { fault.textContent += `${fault.textContent ? " " : ""}${file.name || "粘贴的图片"}：${why}`; fault.hidden = false; };
async function upload(file) {
  if (file.size > Number(form.dataset.maxMib) * 1048576) { refuse(file, `超过 ${form.dataset.maxMib} 兆，传不上去，请压缩或分开上传。`); return; }
  const body = new FormData(); body.append("file", file, file.name || "粘贴的图片.png");
  const thumb = d.createElement("div"); thumb.className = "thumb"; thumb.setAttribute("aria-busy", "true");
  const pic = d.createElement("a"), words = d.createElement("span"); pic.className = "thumb__p"; words.className = "trunc"; words.textContent = "上传中"; thumb.append(pic, words); list.insertBefore(thumb, list.lastElementChild);
  let answer = null;
  try { const r = await fetch(form.dataset.filesUrl, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" }, body }); answer = await r.json().catch(() => ({ message: r.status === 401 ? "登录已超时，请重新登录后再传。" : `没有传上去，错误 ${r.status}。` })); } catch { answer = { message: "网络中断，没有传上去，请重试。" }; }
  thumb.removeAttribute("aria-busy");
  if (!answer.id) { thumb.remove(); refuse(file, answer.message); return; }
  thumb.dataset.file = answer.id; words.textContent = answer.name; words.title = answer.name; pic.href = `${form.dataset.filesUrl}${answer.id}/`; pic.target = "_blank"; pic.rel = "noopener"; pic.setAttribute("aria-label", `查看 ${answer.name}`);
  if (answer.is_image) { const i = d.createElement("img"); i.alt = ""; i.src = pic.href; pic.append(i); }
  const x = d.createElement("button"); x.type = "button"; x.className = "thumb__x"; x.dataset.fileRemove = ""; x.setAttribute("aria-label", `删除 ${answer.name}`); x.textContent = "×"; thumb.append(x);
}
async function uploadAll(files) { fault.textContent = ""; fault.hidden = true; for (const f of Array.from(files)) await upload(f); }
$("[data-file-input]", form).addEventListener("change", (e) => { uploadAll(e.target.files).then(() => { e.target.value = ""; }); });
d.addEventListener("paste", (e) => { const files = e.clipboardData ? Array.from(e.clipboardData.files) : []; if (files.length) { e.preventDefault(); uploadAll(files); } });
form.addEventListener("dragover", (e) => { if (e.dataTransfer && Array.from(e.dataTransfer.types).includes("Files")) { e.preventDefault(); list.classList.add("is-over"); } });
form.addEventListener("dragleave", () => list.classList.remove("is-over"));
form.addEventListener("drop", (e) => { list.classList.remove("is-over"); if (e.dataTransfer.files.length) { e.preventDefault(); uploadAll(e.dataTransfer.files); } });
list.addEventListener("click", async (e) => {
  const x = e.target.closest("[data-file-remove]"); if (!x) return;
  const thumb = x.closest("[data-file]"), r = await fetch(`${form.dataset.filesUrl}${thumb.dataset.file}/remove/`, { method: "POST", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" } });
  if (r.ok) { thumb.remove(); $("[data-file-input]", form).focus(); } else toast("没有删掉，请稍后再试。", "bad");
});

/* ── Start: the first empty required field; a fault comes first. ── */
bindSecrets(); depend();
form.dispatchEvent(new Event("change", { bubbles: false }));
if (!$("#errors")) { const first = $$("[required]", form).find((n) => n.getClientRects().length && !n.value.trim()); if (first) first.focus(); }
const frame = $("[data-print-frame]");
if (frame) { const back = () => { window.focus(); const n = $("#id_people-0-name"); if (n) n.focus(); }; frame.addEventListener("load", () => { frame.contentWindow.addEventListener("afterprint", back); }); }
