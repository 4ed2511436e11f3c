import json
import random
from dataclasses import asdict

import pytest

from gui.core import novelty
from gui.core.novelty import Look, Neighbour


def test_one_known_picture_in_twenty_may_pass_the_threshold():
    distances = [float(each) for each in range(1, 100)]  # of 99
    assert novelty.threshold(distances) == 95
    assert novelty.threshold(distances[::-1]) == 95
    assert novelty.threshold([4.0] * 18 + [9.0]) == 9


def test_few_pictures_make_it_careful():
    assert novelty.threshold([3.0, 7.0, 5.0]) == pytest.approx(5 + 2.920 * 2 * (4 / 3) ** 0.5)
    assert novelty.threshold([4.0] * 17 + [9.0]) == 9  # never less than the largest
    assert novelty.threshold([2.0]) > 4
    chance, passed = random.Random(1), []
    for _ in range(4000):
        known = [chance.gauss(10, 1) for _ in range(6)]
        passed.append(chance.gauss(10, 1) > novelty.threshold(known))
    assert 0.02 < sum(passed) / len(passed) < 0.06


@pytest.mark.parametrize(("distance", "unlike"), [(0.9, False), (1.0, False), (1.1, True)])
def test_only_beyond_the_threshold_a_picture_is_unlike(distance, unlike):
    assert Look(distance, 1.0).unlike is unlike


def test_it_comes_back_from_the_worker_s_json():
    look = Look(1.5, 1.0, (Neighbour("cat/1.jpg", "cat", "data:x"), Neighbour("dog/2.jpg", "dog")))
    assert novelty.from_json(json.loads(json.dumps(asdict(look)))) == look
    assert novelty.from_json(None) is None
