import pytest

from gui.core import collection, runs
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import DiskFull, NotYours, PicturesError, RunError
from gui.core.events import Failed, Started
from gui.core.workspace import new_token
from tests.core.visitors import (
    PETS,
    UNDER_WAY,
    everything,
    finish,
    make_dataset,
    make_run,
    names,
    quiet,
    refusal,
)


def test_a_training_is_queued_and_opened(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    config = Config(ModelSettings(freeze_point="block5_conv1"), TrainSettings(epochs=3, seed=8))
    site.start(owner, config)
    (run,) = owner.runs()
    assert owner.open_run == run
    assert (run.config, run.split.labels) == (config, ("cat", "dog"))
    assert run.pictures_root == owner.open_dataset.root
    assert (run.about.title, run.about.created_at) == ("cat, dog · block5_conv1", 100.0)
    assert (run.history.state, run.history.epochs_planned) == ("waiting", 3)
    assert site.jobs.place(run) == 1


def test_the_share_and_the_seed_decide_the_division(site, owner, send):
    collection.take(
        owner, send(*(f"{name}/{n}.jpg" for name in "ab" for n in range(10))), [], quiet
    )
    sides = set()
    for seed in range(2):
        site.start(owner, Config(train=TrainSettings(validation_share=0.4, seed=seed)))
        assert len(owner.open_run.split.validation) == 8
        sides.add(owner.open_run.split.validation)
        site.stop(owner)
    assert len(sides) == 2


def test_one_training_at_a_time_for_each_person(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    first = owner.open_run
    assert refusal(RunError, site.start, owner, Config()) == UNDER_WAY
    first.append(Started(1.0, 20, "x", "ab" * 32, True, 2, 2, 1))
    assert refusal(RunError, site.start, owner, Config()) == UNDER_WAY
    assert owner.runs() == [first]
    assert owner.open_run == first
    finish(first)
    site.start(owner, Config())
    assert len(owner.runs()) == 2
    assert owner.open_run == owner.runs()[0] != first


def test_a_data_set_that_is_not_ready_starts_nothing(site, owner, send):
    collection.take(owner, send("cat/1.jpg", "cat/2.jpg", "dog/1.jpg"), [], quiet)
    assert "Only one class (“cat”) is ready" in refusal(PicturesError, site.start, owner, Config())
    assert owner.runs() == []


@pytest.mark.parametrize("whole", range(4))
def test_on_a_full_disk_no_run_is_left_behind(site, owner, send, full, whole):
    collection.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    full(whole)  # config, split, run, desk
    refusal(DiskFull, site.start, owner, Config())
    full.over()
    assert everything(site.workspace.root) == before
    assert list((owner.path / "runs").iterdir()) == []
    site.start(owner, Config())
    assert site.jobs.place(owner.open_run) == 1


def test_a_run_that_could_not_be_queued_bars_no_other(site, owner, send, monkeypatch):
    def full(*_):
        raise DiskFull

    collection.take(owner, send(*PETS), [], quiet)
    monkeypatch.setattr(runs.Run, "append", full)
    refusal(DiskFull, site.start, owner, Config())
    monkeypatch.undo()
    assert owner.runs() == []
    assert owner.open_run is None
    site.start(owner, Config())
    assert site.jobs.place(owner.open_run) == 1


def test_a_waiting_training_is_taken_out_of_the_queue_and_put_back(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config(train=TrainSettings(epochs=6)))
    site.stop(owner)
    run = owner.open_run
    assert site.jobs.place(run) is None
    assert run.history.failed == Failed(
        7.0,
        "It was taken out of the queue before it had begun.",
        "Press “Go on” to queue it again.",
        asked=True,
    )
    site.go_on(owner)
    assert (run.history.state, run.history.epochs_planned) == ("waiting", 6)
    assert site.jobs.place(run) == 1
    assert refusal(RunError, site.go_on, owner) == (
        "You have a training under way already. Wait for its end, or stop it first."
    )
    assert run.history.state == "waiting"


def test_training_more_reaches_further_than_what_is_done(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config(train=TrainSettings(epochs=6)))
    site.stop(owner)
    finish(owner.open_run)  # it stopped early, after one epoch
    site.train_more(owner, 10)
    assert owner.open_run.history.epochs_planned == 11
    site.stop(owner)  # taken out of the queue again, it is as whole as before
    assert owner.open_run.history.state == "finished"


def test_the_best_of_a_broken_training_is_kept_without_training_on(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config(train=TrainSettings(epochs=6)))
    site.stop(owner)
    assert refusal(RunError, site.keep_best, owner) == (
        "No epoch has ended yet, so there is nothing to keep. Go on instead."
    )
    finish(owner.open_run)
    owner.open_run.append(Failed(9.0, "It broke off.", "Go on."))
    site.keep_best(owner)
    assert owner.open_run.history.epochs_planned == len(owner.open_run.history.epochs) == 1


def test_a_damaged_run_costs_no_pictures_and_locks_nobody_out(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    run = owner.open_run
    site.stop(owner)
    config = run.path / "config.json"
    config.write_text(config.read_text().replace('"views": 2', '"views": 9'))
    assert owner.open_run is None
    assert owner.runs() == []
    collection.take(owner, send(*PETS), [], quiet)
    assert run.pictures_root.is_dir()


def test_a_finished_run_is_deleted_and_its_unused_pictures_with_it(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    run = owner.open_run
    assert refusal(RunError, site.delete_run, owner, run.id) == (
        "This training is under way. Stop it first, then delete it."
    )
    assert owner.runs() == [run]
    site.stop(owner)
    collection.take(owner, send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg"), [], quiet)
    assert len(list((owner.path / "datasets").iterdir())) == 2  # the run needs its own
    site.delete_run(owner, run.id)
    assert owner.runs() == []
    assert owner.open_run is None
    assert set(names(owner)) == {"leaf", "tree"}
    assert len(list((owner.path / "datasets").iterdir())) == 1
    assert list((owner.path / "runs").iterdir()) == []
    refusal(NotYours, site.delete_run, owner, run.id)


def test_opening_a_run_brings_its_pictures_back(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    first = owner.open_run
    site.stop(owner)
    collection.take(owner, send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg"), [], quiet)
    site.start(owner, Config())
    second = owner.open_run
    site.open_run(owner, first.id)
    assert owner.open_run == first
    assert set(names(owner)) == {"cat", "dog"}
    site.open_run(owner, second.id)
    assert set(names(owner)) == {"leaf", "tree"}
    refusal(NotYours, site.open_run, owner, "../" + first.id)
    assert owner.open_run == second


def test_two_people_do_not_see_each_other(site, owner, send):
    other = site.workspace.owner(new_token())
    collection.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    run = owner.open_run
    assert (other.open_dataset, other.open_run, other.runs()) == (None, None, [])
    before = everything(owner.path)
    for call in (site.open_run, site.delete_run):
        refusal(NotYours, call, other, run.id)
    for call in (site.stop, site.go_on):
        assert refusal(NotYours, call, other) == (
            "No training is open. Start one, or open one under Runs."
        )
    refusal(NotYours, collection.rename, other, "cat", "dog")
    site.take_samples(other, quiet)
    site.start(other, Config())  # one person's training bars nobody else's
    assert everything(owner.path) == before
    assert set(names(other)) == {"fern", "moss"}
    assert (site.jobs.place(run), site.jobs.place(other.open_run)) == (1, 2)
    assert set(names(owner)) == {"cat", "dog"}
    site.stop(other)
    site.delete_run(other, other.open_run.id)
    assert everything(owner.path) == before


def test_a_training_whose_pictures_are_not_told_is_not_opened(site, owner):
    run = make_run(owner, make_dataset(owner))
    (run.path / "split.json").unlink()
    assert refusal(RunError, site.open_run, owner, run.id) == (
        "This training can't be read. Choose another run."
    )
    assert owner.desk.run == ""
