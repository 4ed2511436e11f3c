const BARS_SHOWN = 5;

const root = find(".fp-answers");

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
function verdict({ label, probability, problem, truth }) {
  if (problem) return make("p", "problem", problem);
  const line = make("p", "verdict");
  line.append(make("span", "label clip", label, { title: label }));
  line.append(make("span", "share", percent(probability)));
  if (truth) line.append(mark(label === truth, truth));
  return line;
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
function rest(probabilities) {
  const more = make("details");
  more.append(make("summary", "", say("all", { n: probabilities.length })));
  more.append(bars(probabilities.slice(BARS_SHOWN), false));
  return more;
}

function card(answer) {
  const item = make("li", "card");
  const file = make("p", "file");
  file.append(make("span", "clip", answer.name, { title: answer.name }));
  item.append(picture(answer), file, verdict(answer));
  if (answer.problem) return item;
  const sorted = [...answer.probabilities].sort((a, b) => b.probability - a.probability);
  item.append(bars(sorted.slice(0, BARS_SHOWN), true));
  if (sorted.length > BARS_SHOWN) item.append(rest(sorted));
  return item;
}

function draw() {
  const value = current();
  root.hidden = !value?.answers?.length && !value?.note;
  find(".note").textContent = value?.note ?? "";
  find(".cards").replaceChildren(...(value?.answers ?? []).map(card));
}

root.setAttribute("aria-label", given.label);
draw();
watch("value", draw);
