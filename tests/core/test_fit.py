"""A training that has no room is refused, and what is suggested instead has."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core import fit, plan
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.duration import Pictures
from gui.core.errors import SettingError
from gui.core.machine import Machine
from tests.core.test_plan import UNHURRIED, configs, sets

SET = Pictures(160, 40, 5)


def configured(**values: object) -> Config:
    return Config(ModelSettings.read(values), TrainSettings.read(values))


def refusal(config: Config, pictures: Pictures, machine: Machine) -> SettingError:
    with pytest.raises(SettingError) as caught:
        fit.fit(config, pictures, machine)
    return caught.value


WORDS = (
    (r"a batch size of (\d+)", "batch_size"),
    (r"pictures of (\d+) px", "image_size"),
    (r"(\d+|one) views?", "views"),
    (r"the (compact) head", "head"),
    (r"the freeze point “([\w ]+)”", "freeze_point"),
)


def suggested(config: Config, hint: str) -> list[Config]:
    """The settings that a hint tells to choose, each as a person would set them."""
    choices = re.search(r"[Cc]hoose (.+)\.$", hint).group(1).split(" or ")
    return [changed(config, choice.split(" and ")) for choice in choices]


def changed(config: Config, told: list[str]) -> Config:
    values = {**vars(config.model), **vars(config.train)}
    for words in told:
        ((found, name),) = [
            (match, name) for pattern, name in WORDS if (match := re.fullmatch(pattern, words))
        ]
        value = found.group(1).replace("one", "1") if name == "views" else found.group(1)
        value = value.replace("head only", "head")
        values[name] = int(value) if value.isdigit() else value
    return configured(**values)


@UNHURRIED
@given(configs, sets, st.integers(10**8, 10**10), st.integers(10**7, 10**11))
def test_refused_exactly_when_it_does_not_fit(
    config: Config, pictures: Pictures, memory: int, disk: int
) -> None:
    machine = Machine(memory, disk, None)
    if fit.fits(config, pictures, machine):
        fit.fit(config, pictures, machine)
        return
    refused = refusal(config, pictures, machine)
    if refused.hint.startswith(("Close other programs", "Free some space")):
        return
    for chosen in suggested(config, refused.hint):
        assert plan.peak_bytes(chosen, pictures.classes) <= memory
        assert plan.disk_bytes(chosen, pictures) <= disk
        fit.fit(chosen, pictures, machine)


def test_the_classic_head_on_a_small_machine() -> None:
    config = configured(head="classic", image_size=256)
    refused = refusal(config, SET, Machine(2_000_000_000, None, None))
    assert refused.what == "This training needs about 3.2 GB of memory, and 2.0 GB are free."
    assert refused.hint == "Choose pictures of 160 px or the compact head."


def test_a_large_batch_needs_no_more_than_a_smaller_one() -> None:
    config = configured(freeze_point="block1_conv1", batch_size=128)
    machine = Machine(2_500_000_000, None, None)
    assert refusal(config, SET, machine).hint == (
        "Choose a batch size of 16 or pictures of 64 px or the freeze point “block3_conv3”."
    )


def test_a_full_disk_is_told_with_what_would_fit() -> None:
    config = configured(freeze_point="block3_conv1", views=8)
    refused = refusal(config, Pictures(2000, 500, 5), Machine(None, 4_000_000_000, None))
    assert refused.what == "This training needs about 7.5 GB of disk, and it may use 4.0 GB."
    assert "4 views" in refused.hint


def test_more_features_than_the_store_may_hold_are_refused() -> None:
    config = configured(freeze_point="block3_conv1", views=8)
    refused = refusal(config, Pictures(4000, 500, 5), Machine(None, None, None))
    assert refused.what.endswith("of disk, and it may use 10.0 GB.")


def test_where_only_the_disk_is_too_full_room_can_be_made() -> None:
    refused = refusal(Config(), SET, Machine(None, 1_000_000, None))
    assert refused.hint == (
        "Free some space, for example by deleting old trainings, then try again."
    )


def test_when_nothing_fits_it_says_so() -> None:
    refused = refusal(Config(), SET, Machine(500_000_000, None, None))
    assert refused.hint == (
        "Close other programs, or use a computer with more memory and more free disk."
    )


def test_nobody_is_refused_where_the_memory_is_unknown() -> None:
    fit.fit(configured(head="classic", image_size=256), SET, Machine(None, None, None))


# Ladders -----------------------------------------------------------------------------------------


POINTS = ("head", "block5_conv3", "block5_conv1", "block4_conv1")


def ladder_refusal(config: Config, disk: int, points: tuple[str, ...] = POINTS) -> SettingError:
    with pytest.raises(SettingError) as caught:
        fit.fit_ladder(config, points, SET, Machine(None, disk, None))
    return caught.value


@UNHURRIED
@given(configs, sets, st.floats(0, 1))
def test_a_ladder_takes_the_shared_features_once_and_the_weights_of_each_rung(
    config: Config, pictures: Pictures, stored: float
) -> None:
    whole = fit.ladder_disk_bytes(config, POINTS, pictures, stored=stored)
    rungs = [changed(config, [f"the freeze point “{each}”"]) for each in POINTS]
    weights = sum(plan.weight_bytes(each, pictures) for each in rungs)
    features = max(plan.feature_bytes(each, pictures) for each in rungs)
    assert whole >= weights + round((1 - stored) * min(features, fit.FEATURES_BUDGET_BYTES)) - 1
    assert whole <= weights + fit.FEATURES_BUDGET_BYTES
    assert whole <= sum(plan.disk_bytes(each, pictures) for each in rungs)


@UNHURRIED
@given(configs, st.integers(10**7, 10**10))
def test_a_ladder_is_refused_exactly_when_its_rungs_together_do_not_fit(
    config: Config, disk: int
) -> None:
    if fit.ladder_disk_bytes(config, POINTS, SET) <= disk:
        fit.fit_ladder(config, POINTS, SET, Machine(None, disk, None))
        return
    refused = ladder_refusal(config, disk)
    assert refused.hint.startswith("Compare fewer freeze points")
    if "choose" in refused.hint:
        for chosen in suggested(config, refused.hint):
            fit.fit_ladder(chosen, POINTS, SET, Machine(None, disk, None))


def test_classic_heads_that_fit_one_by_one_may_not_fit_together() -> None:
    config, machine = configured(head="classic"), Machine(None, 5_000_000_000, None)
    for point in POINTS:
        fit.fit(changed(config, [f"the freeze point “{point}”"]), SET, machine)
    refused = ladder_refusal(config, 5_000_000_000)
    assert refused.what == (
        "These 4 trainings need about 6.3 GB of disk together, and they may use 5.0 GB."
    )
    assert refused.hint == (
        "Compare fewer freeze points, or choose pictures of 128 px or the compact head."
    )
    fit.fit_ladder(config, POINTS[:2], SET, machine)


def test_what_is_stored_leaves_room_for_a_ladder() -> None:
    needed = fit.ladder_disk_bytes(Config(), POINTS, SET, stored=1.0)
    machine = Machine(None, needed, None)
    fit.fit_ladder(Config(), POINTS, SET, machine, stored=1.0)
    ladder_refusal(Config(), needed)


def test_no_ladder_is_refused_where_the_disk_is_unknown() -> None:
    fit.fit_ladder(configured(head="classic"), POINTS, SET, Machine(None, None, None))
