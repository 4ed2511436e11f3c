const root = find(".fp-rungs");

/** A table cell; on a narrow page, where the headings are hidden, it begins with its own. */
function cell(className, heading) {
  const node = make("td", className, null, { role: "cell" });
  if (heading) node.append(make("span", "key", say("key", { heading: say(heading) })));
  return node;
}

function nameCell({ name, state, note }) {
  const node = cell("name-cell");
  node.append(make("div", "name", name), make("span", `state ${state}`, say(state)));
  if (note) node.append(make("p", "note", note));
  return node;
}

function resultCell({ result, state }) {
  const node = cell("result-cell");
  if (!result) {
    node.append(make("span", "small", say(["running", "waiting"].includes(state) ? "yet" : "none")));
    return node;
  }
  const range = say("range", { low: result.low_text, high: result.high_text });
  node.append(make("div", "result", result.text), rangeBar(result), make("div", "range", range));
  return node;
}

/** A number with its unit; nothing, and no heading of its own either, while it isn't known. */
function amountCell(text, heading) {
  const node = cell("amount", text ? heading : null);
  node.append(make("span", "", text));
  return node;
}

function openCell({ id, name }) {
  const node = cell("open-cell");
  if (!id) return node;
  const button = make("button", "button small", say("open"), {
    type: "button",
    "aria-label": say("open_long", { name }),
    "data-key": `open:${id}`,
  });
  button.addEventListener("click", () => act("picked", { kind: "open", id }));
  node.append(button);
  return node;
}

function row(rung) {
  const classes = [rung.best && "best", rung.state === "deleted" && "gone"].filter(Boolean);
  const line = make("tr", classes.join(" "), null, { role: "row" });
  const amounts = ["seconds", "amount"].map((key) => amountCell(rung[key], key));
  line.append(nameCell(rung), resultCell(rung), ...amounts, openCell(rung));
  return line;
}

function heading() {
  const named = ["name", "result", "seconds", "amount"].map((key) => make("th", "", say(key), { scope: "col", role: "columnheader" }));
  return [...named, make("th", "", null, { role: "presentation" })];
}

function draw() {
  const { rungs = [], notes = [] } = current() ?? {};
  root.hidden = rungs.length === 0;
  find(".notes").replaceChildren(...notes.map((text) => make("p", "", text)));
  find("thead tr").replaceChildren(...heading());
  find("tbody").replaceChildren(...rungs.map(row));
}

root.querySelector("table").setAttribute("aria-label", given.label);
draw();
watch("value", () => keepFocus(draw));
