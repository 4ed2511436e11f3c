"""Trainings that wait, of several people and in ladders; without workers and threads."""

from gui.core.waiting import Waiting
from tests.core.players import ONE


def test_everybody_has_a_turn_and_a_ladder_one_rung_at_a_time(desk) -> None:
    first, rung, another = (desk.run(name, ladder=ONE, who="ann") for name in ("a", "b", "c"))
    other = desk.run("d", who="ben")
    waiting = Waiting()
    for run in (first, rung, another, other):
        waiting.add(run, 5.0)
    assert [each.run for each in waiting.order([])] == [first, other, rung, another]
    begun = waiting.next([])
    assert begun is not None
    assert (begun.run, begun.ladder, begun.seconds) == (first, ONE, 5.0)
    assert waiting.remove(first)
    assert not waiting.remove(first)
    assert waiting.next([begun]).run == other
    assert waiting.remove(other)
    assert waiting.next([begun]) is None  # the next rung waits for the first
    waiting.served(first)
    waiting.add(other)
    assert waiting.next([]).run == rung
    waiting.served(rung)
    assert len(waiting) == 3
    assert rung in waiting
    assert first not in waiting


def test_whose_training_is_under_way_stands_behind_all_others(desk) -> None:
    begun, later, other = desk.run("a", who="ann"), desk.run("b", who="ann"), desk.run("c")
    waiting = Waiting()
    counted = waiting.count(begun)
    assert begun not in waiting
    waiting.add(later)
    waiting.add(other)
    assert [each.run for each in waiting.order([counted])] == [other, later]


def test_a_run_whose_folder_is_gone_waits_like_any_other(desk) -> None:
    run = desk.run("a", ladder=ONE)
    (run.path / "run.json").unlink()
    waiting = Waiting()
    waiting.add(run)
    (told,) = waiting.order([])
    assert (told.ladder, told.seconds) == (None, None)
