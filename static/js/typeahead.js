/* Combobox (ARIA 1.2): <div data-typeahead data-src="/lookups/areas/" [data-with="#id_town"]><input type="hidden" name=…><input class="input"></div>.
   Answers are JSON [{value,label,hint}] for a code, pinyin initials or characters. Enter picks; Tab picks and moves on; Esc closes the list.
   Picking fires change on the hidden input and typeahead:picked. Without JavaScript the words alone are sent and resolved by the form. */
let uid = 0;
function setup(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "1";
  const hidden = box.querySelector("input[type=hidden]"), input = box.querySelector("input:not([type=hidden])"), list = document.createElement("ul");
  const label = input.id && document.querySelector(`label[for="${input.id}"]`);
  list.className = "typeahead__list"; list.id = "ta-" + ++uid; list.hidden = true;
  list.setAttribute("role", "listbox"); list.setAttribute("aria-label", (label ? label.firstChild.textContent.trim() : "") + "可选项");
  box.append(list);
  Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }).forEach(([k, v]) => input.setAttribute(k, v));
  let items = [], at = -1, timer = 0, asked = 0, chosen = input.value, pending = false, settled = false, moved = null; /* the value the arrows went to: a mark nobody moved is not held on to */
  if (hidden.value) box.classList.add("is-picked");

  const shut = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const show = (i) => { at = i; Array.from(list.children).forEach((n, k) => { n.setAttribute("aria-selected", String(k === i)); if (k === i) { n.scrollIntoView({ block: "nearest" }); input.setAttribute("aria-activedescendant", n.id); } }); };
  const move = (i) => { show(i); moved = items[i] ? items[i].value : null; };
  const held = () => Math.max(items.findIndex((it) => it.value === moved), 0);
  const pick = (i) => {
    const it = items[i];
    if (!it) return;
    clearTimeout(timer); asked++; /* an answer still under way must not open the list again */
    hidden.value = it.value; input.value = chosen = it.label; pending = false; moved = null; shut();
    box.classList.add("is-picked"); input.removeAttribute("aria-invalid");
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
    input.dispatchEvent(new CustomEvent("typeahead:picked", { bubbles: true, detail: it }));
  };
  function option(text, hint, i) {
    const li = document.createElement("li");
    li.id = `${list.id}-${i}`; li.setAttribute("role", "option"); li.className = "typeahead__o"; li.append(text);
    if (hint) { const s = document.createElement("small"); s.textContent = hint; li.append(s); }
    list.append(li);
    return li;
  }
  function draw() {
    list.textContent = ""; at = -1;
    items.forEach((it, i) => option(it.label, it.hint, i).addEventListener("mousedown", (e) => { e.preventDefault(); pick(i); }));
    if (!items.length) { const none = option("没有找到，可输入编码、拼音首字母或汉字", "", "none"); none.classList.add("typeahead__none"); none.setAttribute("aria-disabled", "true"); }
    list.hidden = false; input.setAttribute("aria-expanded", "true");
    if (items.length) show(held()); /* a second answer leaves the mark where the person put it */
  }
  async function ask() {
    clearTimeout(timer);
    const mine = ++asked, url = new URL(box.dataset.src, location.href);
    url.searchParams.set("q", input.value.trim());
    const other = box.dataset.with && document.querySelector(box.dataset.with);
    if (other && other.value) url.searchParams.set("within", other.value);
    try {
      const r = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
      if (!r.ok || mine !== asked) return;
      items = await r.json();
      const wanted = pending && (settled || (document.activeElement !== input && items.length === 1));
      pending = settled = false;
      if (wanted && items.length) pick(held()); /* Enter or Tab came before the answer: what the arrows chose, else the first of the right list, never of the last one */
      else if (document.activeElement === input) draw();
    } catch { shut(); }
  }
  input.addEventListener("input", (e) => {
    if (input.value !== chosen || !input.value.trim()) {
      if (hidden.value) { hidden.value = ""; hidden.dispatchEvent(new Event("change", { bubbles: true })); }
      box.classList.remove("is-picked");
    }
    clearTimeout(timer); pending = Boolean(input.value.trim()); settled = false; moved = null;
    if (!e.isComposing) timer = setTimeout(ask, 120);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 60); });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229) return;
    const open = !list.hidden;
    if (e.key === "ArrowDown") { e.preventDefault(); if (open) move(Math.min(items.length - 1, at + 1)); else ask(); }
    else if (e.key === "ArrowUp" && open) { e.preventDefault(); move(Math.max(0, at - 1)); }
    else if (e.key === "Enter" && !e.ctrlKey && pending) { e.preventDefault(); e.stopPropagation(); settled = true; ask(); }
    else if (e.key === "Enter" && !e.ctrlKey && open && at >= 0) { e.preventDefault(); e.stopPropagation(); pick(at); }
    else if (e.key === "Tab" && !e.shiftKey && pending) settled = true;
    else if (e.key === "Tab" && !e.shiftKey && open && at >= 0 && input.value.trim() && !hidden.value) pick(at);
    else if (e.key === "Escape" && open) { e.preventDefault(); e.stopPropagation(); shut(); }
  });
  input.addEventListener("blur", () => { shut(); if (pending) ask(); });
}
function bind() { document.querySelectorAll("[data-typeahead]").forEach(setup); }
bind();
["htmx:afterSwap", "htmx:oobAfterSwap", "rows:added"].forEach((event) => document.addEventListener(event, bind));
