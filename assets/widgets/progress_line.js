const SAY_EVERY_MS = 10000; // a screen reader that speaks each second can't be listened to

const root = find(".fp-progress");
const stripe = find(".bar i");
let sliding = null; // the running animation, while nobody knows how far
let said = { at: 0, state: "" };

/** Move the bar to and fro while nobody knows how far. */
function slide(moving) {
  if (moving && !sliding && !calm()) {
    const frames = [{ transform: "translateX(-100%)" }, { transform: "translateX(340%)" }];
    sliding = stripe.animate(frames, { duration: 1600, iterations: Infinity });
  } else if (!moving && sliding) {
    sliding.cancel();
    sliding = null;
  }
}

/** The bar for eyes and for screen readers. */
function drawBar({ text, fraction, state }) {
  const bar = find(".bar");
  const known = typeof fraction === "number";
  const percent = known ? Math.floor(100 * Math.min(1, Math.max(0, fraction))) : null;
  stripe.style.width = known ? `${100 * Math.min(1, Math.max(0, fraction))}%` : "30%";
  if (known) bar.setAttribute("aria-valuenow", String(percent));
  else bar.removeAttribute("aria-valuenow");
  bar.setAttribute("aria-valuetext", text);
  bar.hidden = !known && state !== "running";
  find(".percent").textContent = known ? say("percent", { p: percent }) : "";
  slide(!known && state === "running");
}

/** Read the text aloud: at once when the state is new, else now and then. */
function announce({ text, state }) {
  const now = Date.now();
  if (state === said.state && now - said.at < SAY_EVERY_MS) return;
  said = { at: now, state };
  find(".said").textContent = text;
}

/** What came out, in view of who was waiting for it. */
function reveal() {
  if (root.checkVisibility()) root.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
}

function draw() {
  const value = current();
  const ended = root.dataset.state === "running" && value && !["running", "waiting"].includes(value.state);
  root.hidden = !value;
  if (!value) return slide(false);
  root.dataset.state = value.state;
  find(".state-name").textContent = say(value.state);
  find(".text").textContent = value.text;
  find(".detail").textContent = value.detail ?? "";
  drawBar(value);
  announce(value);
  if (given.reveals && ended) requestAnimationFrame(reveal);
}

find(".bar").setAttribute("aria-label", given.label);
draw();
watch("value", draw);
