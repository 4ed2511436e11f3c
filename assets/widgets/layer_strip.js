const BLOCK_HEIGHTS = [150, 128, 108, 92, 80]; // px: pictures get smaller from block to block ...
const CONV_WIDTHS = [24, 28, 32, 38, 38]; // ... while the number of filters grows
const POOL_WIDTH = 22;
const HEAD_SIZE = [34, 100];

const root = find(".fp-strip");

/** Width and height in px that suggest a layer's shape. */
function shape({ kind, block }) {
  if (kind === "head") return HEAD_SIZE;
  const place = Math.min(Math.max(block, 1), BLOCK_HEIGHTS.length) - 1;
  const height = BLOCK_HEIGHTS[place];
  return kind === "pool" ? [POOL_WIDTH, height * 0.72] : [CONV_WIDTHS[place], height];
}

/** The part of a name that differs inside its block. */
function shortName(layer) {
  return layer.name.replace(/^block\d+_/, "");
}

/** Everything about a layer in one line. */
function describe(layer) {
  const state = say(layer.frozen ? "frozen" : "learning");
  const parameters =
    layer.parameters > 0 ? say("parameters", { n: layer.parameters }) : say("no_parameters");
  return [layer.label, layer.size, parameters, state].filter(Boolean).join(" · ");
}

/** One box: a button when layers can be chosen, else a part that can be read. */
function box(layer) {
  const [width, height] = shape(layer);
  const text = `${layer.name}: ${describe(layer)}`;
  const state = layer.frozen ? "frozen" : "learning";
  const node = make(given.choosable ? "button" : "div", `layer ${layer.kind} ${state}`, null, {
    title: text,
    "aria-label": text,
    "data-key": layer.name,
    ...(given.choosable ? { type: "button" } : { role: "img" }),
  });
  node.style.setProperty("--w", `${width}px`);
  node.style.setProperty("--h", `${height}px`);
  node.append(make("span", "short", shortName(layer)));
  node.addEventListener("pointerenter", () => about(layer));
  node.addEventListener("focus", () => about(layer));
  if (given.choosable) {
    node.addEventListener("click", () => act("chosen", { kind: "choose", name: layer.name }));
  }
  return node;
}

/** The line before the first layer that learns. */
function pointLine(name) {
  const text = say("point_long", { name });
  const line = make("div", "point", null, { role: "separator", "aria-label": text, title: text });
  line.append(make("span", "", say("point"), { "aria-hidden": "true" }));
  return line;
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

function block({ key, layers }, point) {
  const item = make("li", "block");
  const row = make("div", "row");
  for (const layer of layers) {
    if (layer.name === point) row.append(pointLine(point));
    row.append(box(layer));
  }
  item.append(row, make("span", "block-name", key === "head" ? say("head") : say("block", { n: key })));
  return item;
}

/** What is pointed at, in words; without a layer the hint how to use the strip. */
function about(layer) {
  const line = find(".about");
  if (!layer) line.textContent = say(given.choosable ? "hint_choose" : "hint");
  else line.replaceChildren(make("b", "", layer.name), ` · ${describe(layer)}`);
}

function draw() {
  const { layers = [], point = "", caption = "" } = current() ?? {};
  root.hidden = layers.length === 0;
  find(".blocks").replaceChildren(...grouped(layers).map((group) => block(group, point)));
  find(".caption").textContent = caption;
  about(null);
}

root.setAttribute("aria-label", given.label);
find(".legend-frozen").textContent = say("frozen");
find(".legend-learning").textContent = say("learning");
draw();
watch("value", () => keepFocus(draw));
