const root = find(".fp-pair");

function one(share) {
  const node = make("div", "one");
  const range = say("range", { low: share.low_text, high: share.high_text });
  node.append(make("div", "name", share.name), make("div", "text", share.text));
  node.append(rangeBar(share), make("div", "range", range));
  return node;
}

function draw() {
  const { title = "", shares = [], note = "" } = current() ?? {};
  root.hidden = shares.length === 0;
  find(".title").textContent = title;
  find(".shares").replaceChildren(...shares.map(one));
  find(".note").textContent = note;
}

root.setAttribute("aria-label", given.label);
draw();
watch("value", draw);
