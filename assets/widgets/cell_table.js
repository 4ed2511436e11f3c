const ROOMY = 10; // classes whose cells have room for per cent
const STRONGEST = 60; // per cent of colour; text on it stays readable in both themes
const FAINTEST = 8;
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const root = find(".fp-cells");

function clipped(tag, className, text, attributes) {
  const node = make(tag, className, null, { title: text, ...attributes });
  node.append(make("span", "clip", text));
  return node;
}

/** What an empty cell is: seen, but not a button. */
function emptyCell(truth, answer) {
  const node = make("span", "cell none", "·");
  node.append(make("span", "said", say("none", { truth, answer })));
  return node;
}

function button(value, row, column) {
  const { labels, counts, chosen } = value;
  const count = counts[row][column];
  const all = counts[row].reduce((sum, each) => sum + each, 0);
  const text = say("cell", { n: count, all, truth: labels[row], answer: labels[column] });
  const share = labels.length <= ROOMY ? say("share", { p: Math.floor((100 * count) / all) }) : "";
  const pressed = chosen?.[0] === row && chosen?.[1] === column;
  const node = make("button", `cell ${row === column ? "right" : "wrong"}`, null, {
    type: "button",
    title: text,
    "aria-label": `${number(count)} ${share} ${text}`, // begins with what is seen
    "aria-pressed": String(pressed),
    "data-key": `cell:${row}:${column}`,
  });
  node.style.setProperty("--share", `${FAINTEST + (STRONGEST - FAINTEST) * (count / all)}%`);
  node.append(make("span", "count", number(count)));
  if (share) node.append(" ", make("span", "share", share));
  const told = { kind: "cell", truth: row, answer: column, of: value.of };
  node.addEventListener("click", () => act("picked", told));
  return node;
}

function tableRow(value, row) {
  const line = make("tr");
  line.append(clipped("th", "row", value.labels[row], { scope: "row" }));
  value.counts[row].forEach((count, column) => {
    const cell = make("td");
    const { labels } = value;
    cell.append(count ? button(value, row, column) : emptyCell(labels[row], labels[column]));
    line.append(cell);
  });
  return line;
}

function headings(labels) {
  const line = make("tr");
  const corner = make("td", "corner");
  corner.append(make("span", "columns", say("columns")), make("span", "", say("rows")));
  line.append(corner, ...labels.map((label) => clipped("th", "column", label, { scope: "col" })));
  return line;
}

/** The next cell that is a button, in the direction of an arrow key. */
function step(event) {
  const [down, right] = STEPS[event.key] ?? [];
  const place = document.activeElement?.dataset?.key?.match(/^cell:(\d+):(\d+)$/);
  if (down === undefined || !place) return;
  event.preventDefault();
  let [row, column] = [Number(place[1]) + down, Number(place[2]) + right];
  const size = current().labels.length;
  for (; row >= 0 && column >= 0 && row < size && column < size; row += down, column += right) {
    const next = root.querySelector(`[data-key="cell:${row}:${column}"]`);
    if (next) return next.focus();
  }
}

function draw() {
  const value = current();
  const labels = value?.labels ?? [];
  root.hidden = labels.length === 0;
  root.classList.toggle("many", labels.length > ROOMY);
  find("thead").replaceChildren(...(value ? [headings(labels)] : []));
  find("tbody").replaceChildren(...labels.map((_, row) => tableRow(value, row)));
  edge();
}

/** Says that there is more to the right, as far as there is; on a phone no scrollbar would. */
function edge() {
  const shown = find(".scroll");
  const beyond = shown.scrollWidth - shown.clientWidth;
  find(".further").hidden = beyond <= 1;
  root.classList.toggle("cut", beyond - shown.scrollLeft > 1);
}

find(".scroll").setAttribute("aria-label", given.label);
find(".scroll").addEventListener("scroll", edge, { passive: true });
find(".further").textContent = say("further");
new ResizeObserver(edge).observe(find(".scroll"));
find("table").setAttribute("aria-label", given.label);
root.addEventListener("keydown", step);
draw();
watch("value", () => keepFocus(draw));
