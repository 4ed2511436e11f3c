const SHORT_SIDE_PX = 512; // as photos are made small (shrinking_worker.js)
const BURST = 10; // pictures
const BURST_MS = 500; // from one to the next: time to move the thing a little
const HELD_MS = 400; // so long the button is held before it repeats
const REPEAT_MS = 250;
const QUICKEST_MS = 150; // a key that is held down presses far more often
const MOST = 100; // pictures waiting to be sent

const root = find(".fp-webcam");
const video = find("video");
let stream = null;
let taken = 0;
let last = 0; // when the last picture was taken
let holding = null; // timer: the button is down, and soon it counts as held
let repeating = null; // timer: a burst, or the button is held
let repeated = false; // the button was held: its click at the end takes nothing more
const tray = []; // pictures not sent yet: {blob, address, node}
let sending = false; // until Python has answered

/** Show the camera's picture; the browser asks the person first. */
async function open() {
  tell("");
  if (!navigator.mediaDevices?.getUserMedia) return tell(say("insecure"));
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    return tell(say(error.name === "NotAllowedError" ? "refused" : "missing"));
  }
  video.srcObject = stream;
  show(true);
  find(".shoot").focus({ preventScroll: true });
}

/** Give the camera back: its light goes out. */
function close() {
  endRepeating();
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  show(false);
}

function show(isLive) {
  find(".open").hidden = isLive;
  find(".live").hidden = !isLive;
  enable(false); // until there is a picture
}

function enable(isReady) {
  const full = tray.length >= MOST;
  find(".shoot").disabled = find(".burst").disabled = !isReady || sending || full;
}

// ---- taking pictures ---------------------------------------------------------------------------

/** What the camera sees now, as a JPEG that is no larger than training needs. */
function look() {
  const canvas = make("canvas");
  const scale = Math.min(1, SHORT_SIDE_PX / Math.min(video.videoWidth, video.videoHeight));
  [canvas.width, canvas.height] = [video.videoWidth * scale, video.videoHeight * scale];
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
}

/** One picture: into the tray, or, where one is all that is wanted, on its way at once. */
async function shoot() {
  if (given.many) return keep(await look());
  const button = find(".shoot");
  button.disabled = true;
  try {
    deliver([await send(await look())]);
  } catch {
    tell(say("failed"));
  }
  button.disabled = stream === null;
}

/** A press, by mouse, finger or key (whose clicks have no detail). */
function press({ detail }) {
  if ((repeated && detail > 0) || Date.now() - last < QUICKEST_MS) return;
  last = Date.now();
  shoot();
}

/** Take a picture again and again until `left` is 0 or the tray is full. */
function repeat(left, wait) {
  if (left === 0 || tray.length >= MOST) return endRepeating();
  shoot();
  paintBurst(left - 1);
  repeating = setTimeout(() => repeat(left - 1, wait), wait);
}

function endRepeating() {
  clearTimeout(holding);
  clearTimeout(repeating);
  repeating = null;
  paintBurst(0);
  count();
}

/** The button that takes ten: while it does, it says how many are left, and stops them. */
function burst() {
  if (repeating) endRepeating();
  else repeat(BURST, BURST_MS);
}

function paintBurst(left) {
  const counts = Number.isFinite(left) && left > 0;
  find(".burst").textContent = counts ? say("stop_burst", { left }) : say("burst", { n: BURST });
}

function hold(event) {
  repeated = false;
  if (!given.many || event.button !== 0 || repeating) return;
  holding = setTimeout(() => {
    repeated = true;
    repeat(Infinity, REPEAT_MS);
  }, HELD_MS);
}

function release() {
  clearTimeout(holding);
  if (repeated && repeating) endRepeating();
}

// ---- what was taken, before it is sent ---------------------------------------------------------

function keep(blob) {
  if (!blob || !stream) return;
  taken += 1;
  const entry = { blob, address: URL.createObjectURL(blob), node: make("li") };
  const name = say("picture", { number: taken });
  const remove = make("button", "remove", "×", { type: "button", title: say("remove", { name }) });
  remove.setAttribute("aria-label", say("remove", { name }));
  remove.addEventListener("click", () => drop(entry));
  entry.node.append(make("img", "", null, { src: entry.address, alt: name }), remove);
  tray.push(entry);
  find(".taken").append(entry.node);
  entry.node.scrollIntoView({ block: "nearest" });
  paintTray();
}

/** Take a picture out of the tray; the keyboard goes on to the next. */
function drop(entry) {
  const beside = entry.node.nextElementSibling ?? entry.node.previousElementSibling;
  forget(entry);
  paintTray();
  (beside?.querySelector(".remove") ?? find(stream ? ".shoot" : ".open")).focus();
}

function forget(entry) {
  tray.splice(tray.indexOf(entry), 1);
  entry.node.remove();
  URL.revokeObjectURL(entry.address);
}

function paintTray() {
  const n = tray.length;
  find(".tray").hidden = n === 0;
  find(".counted").textContent = n >= MOST ? say("full", { n }) : say("counted", { n });
  find(".send").textContent = say("send", { n });
  count();
  for (const button of root.querySelectorAll(".send, .remove")) button.disabled = sending;
  enable(stream !== null);
}

/** Read aloud how many there are, but not at each of a burst. */
function count() {
  find(".said").textContent = repeating || tray.length === 0 ? "" : say("counted", { n: tray.length });
}

// ---- sending -----------------------------------------------------------------------------------

/** Send one picture; what the manifest says of it. */
async function send(blob, number = (taken += 1)) {
  const letters = crypto.getRandomValues(new Uint32Array(3));
  const alias = Array.from(letters, (n) => n.toString(36)).join("") + ".jpg";
  const form = new FormData();
  form.append("files", blob, alias);
  const answer = await fetch(uploadUrl(), { method: "POST", headers: sender(), body: form });
  if (!answer.ok) throw new Error(`upload: HTTP ${answer.status}`);
  const [path] = await answer.json();
  return { rel: say("picture", { number }) + ".jpg", path, size: blob.size };
}

async function sendTray() {
  endRepeating();
  wait(true);
  tell("");
  const files = [];
  try {
    for (const { blob } of tray) {
      find(".counted").textContent = say("sending", { done: files.length, n: tray.length });
      files.push(await send(blob, files.length + 1));
    }
    deliver(files);
  } catch {
    wait(false);
    tell(say("failed"));
  }
}

function wait(isSending) {
  sending = isSending;
  paintTray();
}

function deliver(files) {
  const sent = files.reduce((sum, { size }) => sum + size, 0);
  const nonce = Date.now() + Math.random();
  props.value = { files, skipped: [], junk: 0, before: sent, sent, nonce };
  trigger("uploaded", { files: files.length });
}

/** What Python says of the pictures that were sent: busy with them, or not taken, or done. */
function heard() {
  const value = current();
  if (!sending || value?.files) return;
  if (value?.busy) {
    find(".counted").textContent = value.busy;
    return;
  }
  if (!value?.kept) for (const entry of [...tray]) forget(entry);
  wait(false);
}

function tell(text) {
  find(".problem").textContent = text;
  find(".problem").hidden = text === "";
}

/** A page that is left, or a step that is gone to, doesn't keep looking. */
function guard() {
  if (stream && !root.checkVisibility()) close();
}

for (const name of ["open", "close"]) find(`.${name}`).textContent = say(name);
find(".shoot").textContent = say(given.many ? "shoot_one" : "shoot");
find(".advice").textContent = say("advice");
find(".advice").hidden = find(".burst").hidden = !given.many;
root.setAttribute("aria-label", given.label);
video.setAttribute("aria-label", given.label);
find(".open").addEventListener("click", open);
find(".close").addEventListener("click", close);
find(".shoot").addEventListener("click", press);
find(".shoot").addEventListener("pointerdown", hold);
for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
  find(".shoot").addEventListener(end, release);
}
find(".burst").addEventListener("click", burst);
find(".send").addEventListener("click", sendTray);
video.addEventListener("loadeddata", () => enable(true));
paintBurst(0);
watch("value", heard);
new IntersectionObserver(guard).observe(root);
