"""Where the seconds of a whole run go: a table from a fresh run's events and Python's import times.

The run is ``python -m gui train``, head only unless told otherwise. No figure is promised: this is
the profile to look at when one is missed.
"""

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence

import measure
import picture_sets

from gui.core import events
from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Event,
    Finished,
    PhaseChanged,
)

WORK = {
    "reading": "reading pictures",
    "caching": "frozen part (decoding included)",
    "checking": "checking the kept model",
}


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--freeze-point", default="head")
    parser.add_argument("--imports", type=int, default=8, help="how many of the slowest to list")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        flags = ("--freeze-point", chosen.freeze_point, "--epochs", chosen.epochs,
                 "--image-size", chosen.image_size, "--patience", 0)  # fmt: skip
        done = measure.train(pictures, folder / "run", *flags)
        told = list(events.read(folder / "run" / "events.jsonl"))
        looking, importing = ingest_s(pictures), import_s(chosen.imports)
    rows = parts(told, done)
    print(f"\n{'part':48} seconds   share")
    for name, seconds in rows.items():
        print(f"{name:48} {seconds:7.2f} {100 * seconds / done.seconds:6.1f} %")
    print(f"{'whole process':48} {done.seconds:7.2f}  100.0 %")
    print("\nof the first part, each alone:")
    print(f"  importing the worker: {importing[0]:.2f} s; the slowest below TensorFlow and Keras:")
    for name, seconds in importing[1]:
        print(f"    {name:40} {seconds:6.2f} s with all it imports")
    print(f"  looking at every picture: {looking:.2f} s")


def parts(told: Sequence[Event], done: measure.Measured) -> dict[str, float]:
    """Seconds between one event and the next, added up by what happened meanwhile."""
    found: dict[str, float] = defaultdict(float)
    before, phase = done.began_at, "head"
    for event in told:
        match event:
            case _ if not found:  # whichever comes first
                what = "start: Python, imports, pictures, weights"
            case CacheProgress():
                what = WORK[event.what]
            case PhaseChanged():
                what, phase = "building, compiling", event.phase
            case Batch() | Epoch():
                what = f"epochs ({phase})"
            case Evaluated():
                what = WORK["checking"]
            case Finished():
                what = "writing the model"
            case _:
                what = "preparing"
        found[what] += event.at - before
        before = event.at
    found["end of the process"] = done.ended_at - before
    return found


def ingest_s(pictures) -> float:
    """Seconds of looking at every picture before a training."""
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from gui.core import ingest\n"
        "began = time.perf_counter()\n"
        "ingest.read(ingest.walk(Path(sys.argv[1])), Path(sys.argv[1]))\n"
        "print(time.perf_counter() - began)"
    )
    return float(measure.python("-c", script, pictures).printed)


def import_s(count: int) -> tuple[float, list[tuple[str, float]]]:
    """Seconds of importing the worker, and the imports below TensorFlow that take longest."""
    nothing = measure.python("-c", "pass").seconds
    whole = measure.python("-c", "import gui.engine.worker").seconds - nothing
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import tensorflow, keras"],
        cwd=measure.ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = re.findall(r"import time: +\d+ \| +(\d+) \| +(\S+)", done.stderr)
    slowest = sorted(((int(us) / 1e6, name) for us, name in lines), reverse=True)
    return whole, [(name, seconds) for seconds, name in slowest[:count]]


if __name__ == "__main__":
    main()
