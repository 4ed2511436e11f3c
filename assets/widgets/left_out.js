const root = find(".fp-left-out");

/** Files by reason, the most frequent first: [[reason, names], ...]. */
function byReason(files) {
  const groups = new Map();
  for (const { name, reason } of files) {
    if (!groups.has(reason)) groups.set(reason, []);
    groups.get(reason).push(name);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}

function group([reason, names]) {
  const part = make("section");
  const heading = make("h4", "reason");
  heading.append(make("span", "", reason), make("span", "number", say("files", { n: names.length })));
  const list = make("ul", "names");
  list.append(...names.map((name) => make("li", "", name)));
  part.append(heading, list);
  return part;
}

function draw() {
  const files = current()?.files ?? [];
  root.hidden = files.length === 0;
  if (root.hidden) root.open = false;
  find(".summary-text").textContent = say("summary", { n: files.length });
  find(".scroll").replaceChildren(...byReason(files).map(group));
}

find(".scroll").setAttribute("aria-label", say("list"));
draw();
watch("value", draw);
