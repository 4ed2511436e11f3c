"""Grad-CAM: equal to what plain Keras computes, and lying on the thing that it is about."""

import base64
import io
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gui.core import explanation as core
from gui.core import scaled
from gui.core.errors import RunError
from gui.engine import explanation, worker
from gui.engine.explanation import GradCam
from gui.engine.loaded import Models

SIDE_PX = 128
THING_PX = 48


@pytest.fixture(scope="module")
def models(weights) -> Models:
    return Models(lambda: weights)


def files(run, count: int = 4) -> list:
    return [(each.name, run.pictures_root / each.path) for each in run.split.validation[:count]]


def pixels(run, count: int = 4) -> np.ndarray:
    size = run.config.model.image_size
    return np.stack([scaled.read_pixels(path, size) for _, path in files(run, count)])


@pytest.mark.parametrize(
    ("which", "layer", "chosen"),
    [("trained", "block5_conv3", None), ("fine", "block4_conv2", 0)],
)
def test_it_is_what_keras_computes_over_the_whole_model(
    which, layer, chosen, models, request
) -> None:
    run = request.getfixturevalue(which)
    batch = pixels(run, 5)
    found, answers = GradCam(models.load(run), layer).maps(batch, chosen)
    expected, probabilities = over_the_whole_model(run, layer, batch, chosen)
    assert found.dtype == np.float32
    assert (found.min(), found.max()) == (0, 1)
    assert found.shape[1] == {"block5_conv3": 4, "block4_conv2": 8}[layer]
    assert np.abs(found - expected).max() < 1e-3
    assert np.abs(answers - probabilities).max() < 1e-4


def over_the_whole_model(run, layer: str, batch: np.ndarray, chosen: int | None):
    """Grad-CAM as one writes it with nothing but Keras: gradients of the whole model."""
    whole = keras.models.load_model(run.model)
    start = [each.name for each in whole.layers].index(layer) + 1
    before = keras.Model(whole.input, whole.get_layer(layer).output)
    last = whole.layers[-1]
    with tf.GradientTape() as tape:
        maps = before(batch.astype(np.float32), training=False)
        tape.watch(maps)
        values = maps
        for each in whole.layers[start:-1]:
            values = each(values, training=False)
        scores = tf.matmul(values, last.kernel) + last.bias
        labels = tf.argmax(scores, 1) if chosen is None else tf.fill([len(batch)], chosen)
        score = tf.reduce_sum(scores * tf.one_hot(labels, scores.shape[1]), 1)
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2))
    raw = tf.nn.relu(tf.reduce_sum(maps * weights[:, None, None, :], -1)).numpy()
    return raw / raw.max(axis=(1, 2), keepdims=True), whole.predict_on_batch(batch)


@pytest.fixture(scope="module")
def shapes(prepare, train, tmp_path_factory):
    """A run that has learned rings and boards, and the box of the thing in each picture."""
    folder, chance, boxes = tmp_path_factory.mktemp("shapes"), np.random.default_rng(1), {}
    rows, columns = np.mgrid[:THING_PX, :THING_PX]
    ring = np.sin(np.hypot(rows - THING_PX / 2, columns - THING_PX / 2) * 1.2) > 0
    board = (rows // 7 + columns // 7) % 2 > 0
    drawn = {
        "board": np.where(board[..., None], (20, 40, 160), (230, 240, 250)),
        "ring": np.where(ring[..., None], (220, 60, 40), (250, 220, 60)),
    }
    for label, thing in drawn.items():
        (folder / label).mkdir()
        for number in range(12):
            ground = np.full((SIDE_PX, SIDE_PX, 3), 150, np.uint8)
            left, top = (int(each) for each in chance.integers(4, SIDE_PX - THING_PX - 4, 2))
            box = (slice(top, top + THING_PX), slice(left, left + THING_PX))
            ground[box] = thing
            Image.fromarray(ground).save(folder / label / f"{number:02}.png")
            boxes[f"{label}/{number:02}.png"] = box
    run = prepare(folder=folder, image_size=SIDE_PX, epochs=25, head_rate=0.003)
    train(run)
    return run, boxes


def test_the_heat_lies_on_the_thing(shapes, models) -> None:
    run, boxes = shapes
    cam = GradCam(models.load(run), "block5_conv3")
    heats, answers = cam.maps(pixels(run))
    truth = [each.label for each in run.split.validation]
    assert answers.argmax(axis=1).tolist() == truth  # else it could look anywhere
    more = []
    for heat, (name, _) in zip(heats, files(run), strict=True):
        fine = Image.fromarray(heat).resize((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR)
        inside = np.zeros((SIDE_PX, SIDE_PX), bool)
        inside[boxes[name]] = True
        values = np.asarray(fine)
        more.append(values[inside].mean() / values[~inside].mean())
    assert min(more) > 1.2
    assert np.mean(more) > 2


def test_where_nothing_speaks_for_the_class_there_is_no_heat(trained, weights) -> None:
    loaded = Models(lambda: weights).load(trained)  # its weights are changed
    for name, sign in (("head_dense", 1), ("probabilities", -1)):
        layer = loaded.model.get_layer(name)
        kernel, bias = layer.get_weights()
        layer.set_weights([sign * np.abs(kernel), bias])
    heats, answers = GradCam(loaded, "block5_conv3").maps(pixels(trained))
    assert not heats.any()
    assert np.isfinite(answers).all()
    (told, *_) = explanation.explain(loaded, trained, files(trained))
    assert told.heat == ""
    assert told.thumbnail


def shown(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def test_a_picture_and_its_heat_have_one_shape(trained, models, tmp_path) -> None:
    (tmp_path / "notes.jpg").write_text("Dear diary")
    name, path = files(trained)[0]
    asked = [("notes.jpg", tmp_path / "notes.jpg"), (name, path)]
    problem, told = explanation.explain(models.load(trained), trained, asked)
    assert (problem.name, problem.heat) == ("notes.jpg", "")
    assert problem.problem.endswith(".")
    assert Image.open(path).size == (90, 72)
    picture, heat = shown(told.thumbnail), shown(told.heat)
    assert picture.size == heat.size == (320, 256)  # the whole picture, not its middle
    assert heat.mode == "RGBA"
    assert told.answer in trained.split.labels
    assert 0.3 < told.probability < 1


def test_any_class_can_be_asked_about(trained, models) -> None:
    loaded = models.load(trained)
    labels = trained.split.labels
    told = [
        next(explanation.explain(loaded, trained, files(trained), label=each)) for each in labels
    ]
    assert [each.answer for each in told] == list(labels)
    assert sum(each.probability for each in told) == pytest.approx(1, abs=1e-4)
    assert len({each.heat for each in told}) > 1
    with pytest.raises(RunError, match="knows no class “wolf”"):
        next(explanation.explain(loaded, trained, files(trained), label="wolf"))


def test_the_worker_tells_it_in_json(fine, weights) -> None:
    asked = worker.Worker(None)
    asked._predictor.models._find_weights = lambda: weights
    given = [[name, str(path)] for name, path in files(fine, 2)]
    request = {"run": str(fine.path), "files": given, "where": "freeze_point", "label": None}
    told = [core.from_json(json.loads(json.dumps(each))) for each in asked.explain(request)]
    direct = list(explanation.explain(asked._predictor.models.load(fine), fine, files(fine, 2)))
    assert told == direct  # its freeze point is the last convolution
