import base64
import io
import json
from dataclasses import asdict

import numpy as np
import pytest
from PIL import Image

from gui.core import explanation
from gui.core.explanation import Explanation


def drawn(heat, size=(60, 40)):
    uri = explanation.overlay(np.array(heat, np.float32), size)
    assert uri.startswith("data:image/webp;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))).astype(int)


def test_the_overlay_covers_the_picture_and_is_clear_where_nothing_spoke():
    pixels = drawn([[1, 0, 0], [0, 0, 0]])
    assert pixels.shape == (40, 60, 4)
    alpha = pixels[..., 3]
    assert alpha[5, 5] > 220  # in that corner, and nowhere else
    assert alpha[30:, 40:].max() < 20


def test_more_heat_is_lighter_for_who_cannot_tell_red_from_green():
    ramp = np.repeat(np.linspace(0.25, 1, 16, dtype=np.float32)[None], 4, axis=0)
    pixels = drawn(ramp, (160, 40))
    light = pixels[20, 10:150:20, :3] @ (0.299, 0.587, 0.114)
    assert (np.diff(light) > 5).all()


def test_no_heat_is_no_overlay():
    assert explanation.overlay(np.zeros((4, 4), np.float32), (9, 9)) == ""


@pytest.mark.parametrize(
    ("point", "first"),
    [
        ("head", "block5_conv3"),
        ("block5_pool", "block5_conv3"),
        ("block4_pool", "block5_conv1"),
        ("block3_conv2", "block3_conv2"),
    ],
)
def test_the_layer_is_the_last_convolution_or_the_first_that_learned(point, first):
    assert explanation.layer("last_convolution", point) == "block5_conv3"
    assert explanation.layer("freeze_point", point) == first


def test_it_comes_back_from_the_worker_s_json():
    told = Explanation("a.jpg", "cat", 0.75, "data:a", "data:b")
    assert explanation.from_json(json.loads(json.dumps(asdict(told)))) == told
