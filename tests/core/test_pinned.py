"""Which pictures are pinned, and what was answered to them."""

from dataclasses import replace

import numpy as np
import pytest

from gui.core import events, pinned
from gui.core.events import Epoch
from gui.core.split import Labelled, Split


def divided(*counts: int) -> Split:
    """So many validation pictures of each class; their digests are in no order."""
    labels = [label for label, count in enumerate(counts) for _ in range(count)]
    pictures = tuple(
        Labelled(f"{label}/{n}.jpg", f"{37 * n % 101:064x}", f"{n:06d}", label)
        for n, label in enumerate(labels)
    )
    return Split(tuple("abcdefghijklmno"[: len(counts)]), pictures[:1], pictures)


def epoch(number: int, *answers: int, sure: float = 0.5) -> Epoch:
    confidences = (sure,) * len(answers)
    return Epoch(1.0, number, "head", 0.9, 0.5, 0.8, 0.6, 1.0, answers, confidences)


@pytest.mark.parametrize(
    ("counts", "chosen"),
    [
        ((8, 8, 8, 8, 8), (3, 3, 2, 2, 2)),
        ((1, 40), (1, 11)),
        ((2, 1, 2), (2, 1, 2)),
        ((1,) * 15, (1,) * 12 + (0,) * 3),
    ],
)
def test_they_are_spread_over_the_classes(counts, chosen) -> None:
    split = divided(*counts)
    places = pinned.places(split)
    labels = [split.validation[place].label for place in places]
    assert [labels.count(each) for each in range(len(counts))] == list(chosen)
    assert labels == sorted(labels)
    assert len(set(places)) == len(places)


def test_the_choice_never_changes() -> None:
    """Stored answers hang on it."""
    split = divided(3, 9, 4)
    assert pinned.places(split).tolist() == [0, 1, 2, 11, 3, 6, 9, 4, 14, 12, 15, 13]
    again = replace(split, validation=tuple(reversed(split.validation)))
    same = [again.validation[place] for place in pinned.places(again)]
    assert same == [split.validation[place] for place in pinned.places(split)]


def test_answers_are_the_likeliest_class_and_how_likely() -> None:
    rows = np.float32([[0.1, 0.7, 0.2], [0.98765432, 0.0123, 0.0], [1.0000001, 0, 0]])
    assert pinned.told(rows) == ((1, 0, 0), (0.7, 0.9877, 1.0))


def test_each_picture_is_followed_over_the_epochs() -> None:
    split = divided(1, 1)
    first, second = pinned.followed(split, [epoch(1, 1, 1), epoch(2, 0, 1, sure=0.75)])
    assert [each.picture.label for each in (first, second)] == [0, 1]
    assert [(each.epoch, each.label, each.confidence) for each in first.answers] == [
        (1, 1, 0.5),
        (2, 0, 0.75),
    ]
    assert [first.right(n) for n in (1, 2, 3)] == [False, True, False]
    assert [second.right(n) for n in (1, 2)] == [True, True]


def test_a_run_of_before_they_were_told_has_none() -> None:
    line = (
        '{"event": "Epoch", "at": 1, "epoch": 1, "phase": "head", "loss": 0.9, "accuracy": 0.5, '
        '"val_loss": 0.8, "val_accuracy": 0.6, "seconds": 1.0}'
    )
    old = events.from_line(line)
    assert isinstance(old, Epoch)
    assert pinned.followed(divided(2, 2), [old]) == ()
    # Taken up again since: what is known is shown.
    (first, *_) = pinned.followed(divided(1, 1), [old, epoch(2, 0, 1)])
    assert [each.epoch for each in first.answers] == [2]


@pytest.mark.parametrize(
    "damaged",
    [
        epoch(1, 0),
        epoch(1, 0, 2),
        epoch(1, 0, -1),
        epoch(1, 0, 1, sure=1.5),
        epoch(1, 0, 1, sure=float("nan")),
        replace(epoch(1, 0, 1), confidences=(0.5,)),
    ],
)
def test_answers_that_are_not_of_these_pictures_are_passed_over(damaged) -> None:
    assert pinned.followed(divided(1, 1), [damaged]) == ()
