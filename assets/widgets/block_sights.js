const root = find(".fp-sights");

/** A picture and, beside it, the maps of some filters of one block. */
function look({ name, thumbnail, maps }, block) {
  const item = make("li", "look", null, { title: name });
  const label = maps.length ? say("maps", { name, n: maps.length, block }) : name;
  const row = make("div", "maps", null, { role: "img", "aria-label": label });
  for (const [i, src] of [thumbnail, ...maps].entries()) {
    row.append(make("img", i ? "map" : "", null, { src, alt: "", decoding: "async" }));
  }
  item.append(row);
  if (!maps.length) item.append(make("span", "none", say("none")));
  return item;
}

function sight({ block, tells, facts, looks }) {
  const item = make("li", "sight");
  const said = make("div");
  said.append(make("p", "tells", tells), make("p", "facts", facts));
  const list = make("ul", "looks");
  list.append(...looks.map((each) => look(each, block)));
  item.append(said, list);
  return item;
}

function draw() {
  const blocks = current()?.blocks ?? [];
  root.hidden = blocks.length === 0;
  find(".sights").replaceChildren(...blocks.map(sight));
}

root.setAttribute("aria-label", given.label);
find(".dark").textContent = say("dark");
find(".bright").textContent = say("bright");
draw();
watch("value", draw);
