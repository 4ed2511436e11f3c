"""Run folders for tests."""

import pytest

from gui.core import new_run
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import RunError
from gui.core.split import Labelled, Split

CONFIG = Config(ModelSettings(freeze_point="block4_pool"), TrainSettings(epochs=7, seed=3))
SPLIT = Split(
    ("cat", "dog"),
    (Labelled("cat/1.jpg", "a" * 64, "000000", 0), Labelled("dog/1.jpg", "b" * 64, "000002", 1)),
    (Labelled("cat/2.jpg", "c" * 64, "000001", 0), Labelled("dog/2.jpg", "d" * 64, "000003", 1)),
)


def made(path, pictures, title="cats"):
    return new_run.create(path, CONFIG, SPLIT, pictures, title, 12.5)


def refusal(call, *arguments):
    with pytest.raises(RunError) as caught:
        call(*arguments)
    return str(caught.value)
