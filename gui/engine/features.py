"""What the frozen part makes of a run's pictures: computed once, stored, read by the epochs.

Everything before the freeze point is a fixed function, so its output is computed once for each
picture and view. What an earlier run of the same person has stored is used again: a picture that is
known needs no pass, and one that is known at an earlier place is passed on from there.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from gui.core import stored, vgg16, views
from gui.core.caching import PLACES
from gui.core.config import ModelSettings
from gui.core.split import Labelled
from gui.engine import images, passes, processors
from gui.engine.network import PICTURES, Network
from gui.engine.passes import Pass
from gui.engine.shelf import ByDigest, Place, Rows, Shelf
from gui.engine.store import Store

Progress = Callable[[int], None]  # called with the number of views just done
Wanted = Sequence[tuple[Labelled, int]]  # pictures, each with the number of a view
Spot = tuple[str, int]  # a place in the network, and the number of a view
Known = dict[Spot, dict[str, Place]]
Digests = dict[Shelf, set[str]]  # of the pictures whose rows are wanted from each shelf


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
        self._wanted: Digests = defaultdict(set)  # the run is going to read them: they stay

    def may_hold(self, wanted: Wanted, places: Sequence[str]) -> bool:
        """Whether the store may hold these views at all these places, as far as they lack."""
        sought = self._sought(wanted, places)
        for shelf, digests in self._wanted.items():
            sought[shelf] = digests | sought.get(shelf, set())
        return not self._store.lacks_bytes(*_balance(sought))

    def missing(self, wanted: Wanted, places: Sequence[str]) -> list[Pass]:
        """What has to be computed until all wanted views are stored at all these places."""
        for shelf, digests in self._sought(wanted, places).items():
            self._wanted[shelf] |= digests
        numbers = {view for _, view in wanted}
        known = {
            (place, view): self._shelf(place, view).known() for view in numbers for place in PLACES
        }
        self._check(known, _by_spot(wanted, places))
        while True:
            found = _lacking(wanted, places, known)
            if self._check(known, _starts(found)):
                return found

    def _check(self, known: Known, used: Mapping[Spot, Collection[str]]) -> bool:
        """Look at every byte of the rows that are going to be read; whether all are sound."""
        before = {spot: len(known[spot]) for spot in used}
        for (place, view), digests in used.items():
            known[place, view] = self._shelf(place, view).sound(digests)
        return all(len(known[spot]) == count for spot, count in before.items())

    def compute(
        self, chosen: Sequence[Pass], progress: Progress, *, make_room: bool = True
    ) -> None:
        """Do all passes. What is done when it breaks off stays stored.

        Args:
            chosen: As :meth:`missing` has found them.
            progress: Called as they are done.
            make_room: Whether older rows go for them where the store is full; not where these are
                only a share of all, for which there is room already.

        Raises:
            RunError: When a picture is gone or changed.
            DiskFull: When there is no room.
            SettingError: When it is more than the store may hold.
        """
        # Opened before there is room: what has to go for it can be read all the same.
        begun = self._begun(chosen)
        seen = self._seen([each.picture for each in chosen if each.start == PICTURES])
        if make_room:
            self.make_room()
        network = self._open_network()
        with self._store.writing(len(chosen)) as writer:
            for group in passes.groups(chosen):
                fresh = list(dict.fromkeys(p.picture for p in group if p.start == PICTURES))
                pixels = dict(zip(fresh, self._pixels(fresh, seen), strict=True))
                for (view, start, places), together in passes.alike(group):
                    digests = [each.picture.sha256 for each in together]
                    if start == PICTURES:
                        values = np.stack([self._drawn(pixels, each) for each in together])
                    else:
                        values = begun[start, view].of(digests)
                    reached = network.run(start, values, places)
                    for place in places:
                        writer.add(self._shelf(place, view), digests, reached[place])
                    progress(len(together))

    def make_room(self) -> None:
        """Have room in the store for all that is wanted and not there.

        Raises:
            SettingError: When it is more than the store may hold.
        """
        self._store.make_room(*_balance(self._wanted))

    def rows(self, pictures: Sequence[Labelled], view: int, place: str) -> Rows:
        """What is stored of one view of these pictures at a place, in their order."""
        shelf = self._shelf(place, view)
        return Rows([each.sha256 for each in pictures], shelf.known())

    def unread(self, pictures: Sequence[Labelled]) -> list[Labelled]:
        """The pictures that are not stored as pixels yet, but are going to be."""
        self._wanted[self._pictures].update(each.sha256 for each in pictures)
        known = self._pictures.sound([each.sha256 for each in pictures])
        return [each for each in pictures if each.sha256 not in known]

    def read(self, pictures: Sequence[Labelled], progress: Progress) -> None:
        """Store the pixels of these pictures.

        Raises:
            RunError: When a picture is gone or changed.
            DiskFull: When there is no room.
            SettingError: When it is more than the store may hold.
        """
        self._wanted[self._pictures].update(each.sha256 for each in pictures)
        self.make_room()
        with self._store.writing(len(pictures)) as writer:
            for start in range(0, len(pictures), processors.together()):
                chosen = pictures[start : start + processors.together()]
                writer.add(self._pictures, [each.sha256 for each in chosen], self._decoded(chosen))
                progress(len(chosen))

    def pixel_rows(self, pictures: Sequence[Labelled]) -> Rows:
        """The stored pixels of these pictures, in their order: uint8, RGB 0-255."""
        return Rows([each.sha256 for each in pictures], self._pictures.known())

    def pixels(self, pictures: Sequence[Labelled]) -> images.Images:
        """These pictures, uint8 (n, size, size, 3), RGB 0-255; those not stored are decoded.

        Raises:
            RunError: When a picture is gone or changed.
        """
        return self._pixels(pictures, self._seen(pictures))

    def _sought(self, wanted: Wanted, places: Sequence[str]) -> Digests:
        return {
            self._shelf(place, view): digests
            for (place, view), digests in _by_spot(wanted, places).items()
        }

    @property
    def _pictures(self) -> Shelf:
        return self._store.pictures(self._settings.image_size)

    def _shelf(self, place: str, view: int) -> Shelf:
        size = self._settings.image_size
        return self._store.features(
            self._weights,
            size,
            place,
            stored.view_key(view, self._settings),
            vgg16.shape_before(place, size),
        )

    def _begun(self, chosen: Sequence[Pass]) -> dict[Spot, ByDigest]:
        """The rows that passes begin with, by place and view."""
        return {
            (place, view): ByDigest(started, shelf.known())
            for (place, view), started in _starts(chosen).items()
            for shelf in [self._shelf(place, view)]
        }

    def _seen(self, pictures: Sequence[Labelled]) -> ByDigest:
        """The pixels of those that are stored already."""
        known = self._pictures.known()
        digests = dict.fromkeys(each.sha256 for each in pictures if each.sha256 in known)
        return ByDigest(list(digests), known)

    def _pixels(self, pictures: Sequence[Labelled], seen: ByDigest) -> images.Images:
        size = self._settings.image_size
        found = np.empty((len(pictures), size, size, 3), np.uint8)
        there = [place for place, each in enumerate(pictures) if each.sha256 in seen]
        lacking = [place for place, each in enumerate(pictures) if each.sha256 not in seen]
        if there:
            found[there] = seen.of(pictures[place].sha256 for place in there)
        if lacking:
            found[lacking] = self._decoded([pictures[place] for place in lacking])
        return found

    def _decoded(self, pictures: Sequence[Labelled]) -> images.Images:
        return images.read(pictures, self._root, self._settings.image_size)

    def _drawn(self, pixels: Mapping[Labelled, images.Images], each: Pass) -> images.Images:
        return views.draw(pixels[each.picture], each.picture.sha256, each.view, self._settings)


def _by_spot(wanted: Wanted, places: Sequence[str]) -> dict[Spot, set[str]]:
    """The digests of the pictures that are wanted at each spot."""
    by_view: dict[int, set[str]] = defaultdict(set)
    for picture, view in wanted:
        by_view[view].add(picture.sha256)
    return {(place, view): digests for view, digests in by_view.items() for place in places}


def _starts(chosen: Sequence[Pass]) -> dict[Spot, list[str]]:
    """The digests of the rows that passes begin with."""
    digests: dict[Spot, list[str]] = defaultdict(list)
    for each in chosen:
        if each.start != PICTURES:
            digests[each.start, each.view].append(each.picture.sha256)
    return digests


def _lacking(wanted: Wanted, places: Sequence[str], known: Known) -> list[Pass]:
    """The passes that make what isn't known, each from the deepest place that is."""
    found = []
    for picture, view in wanted:
        there = [place for place in PLACES if picture.sha256 in known[place, view]]
        lacking = [place for place in places if place not in there]
        if lacking:
            first = min(vgg16.position(place) for place in lacking)
            before = [place for place in there if vgg16.position(place) < first]
            start = before[-1] if before else PICTURES
            found.append(Pass(picture, view, start, tuple(lacking)))
    return found


def _balance(wanted: Digests) -> tuple[int, set[Path]]:
    """How many bytes of what is wanted are not there, and the segments that hold the rest."""
    lacking_bytes, segments = 0, set()
    for shelf, digests in wanted.items():
        known = shelf.known()
        lacking_bytes += len(digests - known.keys()) * shelf.row_bytes
        segments |= {known[digest][0] for digest in digests & known.keys()}
    return lacking_bytes, segments
