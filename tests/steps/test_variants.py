"""What is said of the variants: how many of them a training reads just so."""

import pytest

from gui.core.config import Config, ModelSettings, TrainSettings
from gui.steps import variants

OFF = {"flip": False, "rotation": False, "zoom": False}


def said(**settings: object) -> str:
    return variants.note(Config(ModelSettings.read(settings), TrainSettings.read(settings)))


def further(**settings: object) -> str:
    return variants.further(Config(ModelSettings.read(settings), TrainSettings.read(settings)))


def test_where_the_views_are_set_is_told_apart_from_the_rest() -> None:
    """In simple mode that setting is hidden, and so is the sentence that points to it."""
    assert "Train." not in said(views=3) + said(views=1)
    assert further(views=3) == "How many is set by the views, see Train."
    assert further(views=1).startswith("With more views, see Train, it would learn")
    assert further(views=3, **OFF) == ""
    assert further(freeze_point="block1_conv1") == ""


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
