"""Views of a picture, against Keras's own augmentation layers at the same angle and zoom."""

import hashlib
import math
from dataclasses import replace

import keras
import numpy as np
import pytest

from gui.core import stored, views
from gui.core.config import ModelSettings
from gui.core.vgg16 import ROTATION, ZOOM

ALL = ModelSettings(image_size=64)
NONE = replace(ALL, flip=False, rotation=False, zoom=False)
SWITCHES = ["flip", "rotation", "zoom"]


def sha256(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def smooth(size: int = 96) -> np.ndarray:
    """A picture without edges and unlike its mirror images: uint8 (size, size, 3)."""
    down, right = np.mgrid[0:size, 0:size] / size
    waves = [np.sin(3 * right + down), np.cos(4 * down - right), right * (1 - down) * 2 - 1]
    return (127.5 + 120 * np.stack(waves, -1)).round().astype(np.uint8)


def settings(*on: str) -> ModelSettings:
    return replace(NONE, **dict.fromkeys(on, True))


@pytest.fixture
def drawn(monkeypatch):
    """``drawn(number, view, settings)`` is what is drawn for a picture: flip, angle, scale."""

    def look(number: int, view: int = 1, chosen: ModelSettings = ALL) -> dict[str, float]:
        with monkeypatch.context() as patch:
            patch.setattr(views, "transformed", lambda _, **told: told)
            return views.draw(smooth(), sha256(number), view, chosen)

    return look


def rotated_by_keras(picture: np.ndarray, angle: float) -> np.ndarray:
    """By an angle in radians, above 0 counterclockwise."""
    turn = angle / (2 * math.pi)
    layer = keras.layers.RandomRotation((turn, turn))
    told = layer.get_random_transformation(picture[None], seed=1)
    return np.asarray(layer.transform_images(picture[None], told))[0]


def zoomed_by_keras(picture: np.ndarray, scale: float) -> np.ndarray:
    layer = keras.layers.RandomZoom((scale - 1, scale - 1))
    told = layer.get_random_transformation(picture[None].astype(np.float32), seed=1)
    return np.asarray(layer.transform_images(picture[None], told))[0]


def flipped_by_keras(picture: np.ndarray) -> np.ndarray:
    layer = keras.layers.RandomFlip("horizontal")
    told = {"flips": np.ones((1, 1, 1, 1), bool), "input_shape": picture[None].shape}
    return np.asarray(layer.transform_images(picture[None], told))[0]


# Against Keras -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [64, 97, 160])
@pytest.mark.parametrize("turn", [-1, -0.4, 0.13, 1])
def test_it_turns_as_keras_does(size: int, turn: float) -> None:
    angle = turn * ROTATION * 2 * math.pi
    found = views.transformed(smooth(size), flip=False, angle=angle, scale=1.0)
    expected = rotated_by_keras(smooth(size), angle)
    assert np.abs(found - expected).mean() < 1
    assert np.abs(found - expected).max() < 6  # in the corners, too
    other_way = rotated_by_keras(smooth(size), -angle)
    assert np.abs(found - other_way).mean() > 5


@pytest.mark.parametrize("size", [64, 97, 160])
@pytest.mark.parametrize("scale", [1 - ZOOM, 0.93, 1.1, 1 + ZOOM])
def test_it_zooms_as_keras_does(size: int, scale: float) -> None:
    found = views.transformed(smooth(size), flip=False, angle=0.0, scale=scale)
    expected = zoomed_by_keras(smooth(size), scale)
    assert np.abs(found - expected).mean() < 1
    assert np.abs(found - expected).max() < 6
    assert np.abs(found - zoomed_by_keras(smooth(size), 2 - scale)).mean() > 2


def test_it_flips_as_keras_does() -> None:
    found = views.transformed(smooth(), flip=True, angle=0.0, scale=1.0)
    assert np.array_equal(found, flipped_by_keras(smooth()))
    assert not np.array_equal(found, smooth())


@pytest.mark.parametrize("turn", [-1, 0.6])
def test_all_three_stand_in_the_order_of_the_layers(turn: float) -> None:
    """Zoomed in, so that none looks outside: there Keras mirrors what was mirrored already."""
    angle = turn * ROTATION * 2 * math.pi
    found = views.transformed(smooth(), flip=True, angle=angle, scale=1 - ZOOM)
    expected = zoomed_by_keras(
        rotated_by_keras(flipped_by_keras(smooth()), angle).astype(np.float32), 1 - ZOOM
    )
    middle = slice(16, -16)
    assert np.abs(found - expected)[middle, middle].mean() < 1
    assert np.abs(found - expected).mean() < 2


def test_nothing_asked_for_changes_nothing() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    assert np.array_equal(views.transformed(noise, flip=False, angle=0.0, scale=1.0), noise)


@pytest.mark.parametrize("size", [64, 65, 97, 224, 256])
@pytest.mark.parametrize("turn", [-1, 1, -0.625, 0.625])
def test_no_corner_is_black(size: int, turn: float) -> None:
    """Turned and zoomed out as far as it goes, a white picture is white up to its corners."""
    white = np.full((size, size, 3), 255, np.uint8)
    for flip in (False, True):
        angle = turn * ROTATION * 2 * math.pi
        assert (views.transformed(white, flip=flip, angle=angle, scale=1 + ZOOM) == 255).all()


def test_outside_lies_the_mirror_image() -> None:
    """Zoomed out to 1.2, a twelfth of the view on each side shows the border mirrored."""
    size = 120
    found = views.transformed(smooth(size), flip=False, angle=0.0, scale=1.2).astype(int)
    inside = found[:, 10:-10]  # 100 columns show the whole picture
    assert np.abs(found[:, :10] - inside[:, :10][:, ::-1]).max() <= 3
    assert np.abs(found[:, -10:] - inside[:, -10:][:, ::-1]).max() <= 3


# What it depends on ------------------------------------------------------------------------------


def test_view_0_is_the_picture() -> None:
    assert np.array_equal(views.draw(smooth(), sha256(1), 0, ALL), smooth())


def test_it_is_a_function_of_the_picture_the_view_and_the_switches() -> None:
    first = views.draw(smooth(), sha256(1), 2, ALL)
    assert np.array_equal(views.draw(smooth(), sha256(1), 2, ALL), first)
    # Of nothing else in the settings.
    other = replace(ALL, head="classic", freeze_point="block4_pool", image_size=96)
    assert np.array_equal(views.draw(smooth(), sha256(1), 2, other), first)
    assert not np.array_equal(views.draw(smooth(), sha256(1), 3, ALL), first)
    assert not np.array_equal(views.draw(smooth(), sha256(2), 2, ALL), first)
    assert first.dtype == np.uint8
    assert first.shape == smooth().shape


def test_it_stays_the_same_from_version_to_version(drawn) -> None:
    """Stored views are used by later versions: what is drawn may not change under their name."""
    expected = {"flip": False, "angle": -0.5143629383855384, "scale": 1.0816368274037642}
    assert drawn(1, 1) == pytest.approx(expected)


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_changes_only_itself(drawn, switch: str) -> None:
    plain = {"flip": False, "angle": 0.0, "scale": 1.0}
    drawn_by = {"flip": "flip", "rotation": "angle", "zoom": "scale"}
    for number in range(20):
        whole = drawn(number)
        alone = drawn(number, 1, settings(switch))
        without = drawn(number, 1, settings(*(each for each in SWITCHES if each != switch)))
        for name, value in whole.items():
            own = name == drawn_by[switch]
            assert alone[name] == (value if own else plain[name])
            assert without[name] == (plain[name] if own else value)


def test_without_augmentation_every_view_is_plain() -> None:
    for view in range(3):
        assert np.array_equal(views.draw(smooth(), sha256(1), view, NONE), smooth())


def test_angles_zooms_and_flips_fill_their_range(drawn) -> None:
    """As uniform as Keras draws them, and independent of each other."""
    told = [drawn(number, view) for number in range(400) for view in (1, 2, 3)]
    flips = np.array([bool(each["flip"]) for each in told])
    turns = np.array([each["angle"] for each in told]) / (ROTATION * 2 * math.pi)
    zooms = (np.array([each["scale"] for each in told]) - 1) / ZOOM
    assert 0.45 < flips.mean() < 0.55
    for values in (turns, zooms):
        assert -1 <= values.min() < -0.99
        assert 0.99 < values.max() <= 1
        tenths, _ = np.histogram(values, 10, (-1, 1))
        assert tenths.min() > 80
        assert tenths.max() < 160
    assert abs(np.corrcoef(np.stack([flips, turns, zooms]))[np.triu_indices(3, 1)]).max() < 0.1


@pytest.mark.parametrize(
    ("view", "on", "name"),
    [
        (0, SWITCHES, "0"),
        (0, [], "0"),
        (1, SWITCHES, "1-frz"),
        (2, ["flip"], "2-f"),
        (2, ["rotation", "zoom"], "2-rz"),
    ],
)
def test_a_view_has_a_name(view: int, on: list[str], name: str) -> None:
    assert stored.view_key(view, settings(*on)) == name


def test_two_views_with_one_name_are_one_view() -> None:
    switched = [
        settings(*(each for number, each in enumerate(SWITCHES) if bits >> number & 1))
        for bits in range(8)
    ]
    shown = {
        (stored.view_key(view, chosen), views.draw(smooth(), sha256(5), view, chosen).tobytes())
        for chosen in switched
        for view in range(3)
    }
    assert len(shown) == len({name for name, _ in shown})
