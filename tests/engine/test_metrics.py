"""The measures, held against what can be counted by hand."""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest

from gui.core.metrics import Bin, Metrics
from gui.engine.metrics import measure

LABELS = ("cat", "dog", "owl")


def answers(*rows: tuple[float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32)


@pytest.fixture
def told() -> Metrics:
    """Two cats, of which one is right; two dogs, both called so; no owl, but one is answered."""
    probabilities = answers((0.7, 0.2, 0.1), (0.05, 0.0, 0.95), (0.2, 0.7, 0.1), (0.02, 0.96, 0.02))
    return measure(LABELS, (5, 6, 7), np.array([0, 0, 1, 1]), probabilities)


def test_by_hand(told) -> None:
    assert (told.right, told.pictures, told.accuracy.share) == (3, 4, 0.75)
    assert told.confusion == ((1, 0, 1), (0, 2, 0), (0, 0, 0))
    expected = -(math.log(0.7) + math.log(0.05) + math.log(0.7) + math.log(0.96)) / 4
    assert told.loss == pytest.approx(expected, rel=1e-5)
    cat, dog, owl = told.classes
    assert (cat.label, cat.learned_from, cat.pictures, cat.answered, cat.right) == (
        "cat", 5, 2, 1, 1
    )  # fmt: skip
    assert (cat.precision, cat.recall, cat.f1) == (1, 0.5, pytest.approx(2 / 3))
    assert (dog.precision, dog.recall, dog.f1) == (1, 1, 1)
    assert (owl.precision, owl.recall, owl.f1) == (0, None, 0)


def test_a_class_that_nobody_asked_or_answered_has_no_shares() -> None:
    told = measure(LABELS, (1, 1, 1), np.array([0, 1]), answers((0.9, 0.1, 0), (0.1, 0.9, 0)))
    assert (told.classes[2].precision, told.classes[2].recall, told.classes[2].f1) == (None,) * 3
    assert (told.classes[2].pictures, told.classes[2].recall_range) == (0, None)


def test_one_picture_is_enough() -> None:
    told = measure(LABELS[:2], (1, 1), np.array([1]), np.array([[1, 0]], np.float32))
    assert (told.right, told.pictures) == (0, 1)
    assert told.loss == pytest.approx(-math.log(1e-7), rel=1e-4)  # as Keras has it
    assert told.calibration == (Bin(1.0, 0, 1),)


def test_answers_are_put_with_those_that_are_as_sure(told) -> None:
    assert told.calibration == (
        Bin(pytest.approx(0.7, abs=1e-6), 2, 2), Bin(pytest.approx(0.955, abs=1e-6), 1, 2)
    )  # fmt: skip


def test_the_bins_hold_every_picture_once() -> None:
    chance = np.random.default_rng(0)
    probabilities = chance.dirichlet([0.4] * 3, 400).astype(np.float32)
    probabilities[:11, :] = [(each, 1 - each, 0) for each in np.linspace(0, 1, 11)]  # on the edges
    told = measure(LABELS, (1, 1, 1), chance.integers(0, 3, 400), probabilities)
    assert sum(each.pictures for each in told.calibration) == told.pictures == 400
    assert sum(each.right for each in told.calibration) == told.right
    for each in told.calibration:
        assert 0 <= each.right <= each.pictures
    sure = [each.confidence for each in told.calibration]
    assert sure == sorted(sure)
    assert np.sum(told.confusion) == 400


def test_json_holds_no_number_that_is_none(told) -> None:
    json.dumps(asdict(told), allow_nan=False)
