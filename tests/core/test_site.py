import errno
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from gui.core import files, runs
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.dataset import LeftOut
from gui.core.entry import Entry
from gui.core.errors import ArchiveError, DiskFull, NotYours, PicturesError, RunError, SettingError
from gui.core.events import Epoch, Evaluated, Failed, Finished, Started
from gui.core.jobs import Jobs
from gui.core.site import Site
from gui.core.workspace import Workspace, new_token

UNDER_WAY = "You have a training under way already. Wait for its end, or stop it first."


def quiet(done, total):
    """A progress that nobody watches."""


def draw(path, number, kind="JPEG"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        Image.new("RGB", (9, 9 + number), (number, 0, 0)).save(file, kind)
    return path


class Sender:
    """Uploads files as Gradio does: each in a folder of its own."""

    def __init__(self, root):
        self.root, self.number = root, 0

    def __call__(self, *rels, content=None):
        return [self._send(rel, content) for rel in rels]

    def _send(self, rel, content):
        self.number += 1
        path = self.root / f"{self.number:040d}" / Path(rel).name
        if content is None:
            draw(path, self.number)
        else:
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        return Entry(rel, path)


@pytest.fixture
def site(tmp_path):
    """A site whose jobs are real, but never opened: what is queued stays queued."""
    samples = tmp_path / "samples"
    for number, rel in enumerate(["fern/1.jpg", "fern/2.jpg", "moss/1.jpg", "moss/2.jpg"], 200):
        draw(samples / rel, number - 150)
    (samples / "LICENSE").write_text("mine")
    workspace, times = Workspace(tmp_path / "work"), iter(range(100, 1000))
    jobs = Jobs(workspace.logs, None, 1, lambda: 7.0)
    return Site(workspace, jobs, samples, lambda: float(next(times)))


@pytest.fixture
def send(site):
    return Sender(site.workspace.uploads)


@pytest.fixture
def owner(site):
    return site.workspace.owner(new_token())


PETS = ("Pets/cat/1.jpg", "Pets/cat/2.jpg", "Pets/dog/1.jpg", "Pets/dog/2.jpg")


def names(owner):
    opened = owner.open_dataset
    return opened and {
        each.name: [picture.name for picture in each.pictures] for each in opened.classes
    }


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("lock", "editing")
    }


def refusal(error, call, *arguments, **keywords):
    with pytest.raises(error) as caught:
        call(*arguments, **keywords)
    return str(caught.value)


def finish(run):
    """As a worker does at the end of a training."""
    run.append(Started(1.0, 20, "x", "ab" * 32, True, 2, 2, 1))
    run.append(Epoch(2.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0))
    run.append(Evaluated(3.0, 1, 0.5, 0.5, 2))
    run.append(Finished(4.0, "epochs"))


@pytest.fixture
def full(monkeypatch):
    """``full(n)``: from now on ``n`` more files are whole, then the disk is full."""

    def begin(whole=0):
        left, fsync, link, copyfile = [whole], os.fsync, os.link, shutil.copyfile

        def spend():
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

        def sync(descriptor):
            spend()
            fsync(descriptor)

        def make_link(source, target):
            spend()
            link(source, target)

        def copy(source, target):
            copyfile(source, target)
            spend()

        monkeypatch.setattr(files.os, "fsync", sync)
        monkeypatch.setattr(os, "link", make_link)
        monkeypatch.setattr(shutil, "copyfile", copy)

    begin.over = monkeypatch.undo
    return begin


def test_a_folder_becomes_the_open_data_set(site, owner, send):
    steps = []
    not_sent = [LeftOut("Pets/notes.pdf", "Not a picture.")]
    site.take(owner, send(*PETS), not_sent, lambda done, total: steps.append((done, total)))
    assert names(owner) == {"cat": ["1.jpg", "2.jpg"], "dog": ["1.jpg", "2.jpg"]}
    assert owner.open_dataset.left_out == tuple(not_sent)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert everything(site.workspace.uploads) == {}
    opened = owner.open_dataset
    assert all((opened.root / each.path).is_file() for each in opened.classes[0].pictures)


def test_a_zip_becomes_the_open_data_set(site, owner, send, tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, rel in enumerate(PETS):
            archive.write(draw(tmp_path / "x.jpg", number), rel)
        archive.writestr("Pets/more.zip", b"PK")
    given = send("Pets.ZIP", content=packed.read_bytes())
    site.take(owner, given, [LeftOut("x.mov", "A film.")], quiet)
    assert names(owner) == {"cat": ["1.jpg", "2.jpg"], "dog": ["1.jpg", "2.jpg"]}
    assert [each.name for each in owner.open_dataset.left_out] == ["Pets/more.zip", "x.mov"]
    assert everything(site.workspace.uploads) == {}


def test_one_upload_that_two_names_share_is_named_as_such(site, owner, send):
    given = send(*PETS)
    twice = Entry("Pets/dog/3.jpg", given[2].path)  # equal files are uploaded once
    site.take(owner, [*given, twice], [], quiet)
    assert names(owner)["dog"] == ["1.jpg", "2.jpg"]
    assert [each.name for each in owner.open_dataset.left_out] == ["Pets/dog/3.jpg"]
    assert everything(site.workspace.uploads) == {}


def test_a_new_data_set_takes_the_place_of_the_unused_old_one(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    old = owner.desk.dataset
    site.take(owner, send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg"), [], quiet)
    assert set(names(owner)) == {"leaf", "tree"}
    assert [each.name for each in (owner.path / "datasets").iterdir()] == [owner.desk.dataset]
    assert old != owner.desk.dataset


@pytest.mark.parametrize(
    ("rels", "content", "error", "sentence"),
    [
        (["1.jpg"], None, PicturesError, "isn't in a sub-folder"),
        (["a/1.jpg", "b/1.jpg"], b"text", PicturesError, "None of the 2 files can be used."),
        (["a.zip"], b"PK\3\4 damaged", ArchiveError, "“a.zip” is damaged or cut off."),
        (["a.zip"], b"text", ArchiveError, "“a.zip” is not a zip."),
        (["a.zip", "b.zip"], b"PK\3\4", PicturesError, "aren't in sub-folders"),
        ([], None, PicturesError, "There are no files in the folder."),
    ],
)
def test_a_bad_set_leaves_the_old_one_open_and_no_litter(
    site, owner, send, rels, content, error, sentence
):
    site.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    assert sentence in refusal(error, site.take, owner, send(*rels, content=content), [], quiet)
    assert everything(site.workspace.root) == before
    assert len(list((owner.path / "datasets").iterdir())) == 1
    assert set(names(owner)) == {"cat", "dog"}


def test_what_breaks_off_while_pictures_are_read_leaves_no_litter(site, owner, send):
    def gone(done, total):
        raise KeyboardInterrupt

    for call in (
        lambda: site.take(owner, send(*PETS), [], gone),
        lambda: site.take_samples(owner, gone),
    ):
        with pytest.raises(KeyboardInterrupt):
            call()
    assert everything(site.workspace.root) == {}
    assert owner.open_dataset is None


@pytest.mark.parametrize("whole", range(6))
def test_on_a_full_disk_nothing_half_done_is_left(site, owner, send, full, whole):
    site.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    given = send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg")
    for call in (
        lambda: site.take(owner, given, [], quiet),
        lambda: site.take_samples(owner, quiet),
    ):
        full(whole)
        refusal(DiskFull, call)
        full.over()
        assert everything(site.workspace.root) == before
        assert len(list((owner.path / "datasets").iterdir())) == 1
    full(7)  # four pictures, the licence, the list, the desk
    site.take_samples(owner, quiet)
    assert set(names(owner)) == {"fern", "moss"}


def test_a_full_disk_while_unpacking_leaves_nothing(site, owner, send, monkeypatch, tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, rel in enumerate(PETS):
            archive.write(draw(tmp_path / "x.jpg", number), rel)
    given = send("Pets.zip", content=packed.read_bytes())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    refusal(DiskFull, site.take, owner, given, [], quiet)
    assert everything(site.workspace.root) == {}
    assert owner.open_dataset is None


def test_samples_are_copied_and_can_be_changed(site, owner):
    before = everything(site.samples)
    site.take_samples(owner, quiet)
    assert names(owner) == {"fern": ["1.jpg", "2.jpg"], "moss": ["1.jpg", "2.jpg"]}
    assert [each.name for each in owner.open_dataset.left_out] == ["LICENSE"]
    site.rename(owner, "fern", "bracken")
    assert set(names(owner)) == {"bracken", "moss"}
    shutil.rmtree(owner.open_dataset.root)
    assert everything(site.samples) == before


def test_pictures_are_added_to_a_class_old_or_new(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    before = everything(owner.open_dataset.root)
    steps = []
    site.add(owner, "cat", send("1.jpg", "9.jpg"), lambda *step: steps.append(step))
    site.add(owner, "emu", send("1.jpg"), quiet)
    assert names(owner) == {
        "cat": ["1 (2).jpg", "1.jpg", "2.jpg", "9.jpg"],
        "dog": ["1.jpg", "2.jpg"],
        "emu": ["1.jpg"],
    }
    assert steps == [(1, 2), (2, 2)]
    after = everything(owner.open_dataset.root)
    assert {name: after[name] for name in before} == before  # no file was written over
    assert len(after) == 7
    assert everything(site.workspace.uploads) == {}


def test_pictures_can_be_added_to_the_samples(site, owner, send):
    site.take_samples(owner, quiet)
    site.add(owner, "fern", send("3.jpg"), quiet)
    assert names(owner)["fern"] == ["1.jpg", "2.jpg", "3.jpg"]


def test_what_is_no_picture_is_not_added_and_leaves_no_litter(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    bad = send("a.txt", "b.txt", content=b"text")
    assert "None of the 2 files" in refusal(PicturesError, site.add, owner, "cat", bad, quiet)
    assert everything(site.workspace.root) == before
    refusal(PicturesError, site.add, owner, " ", send("1.jpg"), quiet)
    assert everything(site.workspace.root) == before


@pytest.mark.parametrize("whole", range(3))
def test_on_a_full_disk_nothing_is_half_added(site, owner, send, full, whole):
    site.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    given = send("3.jpg", "4.jpg")
    full(whole)
    refusal(DiskFull, site.add, owner, "cat", given, quiet)
    full.over()
    assert everything(site.workspace.root) == before


def test_without_a_data_set_nothing_can_be_done_to_it(site, owner, send):
    sentence = "You have no pictures of that name. Choose your pictures again."
    assert refusal(NotYours, site.add, owner, "cat", send("1.jpg"), quiet) == sentence
    assert refusal(NotYours, site.rename, owner, "cat", "dog") == sentence
    assert refusal(NotYours, site.include, owner, "cat", included=False) == sentence
    assert refusal(NotYours, site.start, owner, Config()) == sentence
    assert everything(site.workspace.root) == {}


def test_classes_are_renamed_and_left_out(site, owner, send):
    rels = (*PETS, "Pets/emu/1.jpg", "Pets/emu/2.jpg")
    site.take(owner, send(*rels), [], quiet)
    site.rename(owner, "cat", "tiger")
    site.include(owner, "dog", included=False)
    assert owner.open_dataset.labels == ("emu", "tiger")
    site.include(owner, "dog", included=True)
    assert owner.open_dataset.labels == ("dog", "emu", "tiger")
    assert "already a class called “emu”" in refusal(
        PicturesError, site.rename, owner, "dog", "emu"
    )
    assert "no class called “cat”" in refusal(
        PicturesError, site.include, owner, "cat", included=True
    )


def test_a_training_is_queued_and_opened(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
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
    site.take(owner, send(*(f"{name}/{n}.jpg" for name in "ab" for n in range(10))), [], quiet)
    sides = set()
    for seed in range(2):
        site.start(owner, Config(train=TrainSettings(validation_share=0.4, seed=seed)))
        assert len(owner.open_run.split.validation) == 8
        sides.add(owner.open_run.split.validation)
        site.stop(owner)
    assert len(sides) == 2


def test_one_training_at_a_time_for_each_person(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
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
    site.take(owner, send("cat/1.jpg", "cat/2.jpg", "dog/1.jpg"), [], quiet)
    assert "Only one class (“cat”) is ready" in refusal(PicturesError, site.start, owner, Config())
    assert owner.runs() == []


@pytest.mark.parametrize("whole", range(4))
def test_on_a_full_disk_no_run_is_left_behind(site, owner, send, full, whole):
    site.take(owner, send(*PETS), [], quiet)
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

    site.take(owner, send(*PETS), [], quiet)
    monkeypatch.setattr(runs.Run, "append", full)
    refusal(DiskFull, site.start, owner, Config())
    monkeypatch.undo()
    assert owner.runs() == []
    assert owner.open_run is None
    site.start(owner, Config())
    assert site.jobs.place(owner.open_run) == 1


def test_a_waiting_training_is_taken_out_of_the_queue_and_put_back(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
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
    site.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config(train=TrainSettings(epochs=6)))
    site.stop(owner)
    finish(owner.open_run)  # it stopped early, after one epoch
    site.train_more(owner, 10)
    assert owner.open_run.history.epochs_planned == 11
    site.stop(owner)  # taken out of the queue again, it is as whole as before
    assert owner.open_run.history.state == "finished"


def test_the_best_of_a_broken_training_is_kept_without_training_on(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
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
    site.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    run = owner.open_run
    site.stop(owner)
    config = run.path / "config.json"
    config.write_text(config.read_text().replace('"views": 2', '"views": 9'))
    assert owner.open_run is None
    assert owner.runs() == []
    site.take(owner, send(*PETS), [], quiet)
    assert run.pictures_root.is_dir()


def test_how_the_pictures_are_divided_is_remembered(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    site.divide(owner, 0.4, 7)
    assert (owner.desk.validation_share, owner.desk.seed) == (0.4, 7)
    assert owner.open_dataset is not None
    assert "0.1 to 0.5" in refusal(SettingError, site.divide, owner, 0.9, 7)
    assert owner.desk.validation_share == 0.4


def test_a_finished_run_is_deleted_and_its_unused_pictures_with_it(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    run = owner.open_run
    assert refusal(RunError, site.delete_run, owner, run.id) == (
        "This training is under way. Stop it first, then delete it."
    )
    assert owner.runs() == [run]
    site.stop(owner)
    site.take(owner, send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg"), [], quiet)
    assert len(list((owner.path / "datasets").iterdir())) == 2  # the run needs its own
    site.delete_run(owner, run.id)
    assert owner.runs() == []
    assert owner.open_run is None
    assert set(names(owner)) == {"leaf", "tree"}
    assert len(list((owner.path / "datasets").iterdir())) == 1
    assert list((owner.path / "runs").iterdir()) == []
    refusal(NotYours, site.delete_run, owner, run.id)


def test_opening_a_run_brings_its_pictures_back(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    site.start(owner, Config())
    first = owner.open_run
    site.stop(owner)
    site.take(owner, send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg"), [], quiet)
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
    site.take(owner, send(*PETS), [], quiet)
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
    refusal(NotYours, site.rename, other, "cat", "dog")
    site.take_samples(other, quiet)
    site.start(other, Config())  # one person's training bars nobody else's
    assert everything(owner.path) == before
    assert set(names(other)) == {"fern", "moss"}
    assert (site.jobs.place(run), site.jobs.place(other.open_run)) == (1, 2)
    assert set(names(owner)) == {"cat", "dog"}
    site.stop(other)
    site.delete_run(other, other.open_run.id)
    assert everything(owner.path) == before


def test_a_question_without_a_run_is_refused_and_its_uploads_are_deleted(site, owner, send):
    given = send("1.jpg", "2.jpg")
    refusal(NotYours, site.predict, owner, given)
    assert everything(site.workspace.uploads) == {}


def test_a_zip_is_named_as_the_person_knows_it(site, owner, send):
    (given,) = send("0f3a.zip", content=b"text")
    told = refusal(ArchiveError, site.take, owner, [Entry("My pets.zip", given.path)], [], quiet)
    assert told.startswith("“My pets.zip” is not a zip.")


# Comparing freeze points -------------------------------------------------------------------------

POINTS = ("head", "block5_conv3", "block5_conv1")
SMALL = Config(ModelSettings(image_size=64, head="compact"), TrainSettings(epochs=7))


@pytest.fixture
def climber(site, owner, send):
    """Somebody whose three freeze points wait in the queue."""
    site.take(owner, send(*PETS), [], quiet)
    site.compare(owner, SMALL, reversed(POINTS))
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
    assert refusal(RunError, site.compare, climber, SMALL, POINTS) == UNDER_WAY
    finish(rungs(climber)[0])  # the others still wait
    assert refusal(RunError, site.start, climber, SMALL) == UNDER_WAY
    assert len(climber.runs()) == 3


def test_one_freeze_point_starts_nothing(site, owner, send):
    site.take(owner, send(*PETS), [], quiet)
    refusal(SettingError, site.compare, owner, SMALL, ["head", "block5_pool"])
    assert owner.runs() == []
    assert owner.open_ladder is None


def test_a_comparison_that_cannot_be_queued_leaves_no_run(site, owner, send, monkeypatch):
    site.take(owner, send(*PETS), [], quiet)

    def full(*_):
        raise DiskFull

    monkeypatch.setattr(site.jobs, "train_ladder", full)
    refusal(DiskFull, site.compare, owner, SMALL, POINTS)
    assert owner.runs() == []


def test_stopping_a_comparison_takes_what_waits_out_of_the_queue(site, climber):
    site.stop_comparing(climber)
    for run in rungs(climber):
        assert run.history.state == "stopped"
        assert run.history.failed.asked
        assert site.jobs.place(run) is None
    site.go_on_comparing(climber)
    assert [site.jobs.place(run) for run in rungs(climber)] == [1, 2, 3]
    assert {run.history.epochs_planned for run in rungs(climber)} == {7}


def test_going_on_leaves_out_what_is_done(site, climber):
    site.stop_comparing(climber)
    finish(rungs(climber)[1])
    site.go_on_comparing(climber)
    assert [site.jobs.place(run) for run in rungs(climber)] == [1, None, 2]


def test_stopping_a_rung_leaves_those_that_wait(site, climber):
    site.stop_rung(climber)  # none is under way yet
    assert [run.history.state for run in rungs(climber)] == ["waiting"] * 3


def test_opening_a_rung_opens_its_comparison(site, climber):
    one = climber.open_ladder
    site.stop_comparing(climber)
    site.compare(climber, SMALL, POINTS[:2])
    assert climber.open_ladder != one
    site.open_run(climber, one.runs[1])
    assert climber.open_ladder == one
    assert climber.desk.run == one.runs[1]


def test_a_deleted_rung_leaves_a_row_and_the_last_one_takes_the_comparison_along(site, climber):
    site.stop_comparing(climber)
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
    for act in (site.stop_comparing, site.stop_rung, site.go_on_comparing):
        assert "No comparison is open." in refusal(NotYours, act, other)


def test_a_damaged_comparison_is_none_and_is_left_alone(site, climber):
    (path,) = (climber.path / "ladders").iterdir()
    path.write_text("{")
    assert climber.open_ladder is None
    site.jobs.stop(climber.runs()[0])
    site.delete_run(climber, climber.runs()[0].id)
    assert path.read_text() == "{"
