"""Where everything is kept, and who may see what.

::

    lock                                   held by the page that is open on this workspace
    logs/                                  what worker processes print
    owners/<digest of the token>/desk.json what this person has open
    owners/<digest>/datasets/<id>/         dataset.json and the pictures
    owners/<digest>/runs/<id>/             see ``core.runs``
    owners/<digest>/ladders/<id>.json      see ``core.ladder``

A person is known by an unguessable token that only their browser has. Only its digest is on disk.
Every id is looked up in its owner's folder, so nobody reaches what isn't theirs.
"""

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from gui.core import files, ingest, ladder, pictures
from gui.core.config import TrainSettings
from gui.core.dataset import Dataset, Picture
from gui.core.errors import (
    DiskFull,
    FreezepointError,
    NotYours,
    RunError,
    SettingError,
    UnreadablePicture,
    disk_full,
)
from gui.core.ladder import Ladder, Rung
from gui.core.runs import Run

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
_ID = re.compile(r"[0-9a-f]{16}")
_OPENED = ("dataset", "run", "ladder")  # ids in desk.json
_EDITING_S = 60.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


def new_token() -> str:
    """A token for a person who has none yet; 192 random bits."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Desk:
    """What a person has open.

    Attributes:
        dataset: Id of a data set, "" for none.
        run: Id of a run, "" for none.
        validation_share: How the pictures are divided.
        seed: How the pictures are divided.
        ladder: Id of a ladder, "" for none.
    """

    dataset: str = ""
    run: str = ""
    validation_share: float = TrainSettings.validation_share
    seed: int = TrainSettings.seed
    ladder: str = ""


@dataclass(frozen=True)
class Owner:
    """One person's folder, and the token that proves who they are (never written down)."""

    path: Path
    token: str = field(default="", repr=False, compare=False)

    @property
    def desk(self) -> Desk:
        """What this person has open."""
        return _desk(self._stored_desk() or {})

    def open(self, desk: Desk) -> None:
        """Remember what this person has open.

        Raises:
            DiskFull: When there is no room.
        """
        with disk_full():
            self.path.mkdir(parents=True, exist_ok=True)
        files.write_json(self.path / "desk.json", {"version": 1, **asdict(desk)})

    def runs(self) -> list[Run]:
        """This person's runs, the newest first."""
        known = _runs(self.path.glob("runs/*/run.json"))
        return sorted(known, key=lambda each: each.about.created_at, reverse=True)

    def run(self, run_id: str) -> Run:
        """One of this person's runs.

        Raises:
            NotYours: When this person has none of that id.
        """
        path = self.path / "runs" / run_id
        if not _ID.fullmatch(run_id) or not (path / "run.json").is_file():
            raise NotYours("You have no training of that name.", "Choose one under Runs.")
        return Run(path)

    @property
    def open_run(self) -> Run | None:
        """The run this person has open, if it is still there and whole."""
        with suppress(NotYours):
            run = self.run(self.desk.run)
            return run if run.readable else None
        return None

    @property
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
        if not _ID.fullmatch(ladder_id) or not path.is_file():
            raise NotYours("You have no comparison of that name.", "Start one under Compare.")
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
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with disk_full(), FileLock(self.path / "editing", timeout=_EDITING_S):
                yield
        except Timeout as error:
            raise RunError(
                "Another tab of yours is changing these pictures.", "Wait for it, then try again."
            ) from error

    @property
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
        return ingest.load(folder / "dataset.json", folder / "pictures")

    def save_dataset(self, dataset_id: str, dataset: Dataset) -> None:
        """Write a data set's list, in one step.

        Raises:
            DiskFull: When there is no room.
        """
        ingest.save(dataset, self.path / "datasets" / dataset_id / "dataset.json")

    def dataset_folder(self, dataset_id: str) -> Path:
        """The folder of one of this person's data sets.

        Raises:
            NotYours: When this person has none of that id.
        """
        path = self.path / "datasets" / dataset_id
        if not _ID.fullmatch(dataset_id) or not (path / "dataset.json").is_file():
            raise NotYours("You have no pictures of that name.", "Choose your pictures again.")
        return path

    def new_dataset(self) -> str:
        """The id of the next data set; nothing is made yet."""
        return secrets.token_hex(8)

    def forget_unused(self) -> None:
        """Delete every data set that is neither open nor used by a run, and ladders without any."""
        stored = self._stored_desk()
        if stored is None or not isinstance(stored.get("dataset", ""), str):
            return  # nobody can say what is open
        used = {self.desk.dataset}
        for path in self.path.glob("runs/*/run.json"):
            try:
                used.add(Run(path.parent).pictures_root.parent.name)
            except RunError:
                return  # nobody can say what a damaged run still needs
        # One without a list is being made at this moment, on another page of this person.
        for made in self.path.glob("datasets/*/dataset.json"):
            if made.parent.name not in used:
                shutil.rmtree(made.parent, ignore_errors=True)
        for path in self.path.glob("ladders/*.json"):
            with suppress(RunError):  # a damaged one is left for who can read it
                kept = (self.path / "runs" / each / "run.json" for each in ladder.load(path).runs)
                if not any(each.exists() for each in kept):
                    path.unlink(missing_ok=True)

    def _stored_desk(self) -> dict[str, object] | None:
        """What desk.json holds: nothing when it isn't there, None when it can't be read."""
        path = self.path / "desk.json"
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            return None
        return stored if isinstance(stored, dict) else None

    def thumbnail(self, dataset: Dataset, picture: Picture) -> str:
        """A small square of a picture as a ``data:`` URI, made once; "" when it is gone."""
        kept = dataset.root.parent / "thumbnails" / f"{picture.sha256}.webp"
        if not _SHA256.fullmatch(picture.sha256):
            raise NotYours("That is not a picture of yours.", "Choose your pictures again.")
        if kept.exists():
            return pictures.data_uri(kept.read_bytes())
        try:
            small = pictures.thumbnail(dataset.root / picture.path)
        except (UnreadablePicture, OSError):
            return ""
        with suppress(DiskFull), disk_full():  # kept when there is room
            kept.parent.mkdir(exist_ok=True)
            files.write_bytes(kept, small)
        return pictures.data_uri(small)


@dataclass(frozen=True)
class Workspace:
    """The folder that holds everybody's work."""

    root: Path

    @property
    def uploads(self) -> Path:
        """Where Gradio puts what browsers send, until it is taken from there."""
        return self.root / "uploads"

    @property
    def logs(self) -> Path:
        """Where worker processes write what libraries print."""
        return self.root / "logs"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Be the one page that is open on this workspace.

        Raises:
            RunError: When another is, or the folder can't be used.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / "lock", timeout=0)
            lock.acquire()
        except Timeout as error:
            raise RunError(
                f"Freezepoint is open on “{self.root}” already.",
                "Use that page, close it first, or name another folder with --workspace.",
            ) from error
        except OSError as error:
            raise RunError(
                f"The folder “{self.root}” can't be used ({error.strerror}).",
                "Name another folder with --workspace.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def owner(self, token: str | None) -> Owner:
        """The person with this token.

        Raises:
            NotYours: When it is no token.
        """
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise NotYours("This page has lost its connection to your work.", "Reload the page.")
        digest = hashlib.sha256(token.encode()).hexdigest()[:32]
        return Owner(self.root / "owners" / digest, token)

    def runs(self) -> list[Run]:
        """Everybody's runs, for the queue only."""
        return _runs(self.root.glob("owners/*/runs/*/run.json"))


def _desk(stored: Mapping[str, object]) -> Desk:
    """The desk in a stored object; whatever is missing or unfit has its default."""
    dataset, run, compared = (
        each if isinstance(each := stored.get(name), str) else "" for name in _OPENED
    )
    desk = Desk(dataset, run, ladder=compared)
    for name in ("validation_share", "seed"):
        if isinstance(stored.get(name), int | float):
            with suppress(SettingError):
                read = TrainSettings.read({name: stored[name]})
                desk = replace(desk, **{name: getattr(read, name)})
    return desk


def _runs(found: Iterable[Path]) -> list[Run]:
    """The runs of these ``run.json``, without those that are half deleted or damaged."""
    named = [Run(each.parent) for each in found if _ID.fullmatch(each.parent.name)]
    return [run for run in named if run.readable]
