import numpy as np
import pytest

from gui.engine.space import Space, represent


def test_a_picture_is_one_direction_whatever_its_brightness() -> None:
    reached = np.random.default_rng(0).uniform(0, 9, (2, 4, 4, 512)).astype(np.float16)
    one = represent(reached)
    assert one.dtype == np.float32
    assert np.linalg.norm(one, axis=1) == pytest.approx([1, 1])
    assert np.abs(represent(reached * 4) - one).max() < 1e-3
    assert represent(np.zeros((1, 2, 2, 512))).tolist() == [[0] * 512]


@pytest.fixture
def space() -> Space:
    """Two classes that differ in the first number; within each, the second varies widely."""
    chance = np.random.default_rng(0)
    features = np.zeros((40, 8), np.float32)
    features[20:, 0] = 1
    features[:, 1] = chance.uniform(-1, 1, 40)
    features[:, 2:] = chance.normal(0, 0.01, (40, 6))
    return Space(features, np.repeat([0, 1], 20))


def test_what_varies_within_a_class_counts_little(space) -> None:
    usual, strange = np.zeros((2, 1, 8), np.float32)
    usual[0, 1], strange[0, 0] = 1.3, 0.3  # each 0.3 from the nearest
    assert 1.5 * space.distances(usual)[0] < space.distances(strange)[0]


def test_the_nearest_are_named_and_a_known_one_is_its_own_neighbour(space) -> None:
    asked = np.zeros((1, 8), np.float32)
    asked[0, 0] = 1
    apart, places = space.distances(asked)
    assert places.shape == (1, 3)
    assert (places >= 20).all()
    assert apart.dtype == np.float32
    few = Space(asked, np.array([0]))
    apart, places = few.distances(asked)
    assert (apart.tolist(), places.tolist()) == ([0], [[0]])
