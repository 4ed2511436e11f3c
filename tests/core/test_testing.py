"""Testing a training with pictures; the workers only play, and say their process's id."""

from dataclasses import replace

import pytest

from gui.core import split, trial
from gui.core.desk import Desk
from gui.core.entry import Entry
from gui.core.errors import NotYours, RunError
from gui.core.explanation import Explanation
from gui.core.prediction import Prediction
from gui.core.tally import Tally, tally
from gui.core.testing import AT_ONCE, Agreement, Pair, agreement
from tests.core.visitors import draw, finish, make_dataset, make_run, refusal


@pytest.fixture
def asked(site, monkeypatch):
    """What the worker is asked; it says "cat" to what is called so, whoever asks."""
    told = []

    def predict(run, files):
        told.append((run.id, [name for name, _ in files]))
        assert all(path.is_file() for _, path in files)
        return [Prediction(name, (("cat", 0.9), ("dog", 0.1))) for name, _ in files]

    def explain(run, files, where):
        told.append((run.id, where))
        return [Explanation(name, "cat", 0.9, "data:a", "data:b") for name, _ in files]

    monkeypatch.setattr(site.jobs.questions, "predict", predict)
    monkeypatch.setattr(site.jobs.questions, "explain", explain)
    return told


@pytest.fixture
def opened(owner):
    """A finished run that is open."""
    dataset = make_dataset(owner)
    run = make_run(owner, dataset)
    finish(run)
    owner.open(Desk(dataset=dataset, run=run.id))
    return run


def test_answers_come_some_at_a_time_with_the_truth_where_a_folder_tells_it(
    site, owner, opened, send, asked
):
    taken = trial.take(owner, send(*(f"dog/{n}.jpg" for n in range(AT_ONCE)), "loose.jpg"))
    first, second = site.testing.answers(owner, taken)
    assert [len(names) for _, names in asked] == [AT_ONCE, 1]
    assert {each.truth for each in first} == {"dog"}
    assert first[0].right is False
    assert (second[0].truth, second[0].right) == (None, None)


def own(run, side, *, original=False):
    """A run's own pictures, as a person drops them; with ``original``, made small another way."""
    if original:
        drawn = [draw(run.path / "again" / each.sha256, n) for n, each in enumerate(side)]
        return [Entry(each.name, at, each.sha256) for each, at in zip(side, drawn, strict=True)]
    return [Entry(each.name, run.pictures_root / each.path) for each in side]


@pytest.mark.parametrize("original", [False, True])
def test_what_it_has_learned_from_is_told_apart(site, owner, opened, send, asked, original):
    learned = own(opened, opened.split.train, original=original)
    checked = own(opened, opened.split.validation, original=original)
    taken = trial.copy(owner, [*learned, *checked, *send("dog/new.jpg")])
    answers = [each for some in site.testing.answers(owner, taken) for each in some]
    assert [each.met for each in answers] == ["learned"] * 4 + ["checked"] * 2 + [None]
    assert tally(answers) == Tally(right=1, counted=3, checked=2, learned=4)


def test_only_what_neither_has_learned_from_is_compared(site, owner, opened, send, asked):
    """One training's pictures to check with are what the other has learned from."""
    other = make_run(owner, owner.desk.dataset, now=2.0, title="other")
    finish(other)
    mine = opened.split
    swapped = replace(mine, train=mine.train[1::2] + mine.validation, validation=mine.train[::2])
    split.save(swapped, other.path / "split.json")
    files = own(opened, [*mine.train, *mine.validation])
    taken = trial.copy(owner, [*files, *send("dog/new.jpg")])
    pairs = [each for some in site.testing.compare(owner, taken.id, other.id) for each in some]
    found = agreement(pairs)
    assert (found.pictures, found.known, found.learned, found.checked) == (7, 1, 6, 0)


def test_kept_pictures_are_copied_and_their_truth_is_known(site, owner, opened, asked):
    taken = site.testing.take_kept(owner, 5)
    kept = opened.split.validation
    assert [each.rel for each in taken.entries] == [each.name for each in kept]
    assert set(taken.truths(("cat", "dog"))) == {"cat", "dog"}
    assert all((opened.pictures_root / each.path).is_file() for each in kept)


def test_chosen_pictures_are_explained(site, owner, opened, send, asked):
    taken = trial.take(owner, send("1.jpg", "2.jpg", "3.jpg"))
    (told,) = site.testing.explain(owner, taken.id, [2, 99, -1, 0], "freeze_point")
    assert [(place, each.name) for place, each in told] == [(2, "3.jpg"), (0, "1.jpg")]
    assert asked == [(opened.id, "freeze_point")]
    refusal(NotYours, lambda: next(site.testing.explain(owner, "0" * 16, [0], "freeze_point")))


def test_two_trainings_are_asked_about_the_same_pictures(site, owner, opened, send, asked):
    other = make_run(owner, owner.desk.dataset, now=2.0, title="other")
    assert site.testing.others(owner) == []  # it isn't finished
    finish(other)
    assert site.testing.others(owner) == [other]
    taken = trial.take(owner, send("cat/1.jpg", "2.jpg"))
    (pairs,) = site.testing.compare(owner, taken.id, other.id)
    assert [run for run, _ in asked] == [opened.id, other.id]
    assert agreement(pairs) == Agreement(pictures=2, same=2, known=1, first=1, second=1, both=1)
    same = site.testing.compare(owner, taken.id, opened.id)
    assert "the same training" in refusal(RunError, next, same)
    refusal(NotYours, next, site.testing.compare(owner, taken.id, "0" * 16))


def test_who_is_right_is_counted_where_both_know_the_class():
    cat = Prediction("a", (("cat", 0.9), ("dog", 0.1)), truth="cat")
    dog = replace(cat, probabilities=(("cat", 0.2), ("dog", 0.8)))
    unknown, broken = replace(cat, truth=None), Prediction("b", problem="Broken. Copy it.")
    pairs = [Pair(cat, cat), Pair(cat, dog), Pair(unknown, dog), Pair(broken, broken)]
    assert agreement(pairs) == Agreement(pictures=3, same=1, known=2, first=2, second=1, both=1)
    learned, checked = replace(cat, met="learned"), replace(cat, met="checked")
    pairs = [Pair(cat, learned), Pair(learned, dog), Pair(dog, checked), Pair(unknown, learned)]
    assert agreement(pairs) == Agreement(
        pictures=4, same=2, known=1, first=0, second=1, both=0, checked=1, learned=2
    )


def test_without_a_run_nothing_is_asked(site, owner, send, asked):
    taken = trial.take(owner, send("1.jpg"))
    assert refusal(NotYours, next, site.testing.answers(owner, taken)) == (
        "No training is open. Start one, or open one under Runs."
    )
    refusal(NotYours, site.testing.take_kept, owner, 3)
    assert site.testing.knows_its_own(owner) is False
    assert asked == []
