// Called when the page is there: tells what became of deleting everything, once.
() => {
  const told = sessionStorage.getItem("freezepoint-farewell");
  sessionStorage.removeItem("freezepoint-farewell");
  const line = document.querySelector(".fp-farewell");
  if (!told || !line) return;
  line.textContent = `✓ ${told}`;
  line.hidden = false;
};
