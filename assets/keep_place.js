// Where the keyboard goes when what it was on vanishes: a button that is hidden once it is pressed, or
// the step that was left. The browser alone would drop it to the top of the page.
() => {
  const LOOK_MS = 150; // an answer of the server hides it some time after the press
  const page = document.documentElement;
  if (page.dataset.keepsPlace) return;
  page.dataset.keepsPlace = "yes";
  let last = null; // what had the keyboard, and the step that it stood in

  const seen = (node) => Boolean(node?.isConnected && node.checkVisibility());
  const inView = (node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  };
  const firstSeen = (within, selector) => [...(within?.querySelectorAll(selector) ?? [])].find(seen);
  const isBright = (button) => seen(button) && getComputedStyle(button).color === "rgb(255, 255, 255)";

  /** The next thing to do in a step: its bright button, else the one that ends what is under way. */
  const next = (step) =>
    [...step.querySelectorAll("button:is(.primary, .main):enabled")].find(isBright) ??
    firstSeen(step, "button:is(.fp-stop, .cancel):enabled");

  document.addEventListener("focusin", ({ target }) => {
    last = { node: target, step: target.closest("[role=tabpanel]") };
  });
  setInterval(() => {
    if (!last || seen(last.node)) return;
    const active = document.activeElement;
    if (active && active !== document.body && seen(active)) return;
    const place = seen(last.step)
      ? next(last.step)
      : firstSeen(document, "[role=tabpanel] .fp-head h2"); // which is scrolled to by itself
    // A button that sticks to the window's edge would be scrolled to where it stands without that.
    place?.focus({ preventScroll: true });
    if (place && !inView(place)) place.scrollIntoView({ block: "nearest" });
  }, LOOK_MS);
};
