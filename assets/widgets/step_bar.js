const BEGINS_MS = 800;
let beginning = 0;
let shown; // id of the step that is shown; values without "current" leave it as it is

/** One step: its number (a tick when done), its name, and its state in words for who can't see. */
function stepItem({ id, name, state, more }) {
  const here = id === shown;
  const item = make("li", `step ${state}${here ? " here" : ""}${more ? " more" : ""}`);
  const button = make("button", "choice", null, { type: "button", "data-key": id });
  if (here) button.setAttribute("aria-current", "step");
  button.append(
    make("span", "mark", state === "done" ? "✓" : null, { "aria-hidden": "true" }),
    make("span", "name", name),
    make("span", "said", say(state)),
  );
  button.addEventListener("click", () => act("chosen", { id }));
  item.append(button);
  return item;
}

/** What a finished step was left with, and the way back to it. */
function foldedLine({ id, name, told, result = false }) {
  const item = make("li");
  const words = make("span", "clip", say("line", { name, told }), { title: told });
  const does = result ? "back" : "change";
  const button = make("button", "button small", say(does), {
    type: "button",
    "aria-label": say(`${does}_long`, { name, told }),
    "data-key": `folded:${id}`,
  });
  button.addEventListener("click", () => act("chosen", { id }));
  item.append(words, button);
  return item;
}

/** The finished steps before the one that is shown. */
function drawFolded(steps) {
  const place = steps.findIndex(({ id }) => id === shown);
  const lines = steps.slice(0, Math.max(0, place)).filter(({ state, told }) => state === "done" && told);
  find(".folded").hidden = lines.length === 0;
  find(".folded").replaceChildren(...lines.map(foldedLine));
}

/** A new step begins at its top. It grows while it is shown for the first time, so that is looked
 *  after for a moment, unless the person scrolls. */
function begin() {
  clearInterval(beginning);
  const until = Date.now() + BEGINS_MS;
  beginning = setInterval(() => {
    element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    if (Date.now() > until) clearInterval(beginning);
  }, BEGINS_MS / 4);
}

function draw() {
  const before = shown;
  shown = current()?.current ?? shown ?? current()?.steps[0]?.id;
  if (before && before !== shown) requestAnimationFrame(begin);
  const steps = current()?.steps ?? [];
  find(".steps").replaceChildren(...steps.map(stepItem));
  drawFolded(steps);
}

find(".fp-bar").setAttribute("aria-label", given.label);
find(".folded").setAttribute("aria-label", say("folded"));
for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  window.addEventListener(kind, () => clearInterval(beginning), { passive: true });
}
draw();
watch("value", () => keepFocus(draw));
