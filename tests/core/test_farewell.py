"""Everything of one person is deleted, whatever is under way for them."""

import os
import threading
import time
from pathlib import Path

import pytest

from gui.core import collection, farewell, kept, trial
from gui.core.config import Config
from gui.core.desk import Desk
from gui.core.errors import NotYours, WorkerError
from gui.core.host import OWN_COMPUTER
from gui.core.usage import Usage
from gui.core.workspace import Workspace
from tests.core.players import begin_elsewhere, is_there, settle, wait_until
from tests.core.visitors import PETS, finish, make_dataset, make_run, quiet, refusal


@pytest.fixture
def full_owner(owner):
    """Somebody with all there can be."""
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    finish(run)
    run.exports.mkdir()
    (run.exports / "demo.zip").write_bytes(b"x" * 100)
    owner.features.mkdir()
    owner.open(Desk(dataset_id, run.id))
    return owner


def test_nothing_is_left_of_one_and_everything_of_others(site, space, full_owner, send):
    trial.take(full_owner, send("a.jpg"))
    other = space.owner("o" * 32)
    collection.take(other, send(*PETS), (), quiet)
    told = site.delete_everything(full_owner)
    assert (told.gone.pictures, told.gone.runs, told.left) == (6, 1, 0)
    assert kept.farewell(told) == (
        "Deleted: 6 pictures, one training, 1 MB. Nothing of yours is left here."
    )
    assert [each.name for each in space.owners.iterdir()] == [other.path.name]
    assert list((space.root / farewell.ASIDE).iterdir()) == []
    refusal(NotYours, space.owner, full_owner.token)  # the link leads nowhere
    assert Workspace(space.root).owner(full_owner.token).runs() == []
    assert other.open_dataset


def test_an_upload_under_way_is_refused_and_leaves_nothing(site, space, owner, send):
    at_work, go_on, told = threading.Event(), threading.Event(), []

    def slowly(done, total):
        at_work.set()
        go_on.wait(10)

    def upload():
        told.append(refusal(NotYours, collection.take, owner, send(*PETS), (), slowly))

    thread = threading.Thread(target=upload)
    thread.start()
    assert at_work.wait(10)
    threading.Timer(0.1, go_on.set).start()
    assert site.delete_everything(owner).left == 0
    assert not owner.path.exists()
    thread.join()
    assert told[0].startswith("Everything that this page has shown is deleted.")
    assert not owner.path.exists()
    assert list(space.uploads.glob("*/*")) == []


def person_of(desk, name):
    """The owner whose runs the playing workers train."""
    work = Workspace(desk.folder)
    return work, work.owner(name * 32)


def test_trainings_end_first_those_that_wait_and_the_one_under_way(desk):
    work, owner = person_of(desk, "p")
    who = f"owners/{owner.path.name}"
    opened = desk.jobs()
    running, waiting = (desk.run(each * 16, 400, "deaf", who=who) for each in "ab")
    stranger = desk.run("stranger", 3, who="owners/other")
    opened.open()
    for run in (running, waiting, stranger):
        opened.train(run, 400 if run is not stranger else 3)
    settle(running, "running")
    (pid,) = opened.pids
    told = farewell.delete_everything(owner, opened, work.root)
    assert told.left == 0
    assert told.gone.runs == 2
    assert not is_there(pid)
    assert not owner.path.exists()
    settle(stranger, "finished")


def test_a_training_that_an_earlier_page_began_ends_too(desk):
    work, owner = person_of(desk, "p")
    run = desk.run("a" * 16, 400, who=f"owners/{owner.path.name}")
    begin_elsewhere(desk, run)
    opened = desk.jobs()
    opened.open([run])
    farewell.delete_everything(owner, opened, work.root)
    assert not owner.path.exists()
    time.sleep(0.3)  # whoever watches it has looked again
    assert not owner.path.exists()
    other = desk.run("after", who="owners/x")
    opened.train(other, 3)
    settle(other, "finished")  # the place that watched it goes on


def test_a_question_under_way_ends_and_others_are_answered(desk):
    work, owner = person_of(desk, "p")
    run = desk.run("a" * 16, who=f"owners/{owner.path.name}")
    opened, told = desk.jobs(), []
    opened.open()

    def ask():
        try:
            opened.questions.predict(run, [("hang", run.path / "hang")])
        except WorkerError as error:
            told.append(error)
        else:
            told.append("answered")

    (run.path / "hang").touch()
    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: (run.path / "hanging").exists())
    farewell.delete_everything(owner, opened, work.root)
    thread.join(20)
    assert not thread.is_alive()
    assert told == ["answered"]  # by the next worker, that has found no such file
    assert not owner.path.exists()


def test_what_cannot_be_deleted_is_said_and_tried_again(site, space, full_owner, monkeypatch):
    real = os.unlink
    (full_owner.open_run.path / "model.keras").write_bytes(b"x")

    def unlink(path, *, dir_fd=None):
        if Path(os.fsdecode(path)).name == "model.keras":
            raise PermissionError(1, "Operation not permitted", path)
        real(path, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", unlink)
    told = site.delete_everything(full_owner)
    assert told.left == 1
    assert kept.farewell(told).endswith(
        "One file can't be deleted just now: nobody can open it any more, and it is tried again "
        "every ten minutes."
    )
    assert not full_owner.path.exists()
    monkeypatch.undo()
    farewell.sweep(space.root)
    assert list((space.root / farewell.ASIDE).iterdir()) == []


def test_the_question_names_what_goes(site, full_owner):
    found = kept.describe(full_owner, OWN_COMPUTER)
    assert found.anything
    assert found.question == (
        "Delete 6 pictures, one training, 1 MB, for good? With them go the models, everything "
        "made of them, and your private link. What you have downloaded stays with you."
    )
    site.start(full_owner, Config())
    assert (
        "What is under way for you is stopped." in kept.describe(full_owner, OWN_COMPUTER).question
    )


def test_who_has_nothing_can_delete_that_too(site, owner):
    assert site.delete_everything(owner).gone == Usage()
