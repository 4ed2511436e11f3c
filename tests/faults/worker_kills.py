"""``kill -9`` of the processes that compute, of the page, and of both: told, and nothing is lost.

``python tests/faults/worker_kills.py [--only PART]``. Linux only. It takes some minutes.

The real app with a visitor. Trainings of the same pictures with the same seed are killed while
they cache, in an epoch of the head, in one in which VGG16 learns too, and while the best is
checked; the page has to say so within ten seconds, and "Go on" has to go on where it was: only
what was under way is computed again, and the curve is the unbroken one's. So it has to be when the
page is killed, its worker living on, when that is killed then, and when both are killed at once.
A process that is killed while it makes a form of the model or answers a picture is replaced: the
person gets what they asked for.

Printed: the seconds until the page said so or had the answer, from where it went on, and how far
the curves lie apart at most (in loss or accuracy; TOLERANCE is what is promised).
"""

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence

import running
import visiting
from curves import TOLERANCE, apart

from gui.core import events, take_home
from gui.core.events import CacheProgress, Started
from gui.core.history import History
from gui.core.runs import Run

SAID_S = 10.0
HEAD = {"epochs": 30, "patience": 0, "image_size": 64, "batch_size": 16}
FINE = {**HEAD, "epochs": 8, "head_epochs": 3, "freeze_point": "block5_conv3"}
_CLASSES, _EACH = 3, 50
_LOOK_S = 0.005
_GONE_S = 30.0  # from the end of a training to that of its process, on a busy machine
_MOST_S = 900.0  # on a busy machine
_ASKED = 180  # pictures that are to be answered

Pictures = Sequence[tuple[str, bytes]]


class Person(visiting.Visitor):
    """A visitor who has the pictures, and whose trainings are killed."""

    def has(self, pictures: Pictures) -> "Person":
        """Comes with the pictures."""
        self.arrives()
        self.chooses(pictures)
        return self

    @property
    def run(self) -> Run:
        """The open training."""
        found = self.owner.open_run
        if found is None:
            raise LookupError("no training is open")
        return found

    def waits_until(self, true: Callable[[History], object], most_s: float = _MOST_S) -> None:
        """Looks at the training until something is so; quicker than a page does."""
        running.wait_for(lambda: true(self.history), most_s, _LOOK_S)

    def is_told(self) -> tuple[float, str]:
        """Looks as a page does, once a second; the seconds until it says what is wrong, and that.

        Raises:
            TimeoutError: When it never does.
        """
        began = time.monotonic()

        def told() -> str:
            line = self.glances().get(self.page.train.line) or {}
            return str(line["text"]) if line.get("state") == "failed" else ""

        said = running.wait_for(told, 60.0, 1.0)
        return time.monotonic() - began, said

    def goes_on(self) -> History:
        """Presses "Go on" and waits for the end."""
        self.does(self.page.train.go_on, "click")
        return self.waits_for_the_end(_MOST_S)


class Report:
    """Prints what is found, and remembers what broke the promise."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def __call__(self, what: str, *, ok: bool, told: str) -> None:
        print(f"{what}: {told}{'' if ok else '  <-- NOT AS PROMISED'}", flush=True)
        if not ok:
            self.wrong.append(what)


def caching(history: History) -> bool:
    """Whether the frozen part is well under way."""
    told = history.cache
    return told is not None and told.what == "caching" and 0.5 < told.done / told.total < 0.9


def in_epoch(number: int) -> Callable[[History], object]:
    """Whether that epoch is under way, or a later one."""
    return lambda told: told.busy and len(told.epochs) >= number - 1


def checking(history: History) -> bool:
    """Whether all is learned and the best is being checked and saved."""
    return len(history.epochs) == history.epochs_planned and history.busy


def starts_of(run: Run) -> list[int]:
    """How many passes of the frozen part each start of a training began with, 0 for none."""
    totals: list[int] = []
    for event in events.read(run.path / "events.jsonl"):
        if isinstance(event, Started):
            totals.append(0)
        elif isinstance(event, CacheProgress) and event.what == "caching":
            totals[-1] = event.total
    return totals


class Kills:
    """One app, one set of pictures, and what an unbroken training of each kind looks like."""

    def __init__(self, app: running.App, report: Report) -> None:
        self.app, self.report = app, report
        self.pictures = visiting.pictures(_CLASSES, _EACH, seed=3)
        self._unbroken: dict[str, History] = {}

    def someone(self) -> Person:
        """Another person with the same pictures."""
        return Person(self.app).has(self.pictures)

    def unbroken(self, settings: dict[str, object]) -> History:
        """The same training without any kill, made once."""
        key = str(settings)
        if key not in self._unbroken:
            person = self.someone()
            person.starts(**settings)
            self._unbroken[key] = person.waits_for_the_end(_MOST_S)
            person.leaves()
        return self._unbroken[key]

    def worker(self) -> int:
        """The process that trains."""
        return running.wait_for(lambda: self.app.worker("worker-1"), 60.0)

    def in_training(
        self, what: str, settings: dict[str, object], moment: Callable[[History], object]
    ) -> None:
        """Kill the worker at a moment of a training, and go on."""
        unbroken, person = self.unbroken(settings), self.someone()
        person.starts(**settings)
        person.waits_until(moment)
        running.kill(self.worker())
        seconds, said = person.is_told()
        reached = len(person.history.epochs)
        self.report(what, ok=seconds < SAID_S, told=f"said after {seconds:.1f} s: {said}")
        self._goes_on(what, person, reached, person.goes_on(), unbroken)

    def _goes_on(
        self, what: str, person: Person, reached: int, ended: History, unbroken: History
    ) -> None:
        far, passes = apart(ended, unbroken), starts_of(person.run)
        again = sum(
            type(each).__name__ == "Epoch" for each in events.read(person.run.path / "events.jsonl")
        ) - len(ended.epochs)
        self.report(
            what,
            ok=ended.state == "finished" and far <= TOLERANCE and again <= 1,
            told=f"went on after epoch {reached}, {ended.state}; {again} epochs told again; "
            f"passes of the frozen part at each start: {passes}; curve apart by {far:.2g}",
        )
        first, second = passes[0], passes[-1]
        if not reached:
            self.report(what, ok=second < first, told=f"{second} of {first} passes were left to do")
        person.leaves()

    def page(self) -> None:
        """Kill the page; its worker goes on, and the next page shows it."""
        what, unbroken, person = "page, in an epoch", self.unbroken(FINE), self.someone()
        person.starts(**FINE)
        person.waits_until(in_epoch(2))
        worker, reached = self.worker(), len(person.history.epochs)
        ready_s = self._restart(worker)
        told = self.comes_back(person)
        running.kill(worker, signal.SIGCONT)
        lives = running.is_alive(worker)
        self.report(
            what,
            ok=lives and "Epoch" in told,
            told=f"open again after {ready_s:.1f} s, its worker {'lives' if lives else 'is gone'}, "
            f"the page says “{told}”",
        )
        ended = person.waits_for_the_end(_MOST_S)
        self._goes_on(what, person, reached, ended, unbroken)
        began = time.monotonic()
        try:
            running.wait_for(lambda: not running.is_alive(worker), _GONE_S, 0.1)
            self.report(
                what, ok=True, told=f"its worker ended {time.monotonic() - began:.1f} s later"
            )
        except TimeoutError:
            self.report(what, ok=False, told="its worker is left")

    def _restart(self, worker: int) -> float:
        """Kill the page and start it anew, seconds; the worker is held, so it isn't done before."""
        running.kill(worker, signal.SIGSTOP)
        self.app.kill()
        return self.app.start()

    def taken_up(self) -> None:
        """Kill the page, and then the worker that it left."""
        what, unbroken, person = "page, then worker", self.unbroken(FINE), self.someone()
        person.starts(**FINE)
        person.waits_until(in_epoch(2))
        worker = self.worker()
        self._restart(worker)
        self.comes_back(person)
        running.kill(worker)
        seconds, said = person.is_told()
        self.report(what, ok=seconds < SAID_S, told=f"said after {seconds:.1f} s: {said}")
        self._goes_on(what, person, len(person.history.epochs), person.goes_on(), unbroken)

    def both(self) -> None:
        """Kill both at once."""
        what, unbroken, person = "page and worker", self.unbroken(FINE), self.someone()
        person.starts(**FINE)
        person.waits_until(in_epoch(5))
        for pid in self.app.everything():
            running.kill(pid)
        self.app.kill()
        self.app.start()
        self.comes_back(person)
        seconds, said = person.is_told()
        self.report(what, ok=seconds < SAID_S, told=f"said after {seconds:.1f} s: {said}")
        self._goes_on(what, person, len(person.history.epochs), person.goes_on(), unbroken)

    def making(self) -> None:
        """Kill the process that makes a form of the model, once and then again."""
        person = self.finished()
        order, run = person.page.home.groups["other"], person.run
        for form, kills in (("onnx", 1), ("savedmodel", 2)):
            what = f"making {form}, killed {'once' if kills == 1 else 'twice'}"
            person.does(order, "picked", told={"id": form})
            for _ in range(kills):
                self._kill_soon(running.wait_for(lambda: self._maker(run), 120.0, 0.01), 0.1)
            seconds, told = self._waits_for_card(person, form)
            made = form in take_home.made(run)
            if kills == 1:
                ok, said = made, f"made all the same, {seconds:.1f} s after it"
            else:
                ok = not made and seconds < SAID_S and "ended" in told
                said = f"said after {seconds:.1f} s: {told}"
            left = [each.name for each in run.exports.glob(".part*")]
            self.report(what, ok=ok, told=f"{said}; left half done: {left}")

    def _maker(self, run: Run) -> int | None:
        """The living process that is at a form of a run."""
        named = [int(each.name.rpartition("-")[2]) for each in run.exports.glob(".part-*")]
        return next((pid for pid in named if running.is_alive(pid)), None)

    def _kill_soon(self, pid: int, delay_s: float) -> None:
        """Kill a process a moment later, and wait until it is gone."""
        time.sleep(delay_s)
        running.kill(pid)
        running.wait_for(lambda: not running.is_alive(pid), 10.0, 0.01)

    def _waits_for_card(self, person: Person, form: str) -> tuple[float, str]:
        """Looks at a form's card; the seconds until it is over, and what is wrong, if anything."""
        began, home = time.monotonic(), person.page.home

        def over() -> list[str]:
            shown = person.does(home.timer, "tick")[home.groups["other"]]
            card = next(each for each in shown["forms"] if each["id"] == form)
            whole = form in take_home.made(person.run)
            return [""] if whole else [str(card["told"])] if card["state"] == "failed" else []

        (told,) = running.wait_for(over, 120.0, 0.5)
        return time.monotonic() - began, told

    def answering(self) -> None:
        """Kill the process that answers while it looks at pictures."""
        person = self.finished()
        asked = person.uploads(visiting.pictures(3, _ASKED // 3, seed=5))
        answers = running.wait_for(lambda: self.app.worker("answers"), 60.0)
        killer = threading.Thread(target=self._kill_soon, args=(answers, 0.3))
        killer.start()
        began = time.monotonic()
        shown = person.does(person.page.test.drop, "uploaded", asked)
        seconds = time.monotonic() - began - 0.3
        killer.join()
        whole = shown[person.page.test.answers] or {}
        count = len(json.loads(whole.get("answers", "[]")))
        self.report(
            "answering pictures",
            ok=count == _ASKED,
            told=f"{count} of {_ASKED} answered all the same, {seconds:.1f} s after it",
        )

    def finished(self) -> Person:
        """Somebody whose training is done, of a few pictures."""
        person = Person(self.app).has(visiting.pictures(2, 6, seed=4))
        person.starts(**{**HEAD, "epochs": 2})
        person.waits_for_the_end(_MOST_S)
        return person

    def comes_back(self, person: Person) -> str:
        """The same browser loads the page anew; what is said about the training."""
        person.leaves()
        fresh = Person(self.app, token=person.token)
        person.__dict__.update(fresh.__dict__)
        person.arrives()
        line = person.glances().get(person.page.train.line) or {}
        return str(line.get("text", ""))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="run the parts whose name has this in it")
    parser.add_argument("--port", type=int, default=0)
    asked, report = parser.parse_args(), Report()
    with running.App(port=asked.port) as app:
        visiting.held_against(app)
        kills = Kills(app, report)
        parts: dict[str, Callable[[], None]] = {
            "caching": lambda: kills.in_training("worker, while it caches", HEAD, caching),
            "head": lambda: kills.in_training("worker, head learns", HEAD, in_epoch(15)),
            "fine": lambda: kills.in_training("worker, VGG16 learns too", FINE, in_epoch(6)),
            "checking": lambda: kills.in_training("worker, while it checks", HEAD, checking),
            "making": kills.making,
            "answering": kills.answering,
            "page": kills.page,
            "taken": kills.taken_up,
            "both": kills.both,
        }
        for name, part in parts.items():
            if asked.only in name:
                part()
    print(f"broke the promise: {', '.join(report.wrong) or 'nothing'}")
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main())
