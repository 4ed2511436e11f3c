"""What the loss of a computer of a cluster costs a training. Linux only.

Two computers on loopback, as the README starts them, with the real weights.

1. One is lost (``kill -9`` of its ``dask worker``) in the middle of a frozen part that both do.
   Told are the rows that were stored twice (promised: those of one share at most). What is done of
   a share that is lost comes to less than that, and isn't stored.
2. The one that trains is lost in the middle of the epochs. Told are the epoch at which it was, the
   one at which the other began, and how far the curve is from one that nothing has interrupted.

It ends with 1 when something was lost, done twice beyond that, or is told as whole and isn't.

    python tests/faults/lost_computer.py --pictures 400 --epochs 40
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import running

sys.path.insert(0, str(running.ROOT / "tests" / "bench"))

import measure
import two_computers
from two_computers import Place

from gui.core.events import CacheProgress, Epoch, read
from gui.core.jobs import Jobs
from gui.core.runs import Run
from gui.engine import shares
from tests.cluster.computers import Computers, processes_of

PATIENCE_S = 900.0


def wait(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > until:
            sys.exit("waited in vain")
        time.sleep(0.02)


def trains(run: Run) -> int:
    """The id of the process that holds a run; 0 when none does."""
    return run.worker_pid or 0


def passed(run: Run) -> int:
    """How many passes of its frozen part are done."""
    told = [each for each in read(run.path / "events.jsonl") if isinstance(each, CacheProgress)]
    return max((each.done for each in told if each.what == "caching"), default=0)


def stored(run: Run) -> Counter[tuple[str, str]]:
    """How often each row is in the run's store: by shelf and digest of the picture."""
    found: Counter[tuple[str, str]] = Counter()
    for listed in Path(run.store).rglob("*.json"):
        content = json.loads(listed.read_text())
        found.update((str(listed.parent), digest) for digest in content.get("digests", ()))
    return found


def lose(computers: Computers, run: Run, *, training: bool) -> None:
    """Pull the plug of the computer that trains a run, or of another one."""
    for each in computers.joined:
        if each.poll() is None and (trains(run) in processes_of(each.pid)) == training:
            computers.lose(each)
            return
    sys.exit("no such computer")


def in_the_frozen_part(computers: Computers, jobs: Jobs, place: Place, size: int) -> bool:
    """Lose the computer that doesn't train at half; whether at most a share was done twice."""
    run = place.run(size, 2)  # a view of each training picture for each epoch
    began = time.monotonic()
    jobs.train(run, 2)
    total = len(run.split.train) * 2 + len(run.split.validation)
    wait(lambda: passed(run) >= total // 2)
    at, at_s = passed(run), time.monotonic() - began
    lose(computers, run, training=False)
    wait(lambda: not run.history.busy)
    counts = stored(run)
    twice = sum(counts.values()) - len(counts)
    print(
        f"lost in the frozen part at {at} of {total} passes, after "
        f"{at_s:.1f} s: {run.history.state} after {two_computers.frozen_s(run):.1f} s; "
        f"rows stored twice: {twice} (a share has {shares._SMALLEST})",
        flush=True,
    )
    return run.history.state == "finished" and twice <= shares._SMALLEST


def in_the_epochs(computers: Computers, jobs: Jobs, place: Place, size: int, epochs: int) -> bool:
    """Lose the computer that trains at a third; whether the other goes on as if nothing was."""
    whole, run = place.run(size, epochs), place.run(size, epochs)
    two_computers.train(jobs, [whole], epochs)
    jobs.train(run, epochs)
    wait(lambda: run.history.epochs and len(run.history.epochs) >= epochs // 3)
    lost = trains(run)
    lose(computers, run, training=True)
    lost_at = time.monotonic()
    wait(lambda: not Path(f"/proc/{lost}").exists())
    at = len(run.history.epochs)
    wait(lambda: len(run.history.epochs) > at or not run.history.busy)
    back_s = time.monotonic() - lost_at
    wait(lambda: not run.history.busy)
    told = [e for e in read(run.path / "events.jsonl") if isinstance(e, Epoch)]
    again = len(told) - len(run.history.epochs)
    apart = max(
        abs(a.loss - b.loss) for a, b in zip(whole.history.epochs, run.history.epochs, strict=True)
    )
    print(
        f"lost after epoch {at} of {epochs}: {run.history.state}; the next epoch came after "
        f"{back_s:.1f} s from another computer, {again} epochs were learned twice; "
        f"losses apart by {apart:.1e} at most",
        flush=True,
    )
    return run.history.state == "finished" and again <= 1 and apart < 1e-4


def main() -> int:
    parser = measure.arguments(__doc__)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--size", type=int, default=128, help="side of the pictures, in px")
    parser.add_argument("--epochs", type=int, default=40)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder, ExitStack() as stack:
        place = Place(folder / "runs", two_computers.draw(folder / "p", chosen.pictures // 2))
        few = Place(folder / "few", two_computers.draw(folder / "few-p", 30))
        computers, jobs = two_computers.cluster(stack, folder, 2)
        kept = [in_the_frozen_part(computers, jobs, place, chosen.size)]
        os.sched_setaffinity(computers.join().pid, {0, 1})
        computers.wait_for(2)
        kept.append(in_the_epochs(computers, jobs, few, chosen.size, chosen.epochs))
    print("as promised" if all(kept) else "NOT as promised")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
