// Before every widget's own script (gui/widgets/assets.py). Both run inside the one function that
// Gradio calls with element, trigger, props, server, upload and watch: nothing here is global.
// `given` holds what Python fixed when it made the widget: label, words, options.

/** An element with its class, text and attributes. Text stays text: it never becomes HTML. */
function make(tag, className, text, attributes = {}) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  for (const [name, content] of Object.entries(attributes)) node.setAttribute(name, content);
  return node;
}

/** The first element of this widget that matches. */
function find(selector) {
  return element.querySelector(selector);
}

/** The widget's text called `key`, its {placeholders} filled; `<key>_one` when {n} is 1. */
function say(key, values = {}) {
  const single = values.n === 1 ? given.words[key + "_one"] : undefined;
  return (single ?? given.words[key]).replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === "number" ? number(values[name]) : values[name],
  );
}

/** A number as the page's language writes it. */
function number(amount, decimals = 0) {
  return amount.toLocaleString(document.documentElement.lang || "en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** The value, or null: Gradio turns Python's None into "". */
function current() {
  return props.value || null;
}

/** Tell Python what a person did: in the value, and as the event's data. */
function act(event, action) {
  const told = { ...action, nonce: Date.now() + Math.random() };
  props.value = { ...props.value, action: told };
  trigger(event, told);
}

/** True when the person asked their system for less movement. */
function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Draw anew without losing the keyboard's place: elements with the same data-key are the same. */
function keepFocus(redraw) {
  const active = document.activeElement;
  const key = element.contains(active) ? active.dataset.key : undefined;
  redraw();
  if (key === undefined || element.contains(document.activeElement)) return;
  for (const node of element.querySelectorAll("[data-key]")) {
    if (node.dataset.key === key) node.focus({ preventScroll: true });
  }
}

