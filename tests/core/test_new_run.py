import errno
import json

import pytest

from gui.core import files, new_run, runs, split
from gui.core.errors import DiskFull
from gui.core.runs import About
from tests.core.run_folders import CONFIG, SPLIT, made, refusal


def test_a_new_run_says_what_it_was_made_of(run, pictures):
    assert run.about == About("cats", 12.5)
    assert (run.id, run.config, run.split, run.pictures_root) == ("first", CONFIG, SPLIT, pictures)
    assert (run.history.state, run.history.epochs) == ("waiting", ())
    assert not run.stop_requested
    assert not run.worked_on
    assert runs.find(run.path) == run
    assert sorted(each.name for each in run.path.iterdir() if each.name != "lock") == [
        "config.json", "run.json", "split.json"
    ]  # fmt: skip


def test_a_second_run_in_the_same_folder_is_refused(run, pictures, tmp_path):
    assert refusal(made, run.path, pictures, "other") == (
        f"There is a run in “{run.path}” already. Choose another folder."
    )
    assert run.about.title == "cats"


def test_a_folder_that_is_there_already_may_become_a_run(tmp_path, pictures):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    assert runs.find(made(tmp_path / "out", pictures).path).about.title == "cats"


@pytest.mark.parametrize("whole", [0, 1, 2])
def test_a_run_is_whole_or_not_there(tmp_path, pictures, monkeypatch, whole):
    real, written = files.os.fsync, []

    def full(descriptor):
        if len(written) == whole:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(files.os, "fsync", full)
    new, kept = tmp_path / "runs" / "1", tmp_path / "kept"
    kept.mkdir()
    (kept / "notes.txt").write_text("mine")
    for path in (new, kept):
        written.clear()
        with pytest.raises(DiskFull):
            made(path, pictures)
        assert "There is no run in" in refusal(runs.find, path)
    assert not new.exists()
    assert (kept / "notes.txt").read_text() == "mine"
    monkeypatch.undo()
    assert made(new, pictures).split == SPLIT


@pytest.mark.parametrize(
    ("labels", "title"),
    [
        (("cat", "dog"), "cat, dog · block4_pool"),
        (("a", "b", "c"), "a, b, c · block4_pool"),
        (("a", "b", "c", "d"), "a, b, c and 1 more · block4_pool"),
        (tuple("abcdefgh"), "a, b, c and 5 more · block4_pool"),
    ],
)
def test_the_title_names_classes_and_freeze_point(labels, title):
    assert new_run.title(CONFIG, labels) == title


def test_every_file_of_a_run_is_json_of_version_1(run):
    for path in run.path.glob("*.json"):
        assert json.loads(path.read_text())["version"] == 1
        assert path.stat().st_mode & 0o777 == 0o644
    assert split.load(run.path / "split.json") == SPLIT
