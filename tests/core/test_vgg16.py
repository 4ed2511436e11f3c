from itertools import pairwise

import pytest

from gui.core import vgg16
from gui.core.errors import SettingError
from gui.core.vgg16 import FREEZE_POINTS, HEAD_ONLY, LAYERS, Counts, count, first_learning


# The table of the design: 256 px, 5 classes, the classic head.
@pytest.mark.parametrize(
    ("freeze_point", "trainable", "frozen", "layers_learning", "layers_frozen"),
    [
        ("head", 151_023_621, 14_714_688, 0, 13),
        ("block5_pool", 151_023_621, 14_714_688, 0, 13),
        ("block4_pool", 158_103_045, 7_635_264, 3, 10),
        ("block1_conv1", 165_738_309, 0, 13, 0),
    ],
)
def test_counts_of_the_design(freeze_point, trainable, frozen, layers_learning, layers_frozen):
    assert count(freeze_point, "classic", 256, 5) == Counts(
        total=165_738_309,
        trainable=trainable,
        frozen=frozen,
        layers_learning=layers_learning,
        layers_frozen=layers_frozen,
    )


def test_layers_are_those_of_the_paper():
    assert [(layer.name, layer.kind, layer.block, layer.channels) for layer in LAYERS] == [
        ("block1_conv1", "conv", 1, 64),
        ("block1_conv2", "conv", 1, 64),
        ("block1_pool", "pool", 1, 64),
        ("block2_conv1", "conv", 2, 128),
        ("block2_conv2", "conv", 2, 128),
        ("block2_pool", "pool", 2, 128),
        ("block3_conv1", "conv", 3, 256),
        ("block3_conv2", "conv", 3, 256),
        ("block3_conv3", "conv", 3, 256),
        ("block3_pool", "pool", 3, 256),
        ("block4_conv1", "conv", 4, 512),
        ("block4_conv2", "conv", 4, 512),
        ("block4_conv3", "conv", 4, 512),
        ("block4_pool", "pool", 4, 512),
        ("block5_conv1", "conv", 5, 512),
        ("block5_conv2", "conv", 5, 512),
        ("block5_conv3", "conv", 5, 512),
        ("block5_pool", "pool", 5, 512),
    ]
    assert sum(layer.parameters for layer in LAYERS) == 14_714_688
    assert LAYERS[0].parameters == 1_792
    assert LAYERS[2].parameters == 0


def test_every_layer_takes_what_the_one_before_puts_out():
    assert LAYERS[0].channels_in == 3
    for before, after in pairwise(LAYERS):
        assert after.channels_in == before.channels


def test_freeze_points_stand_in_network_order_and_the_head_is_last():
    assert (*(layer.name for layer in LAYERS), HEAD_ONLY) == FREEZE_POINTS
    assert [vgg16.position(name) for name in FREEZE_POINTS] == list(range(19))


def test_each_later_freeze_point_freezes_its_layer_more():
    for layer, (name, after) in zip(LAYERS, pairwise(FREEZE_POINTS), strict=True):
        one, next_one = count(name, "compact", 160, 3), count(after, "compact", 160, 3)
        assert next_one.frozen - one.frozen == layer.parameters
        assert one.trainable - next_one.trainable == layer.parameters
        assert next_one.total == one.total == one.trainable + one.frozen
        assert next_one.layers_frozen - one.layers_frozen == (layer.parameters > 0)
        assert one.layers_frozen + one.layers_learning == len(vgg16.WITH_WEIGHTS) == 13


@pytest.mark.parametrize(
    ("pool", "same_as"),
    [
        ("block1_pool", "block2_conv1"),
        ("block2_pool", "block3_conv1"),
        ("block3_pool", "block4_conv1"),
        ("block4_pool", "block5_conv1"),
        ("block5_pool", "head"),
    ],
)
def test_a_pool_freezes_as_much_as_what_follows_it(pool, same_as):
    assert first_learning(pool) == same_as == first_learning(same_as)
    one, other = count(pool, "classic", 224, 7), count(same_as, "classic", 224, 7)
    assert (one.trainable, one.frozen) == (other.trainable, other.frozen)


def test_a_convolution_is_itself_the_first_that_learns():
    convolutions = [layer.name for layer in LAYERS if layer.kind == "conv"]
    assert [first_learning(name) for name in convolutions] == convolutions


@pytest.mark.parametrize(
    ("freeze_point", "size", "shape"),
    [
        ("block1_conv1", 160, (160, 160, 3)),
        ("block1_conv2", 160, (160, 160, 64)),
        ("block1_pool", 160, (160, 160, 64)),
        ("block2_conv1", 160, (80, 80, 64)),
        ("block4_pool", 160, (20, 20, 512)),
        ("block5_conv1", 160, (10, 10, 512)),
        ("block5_pool", 160, (10, 10, 512)),
        ("head", 160, (5, 5, 512)),
        ("head", 256, (8, 8, 512)),
        ("head", 224, (7, 7, 512)),
        ("head", 127, (3, 3, 512)),  # each pool drops an odd row
    ],
)
def test_shape_of_what_reaches_the_first_layer_that_learns(freeze_point, size, shape):
    assert vgg16.shape_before(freeze_point, size) == shape


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ("block1_conv1", (64, 64, 64)),
        ("block1_pool", (32, 32, 64)),
        ("block3_conv3", (16, 16, 256)),
        ("block5_conv3", (4, 4, 512)),
        ("block5_pool", (2, 2, 512)),
    ],
)
def test_shape_of_what_a_layer_puts_out(layer, shape):
    assert vgg16.shape_after(layer, 64) == shape


def test_parameters_of_the_heads():
    # 512 averages to 256 units to 2 classes, whatever the size of the pictures.
    assert vgg16.head_parameters("compact", 160, 2) == 512 * 256 + 256 + 256 * 2 + 2 == 131_842
    assert vgg16.head_parameters("compact", 256, 2) == 131_842
    # The head of the published VGG16 with its 1000 classes at 224 px.
    assert vgg16.head_parameters("classic", 224, 1000) == 123_642_856
    assert vgg16.head_parameters("classic", 256, 5) == 151_023_621


@pytest.mark.parametrize(
    "call",
    [
        vgg16.position,
        first_learning,
        lambda name: vgg16.shape_before(name, 160),
        lambda name: vgg16.shape_after(name, 160),
        lambda name: count(name, "compact", 160, 2),
    ],
)
def test_what_is_no_layer_is_refused_with_the_choices(call):
    with pytest.raises(SettingError) as caught:
        call("block6_conv1")
    assert caught.value.what == "“block6_conv1” is not a layer of VGG16."
    assert caught.value.hint.startswith("Choose one of: block1_conv1, block1_conv2, block1_pool,")
    assert caught.value.hint.endswith("block5_pool, head.")
