"""What the kept model scores: told from what is stored, held against the pictures themselves."""

import json
from collections.abc import Collection

import keras
import numpy as np
import pytest

from gui.engine import checkpoints, evaluation, job, network
from gui.engine.evaluation import evaluate, score
from gui.engine.job import Job


@pytest.fixture
def begun(trained, copied, weights) -> Job:
    """A finished run with its best weights, in a folder of this test."""
    run = copied(trained)
    made = job.begin(
        run, weights, lambda _: network.open_network(weights.arrays), lambda: 1.0, lambda _: None
    )
    checkpoints.restore_weights(run.best, made.model, "head")
    return made


def by_keras(begun: Job) -> tuple[float, float]:
    """The whole model on the pictures, scored by Keras's own loss and metric."""
    pixels = begun.features.pixels(begun.validation.pictures).astype(np.float32)
    answers, labels = begun.model.predict_on_batch(pixels), begun.validation.labels
    loss = keras.losses.SparseCategoricalCrossentropy()(labels, answers)
    accuracy = keras.metrics.sparse_categorical_accuracy(labels, answers)
    return float(loss), float(np.mean(accuracy))


def tamper(begun: Job, labels: Collection[int] = (0, 1, 2)) -> None:
    """Let every stored row, of some classes, be another's."""
    both = (*begun.split.train, *begun.split.validation)
    chosen = {each.sha256 for each in both if each.label in labels}
    for path in (begun.run.store).glob("*/head-0/*.npy"):
        rows = np.lib.format.open_memmap(path, mode="r+")
        known = json.loads(path.with_suffix(".json").read_text())["digests"]
        others = [place for place, digest in enumerate(known) if digest in chosen]
        rows[others] = rows[::-1][others] * 3
        rows.flush()


def test_by_hand() -> None:
    answers = np.array([[0.5, 0.5], [0.25, 0.75], [0.9, 0.1]], np.float32)
    loss, accuracy = score(answers, np.array([0, 1, 1]))
    assert accuracy == pytest.approx(2 / 3)
    assert loss == pytest.approx(-(np.log(0.5) + np.log(0.75) + np.log(0.1)) / 3)


def test_a_certain_mistake_has_a_finite_loss() -> None:
    found = score(np.array([[1, 0]], np.float32), np.array([1]))
    assert found == (pytest.approx(-np.log(1e-7), rel=1e-4), 0)


def test_it_scores_what_the_whole_model_scores_on_the_pictures(begun) -> None:
    done: list[int] = []
    loss, accuracy = evaluate(begun, done.append)
    expected = by_keras(begun)
    assert loss == pytest.approx(expected[0], rel=0.01)
    assert accuracy == pytest.approx(expected[1], abs=1e-6)
    assert sum(done) == len(begun.validation.pictures)


def test_stored_features_answer_as_pictures_do(begun) -> None:
    stored = evaluation.from_features(begun)
    shown = evaluation.from_pictures(begun, range(len(stored)), lambda _: None)
    assert np.abs(stored - shown).max() < 5e-3
    assert not np.array_equal(stored, shown)  # rounded: it really is the stored ones


def test_when_what_is_stored_disagrees_the_pictures_count(begun, monkeypatch) -> None:
    tamper(begun)
    stored = evaluation.from_features(begun)
    shown = evaluation.from_pictures(begun, range(len(stored)), lambda _: None)
    assert np.abs(stored - shown).max() > 0.05
    loss, accuracy = evaluate(begun)
    expected = by_keras(begun)
    assert loss == pytest.approx(expected[0], rel=1e-4)
    assert accuracy == pytest.approx(expected[1], abs=1e-6)


def test_every_class_is_among_those_that_are_checked(begun, monkeypatch) -> None:
    """The pictures are in order of class, and what is stored disagrees in the last one only."""
    monkeypatch.setattr(evaluation, "CHECKED", 3)
    tamper(begun, labels=[2])
    loss, accuracy = evaluate(begun)
    expected = by_keras(begun)
    assert loss == pytest.approx(expected[0], rel=1e-4)
    assert accuracy == pytest.approx(expected[1], abs=1e-6)


def test_only_some_pictures_are_read_again(begun, monkeypatch) -> None:
    monkeypatch.setattr(evaluation, "CHECKED", 2)
    read: list[int] = []
    pixels = type(begun.features).pixels

    def spy(self, pictures):
        read.append(len(pictures))
        return pixels(self, pictures)

    monkeypatch.setattr(type(begun.features), "pixels", spy)
    evaluate(begun)
    assert sum(read) == 2
