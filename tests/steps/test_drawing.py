"""The drawing's value, against the table of VGG16."""

import pytest

from gui.core import vgg16
from gui.steps import drawing


def test_the_layers_have_their_true_shapes():
    drawn = drawing.network("block4_pool", "compact", 224, 3)
    shapes = {each["name"]: (each["side"], each["depth"]) for each in drawn["layers"]}
    assert list(shapes) == list(vgg16.FREEZE_POINTS)
    assert shapes["block1_conv1"] == (224, 64)
    assert shapes["block1_pool"] == (112, 64)
    assert shapes["block3_conv3"] == (56, 256)
    assert shapes["block5_pool"] == (7, 512)
    assert next(each["name"] for each in drawn["layers"] if not each["frozen"]) == "block4_pool"


def test_each_block_tells_its_size_and_what_it_sees():
    blocks = drawing.network("head", "compact", 160, 3)["blocks"]
    assert [each["size"] for each in blocks] == [
        "160 × 160 × 64", "80 × 80 × 128", "40 × 40 × 256", "20 × 20 × 512", "10 × 10 × 512",
        "3 classes",
    ]  # fmt: skip
    for each in blocks[:5]:
        assert each["tells"].startswith(f"Block {each['block']} sees {each['sees'].split(',')[0]}")


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("block1_conv1", "Block 1, which sees edges and colours, is the first"),
        ("block2_pool", "Block 3, which sees patterns, is the first"),
        ("block5_conv3", "Block 5, which sees things, is the first"),
        ("block5_pool", "All of VGG16 is frozen"),
        ("head", "All of VGG16 is frozen"),
    ],
)
def test_the_caption_names_the_first_block_that_may_change(point, said):
    assert drawing.network(point, "classic", 64, 2)["caption"].startswith(said)
