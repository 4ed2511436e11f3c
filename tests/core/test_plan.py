"""More of anything never takes less, and known trainings take what they really took."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core import config as settings
from gui.core import plan, vgg16
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.duration import Pictures
from gui.core.machine import Speeds
from gui.core.plan import Plan

# As measured on the machine that DESIGN names: two cores, no GPU, nothing else running.
SPEEDS = Speeds(
    frozen_fixed_s=(0.0004, 0.0004, 0.0008, 0.0031, 0.0033),
    frozen_pixel_s=(3.0e-7, 2.6e-7, 3.1e-7, 2.8e-7, 1.5e-7),
    forward_macs=(75e9, 80e9, 85e9, 87e9, 88e9),
    backward_macs=(30e9, 48e9, 62e9, 60e9, 54e9),
    weight_s=4.5e-9,
    step_s=0.003,
    reading_s=0.0003,
    reading_byte_s=6e-9,
    building_s=0.75,
)
UNHURRIED = hypothesis.settings(deadline=None)  # another program may be busy
SAMPLES = Pictures(160, 40, 5, 15_000)

configs = st.builds(
    lambda model, train: Config(ModelSettings(**model), TrainSettings(**train)),
    st.fixed_dictionaries(
        {
            "freeze_point": st.sampled_from(vgg16.FREEZE_POINTS),
            "head": st.sampled_from(("compact", "classic")),
            "image_size": st.sampled_from(range(64, 257, 32)),
            "flip": st.booleans(),
        }
    ),
    st.fixed_dictionaries(
        {
            "epochs": st.integers(1, 100),
            "head_epochs": st.integers(1, 30),
            "batch_size": st.integers(1, 128),
            "views": st.integers(1, 8),
        }
    ),
)
sets = st.builds(
    Pictures, st.integers(2, 5000), st.integers(2, 1000), st.integers(2, 50), st.floats(1e3, 1e7)
)


def made(config: Config, pictures: Pictures = SAMPLES, **how: object) -> Plan:
    return plan.plan(config, pictures, SPEEDS, **how)


def configured(**values: object) -> Config:
    return Config(ModelSettings.read(values), TrainSettings.read(values))


@UNHURRIED
@given(configs, sets)
def test_one_epoch_more_never_takes_less(config: Config, pictures: Pictures) -> None:
    longer = configured_as(config, epochs=config.train.epochs + 1)
    assert made(longer, pictures).seconds() >= made(config, pictures).seconds()
    planned = made(config, pictures)
    assert planned.seconds(0) <= planned.seconds(1) <= planned.seconds(planned_epochs(planned))


@UNHURRIED
@given(configs, sets)
def test_one_view_more_never_takes_less(config: Config, pictures: Pictures) -> None:
    if config.train.views < 8:
        more = configured_as(config, views=config.train.views + 1)
        assert made(more, pictures).seconds() >= made(config, pictures).seconds()
        assert made(more, pictures).disk_bytes >= made(config, pictures).disk_bytes


@UNHURRIED
@given(configs, sets, st.integers(1, 1000))
def test_more_pictures_never_take_less(config: Config, few: Pictures, more: int) -> None:
    for many in (
        Pictures(few.train + more, few.validation, few.classes, few.mean_bytes),
        Pictures(few.train, few.validation + more, few.classes, few.mean_bytes),
    ):
        assert made(config, many).seconds() > made(config, few).seconds()
        assert made(config, many).disk_bytes >= made(config, few).disk_bytes
        assert made(config, many).peak_bytes == made(config, few).peak_bytes


@UNHURRIED
@given(configs, sets, st.floats(0, 1))
def test_what_is_stored_saves_time_and_nothing_else(
    config: Config, pictures: Pictures, stored: float
) -> None:
    fresh, known = made(config, pictures), made(config, pictures, stored=stored)
    assert known.caching_s == pytest.approx((1 - stored) * fresh.caching_s)
    assert (known.fine_epoch_s, known.rest_s) == (fresh.fine_epoch_s, fresh.rest_s)


@UNHURRIED
@given(configs, sets)
def test_phases_and_views_are_those_of_the_training(config: Config, pictures: Pictures) -> None:
    planned = made(config, pictures)
    assert planned_epochs(planned) == config.train.epochs
    ends = dict(settings.phases(config, config.train.epochs))
    if "fine" in ends:
        assert planned.head_epochs == ends.get("head", 0)
    else:
        assert planned.fine_epochs == 0
    assert 1 <= planned.views <= min(config.train.views, config.train.epochs)
    assert planned.views == 1 or config.model.augments


def test_going_on_counts_what_is_left() -> None:
    config = configured(freeze_point="block5_conv1", epochs=20, head_epochs=5)
    left = made(config, done=7, epochs=20, stored=1.0)
    assert (left.caching_s, left.head_epochs, left.fine_epochs) == (0, 0, 13)
    assert made(config, done=2, epochs=20).head_epochs == 3
    assert made(config, done=20, epochs=25).fine_epochs == 5  # "train 5 more"


@pytest.mark.parametrize(
    ("freeze_point", "cached"),
    [("block1_conv1", False), ("block2_pool", True), ("block3_conv1", True), ("head", True)],
)
def test_caching_begins_at_block3(freeze_point: str, cached: bool) -> None:
    assert made(configured(freeze_point=freeze_point)).cached is cached


def test_nothing_to_pass_when_all_of_it_learns_from_the_first_epoch_on() -> None:
    planned = made(configured(freeze_point="block1_conv1", epochs=1))
    assert planned.view_s == 0
    assert planned.caching_s < 1  # the pictures are read


# What the parts of a training took on that machine, alone and with real weights.
@pytest.mark.parametrize(
    ("freeze_point", "size", "batch", "step_s"),
    [
        ("block5_conv1", 160, 16, 0.477),
        ("block5_conv1", 224, 16, 0.993),
        ("block5_conv1", 96, 8, 0.130),
        ("block4_conv1", 160, 16, 2.07),
        ("block3_conv1", 160, 16, 3.57),
        ("block1_conv1", 160, 16, 5.85),
    ],
)
def test_steps_take_what_they_took(freeze_point: str, size: int, batch: int, step_s: float) -> None:
    config = configured(freeze_point=freeze_point, image_size=size, batch_size=batch)
    planned = made(config, Pictures(batch * 100, 0, 5))
    assert planned.fine_epoch_s / 100 == pytest.approx(step_s, rel=0.3)


@pytest.mark.parametrize(("size", "pass_s"), [(64, 0.0134), (160, 0.0415), (256, 0.0945)])
def test_a_pass_takes_what_it_took(size: int, pass_s: float) -> None:
    planned = made(configured(image_size=size), Pictures(100, 2, 5))
    assert planned.view_s / 100 == pytest.approx(pass_s, rel=0.1)


# Most resident memory of a worker, measured with the same settings.
@pytest.mark.parametrize(
    ("freeze_point", "size", "batch", "peak_bytes"),
    [
        ("block5_conv1", 160, 16, 0.96e9),
        ("block3_conv1", 160, 16, 1.32e9),
        ("block1_conv1", 160, 16, 1.81e9),
        ("block3_conv1", 224, 8, 1.33e9),
    ],
)
def test_memory_is_what_it_was(freeze_point: str, size: int, batch: int, peak_bytes: float) -> None:
    config = configured(freeze_point=freeze_point, image_size=size, batch_size=batch)
    assert plan.peak_bytes(config, 5) == pytest.approx(peak_bytes, rel=0.15)


def test_the_classic_head_takes_three_gigabytes() -> None:
    config = configured(head="classic", image_size=256)
    assert plan.peak_bytes(config, 5) == pytest.approx(3.0e9, rel=0.15)


def test_features_are_half_precision_at_every_place_a_phase_begins() -> None:
    config = configured(freeze_point="block5_conv1", views=2)
    rows = 160 * 2 + 40
    assert plan.feature_bytes(config, SAMPLES) == rows * (10 * 10 * 512 + 5 * 5 * 512) * 2
    direct = configured(freeze_point="block1_conv1", epochs=1)
    assert plan.feature_bytes(direct, SAMPLES) == 200 * 160 * 160 * 3


def test_the_rungs_of_a_ladder_share_their_features() -> None:
    config, points = configured(views=2), ("block5_conv1", "block5_pool", "head")
    rows = 160 * 2 + 40
    shared = rows * (10 * 10 * 512 + 5 * 5 * 512) * 2
    assert plan.feature_bytes(config, SAMPLES, points) == shared
    pictures = 200 * 160 * 160 * 3
    assert plan.feature_bytes(config, SAMPLES, (*points, "block1_conv1")) == shared + pictures


def test_half_precision_is_for_graphics_processors() -> None:
    assert plan.precision(gpu=True) == "mixed_float16"
    assert made(Config()).precision == "float32"


def planned_epochs(planned: Plan) -> int:
    return planned.head_epochs + planned.fine_epochs


def configured_as(config: Config, **changed: object) -> Config:
    return configured(**{**vars(config.model), **vars(config.train), **changed})
