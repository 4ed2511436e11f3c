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

from gui.core import files, ladder_mark, new_run, runs, vgg16
from gui.core.config import Config
from gui.core.errors import FreezepointError, PicturesError, RunError, SettingError
from gui.core.ladder_mark import LadderMark
from gui.core.rung import Rung, spent_on
from gui.core.runs import Run
from gui.core.split import Split
from gui.words import say

OFFERED = ("head", "block5_conv3", "block5_conv1", "block4_conv1", "block3_conv1", "block1_conv1")
USUAL = OFFERED[:4]  # the others take an hour where these take minutes
QUICK = OFFERED[:3]  # the fourth takes longer than these together, so a person ticks it on purpose
FEWEST = 2  # so many that differ make a comparison


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


def choose(points: Iterable[str]) -> tuple[str, ...]:
    """The freeze points as rungs: the one that learns least first, equivalent ones once.

    Raises:
        SettingError: When one is no freeze point, or fewer than two differ.
    """
    distinct: dict[str, str] = {}
    for point in points:
        distinct.setdefault(vgg16.first_learning(point), point)
    if len(distinct) < FEWEST:
        raise SettingError(
            say(
                "1 freeze point can't be compared."
                if len(distinct) == 1
                else "{n} freeze points can't be compared.",
                n=len(distinct),
            ),
            say("Choose two or more that differ (block4_pool and block5_conv1 are the same)."),
        )
    return tuple(sorted(distinct.values(), key=vgg16.position, reverse=True))


def at(config: Config, point: str) -> Config:
    """The settings of a rung: everything as it is, but for the freeze point."""
    return replace(config, model=replace(config.model, freeze_point=point))


def each_at(config: Config, points: Iterable[str]) -> dict[str, Config]:
    """The settings of every rung, by its freeze point."""
    return {point: at(config, point) for point in points}


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
            title = new_run.title(chosen, divided.labels)
            asked_at = ladder.created_at + place / 1000  # a restart queues them in this order
            made.append(
                new_run.create(folder, chosen, divided, pictures, title, asked_at, store, mark)
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
            mark = ladder_mark.read(stored)
            ids = tuple(map(files.below, stored["runs"]))
            created_at = float(stored["created_at"])
            if len(ids) != len(mark.points) or not math.isfinite(created_at):
                raise ValueError(f"{len(ids)} runs at {created_at}")
            return Ladder(mark.id, files.text(stored["title"]), created_at, mark.points, ids)
    except PicturesError as error:
        raise RunError(say("This comparison can't be read."), say("Start another one.")) from error


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
        seconds, preparing_s = spent_on(run)
        return Rung(point, run_id, history, counts.trainable, seconds, preparing_s)
    return Rung(point, run_id, None)


@lru_cache(maxsize=256)  # a split never changes, and it names every picture
def _classes(run: Run) -> int:
    return len(run.split.labels)
