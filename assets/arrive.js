// Called with the token this browser keeps; what it returns goes to Python. A private link carries
// another device's token behind "#", which browsers never send with a request.
(kept) => {
  const found = /^#key=([A-Za-z0-9_-]{20,100})$/.exec(window.location.hash);
  if (!found) return [kept];
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  const question =
    "This link opens the pictures and trainings of another device, and this browser will keep " +
    "showing them instead of its own. Open them?";
  if (kept && kept !== found[1] && !window.confirm(question)) return [kept];
  return [found[1]];
};
