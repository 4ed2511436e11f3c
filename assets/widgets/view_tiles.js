const root = find(".fp-tiles");
const another = find(".button");

/** One variant, with its number and whether it is learned from. */
function tile({ picture, used }, place) {
  const text = place ? say("view", { n: place }) : say("plain");
  const item = make("li", used ? "tile used" : "tile");
  const under = make("p", "under");
  under.append(make("span", "", text));
  if (used) under.append(make("b", "", say("used")));
  item.append(make("img", "", null, { src: picture, alt: "", decoding: "async" }), under);
  return item;
}

function draw() {
  const { name = "", note = "", further = "", tiles = [] } = current() ?? {};
  root.hidden = tiles.length === 0;
  find(".name").textContent = name;
  find(".told").textContent = note;
  find(".further").textContent = further;
  find(".tiles").replaceChildren(...tiles.map(tile));
}

root.setAttribute("aria-label", given.label);
another.textContent = say("other");
another.addEventListener("click", () => trigger("another", {}));
draw();
watch("value", draw);
