"""What becomes of a training whose run is held, or that breaks off: trained in this process."""

import errno

import pytest
import tensorflow as tf

from gui.core.errors import RunError
from gui.engine import attempt, training


def test_two_workers_never_train_one_run(prepare, weights) -> None:
    run = prepare()
    with run.hold(), pytest.raises(RunError, match="under way already"):
        attempt.train(run, lambda: weights)
    assert run.history.failed is None  # the one that holds it goes on undisturbed


def test_a_surprise_becomes_the_last_event(prepare, weights, monkeypatch) -> None:
    def surprise(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("gui.engine.training.train", surprise)
    run = prepare()
    run.request_stop()
    with pytest.raises(ZeroDivisionError):
        attempt.train(run, lambda: weights)
    assert run.history.failed.what == "The training broke off (ZeroDivisionError: by zero)."
    assert run.history.failed.hint.startswith("Press “Go on”")
    assert not run.stop_requested


def test_a_folder_that_cannot_be_written_is_told_without_its_path(
    prepare, weights, monkeypatch
) -> None:
    run = prepare(epochs=2)

    def refuse(*_: object) -> None:
        raise OSError(13, "Permission denied", str(run.store))

    monkeypatch.setattr(training, "begin", refuse)
    with pytest.raises(RunError, match="Permission denied"):
        attempt.train(run, lambda: weights)
    failed = run.history.failed
    assert str(run.store) not in failed.what
    assert failed.hint.startswith("Check the disk")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("std::bad_alloc"),
    ],
)
def test_a_training_without_memory_is_told_what_would_help_it(
    prepare, weights, monkeypatch, error: Exception
) -> None:
    def lack(*_: object) -> None:
        raise error

    monkeypatch.setattr("gui.engine.training.train", lack)
    run = prepare(head="classic", image_size=256)
    with pytest.raises(RunError):
        attempt.train(run, lambda: weights)
    failed = run.history.failed
    assert failed.what == "There is not enough memory for this training."
    assert failed.hint.endswith("Or start a new training with the compact head.")
