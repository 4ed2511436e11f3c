"""Would more pictures help? The head is trained anew on a part of the pictures, many times.

What reaches the head is the same in every one of these trainings, so it is read once, and each
takes less than a second. All of them take as many steps as the whole training would, so that fewer
pictures aren't only learned from for a shorter time.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.core import caching, learning_curve, take_home, vgg16
from gui.core import config as settings
from gui.core.config import Config
from gui.core.learning_curve import SHARES, LearningCurve, Point
from gui.core.runs import Run
from gui.core.split import Labelled
from gui.engine.asked import Asked, afterwards
from gui.engine.head_alone import Known, Learner, Rows
from gui.engine.loaded import Loaded, trained_further
from gui.engine.model import after, head_layers
from gui.engine.network import PICTURES
from gui.engine.weights import Weights

_SEEDS = {"compact": 5, "classic": 3}  # a classic head takes a hundred times as long
_BATCH = 16

Progress = Callable[[int, int], None]  # trainings done, trainings in all


def write(
    run: Run, loaded: Loaded, find_weights: Callable[[], Weights], progress: Progress
) -> None:
    """Draw a finished run's curve and write it down; see :func:`draw`.

    Raises:
        RunError: When it isn't finished, a picture is gone or changed, or it is trained further
            meanwhile.
        DiskFull: When there is no room.
    """
    of = take_home.stamp(run)
    drawn = draw(run, afterwards(run, loaded, find_weights), progress)
    if take_home.stamp(run) != of:
        raise trained_further()
    learning_curve.save(drawn, run.learning_curve)


def draw(run: Run, asked: Asked, progress: Progress) -> LearningCurve:
    """Train the head on 25, 50, 75 and 100 % of a run's pictures and ask each the same ones.

    The smaller shares are parts of the larger ones, drawn for each class and seed anew.

    Args:
        run: A finished run, for its settings.
        asked: Its model, see :func:`gui.engine.asked.afterwards`.
        progress: Called after each training.

    Raises:
        RunError: When a picture is gone or changed.
        DiskFull: When there is no room for what has to be worked out again.
    """
    config, split = settings.resolve(run.config), asked.split
    known = _known(config, asked)
    seeds = range(config.train.seed, config.train.seed + _SEEDS[config.model.head])
    right: dict[float, list[tuple[bool, ...]]] = {share: [] for share in SHARES}
    learned: dict[float, tuple[int, ...]] = {}
    learner = Learner(config, len(split.labels), known)
    try:
        for seed in seeds:
            for share in SHARES:
                chosen = part(split.train, share, seed)
                counts = Counter(split.train[place].label for place in chosen)
                learned[share] = tuple(counts[each] for each in range(len(split.labels)))
                right[share].append(tuple(map(bool, learner.train(chosen, seed))))
                progress(sum(map(len, right.values())), len(seeds) * len(SHARES))
    finally:
        learner.release()
    points = (Point(share, learned[share], tuple(right[share])) for share in SHARES)
    truths = tuple(each.label for each in split.validation)
    tuned = vgg16.first_learning(config.model.freeze_point) != vgg16.HEAD_ONLY
    return LearningCurve(split.labels, truths, tuple(points), tuned)


def part(train: Sequence[Labelled], share: float, seed: int) -> NDArray[np.int64]:
    """The places of a share of each class's pictures, one at least, in the order of the split."""
    by_class: dict[int, list[int]] = {}
    for place, each in enumerate(train):
        by_class.setdefault(each.label, []).append(place)

    def drawn(place: int) -> str:
        return hashlib.sha256(f"{seed}:{train[place].sha256}".encode()).hexdigest()

    chosen = [
        place
        for places in by_class.values()
        for place in sorted(places, key=drawn)[: learning_curve.part(share, len(places))]
    ]
    return np.array(sorted(chosen), np.int64)


def _known(config: Config, asked: Asked) -> Known:
    """What the kept model's convolutions make of all pictures, read or worked out once."""
    train, validation = asked.split.train, asked.split.validation
    squeeze = head_layers(config.model.head, 2, 0)[0]
    # Averages are few and no longer of half precision, as what is flattened is.
    kind = np.float32 if config.model.head == "compact" else np.float16

    def squeezed(parts: Iterator[Any]) -> Rows:
        return np.concatenate([np.asarray(squeeze(each), kind) for each in parts])

    if caching.worth_caching(config.model.freeze_point):
        count = caching.views(config)
        _make_sure(asked, count)
        views = tuple(squeezed(_stored(asked, train, view)) for view in range(count))
        checked = squeezed(_stored(asked, validation, 0))
    else:  # nothing is stored: it learned from the pictures, whose plain view has to do here
        views, checked = (squeezed(_shown(asked, train)),), squeezed(_shown(asked, validation))
    labels, truths = (
        np.array([each.label for each in side], np.int64) for side in (train, validation)
    )
    return Known(views, labels, checked, truths)


def _make_sure(asked: Asked, views: int) -> None:
    """Have the frozen part's outputs in the store: mostly they are there from the training."""
    wanted = [(each, view) for each in asked.split.train for view in range(views)]
    wanted += [(each, 0) for each in asked.split.validation]
    place = vgg16.first_learning(asked.settings.freeze_point)
    if passes := asked.features.missing(wanted, [place]):
        asked.features.compute(passes, lambda _: None)


def _stored(asked: Asked, pictures: Sequence[Labelled], view: int) -> Iterator[Any]:
    """What reaches the head, from what is stored; what VGG16 has learned since is applied."""
    place = vgg16.first_learning(asked.settings.freeze_point)
    rows = asked.features.rows(pictures, view, place)
    tuned = None
    if place != vgg16.HEAD_ONLY:
        tuned = after(asked.model, place, asked.settings.image_size, until=vgg16.HEAD_ONLY)
    for start in range(0, len(pictures), _BATCH):
        batch = rows.take(range(start, min(start + _BATCH, len(pictures)))).astype(np.float32)
        yield batch if tuned is None else tuned.predict_on_batch(batch)


def _shown(asked: Asked, pictures: Sequence[Labelled]) -> Iterator[Any]:
    """What reaches the head, from the pictures themselves."""
    network = asked.open_network()
    for start in range(0, len(pictures), _BATCH):
        pixels = asked.features.pixels(pictures[start : start + _BATCH])
        yield network.run(PICTURES, pixels, [vgg16.HEAD_ONLY])[vgg16.HEAD_ONLY]
