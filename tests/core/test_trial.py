import hashlib
from dataclasses import replace

import pytest

from gui.core import trial
from gui.core.errors import DiskFull, NotYours, PicturesError
from gui.core.workspace import new_token
from tests.core.evaluations import evaluated, picture
from tests.core.visitors import everything, refusal

LABELS = ("Cat", "dog")


def test_uploads_are_taken_and_kept_until_the_next_ones_come(owner, send, site):
    first = trial.take(owner, send("new/cat/1.jpg", "2.jpg"))
    assert everything(site.workspace.uploads) == {}
    assert [each.rel for each in first.entries] == ["new/cat/1.jpg", "2.jpg"]
    assert trial.load(owner, first.id) == first
    second = trial.take(owner, send("3.jpg"))
    assert refusal(NotYours, trial.load, owner, first.id) == (
        "Those pictures are gone. Drop them again."
    )
    assert not first.entries[0].path.exists()
    assert second.entries[0].path.read_bytes()[:2] == b"\xff\xd8"
    trial.forget(owner)
    refusal(NotYours, trial.load, owner, second.id)


def test_what_the_browser_made_small_is_known_by_its_original(owner, send):
    given = [replace(each, original="ab" * 32) for each in send("1.jpg")] + send("2.jpg")
    taken = trial.load(owner, trial.take(owner, given).id)
    assert [each.original for each in taken.entries] == ["ab" * 32, ""]


def test_the_folder_around_a_picture_tells_its_class(owner, send):
    rels = ("new/cat/1.jpg", "DOG/1.jpg", "new/1.jpg", "1.jpg", "cat/deep/1.jpg")
    taken = trial.take(owner, send(*rels))
    assert taken.truths(LABELS) == ("Cat", "dog", None, None, None)
    assert trial.told_apart(taken.truths(LABELS)) == (2, 2)


def test_more_than_are_taken_at_once_are_counted_and_deleted(owner, send, site, monkeypatch):
    monkeypatch.setattr(trial, "MOST", 2)
    taken = trial.take(owner, send("1.jpg", "2.jpg", "3.jpg"))
    assert (len(taken.entries), taken.left) == (2, 1)
    assert everything(site.workspace.uploads) == {}


def test_nothing_is_no_trial_and_the_last_one_stays(owner, send):
    before = trial.take(owner, send("1.jpg"))
    assert "no picture" in refusal(PicturesError, trial.take, owner, [])
    assert trial.load(owner, before.id) == before


@pytest.mark.parametrize("asked", ["", "../..", "0" * 16, "x" * 16])
def test_a_forged_id_reaches_nothing(owner, send, asked):
    trial.take(owner, send("1.jpg"))
    refusal(NotYours, trial.load, owner, asked)


def test_how_many_a_run_has_answered_is_known_as_long_as_they_are_kept(owner, send):
    taken = trial.take(owner, send("1.jpg", "2.jpg"))
    assert trial.tried(owner, "run") == 0
    trial.answered(owner, taken, "run", 2)
    assert (trial.tried(owner, "run"), trial.tried(owner, "another")) == (2, 0)
    (taken.entries[0].path.parent / "answered.json").write_text("[")
    assert trial.tried(owner, "run") == 0
    trial.answered(owner, taken, "run", 2)
    trial.take(owner, send("3.jpg"))
    assert trial.tried(owner, "run") == 0
    trial.answered(owner, taken, "run", 2)  # which are gone


def test_nobody_reaches_another_persons_pictures(owner, send, space):
    taken = trial.take(owner, send("1.jpg"))
    refusal(NotYours, trial.load, space.owner(new_token()), taken.id)


def test_what_was_answered_is_kept_with_the_pictures_and_goes_with_them(owner, send):
    taken = trial.take(owner, send("crab/1.jpg", "crab/1.jpg", "owl/2.jpg"))
    first, second, _ = (each.path for each in taken.entries)
    second.write_bytes(b"another picture of the same name")
    digest = hashlib.sha256(second.read_bytes()).hexdigest()
    asked = (
        replace(picture("1.jpg", 1, 0), sha256=digest, path="../../secret"),
        picture("2.jpg", 2, 2),
    )
    told = evaluated(asked, [(1, 0.9), (2, 0.8)], side="given")
    trial.keep_evaluation(owner, taken, "a" * 16, told)
    kept = trial.evaluated(owner, taken, "a" * 16)
    assert [each.path for each in kept.answers] == [second.name, "000002"]
    assert first.name != second.name
    assert kept.metrics == told.metrics
    assert trial.evaluated(owner, taken, "b" * 16) is None, "another training's"
    trial.forget(owner)
    assert trial.evaluated(owner, taken, "a" * 16) is None
    refusal(NotYours, trial.keep_evaluation, owner, taken, "a" * 16, told)


def test_a_full_disk_leaves_nothing_behind(owner, send, site, full):
    given = send("1.jpg", "2.jpg")
    full(1)
    refusal(DiskFull, trial.take, owner, given)
    full.over()
    assert not (owner.path / "trials").exists()
    assert everything(site.workspace.uploads) == {}
