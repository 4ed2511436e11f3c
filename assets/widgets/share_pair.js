const root = find(".fp-pair");

/** How far along the line from 0 to 1, within it whatever comes. */
function percent(share) {
  return `${100 * Math.min(1, Math.max(0, share))}%`;
}

/** The range as a bar and the share as a point; the words beside them say the same. */
function scale({ share, low, high }) {
  const line = make("div", "scale", null, { "aria-hidden": "true" });
  const span = make("i", "span");
  const point = make("i", "point");
  span.style.left = percent(low);
  span.style.right = percent(1 - high);
  point.style.left = percent(share);
  line.append(span, point);
  return line;
}

function one(share) {
  const node = make("div", "one");
  const range = say("range", { low: share.low_text, high: share.high_text });
  node.append(make("div", "name", share.name), make("div", "text", share.text));
  node.append(scale(share), make("div", "range", range));
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
