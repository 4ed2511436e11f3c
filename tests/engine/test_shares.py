"""The frozen part in shares: the same rows, whoever does them."""

import json

import numpy as np
import pytest

from gui.core import caching
from gui.core.errors import RunError
from gui.engine import computing, job, network, shares
from gui.engine.passes import Pass


def begun(run, weights, compute=computing.here):
    return job.begin(
        run,
        weights,
        lambda found: network.open_network(found.arrays),
        lambda: 1.0,
        lambda _: None,
        compute,
    )


def test_shares_make_what_one_pass_makes(prepare, weights, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(shares, "_SMALLEST", 20)
    sizes, opened = [], network.open_network(weights.arrays)

    def shared_out(run, features, passes, progress) -> None:
        features.make_room()
        for share in shares.divide(passes):
            told = json.loads(json.dumps(shares.to_json(share)))
            sizes.append(shares.compute(run, weights, lambda: opened, told))
            progress(sizes[-1])

    first = begun(prepare(views=3, store=tmp_path / "one"), weights)
    other = begun(prepare(views=3, store=tmp_path / "other"), weights, shared_out)
    assert sum(sizes) == 3 * len(first.train.pictures) + len(first.validation.pictures)
    assert len(sizes) >= 5
    assert max(sizes) <= 20
    for place in caching.places(first.config):
        for view in range(3):
            rows = [
                each.features.rows(each.train.pictures, view, place).take(
                    range(len(each.train.pictures))
                )
                for each in (first, other)
            ]
            assert np.array_equal(*rows)


def test_all_views_of_a_picture_are_in_one_share(prepare) -> None:
    pictures = prepare().split.train
    passes = [
        Pass(each, view, "block1_conv1", ("head",)) for view in range(50) for each in pictures
    ]
    divided = shares.divide(passes)
    assert sorted(map(len, divided)) == [50] * len(pictures)
    assert all(len({each.picture for each in share}) == 1 for share in divided)
    assert shares.divide([]) == [[]]


def test_a_picture_of_another_training_is_refused(prepare, weights) -> None:
    with pytest.raises(RunError):
        shares.compute(prepare(), weights, lambda: None, [["0" * 64, 0, "block1_conv1", ["head"]]])
