/* Charts of the page. Options stand in a JSON block beside the drawing the server made; where ECharts can draw, its canvas takes the
   drawing's place on the screen, while paper keeps the drawing. Colours are the page's variables; a mark leads to the list it counts. */
const drawn = new Map();

const colours = () => getComputedStyle(document.documentElement);

function coloured(value, style) {
  if (typeof value === "string") return value.startsWith("var(") ? style.getPropertyValue(value.slice(4, -1)).trim() : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, style));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, style)]));
  return value;
}

/* A line has no marks to hit: the day under the pointer and the line nearest to it are meant. */
function nearest(chart, option, event) {
  const at = chart.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY]);
  if (!at || !chart.containPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY])) return "";
  const day = Math.round(at[0]);
  const marks = option.series.map((series) => series.data[day]).filter(Boolean);
  marks.sort((a, b) => Math.abs(a.value - at[1]) - Math.abs(b.value - at[1]));
  return marks.length ? marks[0].url : "";
}

function draw(host) {
  const echarts = window.echarts;
  const source = host.querySelector("script[type='application/json']");
  const canvas = host.querySelector("[data-chart-canvas]");
  if (!echarts || !source || !canvas) return;
  const { map, ...option } = coloured(JSON.parse(source.textContent), colours());
  option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily };
  option.aria = { enabled: false };
  host.classList.add("is-live");
  if (map) echarts.registerMap("county", map);
  const chart = echarts.init(canvas, null, { renderer: "canvas", devicePixelRatio: Math.max(window.devicePixelRatio, 2) });
  chart.setOption(option);
  const go = (url) => { if (url) window.location.assign(url); };
  if (option.xAxis) chart.getZr().on("click", (event) => go(nearest(chart, option, event)));
  else chart.on("click", (event) => go(event.data && event.data.url));
  if (option.xAxis) chart.getZr().setCursorStyle("pointer");
  drawn.set(host, chart);
}

function drawAll() {
  for (const [host, chart] of drawn) {
    chart.dispose();
    drawn.delete(host);
  }
  for (const host of document.querySelectorAll("[data-chart]")) draw(host);
}

const resized = new ResizeObserver((entries) => {
  for (const entry of entries) {
    const chart = drawn.get(entry.target.closest("[data-chart]"));
    if (chart && entry.contentRect.width && entry.contentRect.height) chart.resize();
  }
});

function begin() {
  drawAll();
  resized.disconnect();
  for (const canvas of document.querySelectorAll("[data-chart-canvas]")) resized.observe(canvas);
}

begin();
new MutationObserver(begin).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
document.addEventListener("htmx:afterSettle", (event) => { if (event.target.querySelector && event.target.querySelector("[data-chart]")) begin(); });
