"""The model as an ONNX graph, run in ONNX Runtime beside Keras."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest

from gui.core.config import ModelSettings
from gui.engine import graph
from gui.engine.model import build_functional, set_weights

LABELS = ("кот", "<b>dog</b>", "a\nb")


@pytest.fixture(scope="module")
def models(weights) -> dict:
    """VGG16 behind both heads, with real weights and a head that has learned nothing."""
    made = {}
    for head in ("compact", "classic"):
        chosen = {"image_size": 64, "head": head, "flip": False, "rotation": False, "zoom": False}
        made[head] = build_functional(ModelSettings.read(chosen), len(LABELS))
        set_weights(made[head], weights)
        last = made[head].layers[-1]
        kernel, bias = last.get_weights()
        # Untrained heads are sure of one class, whatever they see; doubt shows differences.
        last.set_weights([kernel * (0.15 if head == "compact" else 1), bias])
    return made


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """Six pictures of noise on slopes, RGB 0-255, so that each side and channel matters."""
    chance = np.random.default_rng(5)
    slope = np.linspace(0, 160, 64)
    rows, columns = slope[:, None, None], slope[None, :, None]
    tints = chance.uniform(0, 1, (6, 1, 1, 3))
    whole = tints * rows + (1 - tints) * columns + chance.uniform(0, 90, (6, 64, 64, 3))
    return whole.round().astype(np.float32)


def answers(content: bytes, pixels: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (found,) = session.run(["probabilities"], {"pictures": pixels})
    return found


@pytest.mark.parametrize("head", ["compact", "classic"])
@pytest.mark.parametrize(
    ("precision", "bytes_a_number", "tolerance"),
    [("float32", 4, 1e-4), ("float16", 2, 0.01), ("int8", 1, 0.06)],
)
def test_it_answers_as_keras_does(models, pixels, head, precision, bytes_a_number, tolerance):
    model = models[head]
    content = graph.build(model, LABELS, 64, precision)
    right = model.predict_on_batch(pixels)
    assert np.ptp(right, axis=0).max() > 0.1  # it does tell them apart
    assert np.abs(answers(content, pixels) - right).max() < tolerance
    assert len(content) == pytest.approx(bytes_a_number * model.count_params(), rel=0.1)


def test_names_size_and_preprocessing_travel_inside(models) -> None:
    loaded = onnx.load_from_string(graph.build(models["compact"], LABELS, 64, "int8"))
    told = {each.key: each.value for each in loaded.metadata_props}
    assert tuple(json.loads(told["labels"])) == LABELS
    assert told["image_size"] == "64"
    assert "RGB 0-255" in told["preprocessing"]
    assert {each.domain for each in loaded.opset_import} == {""}
