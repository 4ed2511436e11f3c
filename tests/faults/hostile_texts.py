"""Names that are dangerous as HTML, Markdown, formulas or code: shown as they are, everywhere.

    python tests/faults/hostile_texts.py [--port 7853] [--keep FOLDER]

A person has pictures, classes and a finished training with such names. Looked at: every step of the
running page in Chromium, in both languages; the report and the offline page, each opened in
Chromium from its file; the model card, the CSV, the Keras programs and the web app's README, each
taken apart by the reader that it is made for. Nothing of a name may become an element, a link, a
script, a request, a dialog, a formula or an order of other text. Prints a line for each place with
how many names it shows; exits 1 when something was more than text.
"""

import argparse
import ast
import csv
import io
import json
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "faults")]

import running  # noqa: E402
import yaml  # noqa: E402
from markdown_it import MarkdownIt  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from gui.core import (  # noqa: E402
    answer_table,
    dataset,
    demo,
    evaluation,
    ingest,
    leaflet,
    new_run,
    offline_page,
    program,
    split,
)
from gui.core.config import Config  # noqa: E402
from gui.core.desk import Desk  # noqa: E402
from gui.core.entry import Entry, class_name  # noqa: E402
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Queued, Started  # noqa: E402
from gui.core.owner import Owner  # noqa: E402
from gui.core.prediction import Prediction  # noqa: E402
from gui.core.runs import Run  # noqa: E402
from gui.core.workspace import Workspace, new_token  # noqa: E402
from gui.sharing import card, report  # noqa: E402
from tests.conftest import ARGUMENTS  # noqa: E402
from tests.core.evaluations import evaluated  # noqa: E402

AWAY: Final = "http://127.0.0.1:9/hostile"  # nobody listens there; a request to it is a failure
CLASSES: Final = (
    '<img src=x onerror="window.hostile=1">',
    "<script>window.hostile=2</script>",
    "${window.hostile=3} {{7*7}} {0.__class__} {name} %s {% raw %}",
    f"![p]({AWAY}.png) [a](javascript:window.hostile=4) <{AWAY}>",
    f'=HYPERLINK("{AWAY}","y")',
    "`code` $x^2$ \\(y\\) **b** _i_ ~~s~~ # h | - 1. &amp; &#60;",
    "'; DROP TABLE runs;-- \"quoted\" \\u0041 \\n",
    "שלום (5) <b>",
    "...",
    "👩‍🚀🦀 蟹",
    "long " + "長" * 180,
    "@SUM(1+1)|cmd",
    "gpj\N{RIGHT-TO-LEFT OVERRIDE}exe\N{ZERO WIDTH SPACE}\x1b[31m\0",
    "yes: [no, ~] # --- 'yaml",
)  # fmt: skip
FILES: Final = (
    '<img src=x onerror="window.hostile=5">.png', "${window.hostile=6}`{{1}}.png",
    "=1+1 [a](javascript:window.hostile=7).png",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe‏ שמש \N{ZERO WIDTH SPACE}.png",
)  # fmt: skip
STEPS: Final = ("pictures", "model", "train", "compare", "results", "test", "home", "runs")
# What would have been made of a name; none of them is made by the program itself.
_MADE: Final = """() => [
  window.hostile !== undefined && "a script of a name has run",
  ...[...document.querySelectorAll(
    '[onerror], img[src="x"], [src*="hostile"], [href*="hostile"], [href^="javascript:"]'
  )].map((each) => each.outerHTML.slice(0, 200)),
].filter(Boolean)"""
_PRESS: Final = """() => {
  const all = [...document.querySelectorAll("summary, .fp-results .cell:not([disabled])")];
  for (const each of all.filter((one) => one.checkVisibility()).slice(0, 12)) each.click();
}"""
# Letters from right to left in one line with others, and nothing that keeps them apart.
_UNTIDY: Final = """() => {
  const found = [], texts = document.createTreeWalker(document.body, 4);
  const strange = /[\\u0590-\\u08ff]/, others = /[A-Za-z0-9]/;
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent, node = texts.currentNode.parentElement;
    if (!strange.test(text) || !node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const alone = style.display !== "inline" || /isolate|plaintext/.test(style.unicodeBidi);
    const apart = /\\u2068[^\\u2069]*[\\u0590-\\u08ff]/.test(text) || /^[^.]*\\/?[^.]*$/.test(text);
    if (!alone && !apart) found.push(text.slice(0, 120));
  }
  return found;
}"""


class Found:
    """What was found: a line for each place, and the failures."""

    def __init__(self) -> None:
        self.failures: list[str] = []

    def tell(self, place: str, shown: int, of: int, failures: list[str]) -> None:
        """Print a place; what stood wrong there is remembered."""
        print(f"{place:42} {shown:3} of {of} names shown, {len(failures)} failures", flush=True)
        for each in failures:
            print(f"    {each}")
        self.failures += [f"{place}: {each}" for each in failures]

    def check(self, place: str, *proofs: tuple[bool, str]) -> None:
        """Print a place that is right when all its proofs hold."""
        self.tell(place, len(CLASSES), len(CLASSES), [why for holds, why in proofs if not holds])


def furnish(owner: Owner) -> Run:
    """Pictures with such names in such classes, and a training of them, as if it were done."""
    data_id = owner.new_dataset()
    root = owner.path / "datasets" / data_id / "pictures"
    root.mkdir(parents=True)
    entries = list(_drawn(root))
    data = ingest.read(entries, root)
    for number, name in enumerate(CLASSES):
        data = dataset.rename(data, f"{number:02d}", name)
    owner.save_dataset(data_id, data)
    divided = split.divide(data)
    run = new_run.create(
        owner.new_run_folder(), Config(), divided, root, new_run.title(Config(), divided.labels),
        1_700_000_000.0, owner.features,
    )  # fmt: skip
    count = len(divided.validation)
    for event in (
        Queued(0.5, 2), Started(1.0, 2, "x", "ab" * 32, True, len(divided.train), count, 2),
        PhaseChanged(1.5, "head", 1, 1e-3, 2), Epoch(2.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0),
        Epoch(3.0, 2, "head", 0.4, 0.6, 0.6, 0.5, 1.0), Evaluated(4.0, 1, 0.5, 0.5, count),
        Finished(5.0, "epochs"),
    ):  # fmt: skip
        run.append(event)
    wrong = [((each.label + 1) % len(divided.labels), 0.9) for each in divided.validation]
    told = evaluated(divided.validation, wrong, divided.labels, epoch=1)
    evaluation.save(told, run.evaluation("validation"))
    run.model.write_bytes(b"no model")
    owner.open(Desk(data_id, run.id))
    return run


def _drawn(root: Path) -> Iterator[Entry]:
    import numpy as np
    from PIL import Image

    chance, number = np.random.default_rng(4), 0
    for place in range(len(CLASSES)):
        for file in (*FILES, "5.png", "6.png"):
            path = root / f"{number:06d}"
            Image.fromarray(chance.integers(0, 255, (24, 24, 3), np.uint8)).save(path, "PNG")
            yield Entry(f"all/{place:02d}/{file}", path)
            number += 1
    broken = root / f"{number:06d}"
    broken.write_bytes(b"no picture")
    yield Entry(f"all/00/{FILES[0]}.txt.png", broken)


@contextmanager
def watched(browser: Browser, allowed: tuple[str, ...]) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it did that no page of ours does."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    context.set_default_timeout(180_000)  # other work may keep the machine busy
    page, wrong = context.new_page(), list[str]()
    page.on("dialog", lambda each: (wrong.append(f"a dialog: {each.message}"), each.dismiss()))
    page.on("pageerror", lambda error: wrong.append(f"a script broke: {error}"))
    page.on(
        "request",
        lambda each: (
            None if each.url.startswith(allowed) else wrong.append(f"a request: {each.url[:200]}")
        ),
    )
    yield page, wrong
    context.close()


def look_at_page(
    browser: Browser, address: str, token: str, labels: tuple[str, ...], found: Found
) -> None:
    """Every step of the running page, in both languages."""
    for language in ("", "zh-Hant"):
        with watched(browser, (address, "data:", "blob:")) as (page, wrong):
            page.goto(f"{address}/{language}#key={token}")
            page.locator("button[data-key='pictures']").first.wait_for(timeout=120_000)
            page.wait_for_function(
                "() => document.querySelectorAll('img').length > 8", timeout=120_000
            )
            page.locator(".fp-mode").get_by_role("checkbox").check()  # all there is
            for number, step in enumerate(STEPS):
                buttons = page.locator(f"button[data-key='{step}']")
                buttons.first.click(timeout=60_000)
                page.wait_for_timeout(2500)
                _press(page, step)
                text = page.evaluate("document.body.innerText")
                values = page.evaluate(
                    "[...document.querySelectorAll('input, textarea, option')].map((e) => e.value)"
                )
                shown = sum(_seen(each, text, values) for each in labels)
                failures = [*wrong, *page.evaluate(_MADE), *page.evaluate(_UNTIDY)]
                if step in ("pictures", "results") and shown < len(labels):
                    missing = [each for each in labels if not _seen(each, text, values)]
                    failures.append(f"not shown as they are: {missing}")
                found.tell(
                    f"page {language or 'en'}, {number + 1} {step}", shown, len(labels), failures
                )
                wrong.clear()


def _press(page: Page, step: str) -> None:
    """What opens more names, where it is there."""
    page.evaluate(_PRESS)
    page.wait_for_timeout(1500)
    for each in page.locator(".js-plotly-plot .nsewdrag").all()[:4]:
        if each.is_visible() and (box := each.bounding_box()):
            for part in (0.2, 0.5, 0.8):
                page.mouse.move(box["x"] + part * box["width"], box["y"] + part * box["height"])
                page.wait_for_timeout(100)


def _plain(text: str) -> str:
    """As it is compared: spaces and the signs that keep a name apart left aside."""
    return "".join(each for each in text if not each.isspace() and each not in "\u2068\u2069")


def _seen(name: str, text: str, values: list[str]) -> bool:
    told = _plain(name)
    return told in _plain(text) or any(told in _plain(str(each)) for each in values)


def look_at_file(
    browser: Browser, place: str, path: Path, labels: tuple[str, ...], found: Found
) -> None:
    """A page that is a file: the report, the offline page."""
    with watched(browser, ("file:", "data:", "blob:")) as (page, wrong):
        page.goto(path.as_uri())
        page.wait_for_timeout(3000)
        _press(page, place)
        text = page.evaluate("document.documentElement.textContent")
        shown = [each for each in labels if _seen(each, text, [])]
        failures = [*wrong, *page.evaluate(_MADE), *page.evaluate(_UNTIDY)]
        if len(shown) < len(labels):
            failures.append(f"not shown as they are: {sorted(set(labels) - set(shown))}")
        found.tell(place, len(shown), len(labels), failures)


def look_at_texts(run: Run, folder: Path, found: Found) -> None:
    """Card, CSV, programs, and the web app's zip, each by the reader that it is made for."""
    labels = run.split.labels
    text = card.card(run)
    _, front, body = text.split("---\n", 2)
    told = yaml.safe_load(front)
    name = told["model-index"][0]["name"]
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    found.check(
        "model card",
        (all(_plain(each)[:12] in _plain(name) for each in labels[:1]), f"its name is {name!r}"),
        (not _harm(tokens), f"its Markdown makes {_harm(tokens)}"),
    )
    for style in ("functional", "sequential"):
        source = program.text(run, style, "train.py")
        texts = {
            each.value for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant)
        }
        found.check(
            f"Keras program, {style}",
            (set(labels) <= texts, f"without {set(labels) - texts}"),
            (not any(unicodedata.category(each) == "Cf" for each in source), "it has unseen signs"),
        )
    given = (*labels, *FILES, "\t=1")
    answers = [
        Prediction(each, tuple((label, 0.5 + (label == each) / 9) for label in labels))
        for each in given
    ]
    rows = list(csv.reader(io.StringIO(answer_table.as_csv(answers, labels))))
    cells = [each for row in rows for each in row]
    found.check(
        "answers.csv",
        (not any(each[:1] in tuple("=+-@\t\r") and each for each in cells), "a formula"),
        (
            all(row[0] in (e, f"'{e}") for row, e in zip(rows[1:], given, strict=True)),
            "other names",
        ),
        (len({len(row) for row in rows}) == 1, "rows of other lengths"),
    )
    path = folder / "demo.zip"
    demo.write(path, leaflet.of(run), b"no model")
    with zipfile.ZipFile(path) as archive:
        readme, stored = archive.read("README.md").decode(), json.loads(archive.read("labels.json"))
    _, front, body = readme.split("---\n", 2)
    made = _harm(MarkdownIt("commonmark", {"html": True}).parse(body))
    found.check(
        "web app's zip",
        (tuple(stored["labels"]) == labels, "other labels"),
        (yaml.safe_load(front)["title"] == leaflet.of(run).title, "another title in its YAML"),
        (not made, f"its README makes {made}"),
    )


def _harm(tokens: Any) -> list[str]:
    """Pictures, links and HTML that Markdown has made of a name."""
    found = []
    for each in tokens:
        if each.type in ("html_block", "html_inline", "image", "link_open"):
            told = f"{each.type}: {each.content or each.attrs}"
            if "hostile" in told or "onerror" in told or "<script" in told or "javascript" in told:
                found.append(told)
        found += _harm(each.children or ())
    return found


def main() -> int:
    """Look everywhere; returns the exit code."""
    parser = argparse.ArgumentParser(description="Dangerous names are shown as they are.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the files that are made")
    chosen = parser.parse_args()
    found, token = Found(), new_token()
    with tempfile.TemporaryDirectory(prefix="freezepoint-hostile-") as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run = furnish(Workspace(folder / "work").owner(token))
        labels = run.split.labels
        expected = tuple(sorted(class_name(each) for each in CLASSES))
        found.check("classes", (tuple(sorted(labels)) == expected, f"{labels} are others"))
        look_at_texts(run, folder, found)
        report.write(run, folder / "report.html")
        runtime = dict.fromkeys(offline_page.RUNTIME.sha256, b"no runtime")
        offline_page.write(folder / "page.html", leaflet.of(run), b"no model", runtime)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=running.shutil.which("chromium"), args=ARGUMENTS
            )
            look_at_file(browser, "report", folder / "report.html", labels, found)
            look_at_file(browser, "offline page", folder / "page.html", labels, found)
            with running.App(port=chosen.port, workspace=folder / "work") as app:
                look_at_page(browser, app.address, token, labels, found)
            browser.close()
    print(
        f"{len(found.failures)} failures with {len(CLASSES)} classes and {len(FILES)} files' names"
    )
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
