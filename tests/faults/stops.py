"""Stop acts within one step and a second, whatever is under way, and leaves nothing behind.

``python tests/faults/stops.py [--only PART] [--jobs 20]``. Linux only. It takes some minutes.

The real app with visitors who press "Stop and keep the best" while it caches, while the head
learns, while VGG16 learns too (from what is cached, and from the pictures), while the best is
checked, and while the training waits in the queue. For each, printed: how long a step takes (the
longest time between two signs of life before), how long the page takes to pass the wish on, how
long after that the last sign of the work came, and when the training was over, its best kept and
saved. Then a worker that doesn't hear is
stopped a second time, one of this page and one that an earlier page has left. After each, the
worker's process has to be gone. So it has to be when a form of the model that is being made is
stopped, and "Would more pictures help?": nothing half made is left or offered, and asked for once
more, both are made.

Then as many tiny trainings as are asked for, one after another: the memory of the web process
after each, which may grow by less than 50 MB.
"""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import journey
import running
import visiting
from worker_kills import FINE, HEAD, Kills, Person, Report, caching, in_epoch

from gui.core import events
from gui.core.events import Batch, CacheProgress, Epoch, Event
from gui.core.history import History
from gui.core.runs import Run

ACTS_S = 1.0  # and a step
GROWTH_MB = 50.0
_GONE_S = 20.0
_AT_ONCE_S = 10.0
_LONG = 500  # epochs that nobody waits for: the most there are
_GAP_S = 0.5  # between two signs of life, see gui.engine.journal
Kind = tuple[type[Event], ...]
LEARNING: Kind = (Batch, Epoch)
PASSING: Kind = (CacheProgress,)
DIRECT = {**HEAD, "epochs": _LONG, "head_epochs": 1, "freeze_point": "block2_conv1"}
CHECKED = {**DIRECT, "epochs": 2, "head_epochs": 1, "validation_share": 0.5}


def signs(run: Run, kind: Kind) -> list[float]:
    """When there were signs of the work under way."""
    told = [each for each in events.read(run.path / "events.jsonl") if isinstance(each, kind)]
    last = getattr(told[-1], "what", "") if told else ""
    return [each.at for each in told if getattr(each, "what", "") == last]


def checking(history: History) -> bool:
    """Whether the best is being checked."""
    return history.cache is not None and history.cache.what == "checking"


def is_fine(history: History) -> bool:
    """Whether VGG16 learns too, and has for some steps: the first one takes longer."""
    fine = bool(history.phases) and history.phases[-1].phase == "fine"
    return fine and history.batch is not None and history.batch.batch >= 4


class Stops(Kills):
    """The app, and people who stop their trainings."""

    def stop(
        self,
        what: str,
        settings: dict[str, Any],
        moment: Callable[[History], object],
        kind: Kind,
    ) -> None:
        """Start, wait for a moment of the training, stop, and look what comes of it."""
        person = self.someone()
        person.starts(**settings)
        person.waits_until(moment)
        time.sleep(2.5 * _GAP_S if kind == LEARNING else 0)  # some more signs
        worker, before = self.worker(), signs(person.run, kind)
        memory_mb = running.memory_mb(worker)
        step_s = max((b - a for a, b in pairwise(before[-4:])), default=_GAP_S)
        took_s, asked_at = self._press(person)
        person.waits_until(lambda told: not told.busy)
        over_s = time.time() - asked_at
        last_s = max(0.0, signs(person.run, kind)[-1] - asked_at)
        history = person.history
        self.report(
            what,
            ok=last_s <= step_s + ACTS_S and history.state == "stopped",
            told=f"a step {step_s:.2f} s, the page took the wish in {took_s:.2f} s, still at it "
            f"{last_s:.2f} s after that, all over after {over_s:.2f} s ({history.state}, "
            f"{len(history.epochs)} epochs, {'kept' if history.finished else 'nothing to keep'})",
        )
        self.is_gone(what, worker, memory_mb)
        self._delete(person)

    def _press(self, person: Person) -> tuple[float, float]:
        """Press Stop; the seconds until the page has passed that on, and when it did."""
        run, pressed = person.run, time.time()
        click = threading.Thread(target=person.does, args=(person.page.train.stop, "click"))
        click.start()
        passed = running.wait_for(
            lambda: run.stop_requested_at or (not run.history.busy and time.time()), 120.0, 0.002
        )
        click.join()
        return passed - pressed, passed

    def is_gone(self, what: str, worker: int, memory_mb: float) -> None:
        """The process has to end, and its memory with it."""
        began = time.monotonic()
        try:
            running.wait_for(lambda: not running.is_alive(worker), _GONE_S, 0.05)
            told = (
                f"its process with {memory_mb:.0f} MB gone {time.monotonic() - began:.1f} s later"
            )
            self.report(what, ok=True, told=told)
        except TimeoutError:
            self.report(what, ok=False, told=f"process {worker} is still there")

    def waiting(self) -> None:
        """Take a training out of the queue."""
        first, second = self.someone(), self.someone()
        first.starts(**{**HEAD, "epochs": _LONG})
        first.waits_until(in_epoch(2))
        second.starts(**HEAD)
        pressed = time.time()
        second.does(second.page.train.stop, "click")
        over_s, state = time.time() - pressed, second.history.state
        self.report("waiting", ok=state == "stopped" and over_s < ACTS_S, told=f"{over_s:.2f} s")
        first.does(first.page.train.stop, "click")
        first.waits_for_the_end()
        self._delete(first)
        self._delete(second)

    def at_once(self, what: str, *, left: bool) -> None:
        """Stop a worker that hears nothing any more, which an earlier page may have left."""
        person = Person(self.app).has(visiting.pictures(2, 6, seed=4))
        person.starts(**{**HEAD, "epochs": _LONG})
        person.waits_until(in_epoch(2))
        worker = self.worker()
        running.kill(worker, signal.SIGSTOP)
        if left:
            self.app.kill()
            self.app.start()
            self.comes_back(person)
        memory_mb = running.memory_mb(worker)
        person.does(person.page.train.stop, "click")
        time.sleep(3.5)  # sooner, it would be a double click
        pressed = time.time()
        person.does(person.page.train.stop, "click")
        try:
            person.waits_until(lambda told: not told.busy, 30.0)
        except TimeoutError:
            running.kill(worker)
        over_s, failed = time.time() - pressed, person.history.failed
        said = failed.what if failed else person.history.state
        ok = over_s < _AT_ONCE_S and "stopped at once" in said
        self.report(what, ok=ok, told=f"{over_s:.2f} s after the second press: {said}")
        self.is_gone(what, worker, memory_mb)
        self._delete(person)

    def export(self) -> None:
        """Stop a form while it is made."""
        person = self.finished()
        order, run = person.page.home.groups["other"], person.run
        person.does(order, "picked", told={"kind": "make", "id": "savedmodel"})
        began = time.monotonic()
        maker = running.wait_for(lambda: self._maker(run), 120.0, 0.01)
        time.sleep(max(0.0, 1.1 - (time.monotonic() - began)))  # sooner, it is a double click
        memory_mb, pressed = running.memory_mb(maker), time.monotonic()
        shown = person.does(order, "picked", told={"kind": "stop", "id": "savedmodel"})
        running.wait_for(lambda: not running.is_alive(maker), _GONE_S, 0.01)
        over_s = time.monotonic() - pressed
        state = running.wait_for(lambda: self._settled(person, "savedmodel"), 10.0, 0.1)
        left = sorted(each.name for each in run.exports.iterdir() if each.name != "lock")
        ok = over_s < ACTS_S + 1 and state == "new" and not left and bool(shown)
        told = (
            f"its process with {memory_mb:.0f} MB gone after {over_s:.2f} s, {state}, left: {left}"
        )
        self.report("making a form", ok=ok, told=told)
        again = journey.makes(person, "savedmodel") or "made"
        self.report("making a form", ok=again == "made", told=f"asked for once more: {again}")
        self._delete(person)

    def _settled(self, person: Person, form: str) -> str:
        """How a form stands that is not under way; "" for one that is."""
        home = person.page.home
        shown = person.does(home.timer, "tick")[home.groups["other"]]
        state = next(each["state"] for each in shown["forms"] if each["id"] == form)
        return "" if state in ("waiting", "making") else str(state)

    def curve(self) -> None:
        """Stop "Would more pictures help?"."""
        person = Person(self.app).has(self.pictures)
        person.starts(**{**HEAD, "epochs": 8})
        person.waits_for_the_end()
        more, run = person.page.results.more, person.run
        asking = threading.Thread(target=person.does, args=(more.ask, "click"))
        asking.start()
        workshop = running.wait_for(lambda: self.app.worker("workshop"), 60.0, 0.05)
        running.wait_for(lambda: running.memory_mb(workshop) > 600, 60.0, 0.05)  # it learns
        memory_mb, pressed = running.memory_mb(workshop), time.monotonic()
        person.does(more.stop, "click")
        running.wait_for(lambda: not running.is_alive(workshop), _GONE_S, 0.01)
        over_s = time.monotonic() - pressed
        asking.join(60)
        left = run.learning_curve.exists()
        told = f"its process with {memory_mb:.0f} MB gone after {over_s:.2f} s, left: {left}"
        self.report("learning curve", ok=over_s < ACTS_S + 1 and not left, told=told)
        person.does(more.ask, "click")
        made = run.learning_curve.exists()
        self.report("learning curve", ok=made, told=f"asked for once more, made: {made}")
        self._delete(person)

    def flat(self, jobs: int) -> None:
        """One tiny training after another."""
        person = Person(self.app).has(visiting.pictures(2, 6, seed=4))
        tiny, told = {**HEAD, "epochs": 1}, []
        before = running.memory_mb(self.app.pid)
        print(f"web process before the first: {before:.1f} MB")
        for number in range(1, jobs + 1):
            person.starts(**tiny)
            ended = person.waits_for_the_end()
            told.append(running.memory_mb(self.app.pid))
            workers = len(self.app.workers())
            print(
                f"  {number}: {ended.state}, web process {told[-1]:.1f} MB, {workers} workers",
                flush=True,
            )
        most = max(told) - before
        self.report(
            f"{jobs} trainings", ok=most < GROWTH_MB, told=f"the web process grew by {most:.1f} MB"
        )

    def _delete(self, person: Person) -> None:
        person.does(person.page.runs.list, "picked", told={"kind": "delete", "id": person.run.id})
        person.leaves()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="", help="run the parts whose name has this in it")
    parser.add_argument("--jobs", type=int, default=20, help="trainings one after another")
    parser.add_argument("--port", type=int, default=0)
    asked, report = parser.parse_args(), Report()
    with running.App(port=asked.port) as app:
        visiting.held_against(app)
        stops = Stops(app, report)
        head, fine = {**HEAD, "epochs": _LONG}, {**FINE, "epochs": _LONG, "head_epochs": 1}
        parts: dict[str, Callable[[], None]] = {
            "caching": lambda: stops.stop("caching", head, caching, PASSING),
            "head": lambda: stops.stop("head learns", head, in_epoch(3), LEARNING),
            "fine": lambda: stops.stop("block 5 learns too", fine, is_fine, LEARNING),
            "direct": lambda: stops.stop("block 2 learns too, uncached", DIRECT, is_fine, LEARNING),
            "checking": lambda: stops.stop("checking", CHECKED, checking, PASSING),
            "waiting": stops.waiting,
            "deaf": lambda: stops.at_once("a worker that doesn't hear", left=False),
            "left": lambda: stops.at_once("one that an earlier page has left", left=True),
            "export": stops.export,
            "curve": stops.curve,
            "flat": lambda: stops.flat(asked.jobs),
        }
        for name, part in parts.items():
            if asked.only in name:
                part()
    print(f"broke the promise: {', '.join(report.wrong) or 'nothing'}")
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main())
