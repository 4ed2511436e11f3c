from dataclasses import replace

import numpy as np
import pytest

from gui.core import vgg16
from gui.core.config import ModelSettings
from gui.engine import features
from gui.engine.features import Frozen, Views
from gui.engine.model import after, build_functional, set_weights

SETTINGS = ModelSettings(image_size=64)


def quiet(_: int) -> None:
    """Progress nobody looks at."""


@pytest.fixture(scope="module")
def model(weights):
    built = build_functional(SETTINGS, 3)
    set_weights(built, weights)
    return built


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    chance = np.random.default_rng(11)
    coarse = chance.integers(0, 256, (20, 8, 8, 3))
    return coarse.repeat(8, axis=1).repeat(8, axis=2).astype(np.uint8)


@pytest.fixture
def cache(model, images, tmp_path):
    """``cache(view, seed=0, point="block5_conv1")`` computes a view in a new file."""

    def make(view: int, seed: int = 0, point: str = "block5_conv1", shown=images) -> np.ndarray:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.npy"
        return Frozen(model, 64, seed).from_pictures(path, shown, point, view, quiet)

    return make


@pytest.mark.parametrize(
    "point", ["block3_conv1", "block4_pool", "block5_conv2", "block5_pool", "head"]
)
def test_cached_and_direct_answer_alike(model, images, cache, point: str) -> None:
    stored = cache(0, point=point)
    assert stored.dtype == np.float16
    assert stored.shape == (20, *vgg16.shape_before(point, 64))
    answers = after(model, point, 64).predict_on_batch(stored.astype(np.float32))
    direct = model.predict_on_batch(images.astype(np.float32))
    assert np.abs(answers - direct).max() < 1e-3
    assert np.ptp(direct, axis=0).max() > 0.02  # pictures that the model tells apart


def test_onwards_from_what_is_stored_equals_all_at_once(model, cache, tmp_path) -> None:
    frozen, begun = Frozen(model, 64, 0), cache(1, point="block4_conv2")
    going_on = frozen.onwards(tmp_path / "on.npy", begun, "block4_conv2", "head", quiet)
    whole = cache(1, point="head").astype(np.float32)
    assert np.abs(going_on - whole).max() <= 0.005 * np.abs(whole).max()
    same = frozen.onwards(tmp_path / "same.npy", begun, "block4_conv2", "block4_conv2", quiet)
    assert same is begun


def test_the_same_seed_gives_the_same_views(cache) -> None:
    assert np.array_equal(cache(1, seed=4), cache(1, seed=4))
    assert np.array_equal(cache(0, seed=4), cache(0, seed=5))  # the plain view has no chance in it
    assert not np.array_equal(cache(1, seed=4), cache(1, seed=5))


def test_views_differ_from_each_other(cache) -> None:
    plain, first, second = cache(0), cache(1), cache(2)
    assert not np.array_equal(plain, first)
    assert not np.array_equal(plain, second)
    assert not np.array_equal(first, second)


def test_batches_of_a_view_differ_from_each_other(cache, images) -> None:
    """The second sixteen are not turned just as the first."""
    stored = cache(1, shown=np.concatenate([images[:16], images[:16]]))
    assert not np.array_equal(stored[:16], stored[16:])


def test_without_augmentation_every_view_is_plain(weights, images, tmp_path) -> None:
    plain = build_functional(replace(SETTINGS, flip=False, rotation=False, zoom=False), 3)
    set_weights(plain, weights)
    frozen = Frozen(plain, 64, 0)
    stored = [
        frozen.from_pictures(tmp_path / f"{view}.npy", images, "block5_conv1", view, quiet)
        for view in (0, 1)
    ]
    assert np.array_equal(*stored)


def test_progress_counts_every_picture_once(model, images, tmp_path) -> None:
    done: list[int] = []
    frozen = Frozen(model, 64, 0)
    frozen.from_pictures(tmp_path / "a.npy", images, "head", 0, done.append)
    assert sum(done) == len(images)
    frozen.from_pictures(tmp_path / "a.npy", images, "head", 0, pytest.fail)  # there already


def test_an_interrupted_cache_is_never_read_as_whole(model, images, cache, tmp_path) -> None:
    path, frozen = tmp_path / "interrupted.npy", Frozen(model, 64, 0)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        frozen.from_pictures(path, images, "block5_conv1", 1, interrupt)
    assert not path.exists()
    path.with_name(f".{path.name}.part").write_bytes(b"left by a kill")
    again = frozen.from_pictures(path, images, "block5_conv1", 1, quiet)
    assert np.array_equal(again, cache(1))


def test_what_float16_cannot_hold_is_clipped(model, images, cache, monkeypatch) -> None:
    monkeypatch.setattr(
        features, "_predict", lambda _, batch: np.full((len(batch), 4, 4, 512), 1e6)
    )
    assert np.array_equal(np.unique(cache(0)), [65504])


@pytest.mark.parametrize(
    ("freeze_point", "worth"),
    [
        ("block1_conv1", False),
        ("block2_conv1", False),
        ("block2_conv2", False),
        ("block2_pool", True),  # has no weights, so it is block3_conv1
        ("block3_conv1", True),
        ("block4_pool", True),
        ("head", True),
    ],
)
def test_caching_is_worth_it_from_block3_on(freeze_point: str, worth: bool) -> None:
    assert features.worth_caching(freeze_point) is worth


def test_epochs_cycle_through_the_views() -> None:
    """Each picture shows each view in turn, and a batch mixes them."""
    views = Views(tuple(np.full((5, 2), view, np.float16) for view in range(3)))
    indices = np.arange(5)
    shown = np.stack([views.batch(indices, epoch)[:, 0] for epoch in range(1, 7)])
    assert shown.dtype == np.float32
    for picture in shown.T:
        assert sorted(picture[:3]) == sorted(picture[3:]) == [0, 1, 2]
    assert all(len(set(epoch)) == 3 for epoch in shown)


def test_a_batch_holds_the_rows_asked_for() -> None:
    rows = np.arange(10, dtype=np.uint8).reshape(5, 2)
    assert np.array_equal(Views((rows,)).batch(np.array([3, 0]), 2), [[6, 7], [0, 1]])
