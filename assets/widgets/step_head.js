/** A drawing of ours, see gui/steps/lessons.py; without one there is nothing. */
function drawn(svg) {
  if (!svg) return [];
  return [document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true)];
}

find(".name").textContent = given.label;
find(".name").tabIndex = -1; // the keyboard begins a step here
find(".ask").textContent = say("ask");
find(".text").replaceChildren(...given.lesson.map((each) => make("p", "", each)));
find(".drawing").replaceChildren(...drawn(given.drawing));
