let shown; // id of the step that is shown; values without "current" leave it as it is

/** One step: its number (a tick when done), its name, and its state in words for who can't see. */
function stepItem({ id, name, state }, place) {
  const here = id === shown;
  const item = make("li", `step ${state}${here ? " here" : ""}`);
  const button = make("button", "choice", null, { type: "button", "data-key": id });
  if (here) button.setAttribute("aria-current", "step");
  button.append(
    make("span", "mark", state === "done" ? "✓" : String(place + 1), { "aria-hidden": "true" }),
    make("span", "name", name),
    make("span", "said", say(state)),
  );
  button.addEventListener("click", () => act("chosen", { id }));
  item.append(button);
  return item;
}

/** A new step begins at its top, and the keyboard goes on from the bar. */
function begin() {
  element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  if (document.activeElement === document.body) find("[aria-current]")?.focus({ preventScroll: true });
}

function draw() {
  const before = shown;
  shown = current()?.current ?? shown ?? current()?.steps[0]?.id;
  if (before && before !== shown) requestAnimationFrame(begin);
  find(".steps").replaceChildren(...(current()?.steps ?? []).map(stepItem));
}

find(".fp-bar").setAttribute("aria-label", given.label);
draw();
watch("value", () => keepFocus(draw));
