"""Two devices against one: the same trainings from the command line, loss by loss, and their time.

There is no machine with two graphics processors here, so TensorFlow takes the processor for two
devices (``on_devices.py``); the frozen part runs in TensorFlow on both sides. The sample pictures
are learned by the head alone, by the classic head, with block 5 in two views, and from the pictures
themselves with augmentation; the last batch is short and odd. One training is killed half-way on
one device and goes on on two, another the other way round. Promised: no loss is further apart than
1e-4. Two devices add up in another order, so weights differ in their last bits from the first step
on, and what learns from pictures blows that up as it goes on: there it is one epoch of such steps.

The time says what sharing costs, not what it gains: both devices are the same processor.

``python tests/bench/two_devices.py`` takes some minutes and ends with 1 when a promise is broken.
"""

import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import measure

from gui.core import runs
from gui.core.runs import Run

SCRIPT = Path(__file__).with_name("on_devices.py")
MOST = 1e-4
SMALL = ("--image-size", "64", "--batch-size", "7", "--patience", "0")
BLOCK_5 = ("--epochs", "6", "--head-epochs", "3", "--freeze-point", "block5_conv1")
TRAININGS = {
    "head": ("--epochs", "6", "--views", "2"),
    "classic head": ("--epochs", "2", "--views", "1", "--head", "classic"),
    "block 5": (*BLOCK_5, "--views", "2"),
    "pictures": ("--epochs", "2", "--head-epochs", "1", "--freeze-point", "block2_conv1"),
}


def main() -> int:
    parser = measure.arguments(__doc__)
    parser.add_argument("--each", type=int, default=12, help="sample pictures of each class")
    parser.add_argument("--only", choices=TRAININGS, help="one of the trainings")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    broken = 0
    with measure.scratch() as folder:
        pictures = few(folder / "pictures", chosen.each)
        for name, settings in TRAININGS.items():
            if chosen.only in (None, name):
                broken += compare(name, pictures, folder, settings)
        if chosen.only is None:
            for first, second in ((1, 2), (2, 1)):
                broken += taken_up(pictures, folder, first, second)
    return 1 if broken else 0


def few(folder: Path, each: int) -> Path:
    """So many of the sample pictures of each class."""
    for label in sorted((measure.ROOT / "assets" / "samples").iterdir()):
        if label.is_dir():
            (folder / label.name).mkdir(parents=True)
            for path in sorted(label.iterdir())[:each]:
                shutil.copy(path, folder / label.name)
    return folder


def command(count: int, pictures: Path, into: Path, settings: Sequence[str]) -> list[str]:
    """A training on so many devices."""
    there = [sys.executable, str(SCRIPT), str(count), "train", str(pictures), "--run", str(into)]
    return [*there, *SMALL, *settings]


def compare(name: str, pictures: Path, folder: Path, settings: Sequence[str]) -> bool:
    """Train on one device and on two; whether the promise is broken."""
    told = []
    for count in (1, 2):
        into = folder / f"{name} {count}"
        measure.run(command(count, pictures, into, settings))
        told.append(runs.find(into))
    print(f"\n{name}: {' '.join(settings)}")
    apart = show(*told)
    one, two = (seconds(each) for each in told)
    print(f"an epoch on one {one:.2f} s, on two {two:.2f} s: {two / one:.2f}x of the time")
    measure.verdict("largest difference of a loss", apart, MOST, unit="", most=True)
    return apart > MOST


def show(one: Run, two: Run) -> float:
    """Print the losses of both; the largest difference."""
    print("epoch  phase  loss on one  on two      val_loss on one  on two      difference")
    largest = 0.0
    for a, b in zip(one.history.epochs, two.history.epochs, strict=True):
        apart = max(abs(a.loss - b.loss), abs(a.val_loss - b.val_loss))
        largest = max(largest, apart)
        print(
            f"{a.epoch:5}  {a.phase:5}  {a.loss:<11.7f}  {b.loss:<10.7f}  "
            f"{a.val_loss:<15.7f}  {b.val_loss:<10.7f}  {apart:.1e}"
        )
    return largest


def seconds(run: Run) -> float:
    """Of an epoch that isn't the first of its phase, which also traces; else of any."""
    history = run.history
    first = {each.epoch for each in history.phases}
    later = [each.seconds for each in history.epochs if each.epoch not in first]
    return statistics.median(later or [each.seconds for each in history.epochs])


def taken_up(pictures: Path, folder: Path, first: int, second: int) -> bool:
    """Kill a training on so many devices, go on on so many others, compare with one in one go."""
    settings = TRAININGS["block 5"]
    into = folder / f"from {first} to {second}"
    killed = subprocess.Popen(
        command(first, pictures, into, settings),
        cwd=measure.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 600
    while epochs(into) < 4:  # one of the second phase is over
        if killed.poll() is not None or time.monotonic() > deadline:
            killed.kill()
            sys.exit("It ended before it could be killed.")
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done = epochs(into)
    measure.run(command(second, pictures, into, settings))
    print(f"\nkilled on {first} after epoch {done}, gone on with on {second}:")
    apart = show(runs.find(folder / "block 5 1"), runs.find(into))
    measure.verdict("largest difference of a loss", apart, MOST, unit="", most=True)
    return apart > MOST


def epochs(into: Path) -> int:
    """How many are told so far."""
    return len(runs.find(into).history.epochs) if (into / "run.json").exists() else 0


if __name__ == "__main__":
    sys.exit(main())
