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
  return filled(single ?? given.words[key], values);
}

/** A text, its {placeholders} filled. */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) =>
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

let heatStrength = 0.7; // of every overlay in this widget, also after it is drawn anew

/** A picture beside itself with its heat laid over, and a slider for how strongly.
 *
 *  `thumbnail` and `heat` are data: addresses of the same shape, as gui.core.explanation makes
 *  them: the heat is a WebP with alpha, or "" when no part of the picture spoke for the answer.
 *  `texts` are the widget's own words, already said: `plain` and `overlaid` describe the two
 *  pictures for who can't see them, `strength` names the slider, `none` stands in the overlay's
 *  place when there is no heat. `key` tells the pairs of a widget apart, for the keyboard's place.
 *
 *      item.append(heatPair({ thumbnail, heat }, { plain, overlaid, strength, none }, name));
 */
function heatPair({ thumbnail, heat }, texts, key = "") {
  const pair = make("div", "heat-pair");
  pair.append(heatFigure(thumbnail, texts.plain));
  if (!heat) {
    pair.append(make("p", "heat-none", texts.none));
    return pair;
  }
  const figure = heatFigure(thumbnail, texts.overlaid);
  const overlay = make("img", "heat-overlay", null, { src: heat, alt: "", decoding: "async" });
  overlay.style.opacity = heatStrength;
  figure.append(overlay);
  pair.append(figure, heatSlider(texts.strength, key));
  return pair;
}

function heatFigure(thumbnail, alt) {
  const figure = make("div", "heat-figure");
  figure.append(make("img", "", null, { src: thumbnail, alt, decoding: "async" }));
  return figure;
}

/** One slider moves every overlay of the widget: pictures are compared at one strength. */
function heatSlider(label, key) {
  const line = make("label", "heat-strength");
  const range = { type: "range", min: 0, max: 100, step: 5, "data-key": `heat ${key}` };
  const slider = make("input", "", null, range);
  slider.value = 100 * heatStrength;
  slider.addEventListener("input", () => {
    heatStrength = slider.value / 100;
    for (const each of element.querySelectorAll(".heat-overlay")) each.style.opacity = heatStrength;
    for (const each of element.querySelectorAll(".heat-strength input")) each.value = slider.value;
  });
  line.append(make("span", "", label), slider);
  return line;
}

/** A share between 0 and 1 with the range it most likely lies in: a point on a bar on a line. The
 *  words beside it say the same.
 *
 *      cell.append(rangeBar({ share: 0.95, low: 0.83, high: 0.99 }));
 */
function rangeBar({ share, low, high }) {
  const along = (part) => `${100 * Math.min(1, Math.max(0, part))}%`;
  const line = make("div", "scale", null, { "aria-hidden": "true" });
  const span = make("i", "span");
  const point = make("i", "point");
  span.style.left = along(low);
  span.style.right = along(1 - high);
  point.style.left = along(share);
  line.append(span, point);
  return line;
}

/** Gradio's upload address on the page's own origin, below a root path if the app has one. */
function uploadUrl() {
  const config = window.gradio_config ?? {};
  const path = new URL(config.root || ".", document.baseURI).pathname.replace(/\/$/, "");
  return location.origin + path + (config.api_prefix ?? "/gradio_api") + "/upload";
}

/** The header that says whose an upload is: the page was told it when it opened (gui/page.py). */
function sender() {
  return { "X-Freezepoint-Key": window.freezepointKey ?? "" };
}
