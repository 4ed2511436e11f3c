"""Whether the app stays as it is while thirty people come and go for two hours.

Each visitor comes with a browser of their own (sometimes a new one), sends tiny pictures, looks at
steps and settings, trains (64 px, one to three epochs of the head), watches, sometimes reloads or
stops, tests pictures, has a form of the model made, downloads it, deletes the training, and goes
away; some pull the plug in the middle of an upload. Three train at a time at most.

Memory, file handles and threads of the web process and of each kind of worker, processes, temporary
files and uploads are looked at every 20 s. A line of medians is printed every five minutes, and at
the end, for each figure, how it went from the second quarter of the time (the first is warm-up) to
the last one. What people keep grows with them (one in ten keeps the training, all keep their
pictures), so it is told without a verdict. It ends with 1 when another figure grew by more than is
allowed, or a visitor met an error that isn't a sentence.

    nice -n 15 python tests/bench/soak.py --minutes 120 --visitors 30
"""

import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import measure

sys.path.insert(0, str(measure.ROOT / "tests" / "faults"))

import running
import visiting

LOOK_S = 20.0
KINDS = ("web", "worker-1", "answers", "workshop", "downloads")
ALLOWED = {"MB": 50.0, "handles": 10.0, "threads": 10.0, "count": 5.0}  # growth of a median
FORMS = ("onnx", "report", "page", "card", "program-functional", "project", "litert")
PICTURES = [visiting.pictures(3, 5, seed=seed) for seed in range(20)]  # drawn once


@dataclass
class Tally:
    """What has happened so far."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(3))

    def rests(self, least_s: float, most_s: float) -> None:
        """Think for a while; the end of all ends a visit, too."""
        if self.ending.wait(random.uniform(least_s, most_s)):
            raise GoneError


class GoneError(Exception):
    """A visitor leaves where they stand."""


def visit(app: running.App, tally: Tally, token: str) -> str:
    """One visit from coming to going; the token that the browser keeps."""
    someone = visiting.Visitor(app, token, random.choice(["en", "en", "zh-Hant"]))
    try:
        someone.arrives()
        tally.rests(1, 6)
        if random.random() < 0.15:
            someone.breaks_off(random.randrange(10_000, 2_000_000))
            tally.counts["uploads broken off"] += 1
            return someone.token
        someone.chooses(random.choice(PICTURES))
        looks_around(someone, tally)
        with tally.turn:
            trains(someone, tally)
        tests(someone, tally)
        if random.random() < 0.3:
            takes_home(someone, tally)
        if random.random() < 0.9:
            deletes(someone)
        tally.counts["visits"] += 1
    except visiting.RefusedError as error:
        tally.counts["refusals"] += 1
        if "<strong>" not in str(error):  # not a sentence of ours
            tally.errors.append(f"refused: {error}"[:300])
    finally:
        someone.leaves()
    return someone.token


def looks_around(someone: visiting.Visitor, tally: Tally) -> None:
    for step in ("model", "train"):
        someone.does(someone.page.bar, "chosen", told={"id": step})
        tally.rests(1, 4)
    part = someone.page.model.settings["freeze_point"]
    someone.does(part, "change")
    someone.does(someone.page.plan.timer, "tick")


def trains(someone: visiting.Visitor, tally: Tally) -> None:
    """Start, and watch every few seconds; some reload, some stop it."""
    someone.starts(epochs=random.choice([1, 2, 3]), image_size=64)
    reload, stop = random.random() < 0.3, random.random() < 0.2
    tally.rests(1, 3)
    while someone.history.busy:
        someone.glances()
        if reload:
            someone.does(
                someone.page.runs.list, "picked", told={"kind": "open", "id": run(someone)}
            )
            tally.counts["opened again"] += 1
            reload = False
        elif stop and someone.history.epochs:
            someone.does(someone.page.train.stop, "click")
            stop = False
        tally.rests(2, 4)
    someone.glances()
    tally.counts[f"trainings {someone.history.state}"] += 1


def tests(someone: visiting.Visitor, tally: Tally) -> None:
    """Drop three pictures that were not learned from."""
    loose = [(Path(rel).name, content) for rel, content in visiting.pictures(3, 1)]
    someone.does(someone.page.test.drop, "uploaded", someone.uploads(loose))
    tally.counts["pictures tested"] += len(loose)
    tally.rests(1, 4)


def takes_home(someone: visiting.Visitor, tally: Tally) -> None:
    """Have a form made and download the model."""
    home = someone.page.home
    someone.does(someone.page.bar, "chosen", told={"id": "home"})
    wanted = random.choice(FORMS)
    shown = someone.does(next(iter(home.groups.values())), "picked", told={"id": wanted})
    while shown.get(home.timer, {}).get("active"):
        tally.rests(2, 4)
        shown = someone.does(home.timer, "tick")
    asked = {"token": someone.token, "run": run(someone), "file": "model.keras"}
    got = someone.http.post("/freezepoint/download", data=asked)
    tally.counts[f"downloads {got.status_code}"] += 1
    tally.counts["forms made"] += 1


def deletes(someone: visiting.Visitor) -> None:
    told = {"kind": "delete", "id": run(someone)}
    someone.does(someone.page.runs.list, "picked", told=told)


def run(someone: visiting.Visitor) -> str:
    return someone.owner.desk.run


def comes_and_goes(app: running.App, tally: Tally) -> None:
    """One of the thirty, again and again; every fourth time with a browser that is new here."""
    token = ""
    with suppress(GoneError):
        while True:
            tally.rests(2, 20)
            try:
                token = visit(app, tally, "" if random.random() < 0.25 else token)
            except GoneError:
                raise
            except (httpx.HTTPError, OSError, LookupError, ValueError, TypeError) as error:
                tally.errors.append(f"{type(error).__name__}: {error}"[:300])


def look(app: running.App) -> dict[str, float]:
    """Every figure, as it is now."""
    figures: dict[str, float] = {}
    workers = app.workers()
    for pid, kind in {app.pid: "web", **workers}.items():
        if kind in KINDS:
            figures[f"{kind} MB"] = running.memory_mb(pid)
            figures[f"{kind} handles"] = len(running.handles(pid))
            figures[f"{kind} threads"] = running.threads(pid)
    for name, folder in _folders(app):
        figures[f"{name} count"], size = running.files_below(folder)
        figures[f"{name} MB"] = size / 1e6
    owners = [*app.workspace.glob("owners/*")]
    files, size = running.files_below(app.workspace / "owners")
    figures["files an owner"] = files / max(1, len(owners))
    figures["owners"] = len(owners)
    figures["owners' bytes (MB)"] = size / 1e6
    figures["processes count"] = len(app.everything())
    figures["web processor_s"] = running.processor_s(app.pid)
    return figures


def _folders(app: running.App) -> list[tuple[str, Path]]:
    """Folders that must not fill; the first is the system's, which nothing should be in."""
    own = [(name, app.workspace / name) for name in ("temp", "uploads", "logs")]
    return [("system temp", app.temp), *own]


def told(figures: dict[str, float], tally: Tally, minutes: float) -> str:
    parts = []
    for kind in KINDS:
        if f"{kind} MB" in figures:
            parts.append(
                f"{kind} {figures[f'{kind} MB']:.0f} MB {figures[f'{kind} handles']:.0f} h "
                f"{figures[f'{kind} threads']:.0f} t"
            )
    rest = [
        f"processes {figures['processes count']:.0f}",
        f"temp {figures['system temp count']:.0f} + {figures['temp count']:.0f}",
        f"uploads {figures['uploads count']:.0f}",
        f"owners {figures['owners']:.0f} ({figures['files an owner']:.0f} files each)",
        ", ".join(f"{name} {n}" for name, n in sorted(tally.counts.items())),
        f"errors {len(tally.errors)}",
    ]
    return f"{minutes:5.1f} min | " + " | ".join([*parts, *rest])


def medians(looks: list[dict[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for each in looks for name in each)
    return {name: statistics.median(e[name] for e in looks if name in e) for name in names}


def verdict(looks: list[dict[str, float]]) -> bool:
    """Print how each figure went; whether none grew by more than is allowed."""
    quarter = len(looks) // 4
    begins, ends = medians(looks[quarter : 2 * quarter]), medians(looks[-quarter:])
    flat = True
    print("figure: second quarter of the time -> last quarter (largest ever)")
    for name in ends:
        unit = name.split()[-1]
        most = max(each.get(name, 0.0) for each in looks)
        grew = ends[name] - begins.get(name, ends[name])
        good = grew <= ALLOWED.get(unit, float("inf"))
        flat = flat and good
        sign = "" if unit not in ALLOWED else "flat" if good else "GROWS"
        print(f"  {name}: {begins.get(name, 0):.1f} -> {ends[name]:.1f} ({most:.1f}) {sign}")
    return flat


def main() -> int:
    parser = measure.arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--every", type=float, default=5, help="minutes between two lines")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    tally, looks = Tally(), list[dict[str, float]]()
    with running.App(port=chosen.port) as app:
        visiting.held_against(app)
        crowd = [
            threading.Thread(target=comes_and_goes, args=(app, tally), daemon=True)
            for _ in range(chosen.visitors)
        ]
        for each in crowd:
            each.start()
        watch(app, tally, looks, chosen.minutes, chosen.every)
        tally.ending.set()
        for each in crowd:
            each.join(60)
        flat = verdict(looks)
        trouble = [line for line in app.said().splitlines() if "Error" in line]
        used = looks[-1]["web processor_s"] / (60 * chosen.minutes)
    print(f"processor of the web process: {100 * used:.0f} % of one core")
    print(f"errors met: {len(tally.errors)}", *Counter(tally.errors).most_common(10), sep="\n  ")
    print(f"errors printed: {len(trouble)}", *Counter(trouble).most_common(10), sep="\n  ")
    print("flat" if flat else "NOT FLAT", flush=True)
    return 0 if flat and not tally.errors else 1


def watch(
    app: running.App,
    tally: Tally,
    looks: list[dict[str, float]],
    minutes: float,
    every_minutes: float,
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Look again and again for so many minutes, and print a line every few."""
    began = now()
    said = 1
    while now() - began < 60 * minutes:
        time.sleep(LOOK_S)
        looks.append(look(app))
        if now() - began >= 60 * every_minutes * said:
            last = looks[-max(1, round(60 * every_minutes / LOOK_S)) :]
            print(told(medians(last), tally, (now() - began) / 60), flush=True)
            said += 1


if __name__ == "__main__":
    sys.exit(main())
