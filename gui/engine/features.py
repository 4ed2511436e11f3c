"""What the frozen part makes of a run's pictures: computed once, stored, read by the epochs.

Everything before the freeze point is a fixed function, so its output is computed once for each
picture and view. What an earlier run of the same person has stored is used again: a picture that is
known needs no pass, and one that is known at an earlier place is passed on from there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import stored, vgg16
from gui.core.caching import PLACES
from gui.core.config import ModelSettings
from gui.core.errors import SettingError
from gui.core.split import Labelled
from gui.engine import images, processors, views
from gui.engine.network import PICTURES, Network
from gui.engine.store import Rows, Shelf, Store

Progress = Callable[[int], None]  # called with the number of views just done
Wanted = Sequence[tuple[Labelled, int]]  # pictures, each with the number of a view


@dataclass(frozen=True)
class Views:
    """What the learning part is trained on: rows for each view, in the order of the split.

    Attributes:
        rows: View 0 (plain) first; float16 of what reaches the freeze point, or uint8 pictures when
            nothing is cached.
    """

    rows: tuple[Rows, ...]

    def batch(self, indices: NDArray[np.int64], epoch: int) -> NDArray[np.float32]:
        """The rows of a batch, float32; which view each comes from changes with the epoch."""
        shown = (epoch + indices) % len(self.rows)  # for each row of the batch its view
        batch: NDArray[np.float32] | None = None
        for view, rows in enumerate(self.rows):
            places = np.flatnonzero(shown == view)
            if len(places):
                found = rows.take(indices[places])
                if batch is None:
                    batch = np.empty((len(indices), *found.shape[1:]), np.float32)
                batch[places] = found
        if batch is None:
            raise ValueError("a batch without rows")
        return batch


@dataclass(frozen=True)
class Pass:
    """A view of a picture that has to go through a part of the network."""

    picture: Labelled
    view: int
    start: str
    places: tuple[str, ...]


class Features:
    """The features of one run's pictures, in the store that it shares with other runs."""

    def __init__(
        self,
        store: Store,
        weights_sha256: str,
        open_network: Callable[[], Network],
        settings: ModelSettings,
        root: Path,
    ) -> None:
        self._store = store
        self._weights = weights_sha256
        self._open_network = open_network
        self._settings = settings
        self._root = root
        self._used: set[Shelf] = set()  # the run is going to read them: they stay

    def missing(self, wanted: Wanted, places: Sequence[str]) -> list[Pass]:
        """What has to be computed until all wanted views are stored at all these places."""
        numbers = {view for _, view in wanted}
        self._used.update(self._shelf(place, view) for place in places for view in numbers)
        known = {
            (place, view): self._shelf(place, view).known() for view in numbers for place in PLACES
        }
        found = []
        for picture, view in wanted:
            stored = [place for place in PLACES if picture.sha256 in known[place, view]]
            lacking = [place for place in places if place not in stored]
            if lacking:
                first = min(vgg16.position(place) for place in lacking)
                before = [place for place in stored if vgg16.position(place) < first]
                start = before[-1] if before else PICTURES
                found.append(Pass(picture, view, start, tuple(lacking)))
        return found

    def compute(self, passes: Sequence[Pass], progress: Progress) -> None:
        """Do all passes. What is done when it breaks off stays stored.

        Raises:
            RunError: When a picture is gone.
            DiskFull: When there is no room.
            SettingError: When it is more than the store may hold.
        """
        shelves = {
            (place, each.view): self._shelf(place, each.view)
            for each in passes
            for place in (*each.places, *([each.start] if each.start != PICTURES else []))
        }
        needed = sum(
            shelves[place, each.view].row_bytes for each in passes for place in each.places
        )
        if needed > self._store.budget_bytes:
            raise SettingError(
                f"What the frozen part makes of these pictures takes {needed / 1e9:.0f} GB of disk,"
                f" and {self._store.budget_bytes / 1e9:.0f} GB are allowed.",
                "Choose a later freeze point, smaller pictures or fewer views.",
            )
        self._store.make_room(needed, {*self._used, *shelves.values()})
        network, begun = self._open_network(), self._stored(passes)
        with self._store.writing(len(passes)) as writer:
            for group in _groups(passes):
                fresh = [each.picture for each in group if each.start == PICTURES]
                fresh = list(dict.fromkeys(fresh))
                pixels = dict(zip(fresh, self.pixels(fresh), strict=True)) if fresh else {}
                for (view, start, places), chosen in _alike(group):
                    if start == PICTURES:
                        values = np.stack([self._drawn(pixels, each) for each in chosen])
                    else:
                        values = begun[start, view].of(each.picture.sha256 for each in chosen)
                    reached = network.run(start, values, places)
                    for place in places:
                        digests = [each.picture.sha256 for each in chosen]
                        writer.add(shelves[place, view], digests, reached[place])
                    progress(len(chosen))

    def rows(self, pictures: Sequence[Labelled], view: int, place: str) -> Rows:
        """What is stored of one view of these pictures at a place, in their order."""
        shelf = self._shelf(place, view)
        return Rows(shelf, [each.sha256 for each in pictures], shelf.known())

    def unread(self, pictures: Sequence[Labelled]) -> list[Labelled]:
        """The pictures that are not stored as pixels yet."""
        known = self._store.pictures(self._settings.image_size).known()
        return [each for each in pictures if each.sha256 not in known]

    def read(self, pictures: Sequence[Labelled], progress: Progress) -> None:
        """Store the pixels of these pictures.

        Raises:
            RunError: When a picture is gone.
            DiskFull: When there is no room.
        """
        shelf = self._store.pictures(self._settings.image_size)
        self._store.make_room(len(pictures) * shelf.row_bytes, {*self._used, shelf})
        with self._store.writing(len(pictures)) as writer:
            for start in range(0, len(pictures), processors.together()):
                chosen = pictures[start : start + processors.together()]
                writer.add(shelf, [each.sha256 for each in chosen], self.pixels(chosen))
                progress(len(chosen))

    def pixel_rows(self, pictures: Sequence[Labelled]) -> Rows:
        """The stored pixels of these pictures, in their order: uint8, RGB 0-255."""
        shelf = self._store.pictures(self._settings.image_size)
        return Rows(shelf, [each.sha256 for each in pictures], shelf.known())

    def pixels(self, pictures: Sequence[Labelled]) -> images.Images:
        """Decode these pictures: uint8 (n, size, size, 3), RGB 0-255.

        Raises:
            RunError: When a picture is gone.
        """
        return images.read(pictures, self._root, self._settings.image_size)

    def _shelf(self, place: str, view: int) -> Shelf:
        size = self._settings.image_size
        return self._store.features(
            self._weights,
            size,
            place,
            stored.view_key(view, self._settings),
            vgg16.shape_before(place, size),
        )

    def _stored(self, passes: Sequence[Pass]) -> dict[tuple[str, int], "_ByDigest"]:
        """The rows that passes begin with, by place and view."""
        digests: dict[tuple[str, int], list[str]] = defaultdict(list)
        for each in passes:
            if each.start != PICTURES:
                digests[each.start, each.view].append(each.picture.sha256)
        return {
            (place, view): _ByDigest(chosen, Rows(shelf, chosen, shelf.known()))
            for (place, view), chosen in digests.items()
            for shelf in [self._shelf(place, view)]
        }

    def _drawn(self, pixels: Mapping[Labelled, images.Images], each: Pass) -> images.Images:
        return views.draw(pixels[each.picture], each.picture.sha256, each.view, self._settings)


class _ByDigest:
    """Rows, found by the digest of their picture."""

    def __init__(self, digests: Sequence[str], rows: Rows) -> None:
        self._places = {digest: place for place, digest in enumerate(digests)}
        self._rows = rows

    def of(self, digests: Iterable[str]) -> NDArray[Any]:
        return self._rows.take(self._places[digest] for digest in digests)


def _groups(passes: Sequence[Pass]) -> Iterator[list[Pass]]:
    """The passes of a few pictures at a time; all views of a picture are together."""
    by_picture: dict[Labelled, list[Pass]] = defaultdict(list)
    for each in passes:
        by_picture[each.picture].append(each)
    pictures, count = list(by_picture.values()), processors.together()
    yield pictures[0]  # alone, so that there is progress to be seen at once
    for start in range(1, len(pictures), count):
        yield [each for chosen in pictures[start : start + count] for each in chosen]


def _alike(group: Sequence[Pass]) -> Iterable[tuple[tuple[int, str, tuple[str, ...]], list[Pass]]]:
    """Those that can go through the network as one batch."""
    alike: dict[tuple[int, str, tuple[str, ...]], list[Pass]] = defaultdict(list)
    for each in group:
        alike[each.view, each.start, each.places].append(each)
    return alike.items()
