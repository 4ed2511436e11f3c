// Draws the report's charts in the colours of the page: light, dark, or on paper.
const figures = JSON.parse(document.getElementById("figures").textContent);
const root = document.documentElement;
const CLEAR = "rgba(0,0,0,0)";

function color(name) {
  return getComputedStyle(root).getPropertyValue(name).trim();
}

/** A figure's layout in the page's colours. */
function themed(layout) {
  const ink = color("--ink");
  const line = color("--line");
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const inked = axes.map((key) => [
    key,
    { ...layout[key], color: ink, gridcolor: line, linecolor: line, tickcolor: line },
  ]);
  return {
    ...layout,
    ...Object.fromEntries(inked),
    font: { ...layout.font, color: ink },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    legend: { ...layout.legend, bgcolor: CLEAR },
    hoverlabel: { bgcolor: color("--paper"), bordercolor: line, font: { color: ink } },
    autosize: true,
  };
}

function draw() {
  for (const [id, figure] of Object.entries(structuredClone(figures))) {
    const config = { responsive: true, displayModeBar: false, plotlyServerURL: "" };
    window.Plotly.react(document.getElementById(id), figure.data, themed(figure.layout), config);
  }
}

draw();
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
window.addEventListener("beforeprint", () => {
  root.dataset.print = "";
  for (const each of document.querySelectorAll("details")) each.open = true;
  draw();
});
window.addEventListener("afterprint", () => {
  delete root.dataset.print;
  draw();
});
