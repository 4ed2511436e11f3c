"""A training that has no room is refused, and what is suggested instead has."""

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
    nearest = fit.nearest(config, pictures, machine)
    if nearest is None:
        assert refused.hint.startswith("Close other programs")
    else:
        assert refused.hint.startswith("Choose ")
        assert plan.peak_bytes(nearest, pictures.classes) <= memory
        assert plan.disk_bytes(nearest, pictures) <= disk
        fit.fit(nearest, pictures, machine)


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
    assert fit.nearest(config, SET, machine) == configured(
        freeze_point="block1_conv1", batch_size=16
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


def test_when_nothing_fits_it_says_so() -> None:
    refused = refusal(Config(), SET, Machine(500_000_000, None, None))
    assert refused.hint == (
        "Close other programs, or use a computer with more memory and more free disk."
    )


def test_nobody_is_refused_where_the_memory_is_unknown() -> None:
    fit.fit(configured(head="classic", image_size=256), SET, Machine(None, None, None))
