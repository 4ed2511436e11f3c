const root = find(".fp-fixes");

function undoButton({ id, name }, place) {
  const node = make("button", "button small", say("undo"), {
    type: "button",
    "aria-label": say("undo_long", { name }),
    "data-key": `undo:${id}`,
  });
  node.addEventListener("click", () => act("fixed", { ...place, kind: "undo", id }));
  return node;
}

function line(fix, place) {
  const item = make("li");
  const picture = make("img", "picture", null, { src: fix.thumbnail, alt: "", width: 40, height: 40 });
  const words = make("span");
  const name = make("span", "name clip", fix.name, { title: fix.name });
  words.append(make("span", "text clip", fix.text, { title: fix.text }), name);
  item.append(fix.thumbnail ? picture : make("span", "picture"), words, undoButton(fix, place));
  return item;
}

function draw() {
  const { fixes = [], note = "", place = {} } = current() ?? {};
  root.hidden = fixes.length === 0;
  find(".title").textContent = fixes.length ? say("title", { n: fixes.length }) : "";
  find(".note").textContent = note;
  find(".list").replaceChildren(...fixes.map((fix) => line(fix, place)));
}

root.setAttribute("aria-label", given.label);
draw();
watch("value", () => keepFocus(draw));
