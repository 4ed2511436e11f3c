"""Is a training as long and as large as it was planned? Promised: within 30 %.

Each configuration is trained by the command line, which measures the machine first; the seconds run
from its start event to its last event, the memory is the worker's most. For numbers that mean
something, let nothing else compute meanwhile.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import measure
import picture_sets

from gui.core import events
from gui.core.events import Finished, Started
from gui.core.history import History, fold

PROMISED = 30  # per cent
CONFIGURATIONS = {
    "head": "--epochs 20",
    "head-4-views": "--epochs 8 --views 4 --image-size 224",
    "block5": "--freeze-point block5_conv1 --epochs 4 --head-epochs 2",
    "block4": "--freeze-point block4_conv1 --epochs 3 --head-epochs 1",
    "block3-small": "--freeze-point block3_conv1 --epochs 2 --head-epochs 1 --image-size 96",
    "block1-small": "--freeze-point block1_conv1 --epochs 2 --head-epochs 1 --image-size 96",
    "classic": "--head classic --epochs 4 --image-size 160",
}


@dataclass(frozen=True)
class Compared:
    """Seconds and bytes of one training."""

    planned_s: float
    taken_s: float
    planned_bytes: int
    taken_bytes: float

    @property
    def ratio(self) -> float:
        return self.taken_s / self.planned_s

    @property
    def memory_ratio(self) -> float:
        return self.taken_bytes / self.planned_bytes


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser, default="samples")
    parser.add_argument("--only", nargs="+", choices=CONFIGURATIONS, default=[*CONFIGURATIONS])
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        found = {each: train(pictures, folder / each, each) for each in chosen.only}
    worst_s = max(abs(each.ratio - 1) for each in found.values())
    worst_bytes = max(abs(each.memory_ratio - 1) for each in found.values())
    for what, worst in (("seconds", worst_s), ("memory", worst_bytes)):
        measure.verdict(f"{what}: at worst off by", 100 * worst, PROMISED, unit=" %", most=True)


def train(pictures: Path, into: Path, name: str) -> Compared:
    """One configuration, planned and trained."""
    done = measure.train(pictures, into, "--patience", 0, *CONFIGURATIONS[name].split())
    told = list(events.read(into / "events.jsonl"))
    history = fold(told)
    began_at = next(each.at for each in told if isinstance(each, Started))
    ended_at = next(each.at for each in told if isinstance(each, Finished))
    compared = made(history, ended_at - began_at, done.peak_mb * 1e6)
    print(
        f"{name:14} planned {compared.planned_s:6.1f} s, took {compared.taken_s:6.1f} s "
        f"({compared.ratio:.2f}); planned {compared.planned_bytes / 1e6:5.0f} MB, took "
        f"{compared.taken_bytes / 1e6:5.0f} MB ({compared.memory_ratio:.2f})",
        flush=True,
    )
    pieces(history, told, began_at)
    return compared


def made(history: History, taken_s: float, peak_bytes: float) -> Compared:
    if history.planned is None:
        sys.exit("The training has no plan.")
    if history.measured:
        taken_s = history.measured.seconds
        peak_bytes = history.measured.peak_bytes or peak_bytes
    planned_s = history.planned.seconds(len(history.epochs))
    return Compared(planned_s, taken_s, history.planned.peak_bytes, peak_bytes)


def pieces(history: History, told: list[events.Event], began_at: float) -> None:
    """Where the difference lies: caching, epochs of each phase, the rest."""
    planned = history.planned
    if planned is None:
        return
    cached_at = max(
        (each.at for each in told if isinstance(each, events.CacheProgress)
         and each.what != "checking"),
        default=began_at,
    )  # fmt: skip
    line = f"{'':14} caching {planned.caching_s:.1f} -> {cached_at - began_at:.1f} s"
    for phase, epoch_s in (("head", planned.head_epoch_s), ("fine", planned.fine_epoch_s)):
        taken = sorted(each.seconds for each in history.epochs if each.phase == phase)
        if taken:
            line += f"; {phase} epoch {epoch_s:.2f} -> {taken[len(taken) // 2]:.2f} s"
    print(f"{line}; rest {planned.rest_s:.1f} s", flush=True)


if __name__ == "__main__":
    main()
