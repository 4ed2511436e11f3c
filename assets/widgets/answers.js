const BARS_SHOWN = 5;
const CARDS_AT_ONCE = 24;
const ROWS_AT_ONCE = 200;
const COLUMNS = [
  ["file", (each) => each.name],
  ["answer", (each) => each.label],
  ["sure", (each) => (each.problem ? null : -each.probability)],
  ["unlike", (each) => (each.unlike ? 0 : 1)],
];

const root = find(".fp-answers");
let answers = []; // all that have come, by place
let heats = {}; // what was explained, by layer and place
let layer = null; // whose explanations are shown; null: of the first that comes
let asked = new Set(); // places whose explanation is under way
let drawn = []; // each place's card, with what it was drawn from
let cardsShown = CARDS_AT_ONCE;
let rowsShown = ROWS_AT_ONCE;
let view = "cards";
let order = { column: null, down: false };
let trial = null;
let note = "";
let csv = "";

// ---- what comes from Python --------------------------------------------------------------------

/** Add what a value brings: another trial begins anew, the same one grows. */
function merge(value) {
  if (value.explained && !value.answers && value.id !== trial) return; // of pictures that are gone
  if (value.id !== trial || !value.id) {
    [answers, heats, layer, drawn, asked, csv] = [[], {}, null, [], new Set(), ""];
    [cardsShown, rowsShown, trial] = [CARDS_AT_ONCE, ROWS_AT_ONCE, value.id];
    order = { column: null, down: false };
  }
  listed(value.answers).forEach((answer, i) => keep((value.start ?? 0) + i, answer));
  if (value.explained) learn(value);
  else if (value.layer && value.layer !== layer) [layer, asked] = [value.layer, new Set()];
  note = value.note ?? note;
  csv = value.csv ?? csv;
}

/** Keep where a layer looked, also when another one has been chosen meanwhile. */
function learn(value) {
  const of = value.layer ?? "";
  layer ??= of;
  heats[of] ??= [];
  for (const each of listed(value.explained)) heats[of][each.place] ??= each;
  if (of === layer && !value.action) asked = new Set(); // with one, the same value was seen before
}

/** Where the chosen layer looked in the picture of a place. */
function heatAt(place) {
  return heats[layer]?.[place];
}

/** The last value brings every answer once more, without pictures: those that are there stay. */
function keep(place, answer) {
  const before = answers[place];
  if (before && !answer.thumbnail && before.label === answer.label && before.name === answer.name) return;
  answers[place] = answer;
}

/** A list that may be JSON text. Of a list itself, Gradio changes the items in place when the next
 *  value of the same event comes, so it is copied. */
function listed(value) {
  return JSON.parse(typeof value === "string" ? value || "[]" : JSON.stringify(value ?? []));
}

// ---- a card ------------------------------------------------------------------------------------

/** A probability as a percentage that never claims more than the model said. */
function percent(probability) {
  if (probability > 0.999) return ">" + say("percent", { p: number(99.9, 1) });
  if (probability < 0.001) return "<" + say("percent", { p: number(0.1, 1) });
  return say("percent", { p: number(100 * probability, 1) });
}

/** The picture, or a quiet mark when it could not be opened. */
function picture({ name, thumbnail }) {
  if (!thumbnail) return make("div", "picture none", "?", { "aria-hidden": "true" });
  const alt = say("picture", { name });
  return make("img", "picture", null, { src: thumbnail, alt, loading: "lazy", decoding: "async", width: 104, height: 104 });
}

/** The class in large type, or the problem as a sentence. */
function verdict(answer) {
  const { label, probability, problem, truth, unlike } = answer;
  if (problem) return make("p", "problem", problem);
  if (unlike) return none(answer);
  const line = make("p", "verdict");
  line.append(make("span", "label clip", label, { title: label }));
  line.append(make("span", "share", percent(probability)));
  if (truth) line.append(mark(label === truth, truth));
  return line;
}

/** It is none of the classes: that first, and what it would have to be, small. */
function none({ label, probability, truth }) {
  const line = make("p", "verdict none");
  line.append(make("span", "label", say("none")));
  const forced = say("forced", { label, share: percent(probability) });
  line.append(make("span", "forced clip", forced, { title: forced }));
  if (truth) line.append(mark(label === truth, truth));
  return line;
}

/** The nearest of what was learned, so that a person can judge. */
function nearest(answer) {
  const part = make("div", "nearest");
  part.append(make("p", "", say("nearest")));
  const list = make("ul", "");
  list.append(...answer.nearest.map(neighbour));
  part.append(list);
  return part;
}

function neighbour({ name, label, thumbnail }) {
  const item = make("li", "", null, { title: name });
  const alt = say("picture", { name });
  item.append(thumbnail ? make("img", "", null, { src: thumbnail, alt, loading: "lazy" }) : make("div", "gone", "?"));
  item.append(make("span", "clip", label));
  return item;
}

/** Whether it is right, by a sign and words, not by the colour alone. */
function mark(isRight, truth) {
  return make("span", isRight ? "mark right" : "mark wrong", say(isRight ? "right" : "wrong", { truth }));
}

function bar({ label, probability }, isFirst) {
  const item = make("li", isFirst ? "first" : "");
  const line = make("div", "bar-line");
  line.append(make("span", "clip", label, { title: label }), make("span", "share", percent(probability)));
  const track = make("span", "track", null, { "aria-hidden": "true" });
  track.append(make("i", ""));
  track.firstElementChild.style.width = `${100 * probability}%`;
  item.append(line, track);
  return item;
}

function bars(probabilities, first) {
  const list = make("ul", "bars", null, { "aria-label": say("probabilities") });
  list.append(...probabilities.map((one, i) => bar(one, first && i === 0)));
  return list;
}

/** All classes below the first five, closed at first. */
function rest(probabilities, count, text) {
  const more = make("details");
  more.append(make("summary", "", text));
  more.append(bars(probabilities.slice(count), false));
  return more;
}

/** Where it looked: a button, that it is looked for, or the overlay. */
function looked(answer, place) {
  const heat = heatAt(place);
  if (!heat) {
    const waits = asked.has(place);
    const button = make("button", "button small look", say(waits ? "looking" : "look"), { type: "button", "data-key": `look ${place}` });
    button.disabled = waits;
    button.addEventListener("click", () => explain([place]));
    return button;
  }
  const part = make("div", "looked");
  const [name, label] = [answer.name, heat.answer];
  const texts = { plain: say("picture", { name }), overlaid: say("overlaid", { name, label }), strength: say("strength"), none: say("no_heat") };
  part.append(make("p", "", say("bright", { label })), heatPair(heat, texts, String(place)));
  if (heat.layer) part.append(make("p", "layer", heat.layer));
  return part;
}

function card(answer, place) {
  const item = make("li", answer.unlike ? "card unlike" : "card");
  const file = make("p", "file");
  file.append(make("span", "clip", answer.name, { title: answer.name }));
  item.append(picture(answer), file, verdict(answer));
  if (answer.problem) return item;
  const sorted = [...answer.probabilities].sort((a, b) => b.probability - a.probability);
  if (answer.unlike) {
    if (answer.nearest?.length) item.append(nearest(answer));
    item.append(rest(sorted, 0, say("probabilities")));
  } else {
    item.append(bars(sorted.slice(0, BARS_SHOWN), true));
    if (sorted.length > BARS_SHOWN) item.append(rest(sorted, BARS_SHOWN, say("all", { n: sorted.length })));
  }
  if (trial) item.append(looked(answer, place));
  return item;
}

/** The card of a place: as it is while nothing has changed, so that what was opened stays open. */
function cardAt(place) {
  const [answer, heat, waits] = [answers[place], heatAt(place), asked.has(place)];
  const before = drawn[place];
  if (before && before.answer === answer && before.heat === heat && before.waits === waits) return before.node;
  drawn[place] = { answer, heat, waits, node: card(answer, place) };
  return drawn[place].node;
}

// ---- the table ---------------------------------------------------------------------------------

function heading([column]) {
  const sorted = order.column === column;
  const attributes = { scope: "col", "aria-sort": sorted ? (order.down ? "descending" : "ascending") : "none" };
  const cell = make("th", column, null, attributes);
  const button = make("button", "", say(`column_${column}`), { type: "button", "data-key": `sort ${column}` });
  button.append(make("span", "arrow", sorted ? (order.down ? "▼" : "▲") : "", { "aria-hidden": "true" }));
  button.addEventListener("click", () => {
    order = { column, down: sorted && !order.down };
    keepFocus(draw);
  });
  cell.append(button);
  return cell;
}

function row(answer) {
  const line = make("tr", answer.unlike ? "unlike" : "");
  const [file, box] = [make("td", "file"), make("div", "file-line")];
  if (answer.thumbnail) box.append(make("img", "", null, { src: answer.thumbnail, alt: "", loading: "lazy", decoding: "async" }));
  box.append(make("span", "clip", answer.name, { title: answer.name }));
  file.append(box);
  line.append(file);
  if (answer.problem) {
    line.append(make("td", "problem", answer.problem, { colspan: 3 }));
    return line;
  }
  const said = make("td", "answer");
  said.append(make("span", "clip", answer.label, { title: answer.label }));
  if (answer.truth) said.append(mark(answer.label === answer.truth, answer.truth));
  const unlike = answer.unlike === true ? "yes" : answer.unlike === false ? "no" : "unknown";
  line.append(said, make("td", "sure", percent(answer.probability)), make("td", "unlike-cell", say(unlike)));
  return line;
}

/** The places in the order of the table; where two are equal, as they came. */
function placesInOrder() {
  const places = Object.keys(answers).map(Number);
  const column = COLUMNS.find(([name]) => name === order.column);
  if (!column) return places;
  const direction = order.down ? -1 : 1;
  return places.sort((a, b) => direction * compare(column[1](answers[a]), column[1](answers[b])));
}

function compare(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  return typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang || "en", { numeric: true });
}

// ---- the whole ---------------------------------------------------------------------------------

function explain(places) {
  for (const each of places) asked.add(each);
  act("asked", { kind: "explain", id: trial, places });
  keepFocus(draw);
}

/** The table as a file, made here: it never lies on the server where others could fetch it. */
function download() {
  const file = new Blob(["\ufeff", csv], { type: "text/csv;charset=utf-8" });
  const link = make("a", "", null, { href: URL.createObjectURL(file), download: "answers.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Places whose cards are shown and could still be explained. */
function explainable() {
  return Object.keys(answers).map(Number).slice(0, cardsShown)
    .filter((place) => !answers[place].problem && !heatAt(place));
}

function take() {
  const first = answers.length === 0;
  merge(current() ?? { id: null, note: "" });
  draw();
  if (first && answers.length > 0) requestAnimationFrame(reveal);
}

/** The first answer, in view of who was waiting for it. */
function reveal() {
  const card = find(".cards li");
  if (card?.checkVisibility()) card.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
}

function draw() {
  const places = placesInOrder();
  root.hidden = places.length === 0 && !note;
  find(".note").textContent = note;
  drawTools(places.length);
  const tabled = view === "table" && places.length > 1;
  find(".cards").hidden = tabled;
  find(".rows").hidden = !tabled;
  const limit = tabled ? rowsShown : cardsShown;
  if (tabled) {
    find("thead tr").replaceChildren(...COLUMNS.map(heading));
    find("tbody").replaceChildren(...places.slice(0, limit).map((place) => row(answers[place])));
  } else arrange(Object.keys(answers).map(Number).slice(0, limit).map(cardAt));
  find(".more").hidden = places.length <= limit;
  find(".more").textContent = say("more", { n: places.length - limit });
}

/** Put these cards in place; those that are there already aren't moved, so the keyboard stays. */
function arrange(nodes) {
  const list = find(".cards");
  nodes.forEach((node, i) => {
    if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null);
  });
  while (list.children.length > nodes.length) list.lastElementChild.remove();
}

function drawTools(count) {
  const open = explainable().filter((place) => !asked.has(place));
  find(".tools").hidden = !trial || count === 0;
  find(".views").hidden = count < 2;
  for (const each of element.querySelectorAll(".view")) {
    each.setAttribute("aria-pressed", String(each.dataset.view === view));
  }
  find(".explain-all").hidden = view === "table" || explainable().length < 2;
  find(".explain-all").disabled = open.length === 0;
  find(".explain-all").textContent = say(open.length ? "look_all" : "looking", { n: open.length });
  find(".download").hidden = !csv;
}

for (const each of element.querySelectorAll(".view")) {
  each.textContent = say(each.dataset.view === "cards" ? "cards" : "table");
  each.addEventListener("click", () => {
    view = each.dataset.view;
    draw();
  });
}
find(".views").setAttribute("aria-label", say("views"));
find(".explain-all").addEventListener("click", () => explain(explainable().filter((each) => !asked.has(each))));
find(".download").textContent = say("download");
find(".download").addEventListener("click", download);
find(".more").addEventListener("click", () => {
  if (view === "table") rowsShown += ROWS_AT_ONCE;
  else cardsShown += CARDS_AT_ONCE;
  draw();
});
root.setAttribute("aria-label", given.label);
take();
watch("value", () => keepFocus(take));
