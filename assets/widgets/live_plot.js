const PATIENCE_MS = 20000;
// Named one by one: since version 4 plotly adds "Share chart...", which sends the data away.
const BUTTONS = [["toImage"], ["zoom2d", "resetScale2d"]];
// What plotly says by itself, and our words for it.
const PLOTLY_SAYS = {
  "Download plot as a PNG": "image",
  "Preparing image - this may take a few seconds": "image_made",
  "Image download succeeded": "image_saved",
  "Sorry, there was a problem downloading your image!": "image_failed",
  Zoom: "zoom",
  "Reset axes": "reset",
  "Double-click to zoom back out": "back",
  "Double-click on legend to isolate one trace": "isolate",
};

const root = find(".fp-plot");
const chart = find(".chart");
const started = Date.now();
let waiting = false;
let shown = null; // the whole figure, however it came

/** A colour of the page's theme as the browser works it out. */
function themeColor(name, otherwise) {
  return getComputedStyle(root).getPropertyValue(name).trim() || otherwise;
}

/** One axis in the page's colours; everything else as the figure has it. */
function themedAxis(axis, ink, line) {
  return { ...axis, gridcolor: line, zerolinecolor: line, linecolor: line, tickcolor: line, color: ink };
}

/** The figure's layout in the page's colours, with what keeps zoom and width. */
function themedLayout(layout) {
  const ink = themeColor("--body-text-color", "#1f2430");
  const line = themeColor("--border-color-primary", "#e3e3e8");
  const clear = "rgba(0,0,0,0)";
  const axes = ["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d+$/.test(key))];
  return {
    ...layout,
    ...Object.fromEntries(axes.map((key) => [key, themedAxis(layout[key], ink, line)])),
    font: { ...layout.font, color: ink, family: getComputedStyle(root).fontFamily },
    title: typeof layout.title === "string" ? { text: layout.title } : layout.title,
    margin: layout.margin ?? { l: 56, r: 16, t: layout.title ? 56 : 24, b: 48 },
    paper_bgcolor: clear,
    plot_bgcolor: clear,
    legend: { ...layout.legend, bgcolor: clear },
    hoverlabel: {
      ...layout.hoverlabel,
      bgcolor: themeColor("--background-fill-primary", "#fff"),
      bordercolor: line,
      font: { color: ink },
    },
    modebar: { bgcolor: clear, color: ink, activecolor: themeColor("--fp-ice", "#2f7fc1") },
    height: layout.height ?? given.height_px,
    width: undefined,
    autosize: true,
    uirevision: layout.uirevision ?? "keep",
  };
}

/** What plotly offers around the chart: zoom, reset, download. */
function config() {
  const filename = String(given.label).replace(/[^\p{L}\p{N}]+/gu, "-") || "chart";
  const dictionary = Object.fromEntries(Object.entries(PLOTLY_SAYS).map(([text, key]) => [text, say(key)]));
  return {
    locale: "page",
    locales: { page: { dictionary } },
    displaylogo: false,
    responsive: true,
    modeBarButtons: BUTTONS,
    plotlyServerURL: "",
    toImageButtonOptions: { filename, scale: 2 },
  };
}

/** Show the chart, or a sentence in its place. */
function showChart(shown, text, state) {
  root.dataset.state = state;
  chart.hidden = !shown;
  find(".placeholder").hidden = shown || !text;
  find(".placeholder").textContent = text;
}

/** Try again shortly; after 20 s say what is missing, and go on looking now and then. */
function waitForPlotly() {
  if (waiting || !root.isConnected) return;
  const patient = Date.now() - started < PATIENCE_MS;
  if (patient) showChart(false, say("loading"), "loading");
  else showChart(false, say("missing"), "missing");
  waiting = true;
  setTimeout(() => {
    waiting = false;
    draw();
  }, patient ? 100 : 2000);
}

/** A figure with its lines continued, and everything after the lines anew. */
function grown(figure, growth) {
  const lines = growth.more.map(({ x, y }, number) => {
    const line = figure.data[number];
    return { ...line, x: [...line.x, ...x], y: [...line.y, ...y] };
  });
  const layout = { ...figure.layout, ...growth.layout };
  return { ...figure, version: growth.version, data: [...lines, ...growth.data], layout };
}

/** Take in the value: a whole figure, nothing, or what is to be added to the figure before. */
function take() {
  const value = current();
  if (value?.after === undefined) shown = value;
  else if (shown?.version === value.after) shown = grown(shown, value);
  else if (shown?.version !== value.version) trigger("behind", {}); // a value before was missed
  draw();
}

/** The figure as it is now, in the node that is there already. */
function draw() {
  const figure = shown;
  if (!figure) {
    if (window.Plotly && chart.classList.contains("js-plotly-plot")) window.Plotly.purge(chart);
    return showChart(false, given.placeholder, "empty");
  }
  if (!window.Plotly) return waitForPlotly();
  showChart(true, "", "drawn");
  // Plotly writes into what it is given, and props must stay what Python sent.
  const { data = [], layout = {} } = JSON.parse(JSON.stringify(figure));
  const themed = themedLayout(layout);
  // When the window is resized, plotly lets the drawing be as high as this.
  chart.style.height = themed.height ? `${themed.height}px` : "";
  window.Plotly.react(chart, data, themed, config());
}

/** The theme is a class on body; draw anew in its colours when it changes. */
function followTheme() {
  const observer = new MutationObserver(() => {
    if (root.isConnected) draw();
    else observer.disconnect();
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
}

/** Plotly hears of the window's width only; a tab that opens or a column that moves counts too. */
function followWidth() {
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const changed = Math.abs(contentRect.width - width) > 1;
    width = contentRect.width;
    if (!changed || width === 0 || !window.Plotly || !chart.classList.contains("js-plotly-plot")) return;
    requestAnimationFrame(() => window.Plotly.Plots.resize(chart));
  }).observe(chart);
}

root.setAttribute("aria-label", given.label);
followTheme();
followWidth();
take();
watch("value", take);
