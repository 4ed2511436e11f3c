"""How good the kept model is, on the pictures that were kept out of learning."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gui.core import caching, evaluation, take_home, vgg16
from gui.core.duration import CHECKED
from gui.core.evaluation import Answered, Evaluation, Side
from gui.core.runs import Run
from gui.core.split import Labelled, Split
from gui.engine import metrics
from gui.engine.asked import Asked, afterwards
from gui.engine.loaded import Loaded, trained_further
from gui.engine.model import after
from gui.engine.network import PICTURES
from gui.engine.weights import Weights

SIDES: Final[tuple[Side, ...]] = ("validation", "test")  # those of a run

_BATCH = 16
# Probabilities of the stored features and of the pictures themselves may differ by as much: the
# features are rounded to half precision, which moves a probability by a thousandth or two.
_TOLERANCE = 0.02

Answers = NDArray[np.float32]  # (n, classes), probabilities
Progress = Callable[[int], None]  # called with the number of pictures that have just been answered
Pictures = Sequence[Labelled]


def write(
    asked: Asked, run: Run, progress: Progress = lambda _: None, *, stored: bool | None = None
) -> Evaluation:
    """Evaluate every side that a run has, and write it down.

    Args:
        asked: Its model.
        run: Where it is written.
        progress: Called as pictures are answered.
        stored: Whether the features of all these pictures are stored; None to look.

    Returns:
        That of the validation pictures.

    Raises:
        RunError: When a picture is gone or changed.
        DiskFull: When there is no room.
    """
    found = answer(asked, progress, stored=stored)
    save(found, run)
    return found["validation"]


def answer(
    asked: Asked, progress: Progress = lambda _: None, *, stored: bool | None = None
) -> dict[Side, Evaluation]:
    """Evaluate every side that a run has; see :func:`write`."""
    found: dict[Side, Evaluation] = {}
    for side in SIDES:
        if chosen := pictures(asked.split, side):
            there = is_stored(asked, chosen) if stored is None else stored
            found[side] = evaluate(asked, side, progress, stored=there)
    return found


def save(found: Mapping[Side, Evaluation], run: Run) -> None:
    """Write down what a run's model answered.

    Raises:
        DiskFull: When there is no room.
    """
    for side, each in found.items():
        evaluation.save(each, run.evaluation(side))


def again(
    run: Run,
    loaded: Loaded,
    find_weights: Callable[[], Weights],
    progress: Callable[[int, int], None],
) -> None:
    """The same for a training that has ended long ago, or elsewhere.

    Args:
        run: The training.
        loaded: Its model.
        find_weights: VGG16's.
        progress: Called with the number of pictures answered, and of all.

    Raises:
        RunError: When it isn't finished, a picture is gone or changed, or it is trained further
            meanwhile.
        DiskFull: When there is no room.
    """
    of = take_home.stamp(run)
    asked, done = afterwards(run, loaded, find_weights), 0
    total = sum(len(pictures(asked.split, side)) for side in SIDES)

    def count(amount: int) -> None:
        nonlocal done
        done += amount
        progress(done, total)

    found = answer(asked, count)
    if take_home.stamp(run) != of:  # that training has written its own, of a newer model
        raise trained_further()
    save(found, run)


def pictures(split: Split, side: Side) -> Pictures:
    """The pictures of a side of a run."""
    return split.test if side == "test" else split.validation


def is_stored(asked: Asked, chosen: Pictures) -> bool:
    """Whether the store has sound features of all these pictures."""
    point = asked.settings.freeze_point
    if not caching.worth_caching(point):
        return False
    wanted = [(each, 0) for each in chosen]
    return not asked.features.missing(wanted, [vgg16.first_learning(point)])


def evaluate(
    asked: Asked, side: Side, progress: Progress = lambda _: None, *, stored: bool
) -> Evaluation:
    """What the kept model answers to every picture of a side, and what that is worth.

    Pictures that have passed the frozen part already are answered from what is stored. That the
    whole model says the same is checked on some of the pictures themselves; should it not, every
    picture is answered anew, and that counts.

    Args:
        asked: The model.
        side: "validation" or "test", which must have pictures.
        progress: Called as pictures are answered.
        stored: Whether their features are stored.
    """
    chosen = pictures(asked.split, side)
    answers = _checked(asked, chosen, progress) if stored else None
    if answers is None:
        answers = from_pictures(asked, chosen, progress)
    answered = [
        Answered(each.name, each.sha256, each.path, each.label, plain(row))
        for each, row in zip(chosen, answers, strict=True)
    ]
    return measured(side, asked.epoch, asked.split, answered)


def measured(side: Side, epoch: int, split: Split, answered: Sequence[Answered]) -> Evaluation:
    """The evaluation that answers make; one at least."""
    learned = Counter(each.label for each in split.train)
    learned_from = [learned[place] for place in range(len(split.labels))]
    truths = np.array([each.truth for each in answered], np.int64)
    probabilities = np.array([each.probabilities for each in answered], np.float32)
    told = metrics.measure(split.labels, learned_from, truths, probabilities)
    return Evaluation(side, epoch, split.labels, tuple(answered), told)


def from_features(asked: Asked, chosen: Pictures) -> Answers:
    """What the learning part answers to the stored features of pictures."""
    place = vgg16.first_learning(asked.settings.freeze_point)
    rows = asked.features.rows(chosen, 0, place)
    learner = after(asked.model, place, asked.settings.image_size)

    def ask(batch: range) -> Answers:
        return np.asarray(learner.predict_on_batch(rows.take(batch).astype(np.float32)))

    return _batched(asked, ask, len(chosen))


def from_model(asked: Asked, chosen: Pictures) -> Answers:
    """What the whole model, as Keras has it, answers to pictures."""

    def ask(batch: range) -> Answers:
        pixels = asked.features.pixels([chosen[place] for place in batch])
        return np.asarray(asked.model.predict_on_batch(pixels.astype(np.float32)))

    return _batched(asked, ask, len(chosen))


def from_pictures(asked: Asked, chosen: Pictures, progress: Progress) -> Answers:
    """The same, its convolutions run in the quicker way, see :mod:`gui.engine.network`."""
    convolved = asked.open_network()
    head = after(asked.model, vgg16.HEAD_ONLY, asked.settings.image_size)

    def ask(batch: range) -> Answers:
        pixels = asked.features.pixels([chosen[place] for place in batch])
        reached = convolved.run(PICTURES, pixels, [vgg16.HEAD_ONLY])[vgg16.HEAD_ONLY]
        progress(len(batch))
        return np.asarray(head.predict_on_batch(reached))

    return _batched(asked, ask, len(chosen))


def plain(row: Iterable[Any]) -> tuple[float, ...]:
    """Probabilities as Python's numbers, as short as float32 can be told without loss."""
    return tuple(float(str(np.float32(each))) for each in row)


def _checked(asked: Asked, chosen: Pictures, progress: Progress) -> Answers | None:
    """The answers from what is stored; None when the whole model says something else."""
    answers = from_features(asked, chosen)
    # They are in order of class: spread over all of them, so that each class is seen.
    some = np.linspace(0, len(chosen) - 1, min(CHECKED, len(chosen))).round().astype(int)
    shown = from_model(asked, [chosen[place] for place in some])
    if np.abs(answers[some] - shown).max() > _TOLERANCE:
        return None
    progress(len(chosen))
    return answers


def _batched(asked: Asked, ask: Callable[[range], Answers], count: int) -> Answers:
    found = []
    for start in range(0, count, _BATCH):
        asked.pause()
        found.append(ask(range(start, min(start + _BATCH, count))))
    return np.concatenate(found)
