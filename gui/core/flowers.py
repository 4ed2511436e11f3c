"""The second sample: photographs of five kinds of flowers, which come from the internet once.

What was downloaded lies unpacked in the workspace, for everybody who uses it: the files under
numbers, and ``list.json`` with the name that each had in the archive.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gui.core import collection, files
from gui.core.answers import Answers
from gui.core.entry import Entry
from gui.core.errors import (
    ArchiveError,
    FreezepointError,
    PicturesError,
    SettingError,
    StoppedEarly,
)
from gui.core.owner import Owner
from gui.words import say

# Source: https://www.tensorflow.org/tutorials/load_data/images (address, number of pictures and
# classes); the size is what Keras prints while it downloads.
ADDRESS: Final = (
    "https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz"
)
CLASSES: Final = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
PICTURES: Final = 3670
SIZE_MB: Final = 229
FEWEST: Final = 20
MOST: Final = 900  # of each kind; the largest class has 898
USUAL: Final = 60

_LIST: Final = "list.json"
_LICENCE: Final = "LICENSE.txt"
_JPEG: Final = b"\xff\xd8\xff"
_LONGEST_LICENCE: Final = 2_000_000  # bytes; the real one has less than half of it

Hear = Callable[[int, int, str], None]  # done, in all, of what: see Flowers.open


@dataclass(frozen=True)
class Flowers:
    """What a person does to try the flowers.

    Attributes:
        process: The worker that downloads.
        address: Where the archive comes from.
        folder: Where what was downloaded is kept.
    """

    process: Answers
    address: str
    folder: Path

    @property
    def here(self) -> bool:
        """Whether they were downloaded before, so that no network is needed."""
        return bool(_stored(self.folder))

    @property
    def licence(self) -> str:
        """What the archive says about its photographers; "" before it is here."""
        found = [each.path for each in _stored(self.folder) if _last(each) == _LICENCE]
        if not found:
            return ""
        with found[0].open("rb") as file:
            return file.read(_LONGEST_LICENCE).decode("utf-8", "replace")

    def open(self, owner: Owner, per_class: int, progress: Hear) -> None:
        """Download them if they aren't here, and open some of each kind.

        Args:
            owner: Whose data set it will be.
            per_class: How many of each kind at the most, from FEWEST.
            progress: Called with done, in all, and of what: "download" (bytes), "unpack" (bytes)
                or "read" (pictures).

        Raises:
            StoppedEarly: When this person stopped it.
            SettingError: When the number is out of bounds.
            DownloadError: When they can't be had, in the words of the worker.
            DiskFull: When there is no room.
        """
        if not FEWEST <= per_class <= MOST:
            raise SettingError(
                say("{number} photographs of each flower can't be chosen.", number=per_class),
                say("Choose a number from {fewest} to {most}.", fewest=FEWEST, most=MOST),
            )
        stop = _stop_file(owner)
        stop.unlink(missing_ok=True)
        self._bring(stop, progress)
        chosen = choose(_stored(self.folder), per_class)

        def read(done: int, total: int) -> None:
            check_wanted(stop)
            progress(done, total, "read")

        collection.copy_files(owner, chosen, read)

    def stop(self, owner: Owner) -> None:
        """Stop what this person has asked for; pictures that were open stay open."""
        owner.arrive()
        _stop_file(owner).touch()

    def _bring(self, stop: Path, progress: Hear) -> None:
        def hear(part: Any) -> None:  # noqa: ANN401 - what JSON holds
            if part:
                progress(part["done"], part["total"], part["phase"])

        folder, told = str(self.folder.resolve()), str(stop.resolve())
        try:
            self.process.ask("flowers", hear, address=self.address, folder=folder, stop=told)
        except FreezepointError:
            check_wanted(stop)
            raise


def check_wanted(stop: Path) -> None:
    """Raise when the person doesn't want it any more.

    Raises:
        StoppedEarly: When there is a file of that name.
    """
    if stop.exists():
        raise StoppedEarly(
            say("You stopped it, so nothing was added."), say("Press the button to begin anew.")
        )


def choose(entries: Sequence[Entry], per_class: int) -> list[Entry]:
    """Some pictures of each kind, the same ones each time; fewer are among more.

    In the order of a digest of their names: side by side in the alphabet are pictures that one
    photographer took in one minute.
    """
    by_class = defaultdict[str, list[Entry]](list)
    for each in entries:
        if _kind(each):
            by_class[_kind(each)].append(each)
    chosen = []
    for name in sorted(by_class):
        ordered = sorted(by_class[name], key=lambda each: _place(_last(each)))
        chosen += [Entry(f"{name}/{_last(each)}", each.path) for each in ordered[:per_class]]
    return chosen


def record(entries: Sequence[Entry], folder: Path) -> None:
    """Write down what an archive held, once it is proved to be the flowers.

    Args:
        entries: What came out of it.
        folder: The folder that it lies in.

    Raises:
        ArchiveError: When a kind is missing, another is there, or something is no JPEG.
        DiskFull: When there is no room.
    """
    kinds = {_kind(each) for each in entries} - {""}
    if kinds != set(CLASSES) or not all(map(_is_jpeg, filter(_kind, entries))):
        raise ArchiveError(
            say("What was downloaded isn't the flowers: five folders of JPEGs were expected."),
            say("Try again later, or use the sample pictures."),
        )
    listed = [[each.rel, each.path.name] for each in entries]
    files.write_json(folder / _LIST, {"version": 1, "files": listed})


def whole(folder: Path) -> bool:
    """Whether all of the archive lies in this folder."""
    return bool(_stored(folder))


def _stored(folder: Path) -> tuple[Entry, ...]:
    """What lies in the folder, in the archive's order; nothing when it isn't whole."""
    try:
        with files.checked():
            stored = files.version_1(files.read_json(folder / _LIST))
            rows = [(files.text(rel), files.below(name)) for rel, name in stored["files"]]
    except PicturesError:
        return ()
    return tuple(Entry(rel, folder / name) for rel, name in rows)


def _kind(entry: Entry) -> str:
    """The folder that a picture lies in; "" for what isn't a picture."""
    parts = entry.rel.split("/")
    return parts[-2] if len(parts) > 1 and parts[-1].lower().endswith((".jpg", ".jpeg")) else ""


def _last(entry: Entry) -> str:
    return entry.rel.rpartition("/")[2]


def _place(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _is_jpeg(entry: Entry) -> bool:
    with entry.path.open("rb") as file:
        return file.read(len(_JPEG)) == _JPEG


def _stop_file(owner: Owner) -> Path:
    return owner.path / "flowers.stop"
