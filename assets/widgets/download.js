function hidden(name, value) {
  return make("input", "", null, { type: "hidden", name, value });
}

function fileButton(name, place) {
  return make("button", place ? "button" : "button main", `${given.label} ${name}`, {
    type: "submit",
    name: "file",
    value: name,
    "data-key": name,
  });
}

function draw() {
  const { fields = {}, files = [] } = current() ?? {};
  const form = find("form");
  form.action = given.action;
  form.replaceChildren(
    ...Object.entries(fields).map(([name, value]) => hidden(name, value)),
    ...files.map(fileButton),
  );
}

draw();
watch("value", () => keepFocus(draw));
