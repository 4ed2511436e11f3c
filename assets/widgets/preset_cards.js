const root = find(".fp-presets");
const group = `presets-${Math.random().toString(36).slice(2)}`; // radio buttons of one name are one question
let shown = { cards: [], chosen: "" };

function card({ id, name, about, takes, problem }) {
  const node = make("label", "card");
  const choice = make("input", "", null, { type: "radio", name: group, value: id, "data-key": id });
  choice.checked = id === shown.chosen;
  choice.addEventListener("change", () => act("picked", { id }));
  node.append(choice, make("span", "name", name), make("span", "about", about));
  if (takes) node.append(make("span", problem ? "takes problem" : "takes", takes));
  return node;
}

/** Times change the cards; a choice only moves the mark, so that the keyboard stays where it is. */
function draw() {
  const value = current() ?? {};
  if (value.cards && JSON.stringify(value.cards) !== JSON.stringify(shown.cards)) {
    shown = { ...shown, ...value };
    find(".cards").replaceChildren(...shown.cards.map(card));
  }
  shown = { ...shown, ...value };
  for (const each of root.querySelectorAll("input")) each.checked = each.value === shown.chosen;
  root.hidden = shown.cards.length === 0;
  find(".other").hidden = shown.chosen !== "";
}

find(".question").textContent = given.label;
find(".other").textContent = say("other");
draw();
watch("value", () => keepFocus(draw));
