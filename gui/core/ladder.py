"""A ladder: several freeze points on the same pictures, divided in the same way, one by one.

Each rung is an ordinary run with a folder of its own; they differ in the freeze point only. The
ladder itself is one file that names them::

    {"version": 1, "title": ..., "created_at": ..., "points": ["head", ...], "runs": ["<id>", ...]}
"""

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from gui.core import accuracy, events, files, runs, vgg16
from gui.core.accuracy import Accuracy
from gui.core.config import Config
from gui.core.errors import FreezepointError, PicturesError, RunError, SettingError
from gui.core.events import CacheProgress, Event, Failed, Finished, History, Queued, Started
from gui.core.runs import LadderMark, Run
from gui.core.split import Split

OFFERED = ("head", "block5_conv3", "block5_conv1", "block4_conv1", "block3_conv1", "block1_conv1")
USUAL = OFFERED[:4]  # the others take an hour where these take minutes
_FEWEST = 2


@dataclass(frozen=True)
class Ladder:
    """Which runs are compared.

    Attributes:
        id: 16 hex digits.
        title: The classes in a few words.
        created_at: Seconds since 1970.
        points: The freeze point of each rung, the one that learns least first.
        runs: The run of each rung: the name of its folder.
    """

    id: str
    title: str
    created_at: float
    points: tuple[str, ...]
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Rung:
    """One freeze point of a ladder, and what came of it.

    Attributes:
        point: The freeze point.
        run_id: The name of its run's folder.
        history: What happened; None when the run was deleted or can't be read any more.
        learning: How many parameters learn, or None with the history.
        seconds: How long it was worked on.
        preparing_s: How much of that went into pictures and the frozen part, before any learning.
    """

    point: str
    run_id: str
    history: History | None
    learning: int | None = None
    seconds: float = 0.0
    preparing_s: float = 0.0

    @property
    def busy(self) -> bool:
        """Whether it waits or runs."""
        return self.history is not None and self.history.busy

    @property
    def done(self) -> bool:
        """Whether it has a result to compare."""
        return bool(self.history and self.history.finished and self.accuracy)

    @property
    def accuracy(self) -> Accuracy | None:
        """How many of the pictures kept for checking its best epoch got right, so far."""
        told = self.history
        if told is None:
            return None
        if told.evaluated and not told.busy:
            return accuracy.measured(told.evaluated.accuracy, told.evaluated.pictures)
        if told.best and told.started:
            return accuracy.measured(told.best.val_accuracy, told.started.validation_pictures)
        return None

    @property
    def name(self) -> str:
        """The freeze point for a person."""
        return name(self.point)


def name(point: str) -> str:
    """A freeze point for a person: "head only" or the layer's name."""
    return "head only" if point == vgg16.HEAD_ONLY else point


def choose(points: Iterable[str]) -> tuple[str, ...]:
    """The freeze points as rungs: the one that learns least first, equivalent ones once.

    Raises:
        SettingError: When one is no freeze point, or fewer than two differ.
    """
    distinct: dict[str, str] = {}
    for point in points:
        distinct.setdefault(vgg16.first_learning(point), point)
    if len(distinct) < _FEWEST:
        raise SettingError(
            f"{len(distinct)} freeze point{'s' if len(distinct) != 1 else ''} can't be compared.",
            "Choose two or more that differ (block4_pool and block5_conv1 are the same).",
        )
    return tuple(sorted(distinct.values(), key=vgg16.position, reverse=True))


def at(config: Config, point: str) -> Config:
    """The settings of a rung: everything as it is, but for the freeze point."""
    return replace(config, model=replace(config.model, freeze_point=point))


def create(
    ladder: Ladder,
    folders: Sequence[Path],
    config: Config,
    divided: Split,
    pictures: Path,
    store: Path,
) -> list[Run]:
    """Make the run folder of every rung, or none.

    Args:
        ladder: Its points, and when it was asked for.
        folders: Where each rung's run goes.
        config: Every setting; the freeze point is that of each rung.
        divided: Which picture learns and which checks, the same for all.
        pictures: The folder that the split's paths start from.
        store: Folder of features that all rungs share.

    Raises:
        RunError: When there is a run in a folder already.
        DiskFull: When there is no room.
    """
    made: list[Run] = []
    mark = LadderMark(ladder.id, ladder.points)
    try:
        for place, (point, folder) in enumerate(zip(ladder.points, folders, strict=True)):
            chosen = at(config, point)
            title = runs.title(chosen, divided.labels)
            asked_at = ladder.created_at + place / 1000  # a restart queues them in this order
            made.append(
                runs.create(folder, chosen, divided, pictures, title, asked_at, store, mark)
            )
    except BaseException:
        for run in made:
            runs.delete(run)
        raise
    return made


def save(ladder: Ladder, path: Path) -> None:
    """Write the ladder to a JSON file in one step.

    Raises:
        DiskFull: When there is no room.
    """
    stored = {
        "version": 1,
        "id": ladder.id,
        "title": ladder.title,
        "created_at": ladder.created_at,
        "points": list(ladder.points),
        "runs": list(ladder.runs),
    }
    files.write_json(path, stored)


def load(path: Path) -> Ladder:
    """The ladder in a file that :func:`save` wrote.

    Raises:
        RunError: When the file isn't there or holds anything else.
    """
    try:
        with files.checked():
            stored = files.version_1(files.read_json(path))
            mark = runs.mark(stored)
            ids = tuple(map(files.below, stored["runs"]))
            created_at = float(stored["created_at"])
            if len(ids) != len(mark.points) or not math.isfinite(created_at):
                raise ValueError(f"{len(ids)} runs at {created_at}")
            return Ladder(mark.id, files.text(stored["title"]), created_at, mark.points, ids)
    except PicturesError as error:
        raise RunError("This comparison can't be read.", "Start another one.") from error


def rungs(ladder: Ladder, find: Callable[[str], Run]) -> tuple[Rung, ...]:
    """What came of every rung, in order.

    Args:
        ladder: Which runs.
        find: The run of a folder's name; raises a FreezepointError when there is none.
    """
    pairs = zip(ladder.points, ladder.runs, strict=True)
    return tuple(_rung(point, run_id, find) for point, run_id in pairs)


def _rung(point: str, run_id: str, find: Callable[[str], Run]) -> Rung:
    with suppress(FreezepointError):
        run = find(run_id)
        history, model = run.history, run.config.model
        counts = vgg16.count(point, model.head, model.image_size, _classes(run))
        seconds, preparing_s = _spent_on(run)
        return Rung(point, run_id, history, counts.trainable, seconds, preparing_s)
    return Rung(point, run_id, None)


def spent(told: Iterable[Event]) -> tuple[float, float]:
    """How long a run was worked on, breaks left out, and how much of it before any learning.

    Args:
        told: The run's events.

    Returns:
        Seconds from each start to what was told last, and those of them that led to progress in
        reading pictures and in passing them through the frozen part.
    """
    seconds, preparing_s, before = 0.0, 0.0, None
    for event in told:
        if isinstance(event, Queued):
            before = None  # it waits
        elif isinstance(event, Started):
            before = event.at
        elif before is not None and not isinstance(event, Failed):  # told late, after a crash
            passed = max(0.0, event.at - before)
            seconds += passed
            if isinstance(event, CacheProgress) and event.what != "checking":
                preparing_s += passed
            before = None if isinstance(event, Finished) else event.at
    return seconds, preparing_s


@lru_cache(maxsize=256)  # a split never changes, and it names every picture
def _classes(run: Run) -> int:
    return len(run.split.labels)


def _spent_on(run: Run) -> tuple[float, float]:
    path = run.path / "events.jsonl"
    if not path.exists():
        return 0.0, 0.0
    told = path.stat()
    return _read(path, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=256)  # the page looks every second; the file only ever grows
def _read(path: Path, size_bytes: int, changed_ns: int) -> tuple[float, float]:
    del size_bytes, changed_ns
    return spent(events.read(path))
