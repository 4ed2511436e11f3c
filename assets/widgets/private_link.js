const input = find("input");
const button = find("button");

function draw() {
  const token = current();
  find(".fp-link").hidden = !token;
  input.value = token ? `${location.origin}${location.pathname}#key=${token}` : "";
}

/** Copy, also where the page isn't secure enough for the clipboard: by selecting. */
async function copy() {
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    document.execCommand("copy");
  }
  button.textContent = say("copied");
}

find("summary").textContent = say("title");
const here = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
const [explain, loopback] = [say("explain"), say("loopback")];
find(".explain").textContent = here ? say("explain_here", { explain, loopback }) : explain;
input.setAttribute("aria-label", say("link"));
button.textContent = say("copy");
button.addEventListener("click", copy);
draw();
watch("value", draw);
