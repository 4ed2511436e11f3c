"""What who runs it is told while people train: the figures add up, and nobody is named in them.

    python tests/faults/watched.py [--port 7836] [--folders 3000]

Starts the real app with --metrics, --log-format json and a password. Somebody trains two classes
of known names at 64 px, then the same pictures once more, whose frozen part is stored by then; a
third training's worker is killed. Meanwhile the figures are read twice a second. Held against each
other: what the figures say at the end and what the events on the disk say (seconds by phase within
a second and five per cent, pictures and passes to the last one); every counter only grows; every
line of the log is one JSON object; and neither has the token, the password, the person's name, a
class, a file's name or the folder of the workspace in it.

Then so many folders of finished trainings are laid beside the ones that are known, and the figures
read again: the seconds that a look takes then, and the first one, which counts what is kept.
Prints all this; ends with 1 when something doesn't hold. Linux only.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict

import httpx
import running
import visiting
from prometheus_client.parser import text_string_to_metric_families

from gui.core import events
from gui.core.events import CacheProgress, Epoch, Started
from gui.core.runs import Run
from gui.core.workspace import Workspace
from gui.watch.work import Following, Work

_NAME, _PASSWORD = "annabel", "blue otter 42"
_CLASSES = ("walrus", "narwhal")
_SIZE_PX = 64
Values = dict[tuple[str, ...], float]


class Looks:
    """The figures, read twice a second.

    Attributes:
        text: Every answer in full.
        shrunk: Counters that have gone back.
        seconds: How long each look took.
    """

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/metrics"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self._http = httpx.Client(timeout=60)
        self.text: list[str] = []
        self.seconds: list[float] = []
        self.shrunk: set[str] = set()
        self.last: Values = {}

    def __enter__(self) -> "Looks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._http.close()

    def now(self) -> Values:
        """One more look."""
        began = time.monotonic()
        text = self._http.get(self._address).raise_for_status().text
        self.seconds.append(time.monotonic() - began)
        self.text.append(text)
        found: Values = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                key = (sample.name.removeprefix("freezepoint_"), *sample.labels.values())
                found[key] = sample.value
                if family.type == "counter" and sample.value < self.last.get(key, 0.0):
                    self.shrunk.add(sample.name)
        self.last = found
        return found

    def _go_on(self) -> None:
        while not self._over.wait(0.5):
            self.now()


def pictures() -> visiting.Files:
    """Twelve of each class, in folders of its name; no two files are called alike."""
    found = visiting.pictures(2, 12, _SIZE_PX)
    kinds = sorted({rel.split("/")[-2] for rel, _ in found})
    return [
        (f"box/{_CLASSES[kinds.index(rel.split('/')[-2])]}/secret-{number}.png", content)
        for number, (rel, content) in enumerate(found)
    ]


def told(runs: list[Run]) -> Work:
    """The same sums, from every whole file."""
    work = Work()
    for run in runs:
        following = Following(len(run.split.test))
        for event in events.read(run.path / "events.jsonl"):
            following.take(event)
        work.add(following.taken())
    return work


def by_hand(runs: list[Run]) -> Counter[str]:
    """Pictures of the epochs and passes of the cache, counted in another way."""
    counted: Counter[str] = Counter()
    for run in runs:
        started: Started | None = None
        last: dict[str, int] = defaultdict(int)
        for event in events.read(run.path / "events.jsonl"):
            match event:
                case Started():
                    started = event
                case Epoch():
                    counted[event.phase] += started.train_pictures
                case CacheProgress():
                    last[event.what] = event.done
        counted["caching"] += last["caching"]
    return counted


def compared(found: Values, runs: list[Run]) -> list[str]:
    """Where figures and events differ."""
    work, counted = told(runs), by_hand(runs)
    wrong = []
    for phase, seconds in sorted(work.seconds.items()):
        shown = found["phase_seconds_total", phase]
        print(f"  {phase:<9} {shown:8.2f} s by the figures, {seconds:8.2f} s by the events")
        if abs(shown - seconds) > 1 + 0.05 * seconds:
            wrong.append(f"seconds of {phase}")
    for phase in ("head", "caching"):
        shown = found["pictures_total", phase]
        print(f"  {phase:<9} {shown:8.0f} pictures by the figures, {counted[phase]} by the events")
        if shown != counted[phase]:
            wrong.append(f"pictures of {phase}")
    hits, misses = found["cache_passes_total", "hit"], found["cache_passes_total", "miss"]
    print(f"  the cache had {hits:.0f} passes, {misses:.0f} had to be done")
    if misses != counted["caching"] or hits < misses:
        wrong.append("the cache")
    return wrong


def secrets(app: running.App, token: str) -> list[str]:
    owner = Workspace(app.workspace).owner(token)
    datasets = [each.name for each in (owner.path / "datasets").iterdir()]
    whole = [each.id for each in owner.runs()]
    return [token, _NAME, _PASSWORD, "otter", *_CLASSES, "secret-", owner.path.name, *datasets,
            *whole, str(app.workspace)]  # fmt: skip


def beside(app: running.App, run: Run, number: int) -> None:
    """Lay so many copies of a finished training beside it; their large files are links."""
    for count in range(number):
        copy = run.path.with_name(f"{count:016x}")
        copy.mkdir()
        for each in run.path.iterdir():
            if each.is_file() and each.stat().st_size < 100_000:
                shutil.copy(each, copy / each.name)


def trained(someone: visiting.Visitor, **settings: object) -> Run:
    someone.starts(image_size=_SIZE_PX, patience=0, **settings)
    someone.waits_for_the_end(600)
    run = someone.owner.open_run
    assert run is not None
    return run


def killed(app: running.App, someone: visiting.Visitor) -> Run:
    """A training whose worker is killed in the middle."""
    someone.starts(image_size=_SIZE_PX, patience=0, epochs=500)
    running.wait_for(lambda: len(someone.history.epochs) > 3, 300)
    os.kill(app.worker("worker-1"), signal.SIGKILL)
    running.wait_for(lambda: someone.history.failed, 120)
    run = someone.owner.open_run
    assert run is not None
    return run


def journey(app: running.App, looks: Looks) -> tuple[str, list[Run], Values]:
    """Everything that people do; the token, the runs and the last figures."""
    someone = visiting.Visitor(app)
    sent = {"name": _NAME, "password": "wrong"}
    someone.http.post("/freezepoint/sign-in", data=sent)
    someone.http.post("/freezepoint/sign-in", data={**sent, "password": _PASSWORD})
    someone.token = Workspace(app.workspace).token_of(_NAME)
    someone.arrives()
    someone.chooses(pictures())
    runs = [trained(someone, epochs=8), trained(someone, epochs=4, batch_size=8)]
    runs.append(killed(app, someone))
    someone.leaves()
    running.wait_for(lambda: looks.last["jobs_ended_total", "failed"] == 1, 60)
    return someone.token, runs, looks.now()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="the app's; the figures take the next")
    parser.add_argument("--folders", type=int, default=3000)
    chosen = parser.parse_args()
    port = chosen.port or running.free_port()
    flags = ("--metrics", str(port + 1), "--log-format", "json")
    people = {"FREEZEPOINT_AUTH": f"{_NAME}: {_PASSWORD}"}
    with running.App(*flags, port=port, environment=people) as app:
        with Looks(port + 1) as looks:
            token, runs, found = journey(app, looks)
        wrong = compared(found, runs)
        wanted = {
            ("jobs_ended_total", "finished"): 2, ("jobs_ended_total", "failed"): 1,
            ("job_errors_total", "OutOfMemory"): 1, ("workers_died_total", "worker"): 1,
            ("sign_ins_refused_total", "wrong"): 1, ("people",): 1,
        }  # fmt: skip
        wrong += [f"{key} is {found.get(key)}" for key in wanted if found.get(key) != wanted[key]
                  and key != ("people",)]  # fmt: skip
        hidden = secrets(app, token)
        usual = statistics.median(looks.seconds)
        beside(app, runs[0], chosen.folders)
        with Looks(port + 1) as crowded:
            time.sleep(6)
        print(f"a look: {usual * 1e3:.0f} ms in the middle of {len(looks.seconds)}; "
              f"{statistics.median(crowded.seconds) * 1e3:.0f} ms with {chosen.folders} "
              "trainings more")  # fmt: skip
        if statistics.median(crowded.seconds) > 3 * usual + 0.05:
            wrong.append("a look costs more where more is kept")
        app.stop()
        lines = [each for each in app.said().splitlines() if "Freezepoint is open" not in each
                 and "goes on by itself" not in each]  # fmt: skip
        named = Counter(json.loads(each)["event"] for each in lines)
        print(f"log: {dict(named)}")
        wrong += [f"named: {each}" for each in hidden
                  if re.search(re.escape(each), "\n".join([*looks.text, *lines]))]  # fmt: skip
        wrong += [f"went back: {each}" for each in looks.shrunk]
        for event, number in (("training_queued", 3), ("training_began", 3), ("training_ended", 3),
                              ("worker_died", 1), ("sign_in_refused", 1)):  # fmt: skip
            if named[event] != number:
                wrong.append(f"{event}: {named[event]} lines instead of {number}")
    print("\n".join(f"BROKEN: {each}" for each in wrong) or "everything holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
