const root = find(".fp-look-alikes");

function picture({ name, thumbnail }) {
  const figure = make("figure", "alike");
  const shown = thumbnail
    ? make("img", "", null, { src: thumbnail, alt: "", width: 96, height: 96, loading: "lazy" })
    : make("div", "none");
  figure.append(shown, make("figcaption", "", name));
  return figure;
}

function group(pictures) {
  const node = make("div", "group");
  node.append(...pictures.map(picture));
  return node;
}

function draw() {
  const { groups = [], total = 0 } = current() ?? {};
  root.hidden = total === 0;
  if (root.hidden) root.open = false;
  find(".summary-text").textContent = say("summary", { n: total });
  find(".groups").replaceChildren(...groups.map(group));
  const more = total - groups.length;
  find(".more").textContent = more > 0 ? say("more", { n: more }) : "";
}

find(".note").textContent = say("note");
find(".scroll").setAttribute("aria-label", say("list"));
draw();
watch("value", draw);
