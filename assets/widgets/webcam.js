const root = find(".fp-webcam");
const video = find("video");
let stream = null;
let taken = 0;

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
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  show(false);
}

function show(isLive) {
  find(".open").hidden = isLive;
  find(".live").hidden = !isLive;
  find(".shoot").disabled = true; // until there is a picture
}

/** Send what the camera sees now, as one picture file. */
async function shoot() {
  const button = find(".shoot");
  button.disabled = true;
  const canvas = make("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  const letters = crypto.getRandomValues(new Uint32Array(3));
  const alias = Array.from(letters, (n) => n.toString(36)).join("") + ".jpg";
  try {
    const { path } = await upload(new File([blob], alias, { type: "image/jpeg" }));
    taken += 1;
    const rel = say("picture", { number: taken }) + ".jpg";
    const files = [{ rel, path, size: blob.size }];
    props.value = { files, skipped: [], junk: 0, nonce: Date.now() + Math.random() };
    trigger("uploaded", { files: 1 });
  } catch {
    tell(say("failed"));
  }
  button.disabled = stream === null;
}

function tell(text) {
  find(".problem").textContent = text;
  find(".problem").hidden = text === "";
}

/** A page that is left, or a step that is gone to, doesn't keep looking. */
function guard() {
  if (stream && !root.checkVisibility()) close();
}

for (const name of ["open", "shoot", "close"]) find(`.${name}`).textContent = say(name);
root.setAttribute("aria-label", given.label);
video.setAttribute("aria-label", given.label);
find(".open").addEventListener("click", open);
find(".shoot").addEventListener("click", shoot);
find(".close").addEventListener("click", close);
video.addEventListener("loadeddata", () => {
  find(".shoot").disabled = false;
});
new IntersectionObserver(guard).observe(root);
