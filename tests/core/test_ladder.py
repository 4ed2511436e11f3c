"""Ladders as files and as runs, and what is read off a rung's events."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core import files, ladder, new_run, rung, runs, vgg16
from gui.core.accuracy import Accuracy
from gui.core.config import Config, TrainSettings
from gui.core.errors import DiskFull, RunError, SettingError
from gui.core.events import (
    CacheProgress,
    Epoch,
    Evaluated,
    Failed,
    Finished,
    PhaseChanged,
    Queued,
    Started,
)
from gui.core.ladder import Ladder
from gui.core.ladder_mark import LadderMark
from gui.core.split import Labelled, Split

ID = "0123456789abcdef"
SPLIT = Split(
    ("cat", "dog"),
    tuple(Labelled(f"cat/{n}.jpg", f"{n:064x}", f"0/{n}.jpg", 0) for n in range(2)),
    tuple(Labelled(f"dog/{n}.jpg", f"{n + 9:064x}", f"1/{n}.jpg", 1) for n in range(2)),
)
MADE = Ladder(ID, "cat, dog", 50.0, ("head", "block5_conv1"), ("a", "b"))


def started(at, epochs=10, checking=40):
    return Started(at, epochs, "x", "ab", True, 160, checking, 2)


def epoch(at, number, accuracy):
    return Epoch(at, number, "head", 0.5, 0.5, 1 - accuracy, accuracy, 1.0)


# Choosing ----------------------------------------------------------------------------------------


def test_rungs_are_in_order_of_what_learns_and_equal_ones_count_once():
    chosen = ladder.choose(["block4_conv1", "block4_pool", "head", "block5_conv1", "block5_pool"])
    assert chosen == ("head", "block4_pool", "block4_conv1")


@given(st.lists(st.sampled_from(vgg16.FREEZE_POINTS)))
def test_every_distinct_choice_has_its_rung(points):
    firsts = {vgg16.first_learning(each) for each in points}
    if len(firsts) < 2:
        with pytest.raises(SettingError):
            ladder.choose(points)
        return
    chosen = ladder.choose(points)
    assert {vgg16.first_learning(each) for each in chosen} == firsts
    assert len(chosen) == len(firsts)
    learning = [vgg16.count(each, "compact", 160, 2).trainable for each in chosen]
    assert learning == sorted(learning)


@pytest.mark.parametrize("points", [[], ["head"], ["head", "block5_pool"]])
def test_one_freeze_point_is_no_ladder(points):
    with pytest.raises(SettingError, match="can't be compared"):
        ladder.choose(points)


def test_an_unknown_freeze_point_is_refused():
    with pytest.raises(SettingError, match="block9"):
        ladder.choose(["head", "block9"])


def test_what_is_offered_can_be_chosen():
    assert ladder.choose(ladder.OFFERED) == ladder.OFFERED
    assert set(ladder.QUICK) < set(ladder.USUAL) < set(ladder.OFFERED)


# Files -------------------------------------------------------------------------------------------


def create(tmp_path, made=MADE):
    folders = [tmp_path / "runs" / each for each in made.runs]
    config = Config(train=TrainSettings(epochs=7, seed=3))
    return ladder.create(made, folders, config, SPLIT, tmp_path / "p", tmp_path / "features")


def test_rungs_differ_in_the_freeze_point_only(tmp_path):
    one, two = create(tmp_path)
    assert (one.config.model.freeze_point, two.config.model.freeze_point) == MADE.points
    assert ladder.at(one.config, "block5_conv1") == two.config
    assert one.split == two.split == SPLIT
    assert one.store == two.store == tmp_path / "features"
    assert one.ladder == two.ladder == LadderMark(ID, MADE.points)
    assert one.about.created_at < two.about.created_at  # a restart queues them in order


def test_all_rungs_are_made_or_none(tmp_path, monkeypatch):
    create_one, made = new_run.create, []

    def full(*arguments):
        if made:
            raise DiskFull
        made.append(create_one(*arguments))
        return made[0]

    monkeypatch.setattr(new_run, "create", full)
    with pytest.raises(DiskFull):
        create(tmp_path)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_ladder_is_read_as_it_was_written(tmp_path):
    ladder.save(MADE, tmp_path / "x.json")
    assert ladder.load(tmp_path / "x.json") == MADE


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"id": "../../x"},
        {"id": 5},
        {"points": []},
        {"points": ["head", "block9"]},
        {"points": ["head", ["block5_conv1"]]},
        {"points": "head"},
        {"runs": ["a"]},
        {"runs": ["a", "../b"]},
        {"runs": [1, 2]},
        {"runs": None},
        {"title": ""},
        {"created_at": "now"},
        {"created_at": 1e999},
    ],
)
def test_a_damaged_ladder_is_told_as_such(tmp_path, changes):
    path = tmp_path / "x.json"
    ladder.save(MADE, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(RunError, match=r"This comparison can't be read\. Start another one\."):
        ladder.load(path)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", "[" * 100_000])
def test_what_is_no_ladder_is_told_as_such(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(RunError):
        ladder.load(tmp_path / "x.json")


def test_a_missing_ladder_is_told_as_such(tmp_path):
    with pytest.raises(RunError):
        ladder.load(tmp_path / "x.json")


@pytest.mark.parametrize("stored", [7, {}, {"id": ID}, {"id": "x", "points": ["head"]}, [], "x"])
def test_a_run_with_a_damaged_mark_is_not_readable(tmp_path, stored):
    run = create(tmp_path)[0]
    about = json.loads((run.path / "run.json").read_text())
    files.write_json(run.path / "run.json", about | {"ladder": stored})
    assert not run.readable
    with pytest.raises(RunError):
        _ = run.ladder


def test_a_run_that_stands_alone_has_no_mark(tmp_path):
    run = new_run.create(tmp_path / "run", Config(), SPLIT, tmp_path / "p", "t", 1.0)
    assert run.ladder is None
    assert run.readable


# Rungs -------------------------------------------------------------------------------------------


def rungs(tmp_path, *told):
    made = create(tmp_path)
    for run, events in zip(made, told, strict=False):
        for event in events:
            run.append(event)
    return made, ladder.rungs(MADE, lambda name: runs.find(tmp_path / "runs" / name))


def test_a_rung_tells_accuracy_costs_and_name(tmp_path):
    ended = [
        started(10.0), CacheProgress(14.0, "caching", 5, 5), PhaseChanged(15.0, "head", 1, 1e-3, 9),
        epoch(16.0, 1, 0.5), epoch(17.0, 2, 0.9), epoch(18.0, 3, 0.8),
        Evaluated(19.0, 2, 0.1, 0.9, 40), Finished(20.0, "epochs"),
    ]  # fmt: skip
    _, (one, two) = rungs(tmp_path, ended)
    assert (one.name, two.name) == ("head only", "block5_conv1")
    assert one.accuracy == Accuracy(36, 40)
    assert (one.seconds, one.preparing_s) == (10.0, 4.0)
    assert one.learning == vgg16.count("head", "compact", 160, 2).trainable
    assert (one.done, one.busy) == (True, False)
    assert (two.accuracy, two.seconds, two.done, two.busy) == (None, 0.0, False, True)


def test_a_rung_under_way_tells_its_best_so_far(tmp_path):
    _, (one, _) = rungs(tmp_path, [started(1.0), epoch(2.0, 1, 0.9), epoch(3.0, 2, 0.5)])
    assert one.accuracy == Accuracy(36, 40)
    assert (one.done, one.busy) == (False, True)


def test_a_deleted_or_damaged_run_leaves_its_row(tmp_path):
    made, _ = rungs(tmp_path)
    runs.delete(made[0])
    (made[1].path / "split.json").write_text("{")
    ladder._classes.cache_clear()
    found = ladder.rungs(MADE, lambda name: runs.find(tmp_path / "runs" / name))
    assert [each.history for each in found] == [None, None]
    assert [each.name for each in found] == ["head only", "block5_conv1"]
    assert not any(each.busy or each.done for each in found)


def test_breaks_and_waiting_are_not_counted():
    told = [
        Queued(0.0, 9), started(100.0), epoch(110.0, 1, 0.5),
        Failed(9000.0, "It broke off.", "Go on."),  # told when the program was opened again
        Queued(9001.0, 9), started(9500.0), CacheProgress(9503.0, "reading", 1, 1),
        CacheProgress(9504.0, "checking", 1, 1), epoch(9505.0, 2, 0.6), Finished(9506.0, "epochs"),
        Queued(9600.0, 12),
    ]  # fmt: skip
    assert rung.spent(told) == (16.0, 3.0)


def test_a_clock_that_was_set_back_takes_no_time_away():
    assert rung.spent([started(100.0), epoch(50.0, 1, 0.5), epoch(51.0, 2, 0.5)]) == (1.0, 0.0)
