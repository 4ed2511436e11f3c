"""What is said of the variants: how many of them a training reads just so."""

import pytest

from gui.core.config import Config, ModelSettings, TrainSettings
from gui.steps import variants

OFF = {"flip": False, "rotation": False, "zoom": False}


def said(**settings: object) -> str:
    return variants.note(Config(ModelSettings.read(settings), TrainSettings.read(settings)))


@pytest.mark.parametrize(
    ("settings", "begins"),
    [
        ({"views": 3}, "These are the very pixels that training reads: the first 3 of them"),
        ({"views": 8, "epochs": 5}, "These are the very pixels that training reads: the first 5"),
        ({"views": 1}, "With one view it learns from each picture as it is."),
        ({"views": 3, **OFF}, "Every augmentation is off"),
        ({"freeze_point": "block3_conv1"}, "These are the very pixels that training reads"),
        ({"freeze_point": "block2_pool"}, "These are the very pixels that training reads"),
        ({"freeze_point": "block2_conv2"}, "While only the head learns, it reads the first 2"),
        ({"freeze_point": "block1_conv1", "views": 1}, "While only the head learns, it reads the"),
        ({"freeze_point": "block1_conv1", "epochs": 1}, "Variants of this kind are drawn anew"),
    ],
)
def test_it_says_what_training_does(settings: dict[str, object], begins: str) -> None:
    assert said(**settings).startswith(begins)
