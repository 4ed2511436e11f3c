// After a press that opens the form for a class's pictures: it stands below the table, so it is
// brought into view, with the name ready to be typed. A form that stays closed is left alone.
() => {
  const show = (tries) => {
    const form = [...document.querySelectorAll(".fp-adding")].find((each) => each.offsetParent);
    if (!form) return tries && setTimeout(() => show(tries - 1), 50);
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    form.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    const name = form.querySelector("input[type=text], textarea");
    name?.focus({ preventScroll: true });
    name?.select(); // a name that stands there is only offered
  };
  show(10);
};
