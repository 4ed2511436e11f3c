const FORGET_MS = 5000;

const root = find(".fp-runs");
let asked = null; // {id, timer}: the run whose deletion was pressed once
let drawing = false;

/** Whether this run's next press of "Delete" counts. */
function isAsked(id) {
  return asked?.id === id;
}

function forget() {
  if (!asked) return;
  clearTimeout(asked.timer);
  asked = null;
  find(".said").textContent = "";
  root.querySelectorAll(".delete").forEach(drawDelete);
}

/** The button's words and colour, by whether it has been pressed once. */
function drawDelete(button) {
  const { id, title } = button.dataset;
  const sure = isAsked(id);
  const word = sure ? "confirm" : "delete";
  button.textContent = say(word);
  button.setAttribute("aria-label", say(`${word}_long`, { title }));
  button.classList.toggle("danger", sure);
}

/** First press asks, second press tells Python. */
function pressDelete({ id, title }) {
  if (isAsked(id)) {
    forget();
    return act("picked", { kind: "delete", id });
  }
  forget();
  asked = { id, timer: setTimeout(forget, FORGET_MS) };
  find(".said").textContent = say("asked", { title });
  root.querySelectorAll(".delete").forEach(drawDelete);
}

function deleteButton(run) {
  const button = make("button", "button small delete", null, {
    type: "button",
    "data-id": run.id,
    "data-title": run.title,
    "data-key": `delete:${run.id}`,
  });
  drawDelete(button);
  button.addEventListener("click", () => pressDelete(run));
  // Drawing the list anew blurs the button too; that is not the person turning away.
  button.addEventListener("blur", () => drawing || forget());
  button.addEventListener("keydown", (event) => event.key === "Escape" && forget());
  return button;
}

/** Opens a run; the one that is open already is only gone to. */
function openButton({ id, title, current: isOpen }) {
  const button = make("button", isOpen ? "button small" : "button small main", say("open"), {
    type: "button",
    "aria-label": say("open_long", { title }),
    "data-key": `open:${id}`,
  });
  button.addEventListener("click", () => act("picked", { kind: "open", id }));
  return button;
}

function card(run) {
  const item = make("li", run.current ? "card current" : "card");
  if (run.current) item.setAttribute("aria-current", "true");
  const meta = make("p", "meta");
  meta.append(make("span", "state", say(run.state)), make("span", "", run.when));
  meta.firstElementChild.classList.add(run.state);
  const buttons = make("div", "buttons");
  if (run.current) buttons.append(make("span", "open-now", say("current")));
  buttons.append(openButton(run), deleteButton(run));
  item.append(make("h3", "title clip", run.title, { title: run.title }), meta);
  if (run.about) item.append(make("p", "about", run.about));
  if (run.summary) item.append(make("p", "summary", run.summary));
  item.append(buttons);
  return item;
}

function draw() {
  const runs = current()?.runs ?? [];
  if (asked && !runs.some(({ id }) => isAsked(id))) forget();
  drawing = true;
  find(".cards").replaceChildren(...runs.map(card));
  drawing = false;
  find(".placeholder").hidden = runs.length > 0 || !given.placeholder;
}

find(".cards").setAttribute("aria-label", given.label);
find(".placeholder").textContent = given.placeholder;
draw();
watch("value", () => keepFocus(draw));
