import pytest

from gui.core import collection, ladder
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import DiskFull, NotYours, RunError, SettingError
from gui.core.workspace import new_token
from tests.core.test_plan import SPEEDS
from tests.core.visitors import PETS, UNDER_WAY, finish, quiet, refusal

POINTS = ("head", "block5_conv3", "block5_conv1")
SMALL = Config(ModelSettings(image_size=64, head="compact"), TrainSettings(epochs=7))


@pytest.fixture
def climber(site, owner, send):
    """Somebody whose three freeze points wait in the queue."""
    collection.take(owner, send(*PETS), [], quiet)
    site.comparison.start(owner, SMALL, reversed(POINTS))
    return owner


def rungs(owner):
    return [owner.run(each) for each in owner.open_ladder.runs]


def test_comparing_queues_a_run_for_each_freeze_point(site, climber):
    opened = climber.open_ladder
    assert opened.points == POINTS  # the one that learns least first
    assert opened.title == "cat, dog"
    made = rungs(climber)
    assert [run.config.model.freeze_point for run in made] == list(POINTS)
    assert [site.jobs.place(run) for run in made] == [1, 2, 3]
    assert {run.ladder.points for run in made} == {POINTS}
    assert {run.store for run in made} == {climber.features}
    assert len({run.split for run in made}) == 1
    assert all(run.config.train == SMALL.train for run in made)
    assert climber.desk.run == ""  # what is open stays open


def test_a_comparison_is_a_person_s_one_training(site, climber):
    assert refusal(RunError, site.start, climber, SMALL) == UNDER_WAY
    assert refusal(RunError, site.comparison.start, climber, SMALL, POINTS) == UNDER_WAY
    finish(rungs(climber)[0])  # the others still wait
    assert refusal(RunError, site.start, climber, SMALL) == UNDER_WAY
    assert len(climber.runs()) == 3


def test_each_freeze_point_on_offer_tells_its_own_time(site, owner, send):
    assert site.comparison.learning_s(owner, SMALL) == {}
    collection.take(owner, send(*PETS), [], quiet)
    assert site.comparison.learning_s(owner, SMALL) == {}  # not measured yet
    site.jobs.speeds = SPEEDS
    told = site.comparison.learning_s(owner, SMALL)
    assert tuple(told) == ladder.OFFERED
    plan = site.comparison.plan(owner, SMALL, POINTS)
    assert plan.learning_s == pytest.approx([told[point] for point in POINTS])


def test_a_freeze_point_that_does_not_fit_tells_no_time(site, owner, send, monkeypatch):
    collection.take(owner, send(*PETS), [], quiet)
    site.jobs.speeds = SPEEDS
    monkeypatch.setattr(type(site.jobs), "memory_bytes", 10**6)
    assert site.comparison.learning_s(owner, SMALL) == {}


def test_one_freeze_point_starts_nothing(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    refusal(SettingError, site.comparison.start, owner, SMALL, ["head", "block5_pool"])
    assert owner.runs() == []
    assert owner.open_ladder is None


def test_a_comparison_that_cannot_be_queued_leaves_no_run(site, owner, send, monkeypatch):
    collection.take(owner, send(*PETS), [], quiet)

    def full(*_, **__):
        raise DiskFull

    monkeypatch.setattr(site.jobs, "train_ladder", full)
    refusal(DiskFull, site.comparison.start, owner, SMALL, POINTS)
    assert owner.runs() == []


def test_stopping_a_comparison_takes_what_waits_out_of_the_queue(site, climber):
    site.comparison.stop(climber)
    for run in rungs(climber):
        assert run.history.state == "stopped"
        assert run.history.failed.asked
        assert site.jobs.place(run) is None
    site.comparison.go_on(climber)
    assert [site.jobs.place(run) for run in rungs(climber)] == [1, 2, 3]
    assert {run.history.epochs_planned for run in rungs(climber)} == {7}


def test_going_on_leaves_out_what_is_done(site, climber):
    site.comparison.stop(climber)
    finish(rungs(climber)[1])
    site.comparison.go_on(climber)
    assert [site.jobs.place(run) for run in rungs(climber)] == [1, None, 2]


def test_stopping_a_rung_leaves_those_that_wait(site, climber):
    site.comparison.stop_rung(climber)  # none is under way yet
    assert [run.history.state for run in rungs(climber)] == ["waiting"] * 3


def test_opening_a_rung_opens_its_comparison(site, climber):
    one = climber.open_ladder
    site.comparison.stop(climber)
    site.comparison.start(climber, SMALL, POINTS[:2])
    assert climber.open_ladder != one
    site.open_run(climber, one.runs[1])
    assert climber.open_ladder == one
    assert climber.desk.run == one.runs[1]


def test_a_deleted_rung_leaves_a_row_and_the_last_one_takes_the_comparison_along(site, climber):
    site.comparison.stop(climber)
    opened = climber.open_ladder
    site.delete_run(climber, opened.runs[0])
    assert [each.history is None for each in climber.rungs(opened)] == [True, False, False]
    for run_id in opened.runs[1:]:
        site.delete_run(climber, run_id)
    assert climber.open_ladder is None
    assert list((climber.path / "ladders").iterdir()) == []


def test_nobody_reaches_another_person_s_comparison(site, climber):
    other = site.workspace.owner(new_token())
    ladder_id = climber.desk.ladder
    for wanted in (ladder_id, f"../{climber.path.name}/ladders/{ladder_id}", "", "x"):
        refusal(NotYours, other.ladder, wanted)
    for act in (site.comparison.stop, site.comparison.stop_rung, site.comparison.go_on):
        assert "No comparison is open." in refusal(NotYours, act, other)


def test_a_damaged_comparison_is_none_and_is_left_alone(site, climber):
    (path,) = (climber.path / "ladders").iterdir()
    path.write_text("{")
    assert climber.open_ladder is None
    site.jobs.stop(climber.runs()[0])
    site.delete_run(climber, climber.runs()[0].id)
    assert path.read_text() == "{"
