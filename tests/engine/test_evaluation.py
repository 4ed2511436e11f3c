"""What the kept model scores: told from what is stored, held against the pictures themselves."""

import json
import os
from collections.abc import Collection
from dataclasses import replace

import keras
import numpy as np
import pytest

from gui.core import evaluation as core_evaluation
from gui.core import split
from gui.core.errors import RunError
from gui.core.evaluation import Evaluation
from gui.core.events import Evaluated, Finished, Queued
from gui.core.runs import Run
from gui.core.split import Split
from gui.engine import checkpoints, evaluation, job, learning_curve, network
from gui.engine.asked import Asked, afterwards, at_the_end
from gui.engine.job import Job
from gui.engine.loaded import Models


@pytest.fixture
def begun(trained, copied, weights) -> Job:
    """A finished run with its best weights, in a folder of this test."""
    run = copied(trained)
    made = job.begin(
        run, weights, lambda _: network.open_network(weights.arrays), lambda: 1.0, lambda _: None
    )
    checkpoints.restore_weights(run.best, made.model, "head")
    return made


def evaluate(begun: Job, progress=lambda _: None) -> tuple[float, float]:
    """Loss and accuracy on the validation pictures."""
    found = evaluation.evaluate(asked(begun), "validation", progress, stored=True)
    return found.metrics.loss, found.metrics.accuracy.share


def asked(begun: Job) -> Asked:
    return at_the_end(begun, 3, lambda: None)


def answered(begun: Job) -> tuple[np.ndarray, np.ndarray]:
    """What the stored features and the pictures themselves give."""
    chosen = begun.validation.pictures
    stored = evaluation.from_features(asked(begun), chosen)
    return stored, evaluation.from_pictures(asked(begun), chosen, lambda _: None)


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


def test_it_scores_what_the_whole_model_scores_on_the_pictures(begun) -> None:
    done: list[int] = []
    loss, accuracy = evaluate(begun, done.append)
    expected = by_keras(begun)
    assert loss == pytest.approx(expected[0], rel=0.01)
    assert accuracy == pytest.approx(expected[1], abs=1e-6)
    assert sum(done) == len(begun.validation.pictures)


def test_stored_features_answer_as_pictures_do(begun) -> None:
    stored, shown = answered(begun)
    assert np.abs(stored - shown).max() < 5e-3
    assert not np.array_equal(stored, shown)  # rounded: it really is the stored ones


def test_when_what_is_stored_disagrees_the_pictures_count(begun, monkeypatch) -> None:
    tamper(begun)
    stored, shown = answered(begun)
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


def test_both_ways_of_asking_about_pictures_agree(begun) -> None:
    chosen = begun.validation.pictures
    whole = evaluation.from_model(asked(begun), chosen)
    quick = evaluation.from_pictures(asked(begun), chosen, lambda _: None)
    assert np.abs(whole - quick).max() < 1e-4


def test_a_training_writes_down_what_it_tells(trained) -> None:
    """Evaluated and evaluation.json say the same, to the last bit, and so do its pictures."""
    told, found = trained.history.evaluated, read(trained)
    assert isinstance(told, Evaluated)
    assert (found.side, found.epoch) == ("validation", told.epoch)
    assert (found.metrics.loss, found.metrics.accuracy.share) == (told.loss, told.accuracy)
    assert found.metrics.pictures == told.pictures == len(found.answers)
    divided = trained.split
    for picture, answer in zip(divided.validation, found.answers, strict=True):
        assert (answer.name, answer.sha256, answer.path, answer.truth) == (
            picture.name, picture.sha256, picture.path, picture.label
        )  # fmt: skip
        assert sum(answer.probabilities) == pytest.approx(1)
    assert sum(each.right for each in found.answers) == found.metrics.right
    learned = [sum(each.label == n for each in divided.train) for n in range(3)]
    assert [each.learned_from for each in found.metrics.classes] == learned
    assert not trained.evaluation("test").exists()
    json.loads(trained.evaluation("validation").read_text(), parse_constant=pytest.fail)


def test_an_evaluation_can_be_made_again(trained, copied, weights) -> None:
    """As for a run of before there were any, or one that came from elsewhere."""
    run, told = copied(trained), []
    run.evaluation("validation").unlink()
    again(run, weights, told)
    assert read(run) == read(trained)
    assert told[-1] == (len(run.split.validation),) * 2


def test_without_stored_features_the_pictures_are_asked(fine, copied, weights) -> None:
    run = copied(fine)
    for path in run.store.glob("*/*/*"):
        path.unlink()
    again(run, weights, told := [])
    before, now = read(fine), read(run)
    assert [each.answer for each in now.answers] == [each.answer for each in before.answers]
    assert now.metrics.loss == pytest.approx(before.metrics.loss, abs=0.02)
    assert now != before
    assert told[-1] == (len(run.split.validation),) * 2


def test_a_model_that_was_trained_further_meanwhile_overwrites_nothing(
    trained, copied, weights
) -> None:
    run = copied(trained)
    before = run.evaluation("validation").read_bytes()
    loaded = Models(lambda: weights).load(run)

    def go_on(*_: int) -> None:
        told = run.history.evaluated
        for event in (Queued(1e9, 9), replace(told, at=told.at + 9), Finished(1e9, "epochs")):
            run.append(event)

    with pytest.raises(RunError, match=r"trained further meanwhile. Wait for its end"):
        evaluation.again(run, loaded, lambda: weights, go_on)
    with pytest.raises(RunError, match="trained further meanwhile"):
        learning_curve.write(run, loaded, lambda: weights, go_on)
    os.utime(run.best)  # as a better epoch does
    with pytest.raises(RunError, match="trained further meanwhile"):
        evaluation.again(run, loaded, lambda: weights, lambda *_: None)
    assert run.evaluation("validation").read_bytes() == before
    assert not run.learning_curve.exists()


def test_a_run_that_is_under_way_is_refused(prepare, trained, weights) -> None:
    loaded = Models(lambda: weights).load(trained)
    with pytest.raises(RunError, match="isn't finished"):
        afterwards(prepare(), loaded, lambda: weights)


def test_test_pictures_are_answered_apart(prepare, train) -> None:
    run = prepare(epochs=1)
    divided = run.split
    train_side, test = divided.train[::2], divided.train[1::2]
    split.save(Split(divided.labels, train_side, divided.validation, test), run.path / "split.json")
    train(run)
    found, checked = read(run, "test"), read(run)
    assert [each.sha256 for each in found.answers] == [each.sha256 for each in test]
    assert (found.side, found.epoch, found.metrics.pictures) == ("test", 1, len(test))
    assert [each.sha256 for each in checked.answers] == [e.sha256 for e in divided.validation]
    assert run.history.evaluated.pictures == len(divided.validation)  # those alone are told
    assert sum(each.learned_from for each in found.metrics.classes) == len(train_side)


def again(run: Run, weights, told: list[tuple[int, int]]) -> None:
    loaded = Models(lambda: weights).load(run)
    evaluation.again(run, loaded, lambda: weights, lambda *each: told.append(each))


def read(run: Run, side="validation") -> Evaluation:
    return core_evaluation.load(run.evaluation(side))
