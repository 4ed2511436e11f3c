const ROWS_AT_ONCE = 100;

const root = find(".fp-pairs");
let shown = ROWS_AT_ONCE;

/** A probability as a percentage that never claims more than the model said. */
function percent(probability) {
  if (probability > 0.999) return ">" + say("percent", { p: number(99.9, 1) });
  if (probability < 0.001) return "<" + say("percent", { p: number(0.1, 1) });
  return say("percent", { p: number(100 * probability, 1) });
}

function cell({ label, probability }, truth) {
  const item = make("td");
  item.append(make("span", "label clip", label, { title: label }), make("span", "share", percent(probability)));
  if (truth) {
    const isRight = label === truth;
    item.append(make("span", isRight ? "mark right" : "mark wrong", say(isRight ? "right" : "wrong")));
  }
  return item;
}

function row({ name, thumbnail, answers, truth, problem }) {
  const apart = !problem && new Set(answers.map((each) => each.label)).size > 1;
  const line = make("tr", apart ? "apart" : "");
  const file = make("td", "file");
  const box = make("div", "file-line");
  if (thumbnail) box.append(make("img", "", null, { src: thumbnail, alt: "", loading: "lazy", decoding: "async" }));
  box.append(make("span", "clip", name, { title: name }));
  file.append(box);
  line.append(file);
  if (problem) line.append(make("td", "problem", problem, { colspan: 3 }));
  else line.append(...answers.map((each) => cell(each, truth)), make("td", "same", say(apart ? "differ" : "same")));
  return line;
}

function draw() {
  const { names = [], rows = [], note = "" } = current() ?? {};
  root.hidden = rows.length === 0;
  find(".note").textContent = note;
  const heads = [say("file"), ...names, say("both")];
  find("thead tr").replaceChildren(...heads.map((each) => make("th", "", each, { scope: "col" })));
  find("tbody").replaceChildren(...rows.slice(0, shown).map(row));
  find(".more").hidden = rows.length <= shown;
  find(".more").textContent = say("more", { n: rows.length - shown });
}

find(".more").addEventListener("click", () => {
  shown += ROWS_AT_ONCE;
  draw();
});
root.setAttribute("aria-label", given.label);
draw();
watch("value", () => keepFocus(draw));
