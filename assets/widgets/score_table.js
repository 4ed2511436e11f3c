const MEASURES = ["found", "believed", "balance"];
const MORE = { believed: "more", balance: "more" }; // classes of what a page may hide

const root = find(".fp-scores");

/** A heading, with the name that books have for it. */
function headed(key) {
  return [say(key), ...(given.words[`${key}_term`] ? [make("span", "more", say(`${key}_term`))] : [])];
}

function headCell(key) {
  const cell = make("th", MORE[key], null, { scope: "col", role: "columnheader" });
  cell.append(...headed(key));
  return cell;
}

/** One measure; on a narrow page, where the headings are hidden, it begins with its own. */
function measureCell(measure, heading) {
  const node = make("td", MORE[heading], null, { role: "cell" });
  const key = make("span", "key");
  key.append(...headed(heading));
  node.append(key);
  if (typeof measure === "string") {
    node.append(make("span", "why", measure));
    return node;
  }
  const range = say("range", { low: measure.low_text, high: measure.high_text });
  node.append(make("div", "text", measure.text), rangeBar(measure), make("div", "range", range));
  return node;
}

function openButton({ id, name }) {
  const button = make("button", "button small", say("open"), {
    type: "button",
    "aria-label": say("open_long", { name }),
    "data-key": `open:${id}`,
  });
  button.addEventListener("click", () => act("picked", { kind: "class", id }));
  return button;
}

function nameCell(score, opens) {
  const node = make("td", "name-cell", null, { role: "cell" });
  const { name, learned, checked } = score;
  const amounts = learned ? say("learned", { n: learned, checked }) : say("checked", { n: checked });
  node.append(make("div", "name", name));
  node.append(make("div", "amounts", amounts));
  if (opens) node.append(openButton(score));
  return node;
}

function row(score, opens) {
  const line = make("tr", "", null, { role: "row" });
  line.append(nameCell(score, opens), ...MEASURES.map((key) => measureCell(score[key], key)));
  return line;
}

function draw() {
  const { scores = [], opens = false } = current() ?? {};
  root.hidden = scores.length === 0;
  const headings = ["name", ...MEASURES];
  find("thead tr").replaceChildren(...headings.map(headCell));
  find("tbody").replaceChildren(...scores.map((score) => row(score, opens)));
}

root.querySelector("table").setAttribute("aria-label", given.label);
draw();
watch("value", () => keepFocus(draw));
