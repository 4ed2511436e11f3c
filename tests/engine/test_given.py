"""A labelled folder, evaluated in full by a model that was trained."""

import hashlib
import shutil
from dataclasses import replace

import pytest
from PIL import Image

from gui.core import evaluation as core_evaluation
from gui.core import given as core_given
from gui.core.given import File, NotScored
from gui.engine import given
from gui.engine.prediction import Predictor


@pytest.fixture
def folder(trained, tmp_path):
    """The validation pictures again, in folders; one is learned from, one twice, one no picture."""
    for each in trained.split.validation:
        path = tmp_path / "given" / each.name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(trained.pictures_root / each.path, path)
    learned = trained.split.train[0]
    shutil.copy(trained.pictures_root / learned.path, tmp_path / "given" / "leaf" / "learned.png")
    shutil.copy(path, path.with_name("zz again.png"))
    (tmp_path / "given" / "sea" / "notes.jpg").write_text("Dear diary")
    (tmp_path / "given" / "moon").mkdir()
    Image.new("RGB", (80, 80), "grey").save(tmp_path / "given" / "moon" / "1.png")
    return tmp_path / "given"


def listed(folder):
    return [
        File(str(path.relative_to(folder)), path, path.parent.name)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


@pytest.fixture(scope="module")
def predictor(weights) -> Predictor:
    return Predictor(lambda: weights)


def test_a_folder_is_scored_by_its_classes(trained, folder, predictor) -> None:
    told: list[tuple[int, int]] = []
    found = given.evaluate(trained, listed(folder), predictor, lambda *each: told.append(each))
    kept = core_evaluation.load(trained.evaluation("validation"))
    assert found.unknown == ("moon",)
    reasons = {each.name: each.reason for each in found.problems}
    assert reasons.pop("leaf/learned.png").startswith("The model has learned from it")
    twice = reasons.pop("sea/zz again.png")
    assert twice == "It is the same picture as “sea/11.png”, so it counts once."
    assert list(reasons) == ["sea/notes.jpg"]
    scored = found.evaluation
    assert (scored.side, scored.labels) == ("given", kept.labels)
    assert [(each.name, each.sha256, each.truth, each.answer) for each in scored.answers] == [
        (each.name, each.sha256, each.truth, each.answer) for each in kept.answers
    ]
    assert scored.metrics.confusion == kept.metrics.confusion
    assert scored.metrics.loss == pytest.approx(kept.metrics.loss, abs=0.01)
    assert told[-1] == (len(kept.answers) + 1,) * 2
    assert found.checking == len(kept.answers)  # the best epoch was chosen on all of them
    assert found.sentence.count("was chosen on these same pictures") == 1
    assert core_given.from_json(core_given.to_json(found)) == found
    assert not trained.evaluation("given").exists()


def test_the_original_of_a_picture_that_came_smaller_is_not_scored(
    trained, folder, predictor, monkeypatch
) -> None:
    """What the browser made small is learned from; the file in the person's folder is another."""
    own = folder / "leaf" / "own.png"
    Image.new("RGB", (90, 90), "olive").save(own)
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    first, *others = trained.split.train
    divided = replace(trained.split, train=(replace(first, original=digest), *others))
    monkeypatch.setattr(type(trained), "split", property(lambda _: divided))
    found = given.evaluate(trained, listed(folder), predictor, lambda *_: None)
    reasons = {each.name: each.reason for each in found.problems}
    assert reasons["leaf/own.png"].startswith("The model has learned from it")

    # And the other way round: learned from whole, made small by the browser only now.
    small = File("leaf/new.png", folder / "moon" / "1.png", "leaf", trained.split.train[-1].sha256)
    monkeypatch.undo()
    found = given.evaluate(trained, [small], predictor, lambda *_: None)
    assert found.problems[0].reason.startswith("The model has learned from it")


def test_new_pictures_are_not_said_to_have_chosen_the_epoch(trained, folder, predictor) -> None:
    path = folder / "moon" / "1.png"
    checked = next(each for each in listed(folder) if each.folder == "sea")
    files = [File("sea/new.png", path, "sea"), checked]
    found = given.evaluate(trained, files, predictor, lambda *_: None)
    assert (found.checking, found.evaluation.metrics.pictures) == (1, 2)
    assert "was chosen on 1 of these pictures" in found.sentence


def test_a_folder_without_a_known_class_has_no_score(trained, folder, predictor) -> None:
    files = [each for each in listed(folder) if each.folder == "moon"]
    found = given.evaluate(trained, files, predictor, lambda *_: None)
    assert (found.evaluation, found.unknown, found.problems) == (None, ("moon",), ())


def test_a_picture_that_is_gone_is_listed(trained, tmp_path, predictor) -> None:
    files = [File("sea/1.png", tmp_path / "1.png", "sea")]
    (problem,) = given.evaluate(trained, files, predictor, lambda *_: None).problems
    assert isinstance(problem, NotScored)
    assert problem.name == "sea/1.png"
