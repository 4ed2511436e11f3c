"""Reloads, a closed browser, another device, and a stranger, in a real browser.

``python tests/faults/reloads.py [--reloads 10] [--seed 0]``. Linux only.

A training is followed in Chromium and the page reloaded at random moments: each time it has to show
the training again within three seconds, with every epoch that there is once and in order. Then the
browser is closed, and opened again by the private link, in two browsers at a time: each shows the
training. Who comes without the link sees what the first visitor of an empty site sees, and the
download of the finished model answers them as if it didn't exist (404, with the same words as for a
training that never was).

Printed: seconds from each reload until the training is shown, with the machine's load, and what the
others found. A training uses both cores of a small machine, and a browser shares them.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import running
import visiting
from playwright.sync_api import Browser, sync_playwright
from worker_kills import Report

from gui.core.runs import Run
from tests.browser.conftest import Person
from tests.browser.test_journey import choose_small, points

ATTACHED_S = 3.0
_EPOCHS = 500
_CHROMIUM = "/usr/bin/chromium"
_FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-gpu")
_STEPS = ("Pictures", "Train", "Results", "Runs")
_ATTACHED = """n => {
  const told = document.querySelector('.fp-train')?.innerText ?? '';
  const plots = [...document.querySelectorAll('.js-plotly-plot')];
  return /Epoch \\d+ of/.test(told) && plots.length > 1 && plots.at(-1).data[1].x.length >= n;
}"""


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, the system's or Playwright's own."""
    chosen = {"executable_path": _CHROMIUM} if Path(_CHROMIUM).exists() else {}
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(args=[*_FLAGS], **chosen)
        yield opened
        opened.close()


def person(opened: Browser, app: running.App) -> Person:
    """Somebody with a browser that knows nothing yet."""
    page = opened.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(90_000)
    page.on("dialog", lambda dialog: dialog.accept())
    return Person(page, app, app.folder)  # type: ignore[arg-type] - it wants the address only


def once_each(told: list[int]) -> bool:
    """Whether every epoch from the first on is there once."""
    return bool(told) and told == list(range(1, len(told) + 1))


def attach(someone: Person, run: Run, load: Any) -> tuple[float, list[int]]:
    """Seconds from loading the page until it shows the training, and the epochs that it shows."""
    before, began = len(run.history.epochs), time.monotonic()
    load()
    someone.page.wait_for_function(_ATTACHED, arg=before, timeout=60_000, polling=20)
    return time.monotonic() - began, points(someone)


def only_run(app: running.App) -> Run:
    """The only training of the workspace."""
    (found,) = app.workspace.glob("owners/*/runs/*/run.json")
    return Run(found.parent)


def seen_by(someone: Person) -> dict[str, str]:
    """What every step of the page says to somebody."""
    told = {}
    for step in _STEPS:
        someone.goes_to(step)
        someone.page.wait_for_timeout(1500)
        text = someone.page.locator(".fp-steps").inner_text()
        told[step] = re.sub(r"\s+", " ", text)
    return told


def begin(someone: Person, app: running.App, folder: Path) -> Run:
    """Drop the pictures and start."""
    someone.opens()
    someone.drops_folder(folder / "things")
    someone.sees("3 classes with 60 pictures", 60)
    choose_small(someone, epochs=_EPOCHS, freeze_point="block5_conv3")
    someone.presses("Start")
    someone.sees(re.compile(rf"Epoch \d+ of {_EPOCHS}"), 120)
    run = only_run(app)
    running.wait_for(lambda: len(run.history.epochs) >= 2, 120)
    return run


def reload_often(
    someone: Person, app: running.App, run: Run, asked: argparse.Namespace, report: Report
) -> None:
    """Reload at random moments."""
    seconds, chance = [], random.Random(asked.seed)
    for number in range(1, asked.reloads + 1):
        time.sleep(chance.uniform(0.1, 3.0))
        used_s = running.processor_s(app.pid)
        took, shown = attach(someone, run, someone.page.reload)
        seconds.append(took)
        report(
            f"reload {number}",
            ok=took < asked.most_s and once_each(shown),
            told=f"attached after {took:.2f} s (load {os.getloadavg()[0]:.1f}, the web process "
            f"used {running.processor_s(app.pid) - used_s:.2f} s), epochs 1 to "
            f"{len(shown)}{', each once' if once_each(shown) else f': {shown}'}",
        )
    print(f"slowest {max(seconds):.2f} s, median {sorted(seconds)[len(seconds) // 2]:.2f} s")


def private_link(someone: Person) -> str:
    """The link that opens the person's work elsewhere."""
    someone.goes_to("Train")
    someone.page.get_by_text("Open this on another device").click()
    return someone.page.get_by_label("Your private link").input_value()


def elsewhere(app: running.App, run: Run, link: str, report: Report) -> None:
    """The first browser is closed; two others open the link, and one of them stops the training."""
    with browser() as again:
        own, device = person(again, app), person(again, app)
        for name, someone in (("opened again", own), ("another device", device)):
            took, shown = attach(someone, run, lambda opened=someone: opened.opens(link))
            report(
                name,
                ok=once_each(shown),
                told=f"by the private link, attached after {took:.2f} s, epochs 1 to {len(shown)}",
            )
        device.presses("Stop and keep the best")
        for name, someone in (("opened again", own), ("another device", device)):
            someone.sees("You stopped it", 60)
            shown = points(someone)
            whole = [each.epoch for each in run.history.epochs]
            report(name, ok=shown == whole, told=f"at the end {len(shown)} of {len(whole)} epochs")
        own.goes_to("Take home")
        own.sees(re.compile("Ran in .+ checking pictures"), 90)
        strangers(again, app, run, link.rpartition("#")[2], report)


def strangers(opened: Browser, app: running.App, run: Run, secret: str, report: Report) -> None:
    """Who comes without the link finds an empty site, and no file."""
    stranger = seen_by(person(opened, app).opens())
    with running.App() as empty:
        running.wait_for(lambda: len(empty.workers()) > 1, 60)
        newcomer = seen_by(person(opened, empty).opens())
    other = [step for step in _STEPS if stranger[step] != newcomer[step]]
    report(
        "stranger", ok=not other, told=f"sees what a newcomer sees, but for {other or 'nothing'}"
    )
    address, token = f"{app.address}/freezepoint/download", secret.rpartition("=")[2]
    known = {"run": run.id, "file": "model.keras"}
    owned = httpx.post(address, data={**known, "token": token})
    report("download, owner", ok=owned.status_code == 200, told=f"{owned.status_code}")
    never = httpx.post(address, data={**known, "run": "0" * 16, "token": visiting.new_token()})
    for name, sent in (
        ("another's token", {**known, "token": visiting.new_token()}),
        ("no token", {**known, "token": "x"}),
        ("an empty token", {**known, "token": ""}),
    ):
        told = httpx.post(address, data=sent)
        alike = told.status_code in (404, 422) and (
            name != "another's token" or told.content == never.content
        )
        report(f"download, {name}", ok=alike, told=f"{told.status_code}")
    plain = httpx.get(f"{app.address}/freezepoint/download", params={**known, "token": token})
    report("download, by address", ok=plain.status_code != 200, told=f"{plain.status_code}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reloads", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most-s", type=float, default=ATTACHED_S, help="more on a busy machine")
    parser.add_argument("--port", type=int, default=0)
    asked, report = parser.parse_args(), Report()
    with running.App(port=asked.port) as app, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rel, content in visiting.pictures(3, 20, seed=2):
            (folder / rel).parent.mkdir(parents=True, exist_ok=True)
            (folder / rel).write_bytes(content)
        with browser() as opened:
            someone = person(opened, app)
            run = begin(someone, app, folder)
            reload_often(someone, app, run, asked, report)
            link = private_link(someone)
        elsewhere(app, run, link, report)
    print(f"broke the promise: {', '.join(report.wrong) or 'nothing'}")
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main())
