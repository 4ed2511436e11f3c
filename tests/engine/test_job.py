from dataclasses import replace

import numpy as np
import pytest

from gui.core.errors import RunError
from gui.core.events import CacheProgress, Queued, Started
from gui.engine import job


@pytest.fixture
def begin(weights):
    """``begin(run)`` begins it; what was told is in ``begin.told``."""

    def go(run, by=weights):
        go.told = []
        return job.begin(run, by, lambda: 1.0, go.told.append)

    return go


def test_it_says_what_it_begins_with(prepare, begin, weights) -> None:
    run = prepare(epochs=7, views=3)
    begun = begin(run)
    started = begin.told[0]
    assert started == Started(
        1.0, 7, weights.source, weights.sha256, True, len(run.split.train), 6, 3
    )
    assert run.history.started == started
    assert begun.epoch == 0
    reading = [each for each in begin.told if isinstance(each, CacheProgress)]
    assert (reading[-1].what, reading[-1].done, reading[-1].total) == ("reading", 36, 36)


def test_without_augmentation_there_is_one_view(prepare, begin) -> None:
    begin(prepare(views=3, flip=False, rotation=False, zoom=False))
    assert begin.told[0].views == 1


def test_pictures_and_labels_are_those_of_the_split(prepare, begin) -> None:
    run = prepare()
    begun = begin(run)
    for part, side in ((begun.train, run.split.train), (begun.validation, run.split.validation)):
        assert part.images.shape == (len(side), 64, 64, 3)
        assert part.labels.tolist() == [each.label for each in side]


def test_its_model_has_the_weights_and_the_classes(prepare, begin, weights) -> None:
    begun = begin(prepare())
    for layer, arrays in weights.arrays.items():
        for pair in zip(begun.model.get_layer(layer).get_weights(), arrays, strict=True):
            assert np.array_equal(*pair)
    assert begun.model.output_shape == (None, 3)


def test_chosen_for_you_is_settled(prepare, begin) -> None:
    begun = begin(prepare(freeze_point="block5_conv1"))
    assert (begun.config.train.head_rate, begun.config.train.fine_rate) == (1e-3, 2e-5)


def test_epochs_are_those_last_asked_for(prepare, begin) -> None:
    run = prepare(epochs=3)
    run.append(Queued(1.0, 9))
    begin(run)
    assert begin.told[0].epochs == 9


def test_it_goes_on_at_the_checkpoint(trained, copied, begin) -> None:
    """Epochs told after the last checkpoint are trained again."""
    run = copied(trained)
    begun = begin(run)
    assert (begun.epoch, begun.checkpoint.epoch) == (3, 3)
    run.checkpoint.unlink()
    begun = begin(run)
    assert (begun.epoch, begun.checkpoint) == (0, None)
    assert begun.journal.history.best is None


def test_other_weights_are_refused(trained, copied, begin, weights) -> None:
    run = copied(trained)
    with pytest.raises(RunError, match="began with other VGG16 weights") as refused:
        begin(run, replace(weights, sha256="0" * 64))
    assert refused.value.hint.startswith("Use the same weights again")


def test_a_stop_is_heeded_while_pictures_are_read(prepare, begin) -> None:
    run = prepare()
    run.request_stop()
    with pytest.raises(job.Stopped):
        begin(run)
