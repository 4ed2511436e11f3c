"""What helps a training that ran out of memory: only what would."""

from gui.core import lighter, new_run, plan
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.fit import changed
from gui.core.runs import Run
from tests.core.run_folders import SPLIT

CLOSE = "Close other programs, then press “Go on”."


def configured(batch_size: int = 16, **model: object) -> Config:
    return Config(ModelSettings.read(model), TrainSettings(batch_size=batch_size))


def test_a_large_head_can_be_smaller_in_two_ways() -> None:
    told = lighter.training(configured(head="classic", image_size=256), 5)
    assert told == (
        f"{CLOSE} Or start a new training with pictures of 192 px. "
        "Or start a new training with the compact head."
    )


def test_what_is_named_makes_it_need_a_fifth_less() -> None:
    config = configured(head="classic", image_size=256)
    needed = plan.peak_bytes(config, 5)
    for change in ({"image_size": 192}, {"head": "compact"}):
        assert plan.peak_bytes(changed(config, change), 5) <= 0.8 * needed


def test_an_early_freeze_point_may_be_later() -> None:
    told = lighter.training(configured(batch_size=4, freeze_point="block1_conv1", image_size=64), 2)
    assert "compact" not in told
    assert told.startswith(f"{CLOSE} Or ")


def test_what_is_as_small_as_it_can_be_needs_another_computer() -> None:
    told = lighter.training(Config(), 2)
    assert told == f"{CLOSE} Or use a computer with more memory."


def test_a_run_that_cannot_be_read_gets_the_advice_that_always_holds(tmp_path) -> None:
    assert lighter.of_run(Run(tmp_path)) == CLOSE
    assert lighter.afterwards(tmp_path) == "Close other programs, then try again."
    assert lighter.afterwards(None) == "Close other programs, then try again."


def test_a_finished_classic_head_is_large_in_itself(run, tmp_path, pictures) -> None:
    assert lighter.afterwards(run.path) == "Close other programs, then try again."
    classic = configured(head="classic")
    other = new_run.create(tmp_path / "other", classic, SPLIT, pictures, "cats", 1.0)
    assert lighter.afterwards(other.path) == (
        "Close other programs, then try again. "
        "A new training with the compact head makes a far smaller model."
    )
    assert lighter.of_run(other) == lighter.training(classic, 2)
