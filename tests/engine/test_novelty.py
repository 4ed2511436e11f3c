"""What is unlike all training pictures, said by runs with real weights."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gui.core.prediction import from_json
from gui.core.runs import Run
from gui.engine import novelty
from gui.engine.loaded import Models
from gui.engine.prediction import Predictor

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
STRANGERS = [(path.name, path) for path in sorted((SAMPLES / "crab").iterdir())[:8]]


@pytest.fixture(scope="module")
def models(weights) -> Models:
    return Models(lambda: weights)


@pytest.fixture(scope="module")
def predictor(weights) -> Predictor:
    return Predictor(lambda: weights)


def files(run: Run) -> list:
    return [(each.name, run.pictures_root / each.path) for each in run.split.validation]


def test_drawn_animals_are_none_of_the_learned_colours(trained, predictor) -> None:
    told = list(predictor.predict(trained, STRANGERS))
    assert all(each.unlike for each in told)
    for each in told:
        assert each.look.distance > each.look.threshold > 0
        assert len(each.nearest) == 3
        assert {near.label for near in each.nearest} <= {"leaf", "sand", "sea"}
        learned = {picture.name: picture for picture in trained.split.train}
        for near in each.nearest:
            assert trained.split.labels[learned[near.name].label] == near.label
            assert near.thumbnail.startswith("data:image/webp;base64,")
    assert from_json(json.loads(json.dumps(asdict(told[0])))) == told[0]


def test_a_validation_picture_is_hardly_ever_unlike(trained, predictor) -> None:
    """They set the threshold: of fewer than nineteen none passes it."""
    told = list(predictor.predict(trained, files(trained)))
    assert [each.unlike for each in told] == [False] * len(told)
    assert all(each.nearest == () for each in told)
    assert len({round(each.look.distance, 6) for each in told}) > 1


@pytest.mark.parametrize("which", ["trained", "fine"])
def test_what_is_stored_gives_what_the_pictures_give(which, models, request, copied) -> None:
    """At the end of a training from stored rows, later from the pictures themselves."""
    run = copied(request.getfixturevalue(which))
    loaded = models.load(run)
    with np.load(run.novelty, allow_pickle=False) as stored:
        before = {name: stored[name] for name in stored.files}
    run.novelty.unlink()
    progress = list(novelty.remember(run, loaded))
    count = len(run.split.train) + len(run.split.validation)
    assert progress[-1] == (count, count)
    with np.load(run.novelty, allow_pickle=False) as stored:
        after = {name: stored[name] for name in stored.files}
    assert after["features"].dtype == np.float16
    assert after["features"].shape == (len(run.split.train), 512)
    assert (before["digests"] == after["digests"]).all()
    assert before["convolutions"] == after["convolutions"] == loaded.convolutions
    assert np.abs(before["features"] - after["features"]).max() < 0.01
    assert before["threshold"] == pytest.approx(after["threshold"], rel=0.02)
    assert list(novelty.remember(run, loaded)) == []  # it is known


def test_another_model_or_a_damaged_file_says_nothing(trained, models, copied, predictor) -> None:
    run = copied(trained)
    known = models.load(run).convolutions
    assert novelty.load(run, known)
    assert novelty.load(run, "0" * 64) is None
    content = run.novelty.read_bytes()
    for damaged in (content[:2000], b"", b"PK not a zip"):
        run.novelty.write_bytes(damaged)
        assert novelty.load(run, known) is None
    (told, *_) = predictor.predict(run, files(run))
    assert told.unlike is None
    assert told.probabilities
    run.novelty.unlink()
    (told, *_) = predictor.predict(run, files(run))
    assert told.look is None


def test_a_file_that_comes_later_is_used_at_once(trained, copied, predictor) -> None:
    run = copied(trained)
    run.novelty.rename(run.path / "aside")
    assert next(predictor.predict(run, STRANGERS)).unlike is None
    (run.path / "aside").rename(run.novelty)
    assert next(predictor.predict(run, STRANGERS)).unlike is True


def test_neighbours_whose_files_are_gone_are_named_all_the_same(
    trained, copied, models, tmp_path
) -> None:
    run = copied(trained)
    loaded = models.load(run)
    judge = replace(novelty.load(run, loaded.convolutions), root=tmp_path)
    (look,) = judge.judge(np.random.default_rng(0).uniform(0, 50, (1, 2, 2, 512)))
    assert look.unlike
    assert [each.thumbnail for each in look.nearest] == ["", "", ""]
    assert all(each.name and each.label for each in look.nearest)


def test_a_new_end_of_a_training_forgets_the_older_model(prepare, train, monkeypatch) -> None:
    """A training from the pictures stores nothing to tell it from; a stale file would be wrong."""
    run = prepare(epochs=1, each=3)
    shutil.copy(__file__, run.novelty)
    monkeypatch.setattr(novelty, "caching", SimpleNamespace(worth_caching=lambda _: False))
    train(run)
    assert run.history.state == "finished"
    assert not run.novelty.exists()


def test_of_very_many_pictures_some_of_each_class_are_remembered(trained, monkeypatch) -> None:
    monkeypatch.setattr(novelty, "_MOST", 9)
    chosen = novelty.remembered(trained.split)
    assert len(chosen) == len(set(chosen)) == 9
    assert {each.label for each in chosen} == {0, 1, 2}
