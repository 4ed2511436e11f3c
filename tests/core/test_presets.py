"""Ready-made choices: what each stands for, and when one of them is the one that is chosen."""

from dataclasses import asdict

import pytest

from gui.core import presets, vgg16
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.presets import PRESETS


def test_quick_is_what_every_setting_is_at_first() -> None:
    assert presets.find("quick").config(TrainSettings()) == Config()


def test_balanced_lets_the_last_block_learn_and_classic_is_the_tutorial_s() -> None:
    balanced, classic = presets.find("balanced").model, presets.find("classic").model
    assert vgg16.first_learning(balanced.freeze_point) == "block5_conv1"
    assert (classic.image_size, classic.head) == (256, "classic")
    assert vgg16.count(classic.freeze_point, "classic", 256, 5).trainable == 158_103_045
    assert presets.find("slow") is None


@pytest.mark.parametrize("preset", PRESETS, ids=lambda each: each.id)
def test_the_pictures_stay_divided_as_they_are(preset) -> None:
    division = TrainSettings(validation_share=0.3, test_share=0.1, seed=7, epochs=99)
    train = preset.config(division).train
    assert (train.validation_share, train.test_share, train.seed) == (0.3, 0.1, 7)
    assert train.epochs == preset.train.epochs


@pytest.mark.parametrize("preset", PRESETS, ids=lambda each: each.id)
def test_it_is_chosen_when_all_it_sets_stands_on_the_page(preset) -> None:
    values = asdict(ModelSettings()) | asdict(TrainSettings(seed=5)) | preset.values()
    assert presets.chosen(values) is preset
    assert presets.chosen(values | {"epochs": 19}) is None
    assert presets.chosen(values | {"image_size": 96}) is None
    assert presets.chosen({}) is None
