"""What is unlike every picture that a model has learned from, said on what the run remembers.

``novelty.npz`` of a run holds the features of its training pictures, the digests that say whose
they are, the digest of the convolutions that made them, the distances of the validation pictures,
and the threshold, beyond which one picture in twenty of the known classes is thought to lie.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import caching, novelty, scaled, vgg16
from gui.core.errors import RunError, UnreadablePicture
from gui.core.novelty import Look, Neighbour
from gui.core.runs import Run
from gui.core.split import Labelled, Split
from gui.engine import arrays, images
from gui.engine.job import Job
from gui.engine.loaded import Loaded, convolutions
from gui.engine.model import after
from gui.engine.network import PICTURES
from gui.engine.space import Features, Space, represent
from gui.engine.weights import digest

_MOST = 2000  # training pictures that are remembered, from all parts of the classes
_BATCH = 16
_KEPT = 4
# Stored rows are rounded to half precision, a picture asked about isn't: one that is as far off as
# the farthest validation picture must not be called unlike for that.
_ROUNDED = 1.001


@dataclass(frozen=True)
class Judge:
    """Says how near pictures come to those that one model has learned from."""

    space: Space
    learned: tuple[Labelled, ...]  # the pictures in it
    threshold: float
    labels: tuple[str, ...]
    root: Path  # of the pictures

    def judge(self, reached: NDArray[Any]) -> list[Look]:
        """How near each picture of a batch comes, told by what reaches the head."""
        apart, places = self.space.distances(represent(reached))
        return [
            Look(float(far), self.threshold, self._nearest(near) if far > self.threshold else ())
            for far, near in zip(apart, places, strict=True)
        ]

    def _nearest(self, places: NDArray[np.int64]) -> tuple[Neighbour, ...]:
        chosen = [self.learned[place] for place in places]
        return tuple(
            Neighbour(each.name, self.labels[each.label], self._thumbnail(each)) for each in chosen
        )

    def _thumbnail(self, picture: Labelled) -> str:
        kept = self.root.parent / "thumbnails" / f"{picture.sha256}.webp"  # as the page makes them
        try:
            if kept.exists():
                return scaled.data_uri(kept.read_bytes())
            return scaled.data_uri(scaled.thumbnail(self.root / picture.path))
        except (OSError, UnreadablePicture):
            return ""


class Familiar:
    """What the models that were asked last know, read from their runs once."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Path, int, str], Judge | None] = OrderedDict()

    def judge(self, run: Run, loaded: Loaded) -> Judge | None:
        """The judge of a run; None when nothing is known that fits its weights as they are now."""
        try:
            stamp = run.novelty.stat().st_mtime_ns
        except OSError:
            return None
        key = (run.path, stamp, loaded.convolutions)
        if key not in self._known:
            while len(self._known) >= _KEPT:
                self._known.popitem(last=False)
            self._known[key] = load(run, loaded.convolutions)
        return self._known[key]


def load(run: Run, known: str) -> Judge | None:
    """What :func:`save` or :func:`remember` wrote.

    Args:
        run: The run.
        known: Hex digest of its convolutions as they are now.

    Returns:
        None when it was written with other convolutions, or is damaged: it can be made again.
    """
    divided = run.split
    by_digest = {each.sha256: each for each in divided.train}
    try:
        with arrays.load(run.novelty) as stored:
            features, digests = stored("features"), stored("digests")
            threshold, made_with = float(stored("threshold")), str(stored("convolutions"))
        learned = tuple(by_digest[each] for each in digests.astype(str))
    except (RunError, ValueError, TypeError, LookupError):
        return None
    sound = features.ndim == 2 and len(features) == len(learned) > 0 and np.isfinite(features).all()
    if made_with != known or not sound or features.shape[1] != vgg16.LAYERS[-1].channels:
        return None
    space = Space(features.astype(np.float32), _labels(learned))
    return Judge(space, learned, threshold, divided.labels, run.pictures_root)


def save(job: Job, pause: Callable[[], None] = lambda: None) -> None:
    """Write down what the training pictures look like to the kept model, from what is stored.

    Where nothing is stored, as the training began with the pictures or had nothing more to learn,
    it is left to :func:`remember`.

    Args:
        job: A training that is about to end.
        pause: Called before every batch of pictures; raises what ends it.

    Raises:
        DiskFull: When there is no room.
    """
    job.run.novelty.unlink(missing_ok=True)  # an older model's
    settings = job.config.model
    if not caching.worth_caching(settings.freeze_point):
        return
    place = vgg16.first_learning(settings.freeze_point)
    tuned = None
    if place != vgg16.HEAD_ONLY:
        tuned = after(job.model, place, settings.image_size, until=vgg16.HEAD_ONLY)

    def represented(chosen: Sequence[Labelled]) -> Features:
        rows = job.features.rows(chosen, 0, place)
        found = []
        for start in range(0, len(chosen), _BATCH):
            pause()
            batch = rows.take(range(start, min(start + _BATCH, len(chosen))))
            reached = batch if tuned is None else tuned.predict_on_batch(batch.astype(np.float32))
            found.append(represent(reached))
        return np.concatenate(found)

    with suppress(RunError):  # it isn't stored
        learned = remembered(job.split)
        features = represented(learned)
        checked = represented(job.validation.pictures)
        _write(job.run, digest(convolutions(job.model)), learned, features, checked)


def remember(run: Run, loaded: Loaded) -> Iterator[tuple[int, int]]:
    """The same from the pictures themselves, where it isn't known yet.

    Yields:
        How many pictures are done, and how many there are in all.

    Raises:
        RunError: When a picture is gone or changed.
        DiskFull: When there is no room.
    """
    if load(run, loaded.convolutions):
        return
    divided = run.split
    learned = remembered(divided)
    chosen, found = (*learned, *divided.validation), []
    for start in range(0, len(chosen), _BATCH):
        batch = chosen[start : start + _BATCH]
        pixels = images.read(batch, run.pictures_root, loaded.image_size)
        seen = loaded.network.run(PICTURES, pixels, [vgg16.HEAD_ONLY])[vgg16.HEAD_ONLY]
        found.append(represent(seen))
        yield start + len(batch), len(chosen)
    features, checked = np.split(np.concatenate(found), [len(learned)])
    _write(run, loaded.convolutions, learned, features, checked)


def remembered(divided: Split) -> tuple[Labelled, ...]:
    """The training pictures that are remembered: all, or as many as there is room for."""
    count = min(_MOST, len(divided.train))
    places = np.linspace(0, len(divided.train) - 1, count).round().astype(int)
    return tuple(divided.train[place] for place in places)


def _write(
    run: Run, known: str, learned: Sequence[Labelled], features: Features, checked: Features
) -> None:
    kept = features.astype(np.float16)
    apart, _ = Space(kept.astype(np.float32), _labels(learned)).distances(checked)
    threshold = novelty.threshold(apart.tolist()) * _ROUNDED
    digests = [each.sha256.encode() for each in learned]
    arrays.save(
        run.novelty,
        [
            ("version", lambda: np.array(1)),
            ("features", lambda: kept),
            ("digests", lambda: np.array(digests, dtype="S64")),
            ("convolutions", lambda: np.array(known)),
            ("threshold", lambda: np.array(threshold, np.float32)),
            ("validation", lambda: apart),
        ],
    )


def _labels(learned: Sequence[Labelled]) -> NDArray[np.int64]:
    return np.array([each.label for each in learned], np.int64)
