const root = find(".fp-signed-in");

function draw() {
  const name = current();
  const who = root.querySelector(".who");
  who.textContent = name ?? "";
  who.hidden = !name;
  if (name) who.setAttribute("aria-label", `${given.label}: ${name}`);
}

root.action = given.action;
find("button").textContent = say("out");
draw();
watch("value", draw);
