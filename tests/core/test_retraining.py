"""Mended pictures and a new training from them; what that has changed."""

import json

import pytest

from gui.core import collection, evaluation, retraining, runs
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.dataset import Edit
from gui.core.errors import NotYours, PicturesError, RunError
from gui.core.evaluation import Answered, Evaluation
from gui.core.metrics import Bin, ClassScore, Metrics
from gui.core.retraining import before_after, kinds, retrained_from
from tests.core.run_folders import made
from tests.core.visitors import UNDER_WAY, finish, quiet, refusal

PICTURES = [f"{name}/{number}.jpg" for name in ("cat", "dog") for number in range(5)]
TUNED = Config(ModelSettings(freeze_point="block5_conv1"), TrainSettings(epochs=3, seed=8))


@pytest.fixture
def trained(site, owner, send):
    """A finished run that is open."""
    collection.take(owner, send(*PICTURES), [], quiet)
    site.start(owner, TUNED)
    run = owner.open_run
    site.jobs.stop(run)
    finish(run)
    return run


def test_the_mended_run_has_the_same_settings_store_and_sides(site, owner, trained) -> None:
    moved, left_out = trained.split.train[0], trained.split.train[1]
    edits = [Edit(moved.sha256, "dog"), Edit(left_out.sha256, None)]
    run = site.retraining.start(owner, edits)
    assert owner.open_run == run != trained
    assert (run.config, run.store, run.pictures_root) == (
        trained.config, trained.store, trained.pictures_root
    )  # fmt: skip
    assert run.split.validation == trained.split.validation
    learned = {each.sha256: run.split.labels[each.label] for each in run.split.train}
    assert learned[moved.sha256] == "dog"
    assert left_out.sha256 not in learned
    assert len(learned) == len(trained.split.train) - 1
    assert (run.history.state, run.history.epochs_planned) == ("waiting", 3)
    assert site.jobs.place(run) == 1
    assert (retrained_from(run), retrained_from(trained)) == (trained.id, None)
    assert json.loads((run.path / "run.json").read_text())["retrained_from"] == trained.id


def test_the_head_alone_is_another_kind_of_model(site, owner, trained) -> None:
    assert kinds(trained) == ("same", "head")
    run = site.retraining.start(owner, [], "head")
    assert run.config.model == ModelSettings(freeze_point="head")
    assert run.config.train == TUNED.train
    assert run.about.title == "cat, dog · head"
    assert kinds(run) == ("same",)


def test_what_cannot_be_trained_again_is_refused(site, owner, trained) -> None:
    start, count = site.retraining.start, len(owner.runs())
    of_cats = [Edit(each.sha256, "dog") for each in trained.split.train if each.label == 0]
    assert "no picture left to learn from" in refusal(PicturesError, start, owner, of_cats)
    one = trained.split.train[0].sha256
    assert "no class of this training" in refusal(PicturesError, start, owner, [Edit(one, "ox")])
    assert len(owner.runs()) == count
    assert site.retraining.plan(owner, []) is None  # this machine isn't measured
    start(owner, [])
    assert refusal(RunError, start, owner, []) == UNDER_WAY
    assert "isn't finished" in refusal(RunError, site.retraining.plan, owner, [])


def test_without_an_open_run_there_is_nothing_to_mend(site, owner) -> None:
    assert "No training is open" in refusal(NotYours, site.retraining.start, owner, [])


def test_on_a_full_disk_no_run_is_left_behind(site, owner, trained, full) -> None:
    before = [each.id for each in owner.runs()]
    full(3)  # config, split, run; not the desk
    with pytest.raises(Exception, match="disk is full"):
        site.retraining.start(owner, [])
    full.over()
    assert [each.id for each in owner.runs()] == before
    assert owner.open_run == trained


def evaluated(run, *answers: tuple[str, int, int]) -> None:
    """Write down answers: a digest's digit, the true class, the answer."""
    told = tuple(
        Answered(f"{name}.jpg", name * 64, name, truth, tuple(float(n == one) for n in range(2)))
        for name, truth, one in answers
    )
    scores = tuple(ClassScore(label, 1, 0, 0, 0, None, None, None) for label in ("cat", "dog"))
    count = len(told)
    metrics = Metrics(0, count, 0.5, scores, ((0, 0), (0, 0)), (Bin(0.9, 0, 1),))
    side = Evaluation("validation", 1, ("cat", "dog"), told, metrics)
    evaluation.save(side, run.evaluation("validation"))


def test_both_are_held_to_the_corrected_truth_on_the_same_pictures(tmp_path, pictures) -> None:
    before, after = (made(tmp_path / each, pictures) for each in ("before", "after"))
    # b was called a cat but is a dog: the first had it right by mistake of the label only.
    evaluated(before, ("a", 0, 1), ("b", 0, 1), ("c", 1, 1), ("d", 1, 1), ("e", 0, 0))
    evaluated(after, ("a", 0, 0), ("b", 1, 1), ("c", 1, 0), ("d", 1, 1))
    told = before_after(before, after)
    assert (told.pictures, told.before.right, told.after.right) == (4, 3, 3)
    assert (told.mended, told.spoiled) == (("a.jpg",), ("c.jpg",))
    assert told.sentence == (
        "Before: 3 of 4 right (75.0 %). After: 3 of 4 right (75.0 %). Of the same 4 pictures, "
        "1 became right and 1 became wrong."
    )
    assert before_after(after, after).sentence.endswith("No answer became right or wrong.")
    evaluated(after, ("f", 0, 0))
    assert "not checked with the same" in refusal(RunError, before_after, before, after)
    runs.delete(after)
    refusal(RunError, before_after, before, after)


def test_a_damaged_note_is_told_as_damage(tmp_path, pictures) -> None:
    run = made(tmp_path / "one", pictures)
    about = json.loads((run.path / "run.json").read_text())
    (run.path / "run.json").write_text(json.dumps({**about, "retrained_from": 7}))
    refusal(RunError, retraining.retrained_from, run)
