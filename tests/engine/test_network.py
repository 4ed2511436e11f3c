"""The frozen part in both engines, with VGG16's real weights, against each other and Keras."""

import sys

import keras
import numpy as np
import pytest

from gui.core import vgg16
from gui.engine import network, processors
from gui.engine.features import PLACES
from gui.engine.network import PICTURES, Network, open_network

LATER = vgg16.FREEZE_POINTS[1:]  # every place that a pass can lead to
SIZES = [64, 100, 160, 224]


@pytest.fixture(scope="module")
def stored(weights) -> Network:
    """The engine that fills the store."""
    return open_network(weights.arrays)


@pytest.fixture(scope="module")
def exact(weights) -> Network:
    """The engine that answers predictions."""
    return open_network(weights.arrays, rounded=False)


@pytest.fixture(scope="module")
def tensorflow(weights) -> Network:
    return network._TensorFlow(weights.arrays, rounded=False)


@pytest.fixture(scope="module")
def published(weights) -> keras.Model:
    """Keras's own network, which answers with what reaches each place."""
    base = keras.applications.VGG16(include_top=False, weights=None)
    for name, arrays in weights.arrays.items():
        base.get_layer(name).set_weights(arrays)
    return keras.Model(base.input, [base.get_layer(name).output for name in vgg16.NAMES])


def scenes(count: int, size: int, seed: int = 5) -> np.ndarray:
    """Pictures with slopes, edges and noise: uint8 (count, size, size, 3)."""
    chance = np.random.default_rng((seed, size))
    down, right = np.mgrid[0:size, 0:size] / size
    slopes = [
        np.stack([255 * right, 255 * down, 255.0 * (right * chance.uniform(0.5, 2) > down)], -1)
        for _ in range(count)
    ]
    noisy = np.stack(slopes) + chance.normal(0, 30, (count, size, size, 3))
    return noisy.clip(0, 255).astype(np.uint8)


def difference(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference, as a share of the largest value."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("size", SIZES)
def test_it_is_keras_own_network_at_every_place(exact, tensorflow, published, size: int) -> None:
    pictures = scenes(1, size)
    prepared = keras.applications.vgg16.preprocess_input(pictures.astype(np.float32))
    expected = dict(zip(LATER, published.predict_on_batch(prepared), strict=True))
    for engine in (exact, tensorflow):
        found = engine.run(PICTURES, pictures, LATER)
        assert list(found) == list(LATER)
        for place, values in found.items():
            assert values.dtype == np.float32
            assert values.shape == (1, *vgg16.shape_before(place, size))
            assert difference(values, expected[place]) <= 1e-4, (type(engine), place)


def test_this_machine_has_the_quick_engine(stored, exact) -> None:
    assert type(stored) is type(exact) is network._Ncnn


def test_pictures_are_prepared_as_keras_does() -> None:
    pictures = scenes(2, 64)
    expected = keras.applications.vgg16.preprocess_input(pictures.astype(np.float32))
    assert np.array_equal(network.prepared(pictures), expected)


@pytest.mark.parametrize("engine", ["ncnn", "tensorflow"])
def test_it_makes_no_difference_where_a_pass_begins(stored, weights, engine: str) -> None:
    """To the last bit, for all pairs of places, whether a stored value is computed on or anew."""
    used = stored if engine == "ncnn" else network._TensorFlow(weights.arrays, rounded=True)
    whole = used.run(PICTURES, scenes(1, 100), PLACES)
    for number, start in enumerate(PLACES):
        assert whole[start].dtype == np.float16
        for place in PLACES[number + 1 :]:
            onwards = used.run(start, whole[start], [place])
            assert np.array_equal(onwards[place], whole[place]), (start, place)


def test_it_makes_no_difference_which_places_are_asked_for(stored) -> None:
    pictures = scenes(1, 64)
    whole = stored.run(PICTURES, pictures, PLACES)
    for chosen in ([PLACES[-1]], [PLACES[-1], PLACES[2]], [PLACES[5], PLACES[0], PLACES[8]]):
        found = stored.run(PICTURES, pictures, chosen)
        assert sorted(found) == sorted(chosen)
        for place in chosen:
            assert np.array_equal(found[place], whole[place]), place


def test_a_picture_gets_the_same_values_in_any_company(stored) -> None:
    pictures = scenes(7, 64)
    together = stored.run(PICTURES, pictures, ["block4_conv1", "head"])
    for place, values in together.items():
        for row, picture in zip(values, pictures, strict=True):
            assert np.array_equal(stored.run(PICTURES, picture[None], [place])[place][0], row)
        backwards = stored.run(PICTURES, pictures[::-1], [place])[place]
        assert np.array_equal(backwards[::-1], values)
    assert len({row.tobytes() for row in together["head"]}) == 7


def test_two_networks_give_the_same_to_the_last_bit(stored, weights) -> None:
    """What one process has stored, another goes on from."""
    pictures = scenes(2, 100)
    other = open_network(weights.arrays)
    for place, values in stored.run(PICTURES, pictures, PLACES).items():
        assert np.array_equal(other.run(PICTURES, pictures, [place])[place], values)


def test_rounding_on_the_way_moves_the_result_by_less_than_a_hundredth(stored, exact) -> None:
    pictures = scenes(2, 160)
    rounded, whole = (each.run(PICTURES, pictures, PLACES) for each in (stored, exact))
    for place in PLACES:
        assert difference(rounded[place].astype(np.float32), whole[place]) < 0.01


def test_both_engines_store_alike(stored, weights) -> None:
    pictures = scenes(2, 64)
    other = network._TensorFlow(weights.arrays, rounded=True).run(PICTURES, pictures, PLACES)
    for place, values in stored.run(PICTURES, pictures, PLACES).items():
        assert other[place].dtype == values.dtype == np.float16
        assert difference(other[place].astype(np.float32), values.astype(np.float32)) < 0.01


@pytest.mark.parametrize("engine", ["ncnn", "tensorflow"])
def test_what_half_precision_cannot_hold_is_clipped(weights, engine: str) -> None:
    louder = {name: (kernel * 30, bias) for name, (kernel, bias) in weights.arrays.items()}
    used = open_network(louder) if engine == "ncnn" else network._TensorFlow(louder, rounded=True)
    found = used.run(PICTURES, scenes(1, 64), ["block3_conv1", "head"])
    for values in found.values():
        assert np.isfinite(values).all()
        assert values.max() == np.finfo(np.float16).max


@pytest.mark.parametrize("rounded", [True, False])
def test_without_ncnn_tensorflow_computes(weights, monkeypatch, rounded: bool) -> None:
    monkeypatch.setitem(sys.modules, "ncnn", None)  # an import of it fails
    opened = open_network(weights.arrays, rounded=rounded)
    assert type(opened) is network._TensorFlow
    (values,) = opened.run(PICTURES, scenes(1, 64), ["head"]).values()
    assert values.dtype == (np.float16 if rounded else np.float32)


def test_on_a_graphics_processor_tensorflow_computes(weights, monkeypatch) -> None:
    monkeypatch.setattr(processors, "has_gpu", lambda: True)
    assert type(open_network(weights.arrays)) is network._TensorFlow


def test_it_is_opened_without_a_conversion(weights) -> None:
    """A text of a few lines, and the weights as they are: every value stands in the blob."""
    lines = list(network._lines(rounded=False))
    assert len(lines) == 1 + len(vgg16.LAYERS)
    # At each place that can be stored: clip, to half precision, back.
    assert len(list(network._lines(rounded=True))) == len(lines) + 3 * len(PLACES)
    blob = network._blob(weights.arrays)
    kernels = [kernel for kernel, _ in weights.arrays.values()]
    biases = [bias for _, bias in weights.arrays.values()]
    assert len(blob) == sum(4 + each.nbytes for each in kernels) + sum(b.nbytes for b in biases)
    flag, first = np.frombuffer(blob, np.float32, 1), np.frombuffer(blob, np.float32, 27, 4)
    assert flag == [0]  # float32 follows
    assert np.array_equal(first.reshape(3, 3, 3), kernels[0][..., 0].transpose(2, 0, 1))
