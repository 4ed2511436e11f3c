"""What would be lost when a person leaves a host that forgets."""

import pytest

from gui.core import forms, leaving
from gui.core.events import Evaluated, Finished, Queued, Started
from tests.core.visitors import finish, make_dataset, make_run


@pytest.fixture
def run(owner):
    return make_run(owner, make_dataset(owner))


def test_nothing_is_lost_where_nothing_is_open():
    assert leaving.unsaved(None) == ""


def test_a_training_under_way_is_then_a_model_to_take_home(run):
    run.append(Queued(0.5, 3))
    assert leaving.unsaved(run) == "running"
    run.append(Started(1.0, 20, "x", "ab" * 32, True, 2, 2, 1))
    assert leaving.unsaved(run) == "running"
    finish(run)
    assert leaving.unsaved(run) == "untaken"


@pytest.mark.parametrize("form", [*forms.FORMS])
def test_only_a_file_with_the_model_in_it_counts(run, form):
    finish(run)
    leaving.note(run, forms.form(form).file)
    without = {"program-functional", "program-sequential", "card", "report"}
    assert leaving.unsaved(run) == ("untaken" if form in without else "")


def test_the_class_names_alone_are_not_the_model(run):
    finish(run)
    leaving.note(run, "labels.txt")
    assert leaving.unsaved(run) == "untaken"


def test_a_model_that_learned_more_is_another(run):
    finish(run)
    leaving.note(run)  # to the Hub
    assert leaving.unsaved(run) == ""
    run.append(Evaluated(9.0, 2, 0.6, 0.5, 2))
    run.append(Finished(10.0, "epochs"))
    assert leaving.unsaved(run) == "untaken"


def test_what_is_damaged_counts_as_not_taken(run):
    finish(run)
    leaving.note(run)
    (run.exports / "taken.json").write_text("[]")
    assert leaving.unsaved(run) == "untaken"


def test_a_full_disk_breaks_no_download(run, full):
    finish(run)
    full(0)
    leaving.note(run)
    full.over()
    assert leaving.unsaved(run) == "untaken"
