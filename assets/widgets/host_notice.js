const AFTER_MS = [1500, 6000]; // when a download has begun; the second look is for slow hosts
const DOWNLOADS_MS = 3000; // for so long a leaving page is only one that posts a download

const line = find(".unsaved");
let posted = -Infinity;

/** A download posts a form: for the browser that is leaving the page, for the person it isn't. */
function onSubmit(event) {
  if (event.composedPath()[0].getAttribute("action") !== given.action) return;
  posted = performance.now();
  for (const wait of AFTER_MS) setTimeout(() => trigger("looked"), wait);
}

/** Let the browser ask; whoever stays is shown why. Browsers show no words of a page's own. */
function onLeave(event) {
  if (!current()?.unsaved || performance.now() - posted < DOWNLOADS_MS) return;
  event.preventDefault();
  setTimeout(() => {
    line.classList.add("asked");
    line.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    line.focus({ preventScroll: true });
  }, 100);
}

function draw() {
  const unsaved = current()?.unsaved ?? "";
  const text = unsaved ? say(unsaved) : "";
  if (line.textContent !== text) line.classList.remove("asked");
  line.textContent = text;
  line.hidden = !unsaved;
}

find("aside").setAttribute("aria-label", given.label);
find(".notice").textContent = say("notice");
find("a").textContent = say("copy");
find("a").href = given.copy_address;
find(".way").hidden = !given.copy_address;
document.addEventListener("submit", onSubmit, true);
window.addEventListener("beforeunload", onLeave);
draw();
watch("value", draw);
