import base64
import io
import json
from dataclasses import asdict

import numpy as np
import pytest
from PIL import Image

from gui.core import activations, vgg16
from gui.core.activations import BlockMaps, Map, Seen


def opened(address):
    head, _, content = address.partition(",")
    assert head == "data:image/webp;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB"), int)


def test_each_block_ends_at_its_last_convolution():
    named = [activations.layer(block) for block in activations.BLOCKS]
    assert named == [
        "block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3", "block5_conv3",
    ]  # fmt: skip
    assert set(named) < set(vgg16.NAMES)


def test_a_stronger_answer_is_lighter_and_stands_where_it_was_given():
    heat = np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)
    drawn = opened(activations.square(heat))
    assert drawn.shape == (64, 64, 3)
    lightness = drawn @ [0.2126, 0.7152, 0.0722]
    middles = [lightness[8 + 16 * (place // 4), 8 + 16 * (place % 4)] for place in range(16)]
    assert middles == sorted(middles)
    assert middles[-1] > middles[0] + 150


def test_a_coarse_map_keeps_its_squares():
    heat = np.eye(2, dtype=np.float32)
    drawn = opened(activations.square(heat))
    assert drawn[5:27, 5:27].sum(axis=2).min() > 500
    assert drawn[5:27, 37:59].sum(axis=2).max() < 200


def test_a_fine_map_is_averaged():
    chess = (np.indices((128, 128)).sum(axis=0) % 2).astype(np.float32)
    drawn = opened(activations.square(chess))
    assert drawn.std(axis=(0, 1)).max() < 3


@pytest.mark.parametrize("problem", [None, "The file is empty. Copy it again."])
def test_it_comes_back_from_json(problem):
    maps = (Map(3, "data:a"), Map(0, "data:b"))
    blocks = () if problem else (BlockMaps(1, 160, 64, maps), BlockMaps(5, 10, 512, ()))
    seen = Seen("cat/1.jpg", "" if problem else "data:c", blocks, problem)
    assert activations.from_json(json.loads(json.dumps(asdict(seen)))) == seen
