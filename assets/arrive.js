// Called with the token this browser keeps; what it returns goes to Python. A private link carries
// another device's token behind "#", which browsers never send with a request. Python puts what it
// asks, and the page's language, in the place of QUESTION and LANGUAGE (gui/steps/arrival.py).
(kept) => {
  document.documentElement.lang = LANGUAGE;
  const found = /^#key=([A-Za-z0-9_-]{20,100})$/.exec(window.location.hash);
  if (!found) return [kept];
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  if (kept && kept !== found[1] && !window.confirm(QUESTION)) return [kept];
  return [found[1]];
};
