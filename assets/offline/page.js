// Everything happens here, in the browser. Names of classes and files are only ever set as text.

const MANY = 5; // classes that a card shows without being asked
const LARGEST_PIXELS = 16_000_000; // of a canvas, as far as all browsers go
const PIECE = 4 * 1024 * 1024; // characters unpacked at once; a multiple of 4

const at = (id) => document.getElementById(id);
const about = JSON.parse(at("leaflet").textContent);

/** One of the page's sentences, in its language, with its names filled in. */
function words(name, values = {}) {
  return about.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function element(kind, className, text = "") {
  const made = document.createElement(kind);
  made.className = className;
  made.textContent = text;
  return made;
}

function say(text, bad = false) {
  at("status").textContent = text;
  at("status").classList.toggle("bad", bad);
}

/** The bytes that lie in a script element, gzip in base64; the element is emptied. */
async function unpack(id) {
  const text = at(id).textContent.trim();
  at(id).remove();
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const packed = new Uint8Array((text.length / 4) * 3 - padding);
  let filled = 0;
  for (let start = 0; start < text.length; start += PIECE) {
    const piece = atob(text.slice(start, start + PIECE));
    for (let place = 0; place < piece.length; place += 1) packed[filled++] = piece.charCodeAt(place);
  }
  const unzipped = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unzipped).arrayBuffer());
}

/** ONNX Runtime Web with the model opened in it. */
async function open() {
  const code = new Blob([await unpack("code")], { type: "text/javascript" });
  const address = URL.createObjectURL(code);
  const runtime = await import(address);
  URL.revokeObjectURL(address);
  runtime.env.wasm.wasmBinary = (await unpack("machine")).buffer;
  runtime.env.wasm.numThreads = 1; // more need a server that allows them
  const session = await runtime.InferenceSession.create(await unpack("model"));
  return { runtime, session };
}

/** The pixels of a picture file, upright and on white: RGBA, 0 to 255. */
async function decode(file) {
  const options = { imageOrientation: "from-image", colorSpaceConversion: "none" };
  const bitmap = await createImageBitmap(file, options);
  const shrink = Math.min(1, Math.sqrt(LARGEST_PIXELS / (bitmap.width * bitmap.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(bitmap.width * shrink));
  canvas.height = Math.max(1, Math.floor(bitmap.height * shrink));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * For each pixel of the new row, which old pixels it is made of and with what weights: a triangle
 * as wide as two new pixels, so that nothing of a larger picture is left out (as Pillow's BILINEAR).
 */
function triangles(before, after) {
  const scale = before / after;
  const reach = Math.max(1, scale);
  return Array.from({ length: after }, (_, place) => {
    const middle = (place + 0.5) * scale;
    const first = Math.max(0, Math.floor(middle - reach + 0.5));
    const end = Math.min(before, Math.floor(middle + reach + 0.5));
    const weights = [];
    for (let x = first; x < end; x += 1) {
      weights.push(Math.max(0, 1 - Math.abs((x + 0.5 - middle) / reach)));
    }
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / whole) };
  });
}

/** Squeezed into a square, rows after columns, rounded to whole numbers each time: RGB. */
function squeeze({ data, width, height }, size) {
  const narrow = new Uint8ClampedArray(height * size * 3);
  triangles(width, size).forEach(({ first, weights }, x) => {
    for (let y = 0; y < height; y += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        let from = (y * width + first) * 4 + channel;
        for (const weight of weights) {
          sum += weight * data[from];
          from += 4;
        }
        narrow[(y * size + x) * 3 + channel] = sum;
      }
    }
  });
  const square = new Uint8ClampedArray(size * size * 3);
  triangles(height, size).forEach(({ first, weights }, y) => {
    for (let column = 0; column < size * 3; column += 1) {
      let sum = 0;
      weights.forEach((weight, step) => {
        sum += weight * narrow[(first + step) * size * 3 + column];
      });
      square[y * size * 3 + column] = sum;
    }
  });
  return square;
}

async function classify({ runtime, session }, file) {
  const size = about.size_px;
  const pixels = Float32Array.from(squeeze(await decode(file), size));
  const tensor = new runtime.Tensor("float32", pixels, [1, size, size, 3]);
  const { probabilities } = await session.run({ pictures: tensor });
  return about.labels
    .map((label, place) => ({ label, share: probabilities.data[place] }))
    .sort((one, other) => other.share - one.share);
}

/** Never surer than it is: what would be rounded to all or nothing is said to be almost that. */
function percent(share) {
  if (share > 0.999) return ">99.9 %";
  return share < 0.001 ? "<0.1 %" : `${(100 * share).toFixed(1)} %`;
}

function row({ label, share }) {
  const made = element("div", "row");
  const track = element("div", "track");
  const fill = element("div", "fill");
  fill.style.width = `${100 * share}%`;
  track.append(fill);
  made.append(element("span", "", label), element("span", "", percent(share)), track);
  return made;
}

function card(file) {
  const made = document.createElement("article");
  const said = element("div", "said");
  said.append(element("p", "name", file.name || words("pasted")));
  made.append(said);
  return made;
}

function answer(made, file, ranked) {
  const image = document.createElement("img");
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.onload = () => URL.revokeObjectURL(image.src);
  made.prepend(image);
  const said = made.querySelector(".said");
  said.append(element("p", "best", ranked[0].label), ...ranked.slice(0, MANY).map(row));
  if (ranked.length > MANY) {
    const rest = document.createElement("details");
    const others = ranked.slice(MANY);
    rest.append(element("summary", "", words("more", { count: others.length })), ...others.map(row));
    said.append(rest);
  }
}

/** Lets the browser draw what has changed, and goes on. */
const drawn = () => new Promise((go) => { setTimeout(go, 30); });

let ready;
let waiting = Promise.resolve();

async function look(files) {
  const opened = await ready;
  const earlier = at("answers").firstChild; // what is new stands above it, in its own order
  for (const [place, file] of files.entries()) {
    say(words("looking", { place: place + 1, count: files.length }));
    const made = card(file);
    at("answers").insertBefore(made, earlier);
    await drawn();
    try {
      answer(made, file, await classify(opened, file));
    } catch (error) {
      console.warn(error);
      made.querySelector(".said").append(element("p", "problem", words("unreadable")));
    }
  }
  say(files.length === 1 ? words("one") : words("done", { count: files.length }));
}

function take(list) {
  const files = [...list];
  if (files.length) waiting = waiting.then(() => look(files)).catch(() => {});
}

function listen() {
  const drop = at("drop");
  at("files").addEventListener("change", (event) => {
    take(event.target.files);
    event.target.value = ""; // the same picture may be chosen again
  });
  // A picture that misses the zone must not replace the page.
  addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  addEventListener("paste", (event) => take(event.clipboardData.files));
}

function introduce() {
  at("title").textContent = about.title;
  at("classes").textContent = about.classes;
  at("facts").append(...about.facts.map((fact) => element("p", "", fact)));
}

introduce();
listen();
ready = drawn().then(open);
ready.then(
  () => say(words("ready")),
  (error) => {
    console.error(error);
    say(words("old"), true);
  },
);
