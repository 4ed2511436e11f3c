const UNDER_WAY = ["waiting", "making", "checking"];

const root = find(".fp-take-home");
let drawn = new Map(); // id -> {sign, node, state}: a card that hasn't changed is left alone

/** The button that asks Python for a form, or for no more of it. */
function askButton({ id, name, ask }) {
  const button = make("button", "button", say(ask), {
    type: "button",
    "aria-label": say("long", { what: say(ask), name }),
    // Who has pressed "Make it" by the keyboard isn't to press "Stop" next.
    "data-key": ask === "stop" ? `${id} stop` : id,
  });
  const kind = ask === "stop" ? "stop" : "make";
  button.addEventListener("click", () => {
    // The button goes; the line of the state leads on to "Make it".
    if (kind === "stop") button.closest(".card").querySelector(".state").focus({ preventScroll: true });
    act("picked", { kind, id });
  });
  return button;
}

function hidden(name, value) {
  return make("input", "", null, { type: "hidden", name, value });
}

/** Buttons that download files, in a form of their own. */
function downloads({ id, files, ask, main }, fields) {
  const form = make("form", "", null, { method: "post", action: given.action });
  form.append(...Object.entries(fields).map(([name, value]) => hidden(name, value)));
  for (const [place, file] of files.entries()) {
    const bright = main && place === 0;
    const button = make("button", bright ? "button main" : "button", say("download", { file }), {
      type: "submit",
      name: "file",
      value: file,
      // The keyboard's place goes from "Make it" to the progress and on to the file.
      "data-key": place === 0 && !ask ? id : `${id} ${file}`,
    });
    form.append(button);
  }
  return form;
}

function stateLine({ id, state, size }) {
  const line = make("p", `state ${state}`, [say(state), size].filter(Boolean).join(" · "));
  if (UNDER_WAY.includes(state)) {
    line.tabIndex = -1;
    line.dataset.key = id;
  }
  return line;
}

function drawFraction(node, { fraction }) {
  const bar = node.querySelector(".bar");
  if (!bar) return;
  const known = typeof fraction === "number";
  const percent = known ? Math.floor(100 * Math.min(1, Math.max(0, fraction))) : null;
  if (known) bar.setAttribute("aria-valuenow", String(percent));
  else bar.removeAttribute("aria-valuenow");
  const stripe = bar.firstElementChild;
  stripe.style.width = known ? `${percent}%` : "";
  const sliding = stripe.getAnimations().filter((each) => each.id === "slide");
  if (known) sliding.forEach((each) => each.cancel());
  else if (sliding.length === 0 && !calm()) slide(stripe);
}

/** To and fro, while nobody knows how far. */
function slide(stripe) {
  const frames = [{ transform: "translateX(-100%)" }, { transform: "translateX(340%)" }];
  stripe.animate(frames, { id: "slide", duration: 1600, iterations: Infinity });
}

function progressBar({ state, name }) {
  const bar = make("div", "bar", null, {
    role: "progressbar",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-label": say("long", { what: say(state), name }),
  });
  bar.append(make("i"));
  return bar;
}

function card(form, fields) {
  const { name, about, state, told, ask, files, main } = form;
  const item = make("li", main ? "card whole" : "card");
  item.append(make("h4", "name", name), make("p", "about", about));
  if (state !== "new") item.append(stateLine(form));
  if (state === "making" || state === "checking") item.append(progressBar(form));
  if (told) item.append(make("p", "told", told));
  const buttons = make("div", "buttons");
  if (files.length) buttons.append(downloads(form, fields));
  if (ask) buttons.append(askButton(form));
  item.append(buttons);
  return item;
}

/** Say aloud what has changed since the last look. */
function announce({ id, name, state, told }) {
  const before = drawn.get(id)?.state;
  if (before === undefined || before === state || state === "new") return;
  find(".said").textContent = say("announced", { what: say(state), name, told });
}

/** The card of a form: the one there is, as long as only its progress has changed. */
function cardOf(form, fields) {
  const sign = JSON.stringify([{ ...form, fraction: null }, fields]);
  const known = drawn.get(form.id);
  const node = known?.sign === sign ? known.node : card(form, fields);
  drawFraction(node, form);
  return { sign, node, state: form.state };
}

function draw() {
  const { forms = [], fields = {} } = current() ?? {};
  root.hidden = forms.length === 0;
  if (fields.run !== root.dataset.run) drawn = new Map(); // another training: nothing to announce
  root.dataset.run = fields.run ?? "";
  forms.forEach(announce);
  drawn = new Map(forms.map((form) => [form.id, cardOf(form, fields)]));
  const nodes = [...drawn.values()].map(({ node }) => node);
  const list = find(".cards");
  if (nodes.some((node, place) => list.children[place] !== node) || nodes.length !== list.children.length)
    list.replaceChildren(...nodes);
}

root.setAttribute("aria-label", given.label);
find(".heading").textContent = given.label;
find(".sentence").textContent = given.about;
draw();
watch("value", () => keepFocus(draw));
