"""What the blocks see, through VGG16's real weights, in pictures whose content is known."""

import base64
import dataclasses
import io
import json

import numpy as np
import pytest
from PIL import Image

from gui.core import activations as core
from gui.core import scaled
from gui.engine import activations, network, worker

SIZE_PX = 96
EDGE = 40  # column


@pytest.fixture(scope="module")
def vgg(weights):
    return network.open_network(weights.arrays, rounded=False)


@pytest.fixture(scope="module")
def edge(vgg):
    """What is seen in a picture that is dark on the left and light on the right."""
    return activations.see(vgg, halves())


def halves() -> np.ndarray:
    pixels = np.full((SIZE_PX, SIZE_PX, 3), 60, np.uint8)
    pixels[:, EDGE:] = 200
    return pixels


def test_maps_have_the_shapes_of_the_blocks_and_lie_between_0_and_1(edge) -> None:
    assert [each.block for each in edge] == [1, 2, 3, 4, 5]
    assert [each.channels for each in edge] == [64, 128, 256, 512, 512]
    sides = [96, 48, 24, 12, 6]
    assert [each.heat.shape for each in edge] == [(3, side, side) for side in sides]
    for each in edge:
        assert each.heat.dtype == np.float32
        assert each.heat.min() >= 0
        assert (each.heat.max(axis=(1, 2)) == 1).all()
        assert len(set(each.chosen)) == 3
        assert max(each.chosen) < each.channels


def test_a_map_of_block_1_follows_the_edge(edge) -> None:
    middle = edge[0].heat[:, 20:-20]  # (maps, rows, columns): no border above and below
    brightest = middle[:, :, 8:-8].argmax(axis=2) + 8
    on_edge = (abs(brightest - (EDGE - 0.5)) <= 2.5).all(axis=1)
    away = middle[:, :, [*range(8, EDGE - 6), *range(EDGE + 6, SIZE_PX - 8)]].max(axis=(1, 2))
    follows = on_edge & (away < 0.5 * middle.max(axis=(1, 2)))
    assert follows.any(), "one filter answers at the edge and hardly anywhere else"


def test_it_is_no_filter_that_answers_at_the_border_only() -> None:
    values = np.zeros((16, 16, 3), np.float32)
    values[0, :, 0] = 100  # what the zeros around a picture make
    values[8, 3:9, 1] = 1
    values[3:9, 8, 2] = 2
    assert activations.strongest(values) == [2, 1]


def test_no_two_maps_show_the_same() -> None:
    chance = np.random.default_rng(3)
    first, second = chance.random((2, 16, 16)).astype(np.float32)
    values = np.stack([2 * first, 3 * first + 0.1 * second, second, np.ones_like(first)], axis=2)
    assert activations.strongest(values) == [1, 2]


def test_a_plain_picture_shows_nothing_inside() -> None:
    assert activations.strongest(np.ones((8, 8, 5), np.float32)) == []


def test_it_is_the_same_every_time_and_hangs_on_the_picture(vgg, edge) -> None:
    again = activations.see(vgg, halves())
    for one, other in zip(edge, again, strict=True):
        assert one.chosen == other.chosen
        assert np.array_equal(one.heat, other.heat)
    turned = activations.see(vgg, np.ascontiguousarray(halves().swapaxes(0, 1)))
    assert turned[0].chosen != edge[0].chosen


def test_the_worker_tells_it_in_json_small_enough_for_a_page(photos, weights, tmp_path) -> None:
    (tmp_path / "notes.jpg").write_text("Dear diary")
    noisy = [photos / label / "00.png" for label in ("leaf", "sand", "sea")]
    files = [[path.name, str(path)] for path in [*noisy, tmp_path / "notes.jpg"]]
    asked = worker.Worker(None)
    asked._weights = lambda: weights
    told = list(asked.see({"files": files, "image_size": 160}))
    seen = [core.from_json(json.loads(json.dumps(each))) for each in told]
    assert "not a picture" in seen[3].problem
    assert seen[3].blocks == ()
    for path, each in zip(noisy, seen[:3], strict=True):
        assert each.thumbnail == core.shown(scaled.read_pixels(path, 160))
        assert [(one.side, len(one.maps)) for one in each.blocks] == [
            (side, 3) for side in (160, 80, 40, 20, 10)
        ]
    addresses = [one.heat for each in seen for block in each.blocks for one in block.maps]
    assert len(addresses) == 45
    for address in addresses:
        with Image.open(io_of(address)) as square:
            assert square.size == (64, 64)
    assert len(json.dumps([dataclasses.asdict(each) for each in seen])) < 300_000


def io_of(address: str) -> io.BytesIO:
    return io.BytesIO(base64.b64decode(address.partition(",")[2]))
