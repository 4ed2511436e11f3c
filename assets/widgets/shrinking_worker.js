// Makes one picture small in a thread of its own; shrinking.js starts it and talks to it.
//
// 512 px: training sees at most 256 px of a picture's short side, so one that is zoomed into by half
// still has a pixel of its own for each, and the Results have something to show.
const SHORT_SIDE_PX = 512;
const QUALITY = 0.9;
const SMALL_BYTES = 400e3; // below this, a small picture without notes goes as it is
const NOTES = /exif|ns\.adobe\.com|xmpmeta|photoshop 3\.0|raw profile type/i; // EXIF, XMP, IPTC
const START_OF_SCAN = 0xda;
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** Bytes as text, one letter each. */
function letters(bytes, from = 0, to = bytes.length) {
  return new TextDecoder("latin1").decode(bytes.subarray(from, to));
}

/** What a picture's first bytes say it is; "" for anything that is better left alone. */
function kind(head) {
  const text = letters(head, 0, 12);
  if (text.startsWith("\u00ff\u00d8\u00ff")) return "jpeg";
  if (text.startsWith("\u2030PNG")) return "png"; // as this decoder reads 0x89
  if (text.startsWith("GIF8")) return "gif";
  if (text.startsWith("RIFF") && text.endsWith("WEBP")) return "webp";
  if (text.startsWith("BM")) return "bmp";
  return /^....ftypavi[fs]/s.test(text) ? "avif" : "";
}

/** Where a JPEG's pixels begin, and of how many colours they are; null when it isn't a whole one. */
function scan(bytes) {
  let colours = 0;
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1; // a filling byte
      continue;
    }
    if (marker === START_OF_SCAN) return { at, colours };
    if (FRAMES.has(marker)) colours = bytes[at + 9];
    at += 2 + 256 * bytes[at + 2] + bytes[at + 3];
  }
  return null;
}

/** True when a JPEG's end is there: browsers show half a picture, where our reader says what it is.
 *  The preview inside the notes has an end, too, so only one behind the first pixels counts. */
function isWholeJpeg(bytes, begin) {
  for (let at = bytes.lastIndexOf(0xd9); at > begin; at = bytes.lastIndexOf(0xd9, at - 1)) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}

/** True when the browser sees in the file what our reader would. */
function isSafe(bytes) {
  const size = new DataView(bytes.buffer);
  switch (kind(bytes)) {
    case "jpeg": {
      const found = scan(bytes); // four colours are for printing: no two programs show them alike
      return Boolean(found) && found.colours < 4 && isWholeJpeg(bytes, found.at);
    }
    case "png":
      return letters(bytes, bytes.length - 32).includes("IEND");
    case "gif":
      return bytes.at(-1) === 0x3b;
    case "webp":
      return size.getUint32(4, true) + 8 <= bytes.length;
    case "bmp":
      return size.getUint32(2, true) <= bytes.length;
    default:
      return true;
  }
}

/** The picture upright and small on white, as a JPEG without notes. */
async function drawn(bitmap, scale) {
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d", { alpha: false });
  brush.imageSmoothingQuality = "high";
  brush.fillStyle = "#fff"; // what our reader lays under what can be seen through
  brush.fillRect(0, 0, width, height);
  brush.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}

/** The file made small, or null when it is good as it is.
 *
 *  Throws when the file is broken, of a kind that browsers don't show, or too large for the memory.
 */
async function shrink(file) {
  if (!kind(new Uint8Array(await file.slice(0, 12).arrayBuffer()))) throw new TypeError("kind");
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!isSafe(bytes)) throw new TypeError("bytes");
  // Without the colour profile, as our reader and Keras see it.
  const reading = { imageOrientation: "from-image", colorSpaceConversion: "none" };
  const bitmap = await createImageBitmap(new Blob([bytes]), reading);
  try {
    const scale = Math.min(1, SHORT_SIDE_PX / Math.min(bitmap.width, bitmap.height));
    const isSmall = scale === 1 && bytes.length <= SMALL_BYTES;
    if (isSmall && !NOTES.test(letters(bytes))) return null;
    const blob = await drawn(bitmap, scale);
    return blob.size < file.size || NOTES.test(letters(bytes)) ? blob : null;
  } finally {
    bitmap.close(); // 48 MB of pixels
  }
}

/** sha256 of the file as it is, in hex: by it the person's own copy is known later. "" where the
 *  page didn't come over a safe connection, for there the browser computes none. */
async function digest(file) {
  if (!self.crypto?.subtle) return "";
  const found = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.onmessage = async ({ data }) => {
  try {
    const small = await shrink(data.file);
    self.postMessage({ small, opened: true, original: small ? await digest(data.file) : "" });
  } catch {
    self.postMessage({ small: null, opened: false });
  }
};
