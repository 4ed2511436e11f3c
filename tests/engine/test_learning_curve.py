"""The head on fewer pictures: what it learns from, and that all of them give the run again."""

import json
import shutil
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from gui.core import evaluation as core_evaluation
from gui.core import learning_curve as core_curve
from gui.core import project
from gui.core.errors import RunError
from gui.engine import learning_curve
from gui.engine.asked import afterwards
from gui.engine.learning_curve import part
from gui.engine.loaded import Models


def draw(run, weights, told):
    asked = afterwards(run, Models(lambda: weights).load(run), lambda: weights)
    return learning_curve.draw(run, asked, lambda *each: told.append(each))


def test_the_smaller_parts_are_parts_of_the_larger_ones(trained) -> None:
    train = trained.split.train
    labels = np.array([each.label for each in train])
    parts = [part(train, share, seed=4) for share in core_curve.SHARES]
    for smaller, larger in pairwise(parts):
        assert set(smaller) < set(larger)
    assert parts[-1].tolist() == list(range(len(train)))
    whole, quarter = Counter(labels), Counter(labels[parts[0]])
    assert {label: -(-count // 4) for label, count in whole.items()} == quarter
    assert parts[0].tolist() != part(train, 0.25, seed=5).tolist()


def test_all_pictures_and_the_same_seed_give_the_training_again(trained, copied, weights) -> None:
    run, told = copied(trained), []
    loaded = Models(lambda: weights).load(run)
    learning_curve.write(run, loaded, lambda: weights, lambda *each: told.append(each))
    curve = core_curve.load(run.learning_curve)
    kept = core_evaluation.load(run.evaluation("validation"))
    assert curve.points[-1].right[0] == tuple(each.right for each in kept.answers)
    assert curve.truths == tuple(each.truth for each in kept.answers)
    assert (curve.labels, curve.tuned) == (kept.labels, False)
    assert [each.share for each in curve.points] == [0.25, 0.5, 0.75, 1]
    learned = [each.learned_from for each in kept.metrics.classes]
    assert list(curve.points[-1].learned_from) == learned
    assert [each.pictures for each in curve.points] == [
        sum(-(-count * quarters // 4) for count in learned) for quarters in (1, 2, 3, 4)
    ]
    assert {len(each.right) for each in curve.points} == {5}
    assert told == [(number, 20) for number in range(1, 21)]
    assert project.fits(curve, run.split, run.config)  # so it goes into a project file


def test_where_vgg16_learned_the_head_alone_is_trained_on_what_the_kept_model_sees(
    fine, copied, weights
) -> None:
    run = copied(fine)
    for path in run.store.glob("*/*/*"):
        path.unlink()  # worked out once more
    curve = draw(run, weights, [])
    kept = core_evaluation.load(run.evaluation("validation"))
    assert curve.tuned
    assert project.fits(curve, run.split, run.config)
    assert curve.points[-1].mean == pytest.approx(kept.metrics.accuracy.share, abs=0.2)


def test_what_learned_from_the_pictures_themselves_has_a_curve_too(
    trained, copied, weights
) -> None:
    """Nothing is stored for such a freeze point; the plain view is made of the pictures."""
    run = copied(trained)
    stored = json.loads((run.path / "config.json").read_text())
    stored["model"]["freeze_point"] = "block2_conv1"
    (run.path / "config.json").write_text(json.dumps(stored))
    shutil.rmtree(run.store)
    curve = draw(run, weights, [])
    assert curve.tuned
    assert project.fits(curve, run.split, run.config)
    assert curve.points[-1].pictures == len(run.split.train)
    assert not run.store.exists()


def test_a_run_under_way_has_none(prepare, trained, weights) -> None:
    loaded = Models(lambda: weights).load(trained)
    with pytest.raises(RunError, match="isn't finished"):
        learning_curve.write(prepare(), loaded, lambda: weights, lambda *_: None)
