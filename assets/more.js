// Called with whether the person wants to see all there is.
(more) => {
  document.body.classList.toggle("fp-all", Boolean(more));
  return [more];
};
