const MOST_DOTS = 30;

const root = find(".fp-pinned");
let known = { version: null, labels: [], pictures: [], rounds: [] }; // sent once, then what is new
let cards = []; // for each picture the elements that change

/** A probability as a whole percentage that never claims more than the model said; it came rounded. */
function percent(confidence) {
  return say("percent", { p: Math.min(99, Math.floor(100 * confidence)) });
}

function image({ name, thumbnail }) {
  if (!thumbnail) return make("div", "picture none", say("gone"));
  const alt = say("picture", { name });
  return make("img", "picture", null, { src: thumbnail, alt, decoding: "async", width: 96, height: 96 });
}

/** A picture with its truth; what changes from epoch to epoch stays empty. */
function card(picture) {
  const truth = say("truth", { truth: known.labels[picture.truth] });
  const parts = {
    node: make("li", "card"),
    sign: make("span", "", null, { "aria-hidden": "true" }),
    verdict: make("span", "said"),
    answer: make("p", "answer clip"),
    sure: make("p", "sure"),
    rounds: make("div", "rounds", null, { role: "img" }),
  };
  const frame = make("div", "frame");
  const mark = make("span", "mark");
  mark.append(parts.sign, parts.verdict);
  frame.append(image(picture), mark);
  const name = make("p", "truth clip", truth, { title: truth });
  parts.node.append(frame, name, parts.answer, parts.sure, parts.rounds);
  return { ...parts, mark, right: null };
}

/** What one picture is called now, and in the epochs before. */
function update(place, rounds, now) {
  const [each, { truth }] = [cards[place], known.pictures[place]];
  const right = now.answers[place] === truth;
  each.node.className = `card ${right ? "right" : "wrong"}`;
  each.sign.textContent = right ? "✓" : "✕";
  each.verdict.textContent = say(right ? "right" : "wrong");
  const answer = say("answer", { answer: known.labels[now.answers[place]] });
  each.answer.textContent = answer;
  each.answer.title = answer;
  each.sure.textContent = percent(now.confidences[place]);
  if (right && each.right === false && !calm()) {
    each.mark.animate([{ transform: "scale(1.7)" }, { transform: "none" }], { duration: 450, easing: "ease-out" });
  }
  each.right = right;
  drawRounds(each.rounds, rounds.map(({ answers }) => answers[place] === truth));
}

/** A dot for each of the last epochs; those that are there already stay. */
function drawRounds(node, rights) {
  const last = rights.slice(-MOST_DOTS);
  while (node.children.length > last.length) node.lastChild.remove();
  last.forEach((right, place) => {
    const dot = node.children[place] ?? node.appendChild(make("span", "dot"));
    dot.className = right ? "dot right" : "dot";
  });
  const [right, n] = [rights.filter(Boolean).length, rights.length];
  node.setAttribute("aria-label", say("rounds", { right, n }));
}

/** Take in what came; false when something before it is missing. */
function learn(value) {
  if (value.after !== undefined) {
    if (value.version === known.version) return true; // seen before
    if (value.after !== known.version) return false;
    known = { ...known, version: value.version, rounds: [...known.rounds, ...value.rounds] };
    return true;
  }
  const { version, labels, pictures, rounds } = value;
  const same = JSON.stringify([labels, pictures]) === JSON.stringify([known.labels, known.pictures]);
  known = { version, labels, pictures, rounds };
  if (same) return true;
  cards = pictures.map(card);
  find(".cards").replaceChildren(...cards.map(({ node }) => node));
  find(".title").textContent = say("title", { n: pictures.length });
  return true;
}

function draw() {
  const value = current();
  if (value && !learn(value)) {
    root.hidden = true; // another run's may be there
    return trigger("behind", {});
  }
  const { pictures, rounds } = known;
  const now = value && (rounds.find(({ epoch }) => epoch === value.shown) ?? rounds.at(-1));
  root.hidden = !now;
  if (!now) return;
  const [n, right] = [pictures.length, pictures.filter(({ truth }, place) => now.answers[place] === truth).length];
  find(".score").textContent = say(value.kept ? "kept" : "now", { epoch: now.epoch, right, n });
  cards.forEach((_, place) => update(place, rounds, now));
}

root.setAttribute("aria-label", given.label);
find(".key-right").textContent = say("key_right");
find(".key-wrong").textContent = say("key_wrong");
find(".key-text").textContent = say("key");
draw();
watch("value", draw);
