const BATCH_FILES = 100; // Gradio takes at most 1,000 a request; fewer keeps a retry cheap.
const BATCH_BYTES = 64e6;
const BATCH_MS = 2000; // shrinking takes its time; what is ready goes on its way
const REQUESTS_IN_FLIGHT = 3;
const PATIENCE = 60; // times that a request is sent again while it isn't its turn
const AHEAD = 4; // pictures being made small, or so already, that no request has taken yet
const JUNK = /^(\.|thumbs\.db$|desktop\.ini$|__macosx$|icon\r$)/i; // "._x" and ".DS_Store" too

const root = find(".fp-drop");
let job = null; // the running upload: {cancelled, requests, ...}, or null
let saved = ""; // what shrinking saved the last time, in words
let unfolded = false; // whether a person opened the slim line

// ---- finding the files -------------------------------------------------------------------------

/** True when a file, or a folder on its way, is one that systems leave behind. */
function isJunk(rel) {
  return rel.split("/").some((part) => JUNK.test(part));
}

function isZip(rel) {
  return /\.zip$/i.test(rel);
}

/** Whether its name is that of a picture. */
function isPicture(rel) {
  return given.accepted.split(",").some((ending) => rel.toLowerCase().endsWith(ending));
}

/** The files of one dropped entry and of everything below it, as {rel, file}. */
async function walk(entry, found) {
  const rel = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    found.push(await readEntry(entry, rel));
    if (found.length % 200 === 0) show("looking", say("looking", { n: found.length }));
    return;
  }
  if (isJunk(rel)) {
    found.push({ rel, file: null, junk: true });
    return;
  }
  for (const child of await readFolder(entry)) await walk(child, found);
}

/** A dropped file, or the note that the browser could not read it. */
function readEntry(entry, rel) {
  return new Promise((resolve) => {
    entry.file((file) => resolve({ rel, file }), () => resolve({ rel, file: null }));
  });
}

/** All children of a folder: readEntries gives at most 100 a call, so ask until it gives none. */
async function readFolder(folder) {
  const reader = folder.createReader();
  const children = [];
  for (;;) {
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return children;
    children.push(...some);
  }
}

/** What was dropped, as {rel, file}. The entries must be taken before the first await. */
async function dropped(transfer) {
  const files = [...transfer.files];
  const entries = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.())
    .filter(Boolean);
  if (entries.length === 0) return files.map((file) => ({ rel: file.name, file }));
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

/** What was chosen in a file dialog, as {rel, file}. */
function chosen(input) {
  const found = [...input.files].map((file) => ({ rel: file.webkitRelativePath || file.name, file }));
  input.value = ""; // or choosing the same folder again would change nothing
  return found;
}

/** Found files sorted into what to send, what to list as skipped, and how much junk there was. */
function sort(found) {
  const sending = [];
  const skipped = [];
  let junk = 0;
  for (const { rel, file, junk: known } of found) {
    if (known || isJunk(rel)) junk += 1;
    else if (!file) skipped.push(skip(rel, "unreadable"));
    else sending.push({ rel, file, before: file.size, size: file.size, loaded: 0 });
  }
  return { sending, skipped, junk };
}

/** Whether a file may be sent; lists it as skipped when it is too large. */
function fits({ rel, size }, ours) {
  const limit = (isZip(rel) ? given.max_zip_mb : given.max_file_mb) * 1e6;
  if (size <= limit) return true;
  ours.skipped.push(skip(rel, "too_large", { size: bytes(size), limit: bytes(limit) }));
  return false;
}

/** In English, whatever the page speaks: it is kept with the pictures. */
function skip(rel, code, values = {}) {
  return { rel, code, reason: filled(given.reasons[code], values) };
}

// ---- sending them ------------------------------------------------------------------------------

/** The next file, ready to be sent: made small, if that is wanted; undefined after the last. */
function nextReady(ours) {
  while (ours.ready.length < AHEAD && ours.waiting.length > 0) {
    ours.ready.push(prepare(ours.waiting.shift(), ours));
  }
  return ours.ready.shift();
}

async function prepare(file, ours) {
  if (!ours.shrinker || isZip(file.rel)) return file;
  Object.assign(file, await ours.shrinker.shrink(file.file));
  file.size = file.file.size;
  ours.now = file;
  paint(ours);
  return file;
}

/** The files of the next request, as many as are small enough for one; none after the last. */
async function collect(ours) {
  const batch = [];
  const began = Date.now();
  let size = 0;
  while (batch.length < BATCH_FILES && !ours.cancelled) {
    const file = await nextReady(ours);
    if (!file) break;
    if (!fits(file, ours)) {
      ours.sending.splice(ours.sending.indexOf(file), 1);
      continue;
    }
    if (batch.length > 0 && size + file.size > BATCH_BYTES) {
      ours.ready.unshift(file);
      break;
    }
    batch.push(file);
    size += file.size;
    if (Date.now() - began > BATCH_MS) break;
  }
  return batch;
}

/** One request collects after the other: only what is on its way, and a few more, are in memory. */
function nextBatch(ours) {
  ours.turn = ours.turn.then(() => collect(ours));
  return ours.turn;
}

/** The name a file travels under. Gradio stores by content and name, so without a name of its own
 *  each time, equal files of two classes (or of two people) would share one path. */
function alias(file) {
  const ending = /\.[a-z0-9]{1,5}$/i.exec(file.rel)?.[0] ?? "";
  const letters = crypto.getRandomValues(new Uint32Array(3));
  return Array.from(letters, (n) => n.toString(36)).join("") + ending.toLowerCase();
}

/** One request; sets each file's `path`. Rejects when the server or the network says no. */
function post(files, ours) {
  const form = new FormData();
  for (const file of files) form.append("files", file.file, alias(file));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    ours.requests.add(request);
    request.upload.onprogress = (event) => progress(files, event.loaded, ours);
    request.onloadend = () => {
      ours.requests.delete(request);
      const paths = request.status === 200 ? readPaths(request.responseText) : [];
      if (paths.length !== files.length) return reject(refusal(request));
      files.forEach((file, i) => Object.assign(file, { path: paths[i], loaded: file.size }));
      paint(ours);
      resolve();
    };
    request.open("POST", uploadUrl());
    for (const [name, value] of Object.entries(sender())) request.setRequestHeader(name, value);
    request.send(form);
  });
}

/** What an answer other than the paths means; `full` when the server's disk has no room, `waitS`
 *  when too many others are sending. */
function refusal(request) {
  const { status } = request;
  const waitS = status === 429 ? Number(request.getResponseHeader("Retry-After")) : 0;
  return Object.assign(new Error(`upload: HTTP ${status}`), { full: status === 507, waitS });
}

/** The server's list of paths; an empty one when a proxy answered in its place. */
function readPaths(text) {
  try {
    const paths = JSON.parse(text);
    return Array.isArray(paths) ? paths : [];
  } catch {
    return [];
  }
}

/** One request; as often as the server says that too many others are sending, again after a while. */
async function postInTurn(files, ours) {
  for (let left = PATIENCE; ; left -= 1) {
    try {
      return await post(files, ours);
    } catch (error) {
      if (!error.waitS || left === 0 || ours.cancelled) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * error.waitS));
    }
  }
}

/** A batch, and if it fails once more file by file, so that one bad file fails alone. A small one
 *  may find room where all of them did not. */
async function sendBatch(files, ours) {
  try {
    await postInTurn(files, ours);
  } catch {
    for (const file of files) file.loaded = 0;
    for (const file of files) {
      if (ours.cancelled) return;
      await post([file], ours).catch(({ full }) =>
        ours.skipped.push(skip(file.rel, full ? "full" : "failed")),
      );
    }
  }
}

/** Send batches until there are none; several of these run side by side. */
async function sendAll(ours) {
  for (;;) {
    const batch = await nextBatch(ours);
    if (batch.length === 0 || ours.cancelled) return;
    await sendBatch(batch, ours);
    for (const file of batch) file.file = null; // or all that was made small would stay in memory
  }
}

/** Share a request's bytes out over its files, in the order they travel. */
function progress(files, loaded, ours) {
  let left = loaded;
  for (const file of files) {
    file.loaded = Math.min(file.size, Math.max(0, left));
    left -= file.size;
    if (left <= 0) {
      ours.now = file;
      break;
    }
  }
  paint(ours);
}

/** The whole way from found files to the value. */
async function take(finding) {
  if (job || isBusy()) return;
  const ours = { cancelled: false, requests: new Set(), now: null, ready: [], turn: Promise.resolve() };
  job = ours;
  saved = "";
  show("looking", say("looking", { n: 0 }));
  Object.assign(ours, sort(await finding));
  if (ours.cancelled) return;
  if (ours.sending.length === 0 && ours.skipped.length === 0) {
    finish();
    return tell(say("empty"));
  }
  ours.now = ours.sending[0] ?? null;
  ours.waiting = [...ours.sending];
  ours.shrinker = wantsOriginals() ? null : makeShrinker();
  show("sending", say("sending"));
  paint(ours);
  await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, () => sendAll(ours)));
  ours.shrinker?.stop();
  if (!ours.cancelled) deliver(ours);
}

/** Hand the manifest to Python. */
function deliver({ sending, skipped, junk }) {
  const arrived = sending.filter((file) => file.path);
  const files = arrived.map(({ rel, path, size, original }) => ({
    rel,
    path,
    size,
    ...(original ? { original } : {}),
  }));
  const [before, sent] = [total(arrived, "before"), total(arrived, "size")];
  const nonce = Date.now() + Math.random();
  job = null;
  const whole = arrived.filter((file) => file.opened === false && isPicture(file.rel)).length;
  saved = [saving(before, sent), whole > 0 ? say("as_is", { n: whole }) : ""].filter(Boolean).join(" · ");
  props.value = { files, skipped, junk, before, sent, nonce };
  draw();
  trigger("uploaded", { files: files.length, skipped: skipped.length, junk, nonce });
}

function cancel() {
  if (!job) return;
  job.cancelled = true;
  job.shrinker?.stop();
  for (const request of job.requests) request.abort();
  finish();
  tell(say("cancelled"));
  mainButton().focus({ preventScroll: true });
}

/** Drop the job; the area is as it was before. */
function finish() {
  job = null;
  draw();
}

// ---- showing it --------------------------------------------------------------------------------

/** Bytes as people read them. */
function bytes(amount) {
  if (amount >= 1e9) return number(amount / 1e9, 1) + " GB";
  if (amount >= 1e6) return number(amount / 1e6, 1) + " MB";
  return number(Math.ceil(amount / 1e3)) + " kB";
}

/** The sum of one number of every file. */
function total(files, name) {
  return files.reduce((sum, file) => sum + file[name], 0);
}

/** What shrinking saved, as a sentence; "" when it isn't worth one. */
function saving(before, sent) {
  return sent > 0 && sent < 0.95 * before ? say("saved", { sent: bytes(sent), before: bytes(before) }) : "";
}

function isBusy() {
  return Boolean(current()?.busy);
}

/** The working view, in one of its states: looking, sending, busy. */
function show(state, text) {
  root.dataset.slim = "no";
  root.dataset.state = state;
  find(".area").hidden = true;
  find(".work").hidden = false;
  find(".doing").textContent = text;
  find(".total").setAttribute("aria-label", text);
  find(".cancel").hidden = state === "busy";
  find(".numbers").hidden = find(".file").hidden = state !== "sending";
  find(".saved").textContent = state === "busy" ? saved : "";
  if (state !== "sending") fill(".total", null);
  announce(text);
}

/** A bar at a fraction from 0 to 1; null means that nobody knows how far. */
function fill(selector, fraction) {
  const bar = find(selector);
  const known = typeof fraction === "number";
  bar.firstElementChild.style.width = known ? `${100 * fraction}%` : "35%";
  if (known) bar.setAttribute("aria-valuenow", String(Math.round(100 * fraction)));
  else bar.removeAttribute("aria-valuenow");
  slide(bar.firstElementChild, !known);
}

/** Move a bar to and fro while nobody knows how far. */
function slide(stripe, moving) {
  if (moving && !stripe.sliding && !calm()) {
    const frames = [{ transform: "translateX(-100%)" }, { transform: "translateX(290%)" }];
    stripe.sliding = stripe.animate(frames, { duration: 1500, iterations: Infinity });
  } else if (!moving && stripe.sliding) {
    stripe.sliding.cancel();
    stripe.sliding = null;
  }
}

/** Progress as numbers and bars, at most once a frame. */
function paint(ours) {
  if (ours.painting) return;
  ours.painting = true;
  requestAnimationFrame(() => {
    ours.painting = false;
    if (job === ours && !ours.cancelled) paintNow(ours);
  });
}

function paintNow({ sending, now }) {
  const all = total(sending, "before");
  const [sent, saves] = [sending.filter((file) => file.loaded >= file.size), find(".saved")];
  const loaded = sending.reduce((sum, file) => sum + file.before * share(file), 0);
  fill(".total", all > 0 ? loaded / all : 1);
  find(".count").textContent = say("sent", { done: sent.length, n: sending.length });
  find(".bytes").textContent = say("bytes", { done: bytes(loaded), total: bytes(all) });
  saves.textContent = saving(total(sent, "before"), total(sent, "size"));
  find(".name").textContent = now?.rel ?? "";
  find(".one").firstElementChild.style.width = `${now ? 100 * share(now) : 0}%`;
}

/** How much of a file has been sent, 0 to 1. */
function share({ loaded, size }) {
  return size > 0 ? loaded / size : 0;
}

/** A sentence below the buttons, also read aloud. */
function tell(text) {
  find(".result").textContent = text;
  find(".result").hidden = text === "";
  announce(text);
}

/** Read aloud by screen readers; not each second, which nobody could listen to. */
function announce(text) {
  const line = find(".said");
  const now = Date.now();
  const kind = text.replace(/[\d.,]+/g, "");
  if (line.dataset.kind === kind && now - Number(line.dataset.at) < 10000) return;
  Object.assign(line.dataset, { kind, at: now });
  line.textContent = text;
}

/** What the last upload brought, as a sentence. */
function summary({ files, skipped }) {
  const left = skipped.length > 0 ? say("not_sent", { n: skipped.length }) : "";
  return [say("received", { n: files.length }), left, saved].filter(Boolean).join(" · ");
}

/** The view that belongs to the value; a running upload keeps its own. */
function draw() {
  if (job) return;
  const value = current();
  if (value?.busy) {
    show("busy", value.busy);
    fill(".total", value.fraction ?? null);
    return;
  }
  root.dataset.state = value?.files ? "received" : "idle";
  root.dataset.slim = value?.slim && !unfolded ? "yes" : "no";
  find(".area").hidden = false;
  find(".work").hidden = true;
  fill(".total", 0);
  if (value?.refused) saved = ""; // why is told elsewhere; what was sent is of no use
  tell(value?.files ? summary(value) : saved);
}

/** Open the slim line, for whoever presses it or comes with files. */
function unfold() {
  if (root.dataset.slim !== "yes") return;
  unfolded = true;
  root.dataset.slim = "no";
}

// ---- listening ---------------------------------------------------------------------------------

function wantsOriginals() {
  return find(".originals input").checked || given.mode === "zip";
}

/** Say what will be done with photos: it depends on the box. */
function explain() {
  const small = given.mode === "folder" ? "shrinks_but_zip" : "shrinks";
  find(".promise").textContent = say(wantsOriginals() ? "whole" : small);
}

function mainButton() {
  return find(`.choose-${given.mode}`);
}

/** A button that opens its file dialog, and what was chosen there. */
function offer(kind) {
  const button = find(`.choose-${kind}`);
  const input = find(`.${kind}-input`);
  button.hidden = false;
  button.textContent = say(`choose_${kind}`);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files.length > 0) take(Promise.resolve(chosen(input)));
  });
}

function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}

function onDragOver(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  unfold();
  event.dataTransfer.dropEffect = job || isBusy() ? "none" : "copy";
  root.dataset.over = job || isBusy() ? "no" : "yes";
}

function onDragLeave(event) {
  if (!root.contains(event.relatedTarget)) root.dataset.over = "no";
}

function onDrop(event) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  root.dataset.over = "no";
  if (!job && !isBusy()) take(dropped(event.dataTransfer));
}

/** A picture from the clipboard; the browser calls each of them "image.png". */
function onPaste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  const many = files.length > 1;
  const named = files.map((file, i) => {
    const generic = /^image\.\w+$/.test(file.name);
    const ending = /\.\w+$/.exec(file.name)?.[0] ?? ".png";
    return { rel: generic ? say("pasted") + (many ? ` ${i + 1}` : "") + ending : file.name, file };
  });
  take(Promise.resolve(named));
}

/** A file let go beside the area would replace the page, and with it everything done so far. */
function guardPage(event) {
  if (!root.isConnected) {
    window.removeEventListener("dragover", guardPage);
    window.removeEventListener("drop", guardPage);
  } else if (carriesFiles(event) && !event.defaultPrevented) {
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
    if (root.checkVisibility()) unfold();
  }
}

function listen() {
  find(".slim").addEventListener("click", () => {
    unfold();
    mainButton().focus();
  });
  root.addEventListener("dragenter", onDragOver);
  root.addEventListener("dragover", onDragOver);
  root.addEventListener("dragleave", onDragLeave);
  root.addEventListener("drop", onDrop);
  window.addEventListener("dragover", guardPage);
  window.addEventListener("drop", guardPage);
  find(".cancel").addEventListener("click", cancel);
  find(".originals input").addEventListener("change", explain);
  if (given.mode === "folder") {
    offer("folder");
    offer("zip");
  } else if (given.mode === "zip") {
    offer("zip");
    mainButton().classList.add("main");
  } else {
    find(".buttons").prepend(find(".choose-pictures"));
    offer("pictures");
    find(".choose-folder").classList.remove("main");
    if (given.folders) offer("folder");
    find(".pictures-input").accept = given.accepted;
    find(".area").tabIndex = 0; // so that a picture can be pasted into it
    root.addEventListener("paste", onPaste);
  }
}

find(".area").setAttribute("role", "group");
find(".area").setAttribute("aria-label", given.label);
find(".slim").textContent = say(`other_${given.mode}`);
find(".title").textContent = given.label;
find(".hint").textContent = given.hint;
find(".hint").hidden = !given.hint;
find(".cancel").textContent = say("cancel");
find(".originals span").textContent = say("originals");
find(".how").hidden = given.mode === "zip";
explain();
listen();
draw();
watch("value", () => {
  unfolded = false;
  draw();
});
