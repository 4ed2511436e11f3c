"""The sentences that tell a person what a training takes."""

from dataclasses import replace

import pytest

from gui.core import forecast, ladder, plan
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.outlook import LadderPlan
from tests.core.test_plan import SAMPLES, SPEEDS


def told(stored: float = 0.0, share: float = 1.0, **values: object) -> str:
    config = Config(ModelSettings.read(values), TrainSettings.read(values))
    speeds = replace(SPEEDS, share=share)
    return forecast.describe(plan.plan(config, SAMPLES, speeds, stored=stored))


def test_head_only_with_two_views() -> None:
    assert told() == (
        "**About 20 s, 1.1 GB of memory**<details><summary>Why?</summary>On this computer: 15 s to "
        "pass 2 views of each picture through the frozen part, once (the second view costs 7 s), "
        "then 0.1 s for each of the 20 epochs, and 5 s to get ready, to check and to save. Each of "
        "these is rounded, so they add up only roughly. It leaves 71 MB on the disk.</details>"
    )


def compared(stored: float = 0.0) -> LadderPlan:
    config = Config()
    rungs = [
        plan.plan(ladder.at(config, each), SAMPLES, SPEEDS, stored=stored)
        for each in ("head", "block5_conv3")
    ]
    return LadderPlan(tuple(rungs), 120_000_000)


def test_a_ladder_counts_what_its_rungs_share_once() -> None:
    both = compared()
    head, block = both.rungs
    assert both.preparing_s == head.caching_s == block.caching_s > 0
    assert both.seconds == pytest.approx(head.seconds() + block.seconds() - head.caching_s)
    assert both.peak_bytes == block.peak_bytes
    assert LadderPlan((), 0).seconds == 0.0


def test_a_ladder_is_told_with_its_settings() -> None:
    assert forecast.describe_ladder(compared(), Config()) == (
        "**About 47 s in all, 1.1 GB of memory**, with 160 px, 20 epochs, compact head, as chosen "
        "under Model and Train.<details><summary>Why?</summary>Getting the pictures ready takes "
        "15 s, once for all of them; the time beside each freeze point is what comes on top. Each "
        "of these is rounded, so they add up only roughly. It leaves 120 MB on the disk.</details>"
    )
    again = forecast.describe_ladder(compared(stored=1.0), Config())
    assert "The frozen part has seen these pictures already." in again


def test_settings_in_short() -> None:
    one = Config(ModelSettings(head="classic", image_size=224), TrainSettings(epochs=1))
    assert forecast.settings(one) == "224 px, 1 epoch, classic head"


def test_both_phases_are_told() -> None:
    assert (
        "0.1 s for each of the 5 epochs of the head and 5.5 s for each of the 15 epochs in which "
        "VGG16 learns, too"
    ) in told(freeze_point="block5_conv1")


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"views": 1}, "8 s to pass each picture through the frozen part, once, then"),
        ({"views": 4}, "4 views of each picture through the frozen part, once (each of the 3"),
        ({"stored": 0.5}, ", as 50% is there from earlier trainings, then"),
        ({"stored": 1.0}, "the frozen part has seen these pictures already, then"),
        ({"epochs": 1}, "for the one epoch"),
        ({"share": 0.3}, "Other programs are at work on this computer now"),
        ({"freeze_point": "block1_conv1"}, "every epoch begins with the pictures."),
    ],
)
def test_what_is_special_is_said(values: dict, part: str) -> None:
    assert part in told(**values)
    if part not in told():
        assert part not in told()


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(10, "1 MB"), (30_400_000, "30 MB"), (999e6, "1.0 GB"), (1.06e9, "1.1 GB"), (3e9, "3.0 GB")],
)
def test_sizes_as_people_say_them(size_bytes: float, words: str) -> None:
    assert forecast.size(size_bytes) == words
