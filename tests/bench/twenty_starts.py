"""Twenty people press Start at once, each twice: one job each; all see their place and time.

Starts the real app, lets twenty visitors bring tiny pictures of their own, and all of them press
Start, twice at the same moment. One of them has a comparison of four freeze points. Prints what
each is told, and for the first that end when it was foretold and when it really began. Exits with 1
when somebody has another number of jobs than one (the comparison: four), when the places aren't
those in which people take turns, or when somebody isn't told a time.

    python tests/bench/twenty_starts.py [--people 20] [--ends 3] [--port 7820]
"""

import argparse
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

import running
import visiting

POINTS = ["head", "block5_conv3", "block5_conv1", "block4_conv1"]


def main() -> int:
    """Run it; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--ends", type=int, default=3, help="trainings to wait for")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    with running.App("--public", port=chosen.port) as app:
        visiting.held_against(app)
        first = visiting.Visitor(app)  # so that it is known how long one takes here
        first.arrives()
        first.chooses(visiting.pictures(2, 6))
        first.starts(epochs=2, image_size=64)
        first.waits_for_the_end(600)
        people = [visiting.Visitor(app) for _ in range(chosen.people)]
        for someone in people:
            someone.arrives()
            someone.chooses(visiting.pictures(2, 6))
        problems = look(people, chosen.ends)
    print("\n".join(problems) if problems else "as promised")
    return 1 if problems else 0


def look(people: list[visiting.Visitor], ends: int) -> list[str]:
    """Let all of them start, and look at what each is told; what isn't as promised."""
    compares, *others = people
    press([lambda: compare(compares)])
    began = time.time()
    tabs = [tab for each in others for tab in (each, visiting.Visitor(each.app, each.token))]
    press([lambda tab=tab: start(tab) for tab in tabs])  # a double click, as two tabs send it
    print(f"{len(people)} people have started within {time.time() - began:.1f} s")
    problems = []
    for someone in people:
        expected = len(POINTS) if someone is compares else 1
        if (found := len(someone.owner.runs())) != expected:
            problems.append(f"{found} trainings of one person instead of {expected}")
    told = {each.token: tell(each) for each in others}
    for line in told.values():
        print(f"  {line}")
    waiting = [line for line in told.values() if "in about" in line]
    if len(waiting) < len(others) - 1:
        problems.append(f"{len(waiting)} of {len(others)} are told when their training starts")
    return problems + foretold(compares, others, began, ends)


def foretold(
    compares: visiting.Visitor, others: list[visiting.Visitor], began: float, ends: int
) -> list[str]:
    """Wait until some have begun, and hold against each other what was foretold and what came."""
    problems, errors = [], []
    order = sorted(others, key=lambda each: each.owner.open_run.history.last_at)
    foretold_s = {each.token: eta_s(each) for each in order}
    for someone in order[:ends]:
        run = someone.owner.open_run
        running.wait_for(lambda run=run: run.history.started, 600, 0.5)
        really_s = run.history.started.at - began
        if (eta := foretold_s[someone.token]) is not None:
            errors.append(abs(eta - really_s))
            print(f"  foretold {eta:.0f} s, began after {really_s:.0f} s")
    begun = [run for run in compares.owner.runs() if run.history.started]
    if len(begun) > 1:
        problems.append(f"{len(begun)} freeze points of one person began before others had a turn")
    if errors:
        print(f"  off by {statistics.median(errors):.0f} s in the median")
    return problems


def start(someone: visiting.Visitor) -> None:
    """Press Start once."""
    try:
        someone.starts(epochs=2, image_size=64)
    except visiting.RefusedError as error:
        if "You have a training under way already." not in str(error):
            raise


def compare(someone: visiting.Visitor) -> None:
    """Press Compare with four freeze points."""
    controls = {**someone.page.model.settings, **someone.page.train.settings}
    known = zip(controls, someone.settings(epochs=2, image_size=64), strict=True)
    settings = [value for name, value in known if name != "freeze_point"]
    someone.does(someone.page.ladder.start, "click", *settings, POINTS)


def press(calls) -> None:
    """All at the same moment."""
    at_once = threading.Barrier(len(calls))

    def press_one(call) -> None:
        at_once.wait()
        try:
            call()
        except Exception as error:  # what came of it is looked at afterwards
            print(f"  {type(error).__name__}: {error}", file=sys.stderr)

    threads = [threading.Thread(target=press_one, args=(call,)) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def tell(someone: visiting.Visitor) -> str:
    """The line of progress that this person reads."""
    shown = someone.glances()[someone.page.train.line]
    line = shown.get("value", shown) if isinstance(shown, dict) else shown
    return str(line["text"])


def eta_s(someone: visiting.Visitor) -> float | None:
    """Seconds until it starts, as this person is told; None when they aren't."""
    _, _, told = tell(someone).partition("in about ")
    units = {"s": 1, "min": 60, "h": 3600}
    words = told.split()
    pairs = list(zip(words[::2], words[1::2], strict=False))
    return sum(float(n) * units[unit] for n, unit in pairs) if pairs else None


if __name__ == "__main__":
    sys.exit(main())
