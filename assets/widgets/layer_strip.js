// A layer is as tall as the picture still is and as thick as it has filters, both as square roots:
// at true scale the last ones would be a sixteenth as tall as the first ones and eight times as
// thick.
const TALLEST = 140; // px, of the largest picture
const THIN = 12; // px, of the fewest filters
const POOL = 13; // px: it has no filters of its own
const HEAD = { width: 30, height: 64 };
const BACK = 0.24; // how far the far edge lies to the right, and ...
const RISE = 0.15; // ... above the near one, of the height
const PAUSE_MS = 160; // a held arrow key tells Python only where it comes to rest

const root = find(".fp-strip");
let shown = { layers: [], point: "", caption: "", blocks: [] };
let boxes = new Map(); // name -> node
let built = ""; // what the boxes were made for
let resting = 0;

/** Width and height in px that suggest a layer's true shape. */
function shape(layer, { largest, fewest }) {
  if (layer.kind === "head") return HEAD;
  const height = TALLEST * Math.sqrt(layer.side / largest);
  return { height, width: layer.kind === "pool" ? POOL : THIN * Math.sqrt(layer.depth / fewest) };
}

/** What stands below a layer: the number in its block, or that a pool halves the picture. */
function mark(layer) {
  if (layer.kind === "conv") return layer.name.replace(/^.*?(\d+)$/, "$1");
  return layer.kind === "pool" ? "½" : "";
}

function stateOf(layer) {
  return say(layer.frozen ? "frozen" : "learning");
}

/** How large the picture is after a layer, and how many numbers it has. */
function numbers(layer) {
  const parameters =
    layer.parameters > 0 ? say("parameters", { n: layer.parameters }) : say("no_parameters");
  return [layer.size, parameters].filter(Boolean).join(" · ");
}

/** Everything about a layer in one line. */
function describe(layer) {
  return [layer.label, numbers(layer), stateOf(layer)].filter(Boolean).join(" · ");
}

function tells(layer) {
  return shown.blocks.find((each) => each.block === layer.block)?.tells ?? "";
}

/** One box: it can be chosen like one of a row of radio buttons, or only read. */
function box(layer, scale) {
  const { width, height } = shape(layer, scale);
  const role = given.choosable ? { type: "button", role: "radio" } : { role: "img" };
  const node = make(given.choosable ? "button" : "div", "", null, { "data-key": layer.name, ...role });
  const sizes = { w: width, h: height, back: height * BACK, rise: height * RISE };
  if (layer.kind === "head") Object.assign(sizes, { back: 9, rise: 6 });
  for (const [name, px] of Object.entries(sizes)) {
    node.style.setProperty(`--${name}`, `${px.toFixed(1)}px`);
  }
  node.append(make("span", "mark", mark(layer), { "aria-hidden": "true" }));
  node.addEventListener("pointerenter", () => about(layer.name));
  node.addEventListener("focus", () => about(layer.name));
  if (given.choosable) {
    node.addEventListener("click", () => choose(layer.name, 0));
    node.addEventListener("keydown", (event) => step(event, layer.name));
  }
  return node;
}

/** Layers side by side that belong together. */
function grouped(layers) {
  const groups = [];
  for (const layer of layers) {
    const key = layer.kind === "head" ? "head" : layer.block;
    if (groups.at(-1)?.key !== key) groups.push({ key, layers: [] });
    groups.at(-1).layers.push(layer);
  }
  return groups;
}

function block({ key, layers }, scale) {
  const item = make("div", "block");
  const row = make("div", "row");
  for (const layer of layers) {
    boxes.set(layer.name, box(layer, scale));
    row.append(boxes.get(layer.name));
  }
  const told = shown.blocks.find((each) => each.block === layers[0].block) ?? {};
  const foot = make("div", "foot");
  foot.append(make("b", "", key === "head" ? say("head") : say("block", { n: key })));
  if (told.sees) foot.append(make("span", "", told.sees));
  if (told.size) foot.append(make("span", "size more", told.size));
  item.append(row, foot);
  item.addEventListener("pointerenter", () => about(layers[0].name));
  return item;
}

/** Choose a layer: seen at once, told to Python when `pause` ms have passed without another. */
function choose(name, pause) {
  const place = shown.layers.findIndex((each) => each.name === name);
  const layers = shown.layers.map((each, i) => ({ ...each, frozen: i < place }));
  shown = { ...shown, layers, point: name };
  paint();
  clearTimeout(resting);
  resting = setTimeout(() => {
    props.value = { ...props.value, point: name, layers };
    act("chosen", { kind: "choose", name });
  }, pause);
}

/** Arrow keys, Home and End move from layer to layer and choose, as in a group of radio buttons. */
function step(event, name) {
  const names = shown.layers.map((each) => each.name);
  const at = names.indexOf(name);
  const last = names.length - 1;
  const moves = {
    ArrowRight: at === last ? 0 : at + 1,
    ArrowLeft: at === 0 ? last : at - 1,
    Home: 0,
    End: last,
  };
  moves.ArrowDown = moves.ArrowRight;
  moves.ArrowUp = moves.ArrowLeft;
  if (!(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  choose(names[moves[event.key]], PAUSE_MS);
  boxes.get(names[moves[event.key]]).focus();
}

/** What is pointed at, in words; without a layer the hint how to use the strip. */
function about(name) {
  const layer = shown.layers.find((each) => each.name === name);
  const line = find(".about");
  if (!layer) line.textContent = say(given.choosable ? "hint_choose" : "hint");
  else {
    const more = make("span", "more", ` · ${numbers(layer)}`);
    line.replaceChildren(make("b", "", layer.name), ` · ${layer.label}`, more, ` · ${stateOf(layer)}`);
  }
  find(".tells").textContent = layer ? tells(layer) : "";
}

/** The boxes, made anew. */
function build() {
  const drawn = shown.layers.filter((each) => each.kind !== "head");
  const scale = {
    largest: Math.max(...drawn.map((each) => each.side)),
    fewest: Math.min(...drawn.map((each) => each.depth)),
  };
  boxes = new Map();
  find(".blocks").replaceChildren(...grouped(shown.layers).map((group) => block(group, scale)));
  about(null);
}

/** What is frozen, what learns, and the line between them, on the boxes that are there. */
function paint() {
  for (const layer of shown.layers) {
    const node = boxes.get(layer.name);
    const text = say("layer", { name: layer.name, facts: describe(layer) });
    node.className = `layer ${layer.kind} ${layer.frozen ? "frozen" : "learning"}`;
    node.title = text;
    node.setAttribute("aria-label", text);
    if (tells(layer)) node.setAttribute("aria-description", tells(layer));
    if (!given.choosable) continue;
    const chosen = layer.name === shown.point;
    node.setAttribute("aria-checked", String(chosen));
    node.tabIndex = chosen ? 0 : -1;
  }
  find(".point")?.remove();
  const line = make("div", "point", null, { "aria-hidden": "true" });
  line.title = say("point_long", { name: shown.point });
  line.append(make("span", "", say("point")));
  boxes.get(shown.point)?.before(line);
  turnLabel();
  find(".caption").textContent = shown.caption;
}

/** The last block's label goes to the left; where the block begins a row, there is no room for it. */
function turnLabel() {
  const line = find(".point");
  if (!line || !root.checkVisibility()) return;
  line.classList.remove("turned");
  const room = line.firstElementChild.getBoundingClientRect().left - root.getBoundingClientRect().left;
  line.classList.toggle("turned", room < 0);
}

function draw() {
  clearTimeout(resting); // what Python tells is newer than what was pressed before
  shown = { layers: [], point: "", caption: "", blocks: [], ...current() };
  root.hidden = shown.layers.length === 0;
  const wanted = JSON.stringify([shown.blocks, shown.layers.map((each) => ({ ...each, frozen: 0 }))]);
  if (wanted !== built) keepFocus(build);
  built = wanted;
  paint();
}

root.setAttribute("aria-label", given.label);
if (given.choosable) find(".blocks").setAttribute("role", "radiogroup");
if (given.choosable) find(".blocks").setAttribute("aria-label", given.label);
find(".legend-frozen").textContent = say("frozen");
find(".legend-learning").textContent = say("learning");
find(".measure").textContent = say("scale");
new ResizeObserver(turnLabel).observe(root);
draw();
watch("value", draw);
