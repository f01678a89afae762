/* The public pages: everything works without this; it adds large print, reading aloud, a draft in this window, files told before they go, and the proof of effort. */
const d = document, root = d.documentElement;
const $ = (s, c = d) => c.querySelector(s), $$ = (s, c = d) => Array.from(c.querySelectorAll(s));
const store = { get(k) { try { return sessionStorage.getItem(k); } catch (e) { return null; } }, set(k, v) { try { v === null ? sessionStorage.removeItem(k) : sessionStorage.setItem(k, v); } catch (e) { /* full or closed */ } } };

/* A refused form is the answer to a POST: going back to it, the browser would ask to send again, or show an error of its own. Its address draws the form as well. */
if ((performance.getEntriesByType("navigation")[0] || {}).responseStatus >= 400) history.replaceState(null, "", location.href);

/* ── how the page looks ── */
$$("[data-look]").forEach((b) => {
  const name = b.dataset.look, put = (on) => { root.toggleAttribute("data-" + name, on); b.setAttribute("aria-pressed", String(on)); };
  b.hidden = false;
  put(root.hasAttribute("data-" + name));
  b.addEventListener("click", () => { const on = !root.hasAttribute("data-" + name); put(on); store.set("look." + name, on ? "1" : null); });
});

/* ── the reader of the device ── */
const voice = window.speechSynthesis;
$$("[data-read]").forEach((b) => {
  const words = $(b.dataset.read), label = $("span", b);
  if (!voice || !window.SpeechSynthesisUtterance || !words) return;
  b.hidden = false;
  const quiet = () => { b.setAttribute("aria-pressed", "false"); if (label) label.textContent = "读给我听"; };
  b.addEventListener("click", () => {
    if (b.getAttribute("aria-pressed") === "true") { voice.cancel(); quiet(); return; }
    const u = new SpeechSynthesisUtterance(words.textContent);
    u.lang = "zh-CN"; u.rate = 0.9; u.onend = quiet; u.onerror = quiet;
    const zh = voice.getVoices().find((v) => v.lang && v.lang.replace("_", "-").toLowerCase().startsWith("zh"));
    if (zh) u.voice = zh;
    voice.cancel(); voice.speak(u);
    b.setAttribute("aria-pressed", "true"); if (label) label.textContent = "停止";
  });
  addEventListener("pagehide", () => voice.cancel());
});

$$("[data-print]").forEach((b) => { b.hidden = false; b.addEventListener("click", () => window.print()); });
const first = $("[data-autofocus]"); if (first) first.focus();

/* ── parts of a form that belong to an answer ── */
function follow() {
  $$("[data-shown-when]").forEach((n) => { const [name, value] = n.dataset.shownWhen.split("="); n.hidden = !$(`[name="${name}"][value="${value}"]:checked`); });
  $$("[data-hidden-when]").forEach((n) => { const box = $(`[name="${n.dataset.hiddenWhen}"]`); n.hidden = Boolean(box && box.checked); });
}
d.addEventListener("change", follow); follow();

/* ── demands: one more row ── */
$$("[data-points-add]").forEach((b) => {
  const list = $("[data-points]");
  b.hidden = false;
  b.addEventListener("click", () => {
    const no = list.children.length + 1, row = list.lastElementChild.cloneNode(true), input = $("input", row), label = $("label", row);
    input.value = ""; input.id = label.htmlFor = `point-${no}`; label.textContent = `第 ${no} 项诉求`;
    list.append(row); input.focus(); b.hidden = no >= Number(list.dataset.max);
  });
});

/* ── a long list of villages: type a part of the name ── */
$$("[data-filter-for]").forEach((box) => {
  const select = d.getElementById(box.dataset.filterFor); if (!select) return;
  const all = Array.from(select.children).map((n) => n.cloneNode(true));
  box.innerHTML = ""; box.className = "field";
  const label = d.createElement("label"), input = d.createElement("input");
  label.className = "field__label"; label.htmlFor = input.id = "village-filter"; label.textContent = "找村（社区）";
  input.className = "input"; input.type = "search"; input.autocomplete = "off"; input.placeholder = "写村名里的字，下面就只列这些村";
  box.append(label, input);
  input.addEventListener("input", () => {
    const part = input.value.trim(), held = select.value; select.textContent = "";
    all.forEach((n) => {
      const copy = n.cloneNode(true);
      if (part && copy.tagName === "OPTGROUP" && !copy.label.includes(part)) { $$("option", copy).forEach((o) => { if (!o.textContent.includes(part)) o.remove(); }); if (!copy.children.length) return; }
      select.append(copy);
    });
    const found = $$("option", select).filter((o) => o.value);
    select.value = found.some((o) => o.value === held) ? held : part && found.length === 1 ? found[0].value : "";
  });
});

/* ── files: too many or too large is said before they travel ── */
$$("[data-files]").forEach((input) => {
  const said = $("[data-files-said]", input.parentNode), most = Number(input.dataset.maxFiles), mib = Number(input.dataset.maxMib);
  input.addEventListener("change", () => {
    const files = Array.from(input.files), big = files.find((f) => f.size > mib * 1048576);
    said.textContent = files.length > most ? `选了 ${files.length} 个，一次最多 ${most} 个，请重新选。` : big ? `“${big.name}”超过 ${mib} 兆，请重新选。` : "";
    if (said.textContent) input.value = "";
  });
});

/* ── a draft in this window alone; gone when sent, cleared, or left ── */
const DRAFT = "draft:", SKIP = new Set(["csrfmiddlewaretoken", "effort", "effort_answer", "submission", "form", "files"]);
function fields(form) { return Array.from(form.elements).filter((n) => n.name && !SKIP.has(n.name) && n.type !== "file"); }
function collect(form) { return JSON.stringify(fields(form).map((n) => (n.type === "checkbox" || n.type === "radio" ? [n.name, n.value, n.checked] : [n.name, n.value]))); }
function restore(form, held) {
  const typed = JSON.parse(held), add = $("[data-points-add]", form), wanted = typed.filter(([n]) => n === "points").length;
  while (add && $$('[name="points"]', form).length < wanted && !add.hidden) add.click();
  const at = {};
  typed.forEach(([name, value, checked]) => {
    const same = fields(form).filter((n) => n.name === name);
    if (checked === undefined) { const n = same[at[name] = (at[name] ?? -1) + 1]; if (n) n.value = value; } else { const n = same.find((x) => x.value === value); if (n) n.checked = checked; }
  });
  follow();
}
$$("form[data-draft]").forEach((form) => {
  const key = DRAFT + location.pathname, told = $("[data-draft-told]"), held = store.get(key), isRedrawn = Boolean($("#errors"));
  if (held && !isRedrawn) { try { restore(form, held); if (told) told.hidden = false; } catch (e) { store.set(key, null); } if (d.activeElement !== d.body) d.activeElement.blur(); scrollTo(0, 0); }
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => store.set(key, collect(form)), 400); });
  const drop = $("[data-draft-drop]"); if (drop) drop.addEventListener("click", () => { store.set(key, null); location.reload(); });
});
/* The page after the form says it was taken: the draft has done its work. */
if ($(".pz__slip") || /[?&]done=/.test(location.search) || $("[data-sent]")) forget();
$$("[data-leave]").forEach((b) => b.form.addEventListener("submit", forget));
function forget() { try { Object.keys(sessionStorage).filter((k) => k.startsWith(DRAFT)).forEach((k) => sessionStorage.removeItem(k)); } catch (e) { /* closed */ } }

/* ── the proof of effort begins when somebody begins to write, and is ready long before the end ── */
$$("form[data-effort]").forEach((form) => {
  const out = form.elements.effort_answer, said = $("[data-effort-said]", form);
  let worker = null, waiting = false;
  function begin() {
    if (worker || !window.Worker) return;
    worker = new Worker(form.dataset.worker);
    worker.onmessage = (e) => { out.value = e.data; said.textContent = ""; if (waiting) { waiting = false; form.requestSubmit ? form.requestSubmit() : form.submit(); } };
    worker.onerror = () => { worker = null; out.value = ""; if (waiting) { waiting = false; form.dataset.plain = "1"; form.requestSubmit ? form.requestSubmit() : form.submit(); } };
    worker.postMessage({ nonce: form.dataset.nonce, bits: Number(form.dataset.bits) });
  }
  form.addEventListener("input", begin, { once: true });
  form.addEventListener("submit", (e) => {
    if (out.value || form.dataset.plain || !window.Worker) return;
    e.preventDefault(); e.stopImmediatePropagation(); waiting = true; said.textContent = "正在核对，请稍候…"; begin();
  });
});

/* ── one click is one click ── */
$$("form[data-once]").forEach((form) => {
  form.addEventListener("submit", (e) => {
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1"; $$('button[type="submit"]', form).forEach((b) => b.classList.add("is-busy"));
  });
});
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
