"""A run is a folder, and the folder is the only truth about it.

::

    run.json        title, when it was asked for, where the pictures are
    config.json     every setting
    split.json      which picture learns, which checks
    events.jsonl    what happened, append-only
    checkpoint.npz  where to go on after a break       best.npz   the best weights so far
    features/       the pictures at their size, and what the frozen part made of them
    model.keras, labels.txt    the result
    stop            asks the worker to stop            lock       held by the worker that is at it
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from gui.core import events, files, split, vgg16
from gui.core.config import Config
from gui.core.errors import FreezepointError, RunError, disk_full
from gui.core.events import Event, History
from gui.core.split import Split

Clock = Callable[[], float]  # seconds since 1970

# All that reading a file that is missing, damaged or made to do harm can raise.
_DAMAGE = (
    OSError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
    OverflowError,
)

_LADDER = re.compile(r"[0-9a-f]{16}")
_LAST_S = 1e11  # seconds since 1970 until the year 5138: any later time is damage
_LOOK_S = 1.0  # who only looks whether a run is worked on has its lock for far less


@dataclass(frozen=True)
class About:
    """What a person reads in the list of runs. ``created_at``: seconds since 1970."""

    title: str
    created_at: float


@dataclass(frozen=True)
class LadderMark:
    """Says that a run is a rung of a ladder, see ``core.ladder``.

    Attributes:
        id: The ladder's.
        points: The freeze points of all its rungs, in their order.
    """

    id: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """A run folder. Making this value neither creates nor checks the folder."""

    path: Path

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def checkpoint(self) -> Path:
        """Where to go on after a break."""
        return self.path / "checkpoint.npz"

    @property
    def best(self) -> Path:
        """The best weights so far, those that learn only."""
        return self.path / "best.npz"

    @property
    def store(self) -> Path:
        """Folder of what the frozen part makes of pictures, shared with other runs.

        Raises:
            RunError: When the folder is no run.
        """
        with _whole():
            where = _read(self.path / "run.json").get("store", "features")
            return Path(os.path.normpath(self.path / files.text(where)))

    @property
    def model(self) -> Path:
        """The finished model, for plain Keras."""
        return self.path / "model.keras"

    @property
    def labels(self) -> Path:
        """Class names, one a line, in the order of the model's outputs."""
        return self.path / "labels.txt"

    @property
    def about(self) -> About:
        """Title and time.

        Raises:
            RunError: When the folder is no run.
        """
        with _whole():
            stored = _read(self.path / "run.json")
            created_at = float(str(stored["created_at"]))
            if not 0 <= created_at < _LAST_S:
                raise ValueError(f"created_at is {created_at}")
            return About(str(stored["title"]), created_at)

    @property
    def readable(self) -> bool:
        """Whether the folder tells what run it is."""
        try:
            read = (self.about, self.config, self.history, self.ladder)  # each, or it raises
            return bool(read) and not (self.path / "lock").is_dir()
        except FreezepointError:
            return False

    @property
    def ladder(self) -> LadderMark | None:
        """The ladder that it is a rung of; None when it stands alone.

        Raises:
            RunError: When what is said about it can't be read.
        """
        with _whole():
            stored = _read(self.path / "run.json").get("ladder")
            return mark(stored) if stored is not None else None

    @property
    def pictures_root(self) -> Path:
        """The folder that the split's picture paths start from.

        Raises:
            RunError: When the folder is no run.
        """
        with _whole():
            where = files.text(_read(self.path / "run.json")["pictures"])
            return Path(os.path.normpath(self.path / where))

    @property
    def config(self) -> Config:
        """Every setting of the run.

        Raises:
            RunError: When they can't be read.
            SettingError: When a value is out of bounds.
        """
        with _whole():
            return Config.from_json(_read(self.path / "config.json"))

    @property
    def split(self) -> Split:
        """Which picture learns and which checks."""
        return split.load(self.path / "split.json")

    @property
    def history(self) -> History:
        """All that has happened so far.

        Raises:
            RunError: When what is in its place can't be read.
        """
        path = self.path / "events.jsonl"
        with _whole():
            told = path.stat() if path.exists() else None
            return _folded(path, told.st_size if told else 0, told.st_mtime_ns if told else 0)

    @property
    def stop_requested(self) -> bool:
        """Whether someone asked it to stop."""
        return self.stop_requested_at is not None

    @property
    def stop_requested_at(self) -> float | None:
        """When someone asked it to stop, in seconds since 1970; None when nobody has."""
        try:
            return (self.path / "stop").stat().st_mtime
        except OSError:
            return None

    def append(self, event: Event) -> None:
        """Add an event.

        Raises:
            DiskFull: When there is no room.
        """
        events.append(self.path / "events.jsonl", event)

    def request_stop(self) -> None:
        """Ask the worker to stop after the batch it is at."""
        (self.path / "stop").touch()

    def withdraw_stop(self) -> None:
        """Take back a request to stop."""
        (self.path / "stop").unlink(missing_ok=True)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the run's lock, as its only worker; the system frees it should the process die.

        Raises:
            RunError: When another worker is at this run.
        """
        try:
            with self._lock(_LOOK_S):
                yield
        except Timeout as error:
            raise RunError("This training is under way already.", "Wait for it to end.") from error

    @property
    def worked_on(self) -> bool:
        """Whether a living process holds the lock."""
        try:
            with self._lock(0):
                return False
        except Timeout:
            return True

    def _lock(self, timeout_s: float) -> FileLock:
        return FileLock(self.path / "lock", timeout=timeout_s)


def create(
    path: Path,
    config: Config,
    divided: Split,
    pictures: Path,
    title: str,
    now: float,
    store: Path | None = None,
    ladder: LadderMark | None = None,
) -> Run:
    """Make a run folder, whole or not at all.

    Args:
        path: The folder to make; it must not hold a run yet.
        config: Every setting.
        divided: Which picture learns and which checks.
        pictures: The folder that the split's paths start from.
        title: A few words for the list of runs.
        now: Seconds since 1970.
        store: Folder of features that it shares with other runs; None for one of its own.
        ladder: The ladder that it is a rung of.

    Raises:
        RunError: When there is a run already.
        DiskFull: When there is no room.
    """
    if (path / "run.json").exists():
        raise RunError(f"There is a run in “{path}” already.", "Choose another folder.")
    made = not path.exists()
    about: dict[str, object] = {
        "version": 1,
        "title": title,
        "created_at": now,
        # Relative, so that all of it can move together.
        "pictures": os.path.relpath(pictures.resolve(), path.resolve()),
        "store": os.path.relpath((store or path / "features").resolve(), path.resolve()),
    }
    if ladder:
        about["ladder"] = asdict(ladder)
    try:
        with disk_full():
            path.mkdir(parents=True, exist_ok=True)
        files.write_json(path / "config.json", config.to_json())
        split.save(divided, path / "split.json")
        files.write_json(path / "run.json", about)  # last: it makes the folder a run
    except BaseException:
        if made:
            shutil.rmtree(path, ignore_errors=True)
        raise
    return Run(path)


def find(path: Path) -> Run:
    """The run in a folder.

    Raises:
        RunError: When there is none.
    """
    if not (path / "run.json").is_file():
        raise RunError(f"There is no run in “{path}”.", "Give the folder a training was saved in.")
    return Run(path)


def delete(run: Run) -> None:
    """Delete a run for good.

    Raises:
        RunError: When a worker is still at it.
    """
    if run.worked_on:
        raise RunError("This training is still running.", "Stop it first, then delete it.")
    # Renamed first: a half-deleted folder is never taken for a run.
    doomed = run.path.with_name(f".deleted-{run.path.name}")
    run.path.replace(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def title(config: Config, labels: tuple[str, ...]) -> str:
    """A few words for the list of runs: the classes and the freeze point."""
    return f"{classes(labels)} · {config.model.freeze_point}"


def classes(labels: tuple[str, ...]) -> str:
    """The first classes by name and how many more there are."""
    return ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")


@lru_cache(maxsize=256)  # one look of a page asks several times; the file only ever grows
def _folded(path: Path, size_bytes: int, changed_ns: int) -> History:
    del size_bytes, changed_ns
    return events.fold(events.read(path))


def mark(stored: Any) -> LadderMark:  # noqa: ANN401 - what JSON holds
    """The stored mark; ValueError or the like when it is anything else."""
    ladder_id, points = files.text(stored["id"]), stored["points"]
    if not _LADDER.fullmatch(ladder_id) or not isinstance(points, list) or not points:
        raise ValueError(f"{stored!r} is no mark of a ladder")
    if unknown := [each for each in points if each not in vgg16.FREEZE_POINTS]:
        raise ValueError(f"{unknown!r} are no freeze points")
    return LadderMark(ladder_id, tuple(points))


def _read(path: Path) -> dict[str, object]:
    with _whole():
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict):
            raise TypeError(f"{path.name} holds no object")
        return stored


@contextmanager
def _whole() -> Iterator[None]:
    """Turn what goes wrong while a run's files are taken apart into one message, without a path.

    Raises:
        RunError: When the body met a file or a value that is missing or of another kind.
    """
    try:
        yield
    except _DAMAGE as error:
        raise RunError("This training can't be read.", "Choose another run.") from error
