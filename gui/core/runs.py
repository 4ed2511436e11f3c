"""A run is a folder, and the folder is the only truth about it.

What lies where in it is ``core.run_folder``; here is what it says.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from gui.core import events, files, holder, ladder_mark, run_files, split
from gui.core.config import Config
from gui.core.errors import DiskReadOnly, FreezepointError, PicturesError, RunError, disk_full
from gui.core.events import Event
from gui.core.following import Following
from gui.core.history import History, fold
from gui.core.ladder_mark import LadderMark
from gui.core.run_folder import RunFolder
from gui.core.split import Split
from gui.words import say

Clock = Callable[[], float]  # seconds since 1970

_LAST_S = 1e11  # seconds since 1970 until the year 5138: any later time is damage
_FOLLOWING = Following(fold, History())
_LOOK_S = 1.0  # who only looks whether a run is worked on has its lock for far less


@dataclass(frozen=True)
class About:
    """What a person reads in the list of runs. ``created_at``: seconds since 1970."""

    title: str
    created_at: float


@dataclass(frozen=True)
class Run(RunFolder):
    """A run folder. Making this value neither creates nor checks the folder."""

    @property
    def store(self) -> Path:
        """Folder of what the frozen part makes of pictures, shared with other runs.

        Raises:
            RunError: When the folder is no run.
        """
        with run_files.whole():
            where = run_files.read(self.path / "run.json").get("store", "features")
            return Path(os.path.normpath(self.path / files.text(where)))

    @property
    def about(self) -> About:
        """Title and time.

        Raises:
            RunError: When the folder is no run.
        """
        with run_files.whole():
            stored = run_files.read(self.path / "run.json")
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
    def whole(self) -> bool:
        """Whether all of it can be read that a page shows: what run it is, and its pictures."""
        try:
            return self.readable and _divides(*self._split_now)
        except FreezepointError:
            return False

    @property
    def ladder(self) -> LadderMark | None:
        """The ladder that it is a rung of; None when it stands alone.

        Raises:
            RunError: When what is said about it can't be read.
        """
        with run_files.whole():
            stored = run_files.read(self.path / "run.json").get("ladder")
            return ladder_mark.read(stored) if stored is not None else None

    @property
    def pictures_root(self) -> Path:
        """The folder that the split's picture paths start from.

        Raises:
            RunError: When the folder is no run.
        """
        with run_files.whole():
            where = files.text(run_files.read(self.path / "run.json")["pictures"])
            return Path(os.path.normpath(self.path / where))

    @property
    def config(self) -> Config:
        """Every setting of the run.

        Raises:
            RunError: When they can't be read.
            SettingError: When a value is out of bounds.
        """
        with run_files.whole():
            return Config.from_json(run_files.read(self.path / "config.json"))

    @property
    def split(self) -> Split:
        """Which picture learns and which checks.

        Raises:
            RunError: When that can't be read.
        """
        return _divided(*self._split_now)

    @property
    def _split_now(self) -> tuple[Path, int, int, int]:
        """The file of the split, and what tells it from another one in its place."""
        path = self.path / "split.json"
        with run_files.whole():
            told = files.stat(path)
        return path, told.st_ino, told.st_mtime_ns, told.st_size

    @property
    @files.once
    def history(self) -> History:
        """All that has happened so far.

        Raises:
            RunError: When what is in its place can't be read.
        """
        with run_files.whole():
            return _FOLLOWING.known(self.path / "events.jsonl")

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
            with self._lock(_LOOK_S), holder.signed(self.path):
                yield
        except Timeout as error:
            raise RunError(
                say("This training is under way already."), say("Wait for it to end.")
            ) from error

    @property
    def worked_on(self) -> bool:
        """Whether a living process holds the lock; nobody can where the disk is read-only."""
        if not self.path.is_dir():
            return False  # deleted; to look for the lock would make the folder anew
        try:
            with disk_full(), self._lock(0):
                return False
        except Timeout:
            return True
        except DiskReadOnly:
            return False

    @property
    def worker_pid(self) -> int | None:
        """The process that holds the lock; None when none does."""
        return holder.find(self.path) if self.worked_on else None

    def _lock(self, timeout_s: float) -> FileLock:
        return FileLock(self.path / "lock", timeout=timeout_s)


def find(path: Path) -> Run:
    """The run in a folder.

    Raises:
        RunError: When there is none.
    """
    if not (path / "run.json").is_file():
        raise RunError(
            say("There is no run in “{path}”.", path=path),
            say("Give the folder a training was saved in."),
        )
    return Run(path)


def delete(run: Run) -> None:
    """Delete a run for good.

    Raises:
        RunError: When a worker is still at it.
    """
    if run.worked_on:
        raise RunError(
            say("This training is still running."), say("Stop it first, then delete it.")
        )
    # Renamed first: a half-deleted folder is never taken for a run.
    doomed = run.path.with_name(f".deleted-{run.path.name}")
    run.path.replace(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


@lru_cache(maxsize=8)  # it never changes, and it may name every one of 10,000 pictures
def _divided(path: Path, inode: int, changed_ns: int, size_bytes: int) -> Split:
    del inode, changed_ns, size_bytes
    try:
        return split.load(path)
    except PicturesError as error:
        raise run_files.unreadable() from error


@lru_cache(maxsize=1024)  # of everybody whose page looks
def _divides(path: Path, inode: int, changed_ns: int, size_bytes: int) -> bool:
    """Whether it holds pictures; once that is known, it needn't be in memory for it."""
    return bool(_divided(path, inode, changed_ns, size_bytes))
