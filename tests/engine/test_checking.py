"""What checking tells, against Keras's own, and what it costs to tell the answers too."""

import keras
import numpy as np
import pytest

from gui.core import evaluation, pinned
from gui.core.events import Batch, Epoch
from gui.engine.checking import checking

CLASSES = 3


@pytest.fixture(scope="module")
def learner():
    keras.utils.set_random_seed(1)
    layers = [keras.Input((8,)), keras.layers.Dropout(0.5)]
    layers.append(keras.layers.Dense(CLASSES, activation="softmax"))
    made = keras.Sequential(layers)
    made.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return made


@pytest.mark.parametrize("scale", [1.0, 100.0])  # at 100 a probability is too small for a float32
@pytest.mark.parametrize("pictures", [16, 5])
def test_loss_and_answers_are_keras_own(learner, pictures, scale) -> None:
    chance = np.random.default_rng(pictures)
    fed = np.float32(chance.normal(0, scale, (pictures, 8)))
    labels = chance.integers(0, CLASSES, pictures)
    loss, answers = checking(learner)(fed, labels)
    told = learner.test_on_batch(fed, labels, return_dict=True)
    assert loss == pytest.approx(told["loss"], rel=1e-6)
    assert np.mean(answers.argmax(axis=1) == labels) == pytest.approx(told["accuracy"])
    assert np.allclose(answers, learner.predict_on_batch(fed), atol=1e-6)
    assert answers.shape == (pictures, CLASSES)
    assert answers.dtype == np.float32


def test_pinned_answers_are_the_evaluation_of_the_kept_epoch(trained, fine) -> None:
    for run in (trained, fine):
        kept = run.history.kept
        told = evaluation.load(run.evaluation("validation"))
        assert told.epoch == kept.epoch
        answered = {each.sha256: each.probabilities for each in told.answers}
        followed = pinned.followed(run.split, run.history.epochs)
        assert len(followed) == len(kept.answers) == min(12, len(run.split.validation))
        for each in followed:
            now = next(answer for answer in each.answers if answer.epoch == kept.epoch)
            expected = answered[each.picture.sha256]
            assert now.label == int(np.argmax(expected))
            assert now.confidence == pytest.approx(max(expected), abs=2e-3)
        assert [each.epoch for each in followed[0].answers] == list(
            range(1, len(run.history.epochs) + 1)
        )


class Killed(Exception):  # noqa: N818
    """As if the process had died there."""


def kill(event) -> None:
    if isinstance(event, Epoch) and event.epoch == 2:
        raise Killed


@pytest.fixture(scope="module")
def broken(prepare, train):
    """Two epochs are told, and one is in the checkpoint. Not to be changed."""
    run = prepare(epochs=3, views=2, head_rate=0.003)
    with pytest.raises(Killed):
        train(run, kill)
    assert len(run.history.epochs) == 2
    return run


def test_after_a_break_they_are_as_without_one(broken, trained, train, copied) -> None:
    run = copied(broken)
    train(run)
    for one, other in zip(trained.history.epochs, run.history.epochs, strict=True):
        assert one.answers == other.answers
        assert one.confidences == pytest.approx(other.confidences, abs=1e-3)
    followed = pinned.followed(run.split, run.history.epochs)
    flips = [len({answer.label for answer in each.answers}) for each in followed]
    assert max(flips) > 1, "no answer changes: the test would see nothing"


def test_an_epoch_that_stands_without_being_trained_again_keeps_its_answers(
    broken, train, copied
) -> None:
    run, before = copied(broken), broken.history.epochs[1]

    def stop(event) -> None:
        if isinstance(event, Batch):
            run.request_stop()

    told = train(run, stop)
    assert run.history.finished.reason == "stopped"
    assert [each.epoch for each in told if isinstance(each, Epoch)] == [2]
    stands = run.history.epochs[1]
    assert (stands.answers, stands.confidences) == (before.answers, before.confidences)
