from dataclasses import replace

import keras
import numpy as np
import pytest
from PIL import Image

from gui.core import vgg16
from gui.core.config import ModelSettings
from gui.core.errors import SettingError
from gui.engine import model as models

SMALL = ModelSettings(image_size=64)
PLAIN = replace(SMALL, flip=False, rotation=False, zoom=False)


@pytest.fixture(scope="module")
def classic() -> keras.Model:
    """The model of the design's table; it takes 660 MB, so there is one."""
    return models.build_functional(ModelSettings(image_size=256, head="classic"), 5)


@pytest.fixture(scope="module")
def functional(weights) -> keras.Model:
    model = models.build_functional(SMALL, 3)
    models.set_weights(model, weights)
    return model


def counts(model: keras.Model) -> tuple[int, int]:
    """Parameters that learn and that don't, as Keras counts them in its summary."""
    count = keras.src.utils.summary_utils.count_params
    return count(model.trainable_weights), count(model.non_trainable_weights)


@pytest.mark.parametrize(
    ("freeze_point", "trainable", "frozen"),
    [
        ("head", 151_023_621, 14_714_688),
        ("block5_pool", 151_023_621, 14_714_688),
        ("block5_conv1", 158_103_045, 7_635_264),
        ("block4_pool", 158_103_045, 7_635_264),
        ("block1_conv1", 165_738_309, 0),
    ],
)
def test_keras_counts_what_the_design_says(
    classic, freeze_point: str, trainable: int, frozen: int
) -> None:
    models.freeze(classic, freeze_point)
    assert classic.count_params() == 165_738_309
    assert counts(classic) == (trainable, frozen)
    table = vgg16.count(freeze_point, "classic", 256, 5)
    assert (table.trainable, table.frozen, table.total) == (trainable, frozen, 165_738_309)


@pytest.mark.parametrize("freeze_point", vgg16.FREEZE_POINTS)
def test_the_table_counts_as_keras_does_at_every_freeze_point(
    functional, freeze_point: str
) -> None:
    models.freeze(functional, freeze_point)
    table = vgg16.count(freeze_point, "compact", 64, 3)
    assert counts(functional) == (table.trainable, table.frozen)
    assert functional.count_params() == table.total
    learning = [each.name for each in functional.layers if each.trainable]
    assert len(set(learning) & set(vgg16.WITH_WEIGHTS)) == table.layers_learning


def test_layers_stand_where_people_are_told(classic) -> None:
    assert classic.layers[15].name == "block4_pool"
    assert [layer.name for layer in classic.layers[:3]] == [
        "pictures",
        "preparation",
        "block1_conv1",
    ]
    names = [layer.name for layer in classic.layers]
    assert tuple(names[vgg16.FIRST_INDEX :][: len(vgg16.NAMES)]) == vgg16.NAMES


def test_a_freeze_point_that_is_none_is_refused(functional) -> None:
    with pytest.raises(SettingError, match="“block6_conv1” is not a layer of VGG16"):
        models.freeze(functional, "block6_conv1")


def test_the_table_is_keras_own_network() -> None:
    """Layer by layer: name, kind, shapes, parameters, and how the convolutions are made."""
    size = 96
    network = keras.applications.VGG16(False, weights=None, input_shape=(size, size, 3))
    assert len(network.layers) == len(vgg16.LAYERS) + 1  # its input
    for layer, row in zip(network.layers[1:], vgg16.LAYERS, strict=True):
        assert layer.name == row.name
        assert layer.count_params() == row.parameters
        assert layer.input.shape == (None, *vgg16.shape_before(row.name, size))
        assert layer.output.shape == (None, *vgg16.shape_after(row.name, size))
        assert layer.input.shape[-1] == row.channels_in
        assert layer.output.shape[-1] == row.channels
        assert f"block{row.block}_" in layer.name
        if row.kind == "conv":
            made = (layer.kernel_size, layer.strides, layer.padding, layer.activation.__name__)
            assert made == ((3, 3), (1, 1), "same", "relu")
        else:
            assert isinstance(layer, keras.layers.MaxPooling2D)
            assert (layer.pool_size, layer.strides) == ((2, 2), (2, 2))


def test_the_head_follows_the_seed() -> None:
    first, same, other = (models.build_functional(PLAIN, 3, seed) for seed in (1, 1, 2))
    kernels = [each.get_layer("head_dense").get_weights()[0] for each in (first, same, other)]
    assert np.array_equal(kernels[0], kernels[1])
    assert not np.array_equal(kernels[0], kernels[2])


def test_outputs_are_probabilities(functional) -> None:
    answers = functional.predict_on_batch(noise(5, 64, 64))
    assert answers.shape == (5, 3)
    assert np.allclose(answers.sum(axis=1), 1, atol=1e-6)


def test_preparation_equals_keras_preprocessing_exactly() -> None:
    pictures = noise(3, 64, 64)
    expected = keras.applications.vgg16.preprocess_input(pictures.copy())
    prepared = np.asarray(models.preparation(PLAIN, 0)(pictures))
    assert np.array_equal(prepared, expected)


@pytest.mark.parametrize(("rows", "columns"), [(200, 300), (97, 64), (64, 333), (40, 50)])
def test_another_size_is_resized_as_pillow_does(rows: int, columns: int) -> None:
    picture = scene(rows, columns)
    prepared = np.asarray(models.preparation(PLAIN, 0)(picture[None].astype(np.float32)))[0]
    rgb = (prepared + vgg16.MEAN_BGR)[..., ::-1]
    resized = Image.fromarray(picture).resize((64, 64), Image.Resampling.BILINEAR)
    difference = np.abs(rgb - np.asarray(resized, np.float32))
    assert difference.max() <= 1.01  # Pillow rounds, once for each direction
    assert difference.mean() < 0.4


def test_preparation_has_no_parameters() -> None:
    assert counts(models.preparation(PLAIN, 0)) == (0, 0)
    states = models.preparation(SMALL, 0).non_trainable_weights
    assert counts(models.preparation(SMALL, 0))[0] == 0
    assert all("seed" in each.path for each in states)


@pytest.mark.parametrize(
    ("switched_on", "names"),
    [
        ({}, []),
        ({"flip": True}, ["flip"]),
        ({"rotation": True}, ["rotation"]),
        ({"zoom": True}, ["zoom"]),
        ({"flip": True, "rotation": True, "zoom": True}, ["flip", "rotation", "zoom"]),
    ],
)
def test_each_augmentation_has_its_switch(switched_on: dict, names: list[str]) -> None:
    settings = replace(PLAIN, **switched_on)
    assert [each.name for each in models.augmentation(settings, 0)] == names
    pictures = np.stack([scene(64, 64)] * 8).astype(np.float32)
    prepared = models.preparation(settings, 3)
    plain = np.asarray(prepared(pictures, training=False))
    augmented = np.asarray(prepared(pictures, training=True))
    assert np.array_equal(augmented, plain) == (not names)
    if names == ["flip"]:  # each picture is either itself or its mirror
        mirrored = plain[:, :, ::-1]
        same = (augmented == plain).all(axis=(1, 2, 3))
        turned = (augmented == mirrored).all(axis=(1, 2, 3))
        assert (same ^ turned).all()
        assert same.any()
        assert turned.any()


@pytest.mark.parametrize("point", ["block1_conv1", "block3_conv2", "block4_pool", "head"])
def test_what_comes_after_a_place_goes_on_from_it(functional, point: str) -> None:
    pictures = noise(2, 64, 64)
    reaching = functional.get_layer("preparation")(pictures, training=False)
    for name in vgg16.NAMES[: vgg16.position(point)]:
        reaching = functional.get_layer(name)(reaching)
    assert reaching.shape == (2, *vgg16.shape_before(point, 64))
    answers = models.after(functional, point, 64)(reaching, training=False)
    assert np.allclose(answers, functional.predict_on_batch(pictures), atol=1e-5)


def test_what_comes_after_a_place_shares_the_weights(functional) -> None:
    rest = models.after(functional, "block5_conv1", 64)
    assert [each.name for each in rest.layers[1:5]] == [*vgg16.NAMES[14:]]
    for layer in rest.layers[1:]:
        assert layer is functional.get_layer(layer.name)


def test_summary_ends_with_the_three_lines_of_keras() -> None:
    settings = replace(SMALL, freeze_point="block4_pool")
    printed = models.summary(settings, 5).rstrip().splitlines()
    table = vgg16.count("block4_pool", "compact", 64, 5)
    assert printed[0] == 'Model: "freezepoint"'
    for line, name, count in zip(
        printed[-3:],
        ("Total params", "Trainable params", "Non-trainable params"),
        (table.total, table.trainable, table.frozen),
        strict=True,
    ):
        assert line.startswith(f" {name}: {count:,} (")
    for name in vgg16.NAMES:
        assert any(name in line for line in printed)


def noise(count: int, rows: int, columns: int) -> np.ndarray:
    chance = np.random.default_rng(3)
    return chance.integers(0, 256, (count, rows, columns, 3)).astype(np.float32)


def scene(rows: int, columns: int) -> np.ndarray:
    """A slope, an edge and some noise, unlike its mirror."""
    down, right = np.mgrid[0:rows, 0:columns]
    picture = np.stack([255 * right / columns, 255 * down / rows, 255 * (right > down)], axis=-1)
    picture += np.random.default_rng(5).normal(0, 20, picture.shape)
    return picture.clip(0, 255).astype(np.uint8)
