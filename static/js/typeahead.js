/* Combobox (ARIA 1.2): <div data-typeahead data-src="/lookups/areas/"><input type="hidden" name=…><input class="input" role="combobox"></div>.
   Answers are JSON [{value,label,hint}]. Enter picks; Tab picks and moves on; Esc closes. Without JavaScript the page offers a <noscript><select>. */
let uid = 0;
function setup(box) {
  if (box.dataset.ready) return; box.dataset.ready = "1";
  const hidden = box.querySelector("input[type=hidden]"), input = box.querySelector("input:not([type=hidden])"), list = document.createElement("ul");
  list.className = "typeahead__list"; list.id = "ta-" + ++uid; list.setAttribute("role", "listbox"); list.hidden = true; box.append(list);
  Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }).forEach(([k, v]) => input.setAttribute(k, v));
  let items = [], at = -1, timer = 0, asked = 0, chosen = input.value;
  const shut = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const show = (i) => { at = i; Array.from(list.children).forEach((n, k) => { n.setAttribute("aria-selected", k === i); if (k === i) { n.scrollIntoView({ block: "nearest" }); input.setAttribute("aria-activedescendant", n.id); } }); };
  const pick = (i) => { const it = items[i]; if (!it) return; hidden.value = it.value; input.value = chosen = it.label; shut(); box.classList.add("is-picked"); hidden.dispatchEvent(new Event("change", { bubbles: true })); input.dispatchEvent(new CustomEvent("typeahead:picked", { bubbles: true, detail: it })); };
  const draw = () => {
    list.textContent = "";
    items.forEach((it, i) => { const li = document.createElement("li"); li.id = list.id + "-" + i; li.setAttribute("role", "option"); li.className = "typeahead__o"; li.append(it.label); if (it.hint) { const s = document.createElement("small"); s.textContent = it.hint; li.append(s); } li.addEventListener("mousedown", (e) => { e.preventDefault(); pick(i); }); list.append(li); });
    if (!items.length) { const li = document.createElement("li"); li.className = "typeahead__none"; li.textContent = "没有找到，可输入编码、拼音首字母或汉字"; list.append(li); }
    list.hidden = false; input.setAttribute("aria-expanded", "true"); if (items.length) show(0);
  };
  async function ask() {
    const mine = ++asked, url = new URL(box.dataset.src, location.href); url.searchParams.set("q", input.value.trim());
    if (box.dataset.with) { const other = document.querySelector(box.dataset.with); if (other && other.value) url.searchParams.set("within", other.value); }
    try { const r = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" } }); if (!r.ok || mine !== asked) return; items = await r.json(); if (document.activeElement === input) draw(); } catch { shut(); }
  }
  input.addEventListener("input", (e) => { if (!input.value.trim() || input.value !== chosen) { if (hidden.value) { hidden.value = ""; hidden.dispatchEvent(new Event("change", { bubbles: true })); } box.classList.remove("is-picked"); } clearTimeout(timer); if (e.isComposing) return; timer = setTimeout(ask, 120); });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 60); });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key === "ArrowDown") { e.preventDefault(); if (list.hidden) ask(); else show(Math.min(items.length - 1, at + 1)); }
    else if (e.key === "ArrowUp" && !list.hidden) { e.preventDefault(); show(Math.max(0, at - 1)); }
    else if (e.key === "Enter" && !list.hidden && at >= 0) { e.preventDefault(); e.stopPropagation(); pick(at); }
    else if (e.key === "Tab" && !list.hidden && at >= 0 && input.value.trim()) pick(at);
    else if (e.key === "Escape" && !list.hidden) { e.preventDefault(); e.stopPropagation(); shut(); }
  });
  input.addEventListener("blur", () => setTimeout(shut, 150));
}
export function bind(scope = document) { scope.querySelectorAll("[data-typeahead]").forEach(setup); }
bind(); document.addEventListener("htmx:afterSwap", (e) => bind(e.target)); document.addEventListener("rows:added", (e) => bind(e.target));
