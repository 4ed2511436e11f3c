// Called with what became of deleting everything: loads the page anew, which tells it. The page as it
// was still shows pictures, answers and the old link, in more places than Python knows of.
(told) => {
  sessionStorage.setItem("freezepoint-farewell", told);
  setTimeout(() => location.reload(), 300); // the browser has kept the new token by then
};
