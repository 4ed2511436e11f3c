"""What one person has: data sets, runs, ladders, and which of them are open."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from gui.core import desk, files, fixes, ladder, record
from gui.core.dataset import Dataset
from gui.core.desk import Desk
from gui.core.errors import FreezepointError, NotYours, RunError, disk_full
from gui.core.ladder import Ladder
from gui.core.quota import NOTHING, Quota
from gui.core.rung import Rung
from gui.core.runs import Run
from gui.core.usage import Usage
from gui.words import say

_ID = re.compile(r"[0-9a-f]{16}")
_EDITING_S = 60.0


@dataclass(frozen=True)
class Owner:
    """One person's folder, and the token that proves who they are (never written down)."""

    path: Path
    token: str = field(default="", repr=False, compare=False)
    quota: Quota = field(default_factory=Quota, repr=False, compare=False)

    @property
    @files.once
    def desk(self) -> Desk:
        """What this person has open."""
        return desk.load(self.path / "desk.json")

    def open(self, opened: Desk) -> None:
        """Remember what this person has open.

        Raises:
            QuotaError: When too many people have come lately.
            NotYours: When they have deleted everything of theirs.
            DiskFull: When there is no room.
        """
        self.arrive()
        desk.save(opened, self.path / "desk.json")

    @property
    def uploads(self) -> Path:
        """Where what this person's browser sends lies, until it is taken from there."""
        return self.path.parents[1] / "uploads" / self.path.name

    def arrive(self) -> None:
        """Have a folder, if there is none yet.

        Raises:
            QuotaError: When too many people have come lately.
            NotYours: When they have deleted everything of theirs.
            DiskFull: When there is no room.
        """
        self.quota.check_there(self.path)
        if not self.path.is_dir():
            self.quota.arrive(self.path)
            with disk_full():
                self.path.mkdir(parents=True, exist_ok=True)

    def room(
        self, size_bytes: int, pictures: int = 0, runs: int = 0, *, frees: Usage = NOTHING
    ) -> AbstractContextManager[None]:
        """Have room for what is taken meanwhile; see :meth:`gui.core.quota.Quota.room`.

        Raises:
            QuotaError: When it is more than this person, or all together, may keep.
            NotYours: When they have deleted everything of theirs, also meanwhile.
        """
        self.arrive()
        return self.quota.room(self.path, Usage(size_bytes, pictures, runs), frees=frees)

    def watched(self, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
        """The same progress, that breaks off when this person deletes everything of theirs."""

        def told(done: int, total: int) -> None:
            self.quota.check_there(self.path)
            progress(done, total)

        return told

    def runs(self) -> list[Run]:
        """This person's runs, the newest first."""
        known = whole_runs(self.path.glob("runs/*/run.json"))
        return sorted(known, key=lambda each: each.about.created_at, reverse=True)

    def has_runs(self, number: int) -> bool:
        """Whether there are this many runs or more, without opening any."""
        return len([*islice(self.path.glob("runs/*/run.json"), number)]) == number

    @property
    @files.once
    def may_open_runs(self) -> bool:
        """Whether a training can be opened: another than the open one, or it with its pictures."""
        run = self.open_run
        if run is not None and not fixes.belongs(run, self.open_dataset):
            return True
        return self.has_runs(1 if run is None else 2)

    def run(self, run_id: str) -> Run:
        """One of this person's runs.

        Raises:
            NotYours: When this person has none of that id.
        """
        path = self.path / "runs" / run_id
        if not _ID.fullmatch(run_id) or not files.is_file(path / "run.json"):
            raise NotYours(say("You have no training of that name."), say("Choose one under Runs."))
        return Run(path)

    @property
    @files.once
    def open_run(self) -> Run | None:
        """The run this person has open, if it is still there and whole."""
        with suppress(NotYours):
            run = self.run(self.desk.run)
            return run if run.whole else None
        return None

    @property
    @files.once
    def open_ladder(self) -> Ladder | None:
        """The ladder this person has open, if it is still there and whole."""
        with suppress(RunError):
            return self.ladder(self.desk.ladder)
        return None

    def ladder(self, ladder_id: str) -> Ladder:
        """One of this person's ladders.

        Raises:
            NotYours: When this person has none of that id.
            RunError: When it can't be read.
        """
        path = self._ladder_file(ladder_id)
        if not _ID.fullmatch(ladder_id) or not files.is_file(path):
            raise NotYours(
                say("You have no comparison of that name."), say("Start one under Compare.")
            )
        return ladder.load(path)

    def rungs(self, opened: Ladder) -> tuple[Rung, ...]:
        """What came of every rung of one of this person's ladders."""
        return ladder.rungs(opened, self.run)

    def save_ladder(self, made: Ladder) -> None:
        """Write a ladder's file, in one step.

        Raises:
            DiskFull: When there is no room.
        """
        path = self._ladder_file(made.id)
        with disk_full():
            path.parent.mkdir(parents=True, exist_ok=True)
        ladder.save(made, path)

    def new_ladder(self) -> str:
        """The id of the next ladder; nothing is made yet."""
        return secrets.token_hex(8)

    def _ladder_file(self, ladder_id: str) -> Path:
        return self.path / "ladders" / f"{ladder_id}.json"

    def new_run_folder(self) -> Path:
        """Where the next run goes; nothing is made yet."""
        return self.path / "runs" / secrets.token_hex(8)

    @property
    def features(self) -> Path:
        """What the frozen part has made of this person's pictures, for all of their runs."""
        return self.path / "features"

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Be the only one of this person's tabs that changes a data set.

        Raises:
            RunError: When another has been at it for a minute.
            NotYours: When they have deleted everything of theirs.
        """
        try:
            self.arrive()
            with disk_full(), FileLock(self.path / "editing", timeout=_EDITING_S):
                self.quota.check_there(self.path)
                yield
        except Timeout as error:
            raise RunError(
                say("Another tab of yours is changing these pictures."),
                say("Wait for it, then try again."),
            ) from error

    @property
    @files.once
    def open_dataset(self) -> Dataset | None:
        """The data set this person has open, if there is one."""
        try:
            return self.dataset(self.desk.dataset)
        except FreezepointError:
            return None

    def dataset(self, dataset_id: str) -> Dataset:
        """One of this person's data sets.

        Raises:
            NotYours: When this person has none of that id.
            PicturesError: When its list can't be read.
        """
        folder = self.dataset_folder(dataset_id)
        listed = folder / "dataset.json"
        try:
            told = files.stat(listed)
        except FileNotFoundError:  # deleted at this moment
            return record.load(listed, folder / "pictures")
        return _loaded(listed, told.st_ino, told.st_mtime_ns, told.st_size)

    def save_dataset(self, dataset_id: str, dataset: Dataset) -> None:
        """Write a data set's list, in one step.

        Raises:
            DiskFull: When there is no room.
        """
        record.save(dataset, self.path / "datasets" / dataset_id / "dataset.json")

    def dataset_folder(self, dataset_id: str) -> Path:
        """The folder of one of this person's data sets.

        Raises:
            NotYours: When this person has none of that id.
        """
        path = self.path / "datasets" / dataset_id
        if not _ID.fullmatch(dataset_id) or not files.is_file(path / "dataset.json"):
            raise NotYours(
                say("You have no pictures of that name."), say("Choose your pictures again.")
            )
        return path

    def new_dataset(self) -> str:
        """The id of the next data set; nothing is made yet."""
        return secrets.token_hex(8)


@lru_cache(maxsize=8)  # a page asks for it many times, and it may name every one of 10,000 files
def _loaded(listed: Path, inode: int, changed_ns: int, size_bytes: int) -> Dataset:
    del inode, changed_ns, size_bytes
    return record.load(listed, listed.with_name("pictures"))


def whole_runs(found: Iterable[Path]) -> list[Run]:
    """The runs of these ``run.json``, without those that are half deleted or damaged."""
    named = [Run(each.parent) for each in found if _ID.fullmatch(each.parent.name)]
    return [run for run in named if run.readable]
