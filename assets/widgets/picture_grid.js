const root = find(".fp-grid");
let asked = ""; // the picture whose look was asked for last, until Python answers
let looks = new Map(); // by layer and picture, while it is the same run: Python sends each once
let chosen = ""; // the layer that a person has chosen to ask
let run = "";

/** A probability as a percentage that never claims more than the model said. */
function percent(probability) {
  if (probability > 0.999) return ">" + say("percent", { p: number(99.9, 1) });
  if (probability < 0.001) return "<" + say("percent", { p: number(0.1, 1) });
  return say("percent", { p: number(Math.floor(1000 * probability) / 10, 1) });
}

/** Tell Python: to show something else, or that a picture was put right. */
function tell(event, kind, more) {
  const { view, first } = current();
  act(event, { view, first, ...more, kind });
}

/** A small button that says for screen readers which picture it is about. */
function button(word, { id, name }, onClick) {
  const node = make("button", "button small", say(word), {
    type: "button",
    "aria-label": say(`${word}_long`, { name }),
    "data-key": `${word}:${id}`,
  });
  node.addEventListener("click", onClick);
  return node;
}

function image({ name, thumbnail }) {
  if (!thumbnail) return make("div", "picture none", say("gone"));
  const alt = say("picture", { name });
  return make("img", "picture", null, { src: thumbnail, alt, loading: "lazy", decoding: "async", width: 104, height: 104 });
}

function line(list, word, text) {
  const told = make("div", "clip", null, { title: text });
  told.append(make("dt", "", `${say(word)} `), make("dd", "", text));
  list.append(told);
}

/** Its name, what it is, what it was called and how surely. */
function facts(picture) {
  const node = make("div");
  const file = make("p", "file");
  file.append(make("span", "clip", picture.name, { title: picture.name }));
  const list = make("dl", "said-of");
  line(list, "truth", picture.truth);
  node.append(file, list);
  if (picture.answer === undefined) return node;
  const { answer, confidence } = picture;
  line(list, "answer", say("answered", { answer, share: percent(confidence) }));
  const right = picture.answer === picture.truth;
  node.append(make("p", right ? "mark right" : "mark wrong", say(right ? "right" : "wrong")));
  return node;
}

/** What the person has said of it, and the way back. */
function fixLine(picture) {
  const node = make("div", "fix wide");
  const undo = () => tell("fixed", "undo", { id: picture.id });
  node.append(make("span", "", picture.fix), button("undo", picture, undo));
  return node;
}

/** Where it really belongs, or out with it. */
function tools(picture, classes) {
  const node = make("div", "tools wide");
  const choice = make("select", "", null, {
    "aria-label": say("really_long", { name: picture.name }),
    "data-key": `really:${picture.id}`,
  });
  choice.append(make("option", "", say("really"), { value: "" }));
  for (const each of classes) {
    if (each !== picture.truth) choice.append(make("option", "", each, { value: each }));
  }
  const move = button("move", picture, () => tell("fixed", "move", { id: picture.id, to: choice.value }));
  move.hidden = true;
  choice.addEventListener("change", () => (move.hidden = !choice.value));
  const out = button("leave_out", picture, () => tell("fixed", "leave_out", { id: picture.id }));
  node.append(choice, move, out);
  return node;
}

/** The layer that is asked: the chosen one, else the first. */
function layer() {
  const ids = (current()?.layers ?? []).map((each) => each.id);
  return ids.includes(chosen) ? chosen : (ids[0] ?? "");
}

function keyOf(id, of = layer()) {
  return `${of} ${id}`;
}

/** Where the model looked, or the button that asks. */
function lookPart(picture) {
  const node = make("div", "wide");
  const look = looks.get(keyOf(picture.id));
  if (look) {
    const texts = {
      plain: say("plain", { name: picture.name }),
      overlaid: say("overlaid", { name: picture.name }),
      strength: say("strength"),
      none: say("nowhere"),
    };
    node.append(heatPair(look, texts, picture.id));
    if (look.note) node.append(make("p", "look-note", look.note));
    return node;
  }
  const ask = button("look", picture, () => {
    asked = keyOf(picture.id);
    tell("picked", "look", { id: picture.id, layer: layer() });
    redraw();
  });
  if (asked === keyOf(picture.id)) {
    ask.disabled = true;
    ask.textContent = say("looking");
  }
  node.append(ask);
  return node;
}

function card(picture, { classes, asks }) {
  const item = make("li", picture.fix ? "card fixed" : "card");
  item.append(image(picture), facts(picture));
  if (asks && picture.thumbnail) item.append(lookPart(picture));
  if (picture.fix) item.append(fixLine(picture));
  else if (classes.length) item.append(tools(picture, classes));
  return item;
}

function drawPager({ first, total, size, pictures }) {
  const [before, after] = [find(".before"), find(".after")];
  find(".pager").hidden = total <= size;
  before.disabled = first === 0;
  after.disabled = first + size >= total;
  find(".place").textContent = say("page", { from: first + 1, to: first + pictures.length, n: total });
}

/** Which layer is asked, where there are several. */
function drawLayers({ asks, layers = [] }) {
  find(".layer").hidden = !asks || layers.length < 2;
  const options = layers.map(({ id, name }) => make("option", "", name, { value: id }));
  find(".layer select").replaceChildren(...options);
  find(".layer select").value = layer();
}

function draw() {
  const value = current();
  root.hidden = !value;
  if (!value) return;
  find(".title").textContent = value.title;
  find(".note").textContent = value.note;
  find(".cards").replaceChildren(...value.pictures.map((picture) => card(picture, value)));
  drawLayers(value);
  drawPager(value);
}

function redraw() {
  keepFocus(draw);
}

/** Take in the value; it comes also when a person did something, before Python has answered. */
function take() {
  const value = current();
  if (value?.view?.run !== run) looks = new Map();
  run = value?.view?.run ?? "";
  for (const { id, look } of value?.pictures ?? []) if (look) looks.set(keyOf(id, look.layer ?? ""), look);
  if (!value?.action) asked = "";
  redraw();
}

function turn(by) {
  const { first, size } = current();
  find(".title").focus({ preventScroll: true });
  root.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  tell("picked", "turn", { first: Math.max(0, first + by * size) });
}

find(".layer span").textContent = say("layer");
find(".layer select").addEventListener("change", ({ target }) => {
  chosen = target.value;
  redraw();
});
find(".before").textContent = say("before");
find(".after").textContent = say("after");
find(".before").addEventListener("click", () => turn(-1));
find(".after").addEventListener("click", () => turn(1));
find(".pager").setAttribute("aria-label", say("pages"));
root.setAttribute("aria-label", given.label);
take();
watch("value", take);
