const root = find(".fp-conflicts");

/** A button with a key, so that it keeps the focus when the list is drawn anew. */
function button(text, key, told, long) {
  const attributes = { type: "button", "data-key": key, ...(long && { "aria-label": long }) };
  const node = make("button", "button small", text, attributes);
  node.addEventListener("click", () => act("decided", told));
  return node;
}

function picture({ thumbnail }) {
  if (!thumbnail) return make("div", "picture none", say("gone"));
  return make("img", "picture", null, { src: thumbnail, alt: "", width: 72, height: 72 });
}

/** One picture, with a button for each of its classes and one to leave it out. */
function row(torn) {
  const { id, name, classes } = torn;
  const item = make("li", "torn");
  const buttons = make("div", "buttons");
  for (const to of classes) {
    const long = say("choose_long", { picture: name, name: to });
    buttons.append(button(say("choose", { name: to }), `${id} ${to}`, { kind: "decide", id, to }, long));
  }
  const long = say("leave_out_long", { picture: name });
  buttons.append(button(say("leave_out"), `${id} out`, { kind: "decide", id, to: null }, long));
  item.append(picture(torn), make("div", "name", name), buttons);
  return item;
}

function draw() {
  const { pictures = [], total = 0, decided = 0 } = current() ?? {};
  root.hidden = total + decided === 0;
  find(".open").hidden = total === 0;
  find(".title").textContent = say("title", { n: total });
  find(".list").replaceChildren(...pictures.map(row));
  const more = total - pictures.length;
  find(".more").textContent = more > 0 ? say("more", { n: more }) : "";
  find(".all").replaceChildren(button(say("all"), "all", { kind: "leave_all_out" }));
  find(".settled").hidden = decided === 0;
  find(".decided").textContent = say("decided", { n: decided });
  find(".settled .button")?.remove();
  find(".settled").append(button(say("again"), "again", { kind: "decide_again" }));
}

root.setAttribute("aria-label", given.label);
find(".note").textContent = say("note");
draw();
watch("value", () => keepFocus(draw));
