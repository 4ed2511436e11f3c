"""What a person is shown before training is, pixel by pixel, what training reads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from gui.core import ingest, split, variants, vgg16
from gui.core.config import ModelSettings
from gui.engine.features import Features
from gui.engine.network import PICTURES, Network
from gui.engine.store import Store

COUNT = 4


class Reading(Network):
    """A frozen part that only notes which pictures it is given."""

    def __init__(self) -> None:
        self.given: list[np.ndarray] = []

    def run(self, start: str, batch: np.ndarray, places: Sequence[str]) -> dict[str, np.ndarray]:
        assert start == PICTURES
        self.given += list(batch)
        shapes = {place: vgg16.shape_before(place, batch.shape[1]) for place in places}
        return {place: np.zeros((len(batch), *shapes[place]), np.float16) for place in places}


@pytest.mark.parametrize("switches", [{}, {"zoom": False}, {"flip": False, "rotation": False}])
def test_it_is_what_the_frozen_part_is_given(photos: Path, tmp_path: Path, switches: dict) -> None:
    settings = ModelSettings(image_size=96, **switches)
    divided = split.divide(ingest.read(ingest.walk(photos), photos))
    picture = divided.train[3]
    shown = variants.draw(photos / picture.path, picture.sha256, settings)[:COUNT]

    network = Reading()
    features = Features(Store(tmp_path), "ab" * 32, lambda: network, settings, photos)
    wanted = [(picture, view) for view in range(COUNT)]
    features.compute(features.missing(wanted, ["head"]), lambda _: None)
    assert len(network.given) == COUNT
    assert {each.tobytes() for each in network.given} == {each.tobytes() for each in shown}
    assert np.array_equal(network.given[0], shown[0])
