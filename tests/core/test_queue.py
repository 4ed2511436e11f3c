"""The queue with processes that only play a worker."""

import itertools
import os
import signal
import time

import pytest

from gui.core.errors import RunError
from gui.core.events import Queued, read
from gui.core.jobs import Jobs
from tests.core.players import (
    MEMORY,
    ONE,
    OTHER,
    UNDER_WAY,
    epochs,
    failure,
    rungs,
    settle,
    state,
    wait_until,
    worker_of,
)


def test_one_place_takes_one_after_another_in_order(desk):
    opened = desk.jobs()
    first, second, third = (desk.run(name, 10) for name in ("z", "y", "x"))
    for run in (first, second, third):
        opened.train(run, 10)
    assert [opened.place(run) for run in (first, second, third)] == [1, 2, 3]
    opened.open()
    settle(first, "running")
    assert [opened.place(run) for run in (first, second, third)] == [None, 1, 2]
    settle(third, "finished")
    for before, after in ((first, second), (second, third)):
        assert after.history.started.at >= before.history.finished.at
    assert opened.place(third) is None


def test_two_places_take_two_at_once(desk):
    opened = desk.jobs(capacity=2)
    one, two, three = (desk.run(name, 400) for name in ("a", "b", "c"))
    opened.open()
    for run in (one, two, three):
        opened.train(run, 400)
    settle(one, "running")
    settle(two, "running")
    assert (state(three), opened.place(three)) == ("waiting", 1)
    assert len(set(opened.pids)) == 2
    opened.stop(two)
    settle(two, "stopped")
    settle(three, "running")
    assert state(one) == "running"


def test_a_run_that_is_over_goes_on_while_its_worker_still_tidies_up(desk):
    opened, run = desk.jobs(), desk.run("one", 3, "tidies")
    opened.open()
    opened.train(run, 3)
    settle(run, "finished")
    assert run.worked_on
    opened.train(run, 5)
    settle(run, "finished")
    assert epochs(run) == 5


def test_a_run_is_queued_once(desk):
    opened, run = desk.jobs(), desk.run("one", 400)
    opened.train(run, 400)
    for _ in range(2):
        with pytest.raises(RunError) as caught:
            opened.train(run, 400)
        assert str(caught.value) == UNDER_WAY
        opened.open()
        settle(run, "running")
    assert [type(each) for each in read(run.path / "events.jsonl")].count(Queued) == 1


def test_a_waiting_run_is_taken_out_and_never_begun(desk):
    opened, first, second = desk.jobs(), desk.run("one", 400), desk.run("two", 400)
    opened.open()
    opened.train(first, 400)
    settle(first, "running")
    opened.train(second, 400)
    opened.stop(second)
    told = settle(second, "stopped").failed
    assert (told.what, told.hint) == (
        "It was taken out of the queue before it had begun.", "Press “Go on” to queue it again."
    )  # fmt: skip
    opened.stop(first)
    settle(first, "stopped")
    third = desk.run("three")
    opened.train(third, 3)
    settle(third, "finished")
    assert second.history.started is None
    assert not second.stop_requested
    opened.train(second, 3)
    assert epochs(second) == 0
    settle(second, "finished")


def test_what_waits_when_it_closes_still_waits(desk):
    opened, first, second = desk.jobs(), desk.run("one", 100), desk.run("two", 3)
    opened.open()
    opened.train(first, 100)
    settle(first, "running")
    opened.train(second, 3)
    assert opened.close() == 1
    settle(first, "finished")
    assert state(second) == "waiting"
    desk.jobs().open([first, second])
    settle(second, "finished")


def test_the_rungs_of_a_ladder_have_one_worker_one_after_another(desk):
    opened, made = desk.jobs(), rungs(desk, ONE, "c", "b", "a")
    opened.open()
    opened.train_ladder([(run, 3) for run in made])
    after = desk.run("after")
    opened.train(after, 3)
    for run in (*made, after):
        settle(run, "finished")
    assert len({worker_of(run) for run in made}) == 1
    assert worker_of(after) not in {worker_of(run) for run in made}
    for before, then in itertools.pairwise((*made, after)):
        assert then.history.started.at >= before.history.finished.at


def test_a_second_place_takes_no_rung_of_a_ladder_under_way(desk):
    opened = desk.jobs(capacity=2)
    first, second = rungs(desk, ONE, "a", "b", epochs=400)
    (other,) = rungs(desk, OTHER, "c", epochs=400)
    opened.open()
    opened.train_ladder([(first, 400), (second, 400)])
    settle(first, "running")
    opened.train_ladder([(other, 400)])
    settle(other, "running")  # past the rung that waits
    assert (state(second), opened.place(second)) == ("waiting", 1)
    opened.stop(other)
    settle(other, "stopped")
    time.sleep(0.2)
    assert state(second) == "waiting"
    opened.stop(first)
    settle(second, "running")
    assert worker_of(second) == worker_of(first)


def test_who_came_first_goes_first(desk):
    opened = desk.jobs()
    first, second = rungs(desk, ONE, "a", "b")
    someone = desk.run("c")
    opened.train(first, 3)
    opened.train(someone, 3)
    opened.train(second, 3)  # taken up later
    opened.open()
    settle(second, "finished")
    assert second.history.started.at >= someone.history.finished.at


def test_between_two_rungs_of_a_ladder_everybody_has_a_turn(desk):
    opened, made = desk.jobs(), rungs(desk, ONE, "a", "b", "c")
    others = [desk.run(name, who=name) for name in ("someone", "another")]
    opened.train_ladder([(run, 3) for run in made])
    for run in others:
        opened.train(run, 3)
    ordered = [made[0], *others, made[1], made[2]]
    assert [opened.place(run) for run in ordered] == [1, 2, 3, 4, 5]
    opened.open()
    for run in ordered:
        settle(run, "finished")
    for before, then in itertools.pairwise(ordered):
        assert then.history.started.at >= before.history.finished.at
    assert worker_of(made[1]) == worker_of(made[2])  # nobody else waited


def test_turns_are_as_they_were_after_a_restart(desk):
    opened, first = desk.jobs(), desk.run("a1", who="a")
    opened.open()
    opened.train(first, 3)
    settle(first, "finished")
    slow = desk.run("z", 400, "slow", who="z")
    opened.train(slow, 400)
    wait_until(lambda: slow.worked_on)
    waiting = [desk.run(name, who=name[0]) for name in ("b1", "b2", "a2", "c1")]
    for run in waiting:
        opened.train(run, 3)
    places = [opened.place(run) for run in waiting]
    assert places == [1, 4, 2, 3]
    opened.close()
    after = desk.jobs()
    after.open([*reversed(waiting), slow, first])
    assert [after.place(run) for run in waiting] == places
    slow.request_stop()
    (slow.path / "slow").unlink()
    settle(waiting[-1], "finished")


def test_no_more_may_wait_than_the_server_takes(desk):
    opened = Jobs(desk.folder / "logs", None, 1, time.time, most_waiting=2)
    desk.opened.append(opened)
    one, *more = (desk.run(name, who=name) for name in ("a", "b", "c"))
    opened.train(one, 3)
    with pytest.raises(RunError) as caught:
        opened.train_ladder([(run, 3) for run in more])
    assert str(caught.value) == (
        "The queue is full: no more than 2 trainings may wait at once. "
        "Try again when some of them are done."
    )
    assert [opened.place(run) for run in (one, *more)] == [1, None, None]
    assert not list(read(more[0].path / "events.jsonl"))


def test_stopping_a_rung_goes_on_with_the_next(desk):
    opened, (first, second) = desk.jobs(), rungs(desk, ONE, "a", "b", epochs=400)
    opened.open()
    opened.train_ladder([(first, 400), (second, 3)])
    wait_until(lambda: epochs(first) >= 2)
    opened.stop(first)
    settle(first, "stopped")
    settle(second, "finished")
    assert worker_of(first) == worker_of(second)


def test_a_killed_worker_fails_its_rung_only(desk):
    opened, (first, second, third) = desk.jobs(), rungs(desk, ONE, "a", "b", "c")
    opened.open()
    opened.train_ladder([(first, 3), (second, 400), (third, 3)])
    wait_until(lambda: epochs(second) >= 2)
    (pid,) = opened.pids
    os.kill(pid, signal.SIGKILL)
    assert failure(second) == MEMORY
    settle(third, "finished")
    assert worker_of(first) == worker_of(second) != worker_of(third)


def test_a_rung_that_fails_by_itself_leaves_the_others_alone(desk):
    opened, (first, second) = desk.jobs(), rungs(desk, ONE, "a", "b")
    (first.path / "refuse").touch()
    opened.open()
    opened.train_ladder([(first, 3), (second, 3)])
    assert failure(first) == ("It told so itself.", "Do.")
    settle(second, "finished")


def test_a_rung_whose_folder_is_gone_holds_nobody_up(desk, monkeypatch):
    opened = desk.jobs(capacity=2)
    first, second = rungs(desk, ONE, "a", "b", epochs=20)
    opened.open()
    opened.train_ladder([(first, 20), (second, 3)])
    settle(first, "running")
    (first.path / "run.json").unlink()  # as deleting does, once it is done
    settle(second, "finished")


def test_a_ladder_is_queued_whole_or_not_at_all(desk):
    opened, (first, second) = desk.jobs(), rungs(desk, ONE, "a", "b")
    opened.train(second, 3)
    with pytest.raises(RunError) as caught:
        opened.train_ladder([(first, 3), (second, 3)])
    assert str(caught.value) == UNDER_WAY
    assert opened.place(first) is None
    assert list(read(first.path / "events.jsonl")) == []


def test_waiting_rungs_are_taken_up_in_order_by_the_next_page(desk):
    made = [desk.run(name, 3, at=at, ladder=ONE) for name, at in (("z", 1.0), ("a", 1.001))]
    for run in made:
        run.append(Queued(1.0, 3))
    desk.jobs().open(list(reversed(made)))
    settle(made[1], "finished")
    assert worker_of(made[0]) == worker_of(made[1])
    assert made[1].history.started.at >= made[0].history.finished.at
