const SIGNS = { good: "✓", note: "i", warn: "!" };
const EVENTS = { change: "changed", more: "continued", go: "chosen" };

const root = find(".fp-coach");
let shown = ""; // the advice that stands there, as JSON: the same again isn't drawn again

function button({ id, text, does, to }, advice) {
  const node = make("button", "button", text, { type: "button", "data-key": `${advice.id}:${id}` });
  const told = does === "go" ? { id: to } : { advice: advice.id, remedy: id };
  node.addEventListener("click", () => act(EVENTS[does], told));
  return node;
}

function item(advice) {
  const node = make("li", `advice ${advice.tone}`);
  const head = make("h4", "head");
  head.append(make("span", "said", `${say(advice.tone)} `), advice.title);
  const words = make("div", "words");
  words.append(make("p", "seen", advice.seen), make("p", "meaning", advice.meaning));
  if (advice.remedies.length) {
    const remedies = make("div", "remedies");
    remedies.append(...advice.remedies.map((remedy) => button(remedy, advice)));
    words.append(remedies);
  }
  node.append(make("span", "sign", SIGNS[advice.tone], { "aria-hidden": "true" }), head, words);
  return node;
}

function draw() {
  const { advice = [], told = "" } = current() ?? {};
  root.hidden = advice.length === 0 && !told;
  const text = JSON.stringify(advice);
  if (text !== shown) keepFocus(() => find(".list").replaceChildren(...advice.map(item)));
  shown = text;
  if (find(".told").textContent !== told) find(".told").textContent = told;
}

root.setAttribute("aria-label", given.label);
find(".title").textContent = say("title");
draw();
watch("value", draw);
