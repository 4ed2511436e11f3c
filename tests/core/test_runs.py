import select
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from gui.core import files, runs, split
from gui.core.errors import PicturesError, SettingError
from gui.core.events import Failed, Queued
from gui.core.runs import Run
from tests.core.run_folders import made, refusal

ROOT = Path(__file__).resolve().parents[2]
UNREADABLE = "This training can't be read. Choose another run."
HOLDER = """
import sys, time
from pathlib import Path
from gui.core.runs import Run
with Run(Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(run):
    """Another process that holds the run's lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(run.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert select.select([process.stdout], [], [], 60)[0], "the other process didn't start"
        assert process.stdout.readline() == b"held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_there_is_no_run_in_any_other_folder(tmp_path):
    assert refusal(runs.find, tmp_path / "none") == (
        f"There is no run in “{tmp_path / 'none'}”. Give the folder a training was saved in."
    )
    (tmp_path / "run.json").mkdir()
    refusal(runs.find, tmp_path)


@pytest.mark.parametrize("content", ["", "[1]", '{"title', None])
def test_a_damaged_run_is_told_as_such(run, content):
    path = run.path / "run.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert refusal(lambda: run.about) == UNREADABLE  # without the path: it is the page's
    assert refusal(lambda: run.pictures_root) == UNREADABLE


def test_events_are_added_and_folded(run):
    run.append(Queued(1.0, 7))
    run.append(Failed(2.0, "No.", "Do."))
    assert (run.history.state, run.history.epochs_planned) == ("failed", 7)
    assert (run.path / "events.jsonl").read_text().count("\n") == 2


def test_a_stop_can_be_asked_for_and_taken_back(run):
    run.withdraw_stop()
    for _ in range(2):
        run.request_stop()
        assert run.stop_requested
    for _ in range(2):
        run.withdraw_stop()
        assert not run.stop_requested


def test_pictures_are_found_after_the_folder_around_both_has_moved(run, pictures, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    moved = Path(shutil.move(tmp_path / "owner", tmp_path / "elsewhere" / "me"))
    found = runs.find(moved / "runs" / "first")
    assert found.pictures_root == moved / "datasets" / "1" / "pictures"
    assert (found.pictures_root / found.split.train[0].path).read_bytes() == b"cat"
    assert str(tmp_path) not in (found.path / "run.json").read_text()


def test_pictures_are_found_through_links(tmp_path, pictures):
    (tmp_path / "link").symlink_to(tmp_path / "owner", target_is_directory=True)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "short").symlink_to(tmp_path / "deep" / "er", target_is_directory=True)
    run = made(tmp_path / "short" / "run", tmp_path / "link" / "datasets" / "1" / "pictures")
    assert (Run(run.path.resolve()).pictures_root / "000000").read_bytes() == b"cat"


def test_a_deleted_run_is_gone_and_nothing_beside_it(run, pictures, tmp_path):
    other = made(run.path.with_name("second"), pictures)
    (run.store / "deep").mkdir(parents=True)
    (run.store / "deep" / "x.npy").write_bytes(b"x")
    runs.delete(run)
    refusal(runs.find, run.path)
    assert [each.name for each in other.path.parent.iterdir()] == ["second"]
    assert (pictures / "000000").exists()


def test_a_run_is_worked_on_while_another_process_holds_it(run):
    with held_elsewhere(run) as process:
        assert run.worked_on
        assert refusal(runs.delete, run) == (
            "This training is still running. Stop it first, then delete it."
        )
        assert refusal(run.hold().__enter__) == (
            "This training is under way already. Wait for it to end."
        )
        assert runs.find(run.path).about.title == "cats"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not run.worked_on  # the system freed it
    with run.hold():
        assert run.worked_on
    runs.delete(run)
    assert not run.path.exists()


def test_holding_ends_with_its_block_even_on_a_mistake(run):
    with pytest.raises(KeyError), run.hold():
        raise KeyError
    assert not run.worked_on


def test_who_only_looks_whether_it_is_worked_on_keeps_no_worker_out(run):
    looking = """
import sys, time
from pathlib import Path
from gui.core.runs import Run
print("looking", flush=True)
until = time.monotonic() + 60
while time.monotonic() < until:
    Run(Path(sys.argv[1])).worked_on
"""
    process = subprocess.Popen(
        [sys.executable, "-c", looking, str(run.path)], stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert process.stdout.readline() == b"looking\n"
        for _ in range(300):
            with run.hold():
                pass
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", '{"version": 1}'),
        ("run.json", DEEP),
        ("run.json", '{"title": "x", "created_at": "x", "pictures": []}'),
        ("run.json", '{"title": "x", "created_at": 1e999, "pictures": ""}'),
        ("run.json", '{"title": "x", "created_at": NaN, "pictures": null}'),
        ("run.json", '{"title": "x", "created_at": -1, "pictures": 7}'),
        ("run.json", None),
        ("config.json", '{"model": 5}'),
        ("config.json", DEEP),
        ("config.json", "[]"),
        ("config.json", None),
        ("events.jsonl", None),
    ],
)
def test_whatever_a_run_s_files_hold_is_one_kind_of_mistake(run, name, content):
    path = run.path / name
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    asked = {
        "run.json": [lambda: run.about, lambda: run.pictures_root],
        "config.json": [lambda: run.config],
        "events.jsonl": [lambda: run.history],
    }
    assert [refusal(each) for each in asked[name]] == [UNREADABLE] * len(asked[name])
    assert not run.readable


def test_numbers_of_hundreds_of_digits_are_a_setting_out_of_bounds(run):
    (run.path / "config.json").write_text(f'{{"train": {{"epochs": {"9" * 400}}}}}')
    with pytest.raises(SettingError, match="can't be used for “epochs”"):
        _ = run.config
    assert not run.readable


def test_a_split_nested_too_deep_is_told_as_such():
    nested = []
    for _ in range(5_000):
        nested = [nested]
    with pytest.raises(PicturesError, match="damaged"):
        split.from_json({"version": 1, "labels": [nested], "train": [], "validation": []})


def test_what_could_not_be_read_for_a_moment_can_be_read_later(run, monkeypatch):
    def full(path):
        raise PicturesError("Too many files are open.", "Try again.")

    with monkeypatch.context() as now:
        now.setattr(split, "load", full)
        assert not run.whole
    assert run.whole


def test_what_happened_stays_as_it_was_while_all_is_still(run):
    run.append(Queued(1.0, 9))
    with files.still():
        assert run.history.epochs_planned == 9
        run.append(Queued(2.0, 5))
        assert run.history.epochs_planned == 9
    assert run.history.epochs_planned == 5
