const PENCIL = "M3 13l.8-3.2L11 2.6a1.6 1.6 0 0 1 2.3 0l.1.1a1.6 1.6 0 0 1 0 2.3L6.2 12.2 3 13z";

const root = find(".fp-classes");
let editing = null; // {name, draft}: the row whose name is being typed

/** The drawing on the rename button; SVG needs its own namespace. */
function pencil() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PENCIL);
  svg.append(path);
  return svg;
}

/** A small button with a key, so that it keeps the focus when the table is drawn anew. */
function button(text, key, onClick, className = "button small") {
  const node = make("button", className, text, { type: "button", "data-key": key });
  node.addEventListener("click", onClick);
  return node;
}

function redraw() {
  keepFocus(draw);
}

function startRename(name) {
  editing = { name, draft: name };
  redraw();
  const input = find(".rename input");
  input.focus();
  input.select();
}

/** Close the field; with `save`, tell Python when there is something to tell. */
function endRename(save) {
  const { name, draft } = editing;
  const to = draft.trim();
  editing = null;
  redraw();
  root.querySelectorAll(".pencil").forEach((node) => {
    if (node.dataset.name === name) node.focus();
  });
  if (save && to && to !== name) act("edited", { kind: "rename", name, to });
}

/** The field in place of the name. */
function renameForm(name) {
  const form = make("form", "rename");
  const label = say("new_name", { name });
  const input = make("input", "", null, { type: "text", "aria-label": label, "data-key": "draft", autocomplete: "off" });
  input.value = editing.draft;
  input.addEventListener("input", () => (editing.draft = input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") endRename(false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    endRename(true);
  });
  form.append(input, make("button", "button small main", say("save"), { type: "submit" }));
  form.append(button(say("cancel"), "cancel", () => endRename(false)));
  return form;
}

/** A class's name as text, with the pencil that opens the field. */
function nameLine({ name, included }, editable) {
  const line = make("div", "name-line");
  line.append(make("span", "name", name));
  if (!included) line.append(make("span", "badge", say("left_out")));
  if (editable) {
    const edit = button("", `rename:${name}`, () => startRename(name), "pencil");
    edit.setAttribute("aria-label", say("rename", { name }));
    edit.title = say("rename", { name });
    edit.dataset.name = name;
    edit.append(pencil());
    line.append(edit);
  }
  return line;
}

function nameCell(row, editable) {
  const cell = make("td", "name-cell", null, { role: "cell" });
  cell.append(editable && editing?.name === row.name ? renameForm(row.name) : nameLine(row, editable));
  if (row.note) cell.append(make("p", "note", row.note));
  return cell;
}

function countCell({ count, train, validation, test = 0 }) {
  const cell = make("td", "", null, { role: "cell" });
  cell.append(make("div", "count", say("count", { n: count })));
  const split = say(test ? "split_test" : "split", { train, validation, test });
  if (train + validation) cell.append(make("div", "split", split));
  return cell;
}

function thumbnailCell({ name, thumbnails }) {
  const cell = make("td", "", null, { role: "cell" });
  const list = make("div", "thumbnails");
  thumbnails.slice(0, 8).forEach((src, i) => {
    const alt = say("thumbnail", { name, n: i + 1 });
    list.append(make("img", "", null, { loading: "lazy", decoding: "async", width: 46, height: 46, alt, src }));
  });
  cell.append(list);
  return cell;
}

function actionCell({ name, included }) {
  const cell = make("td", "", null, { role: "cell" });
  const line = make("div", "buttons");
  const include = () => act("edited", { kind: "include", name, included: !included });
  const add = () => act("edited", { kind: "add", name });
  const other = included ? "leave_out" : "take_back";
  const adding = button(say("add"), `add:${name}`, add);
  const including = button(say(other), `include:${name}`, include);
  adding.setAttribute("aria-label", say("add_long", { name }));
  including.setAttribute("aria-label", say(`${other}_long`, { name }));
  line.append(adding, including);
  cell.append(line);
  return cell;
}

function tableRow(row, editable) {
  const line = make("tr", row.included ? "" : "out", null, { role: "row" });
  line.append(nameCell(row, editable), countCell(row), thumbnailCell(row));
  if (editable) line.append(actionCell(row));
  return line;
}

function heading(editable) {
  const keys = ["class", "pictures", "examples", ...(editable ? ["actions"] : [])];
  return keys.map((key) => make("th", "", say(key), { scope: "col", role: "columnheader" }));
}

function draw() {
  const { classes = [], totals = "", editable = true } = current() ?? {};
  root.hidden = classes.length === 0;
  if (!classes.some((row) => row.name === editing?.name)) editing = null;
  find("thead tr").replaceChildren(...heading(editable));
  find("tbody").replaceChildren(...classes.map((row) => tableRow(row, editable)));
  find(".totals").textContent = totals;
}

root.querySelector("table").setAttribute("aria-label", given.label);
draw();
watch("value", redraw);
