"""What broke off is swept; what is under way never is, whatever the clock says."""

import os
import shutil
import threading
import time as clock
from concurrent.futures import ThreadPoolExecutor

import pytest

from gui.core import leftovers, trial
from gui.core.desk import Desk
from gui.core.housekeeping import Housekeeping
from tests.core.test_expiry import HOUR, Time, pass_by
from tests.core.visitors import make_dataset, make_run


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def keeping(space, time):
    for folder in (space.uploads, space.temp, space.logs):
        folder.mkdir(parents=True)
    return Housekeeping(space, time)


def put(path, content=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_upload_that_broke_off_goes_after_six_hours_with_its_folder(keeping, space, time):
    torn, old = put(space.uploads / "tmp123"), put(space.uploads / "abc" / "1.jpg")
    keeping.round()
    pass_by(keeping, time, 5 * HOUR)
    fresh = put(space.uploads / "def" / "2.jpg")
    assert torn.exists()
    pass_by(keeping, time, 1.5 * HOUR)
    assert not torn.exists()
    assert not old.exists()
    pass_by(keeping, time, HOUR)
    assert not old.parent.exists()
    assert fresh.exists()
    assert space.uploads.is_dir()


def test_an_upload_that_grows_is_never_swept(keeping, space, time):
    keeping.round()
    growing = put(space.uploads / "tmp123")
    for number in range(4):
        os.utime(growing, (1e9 + number, 1e9 + number))  # a clock that is years behind
        pass_by(keeping, time, 5 * HOUR)
    assert growing.exists()


@pytest.mark.parametrize("jump", [-40 * 86_400.0, 40 * 86_400.0])
def test_a_clock_that_is_set_makes_no_upload_old(keeping, space, time, jump, monkeypatch):
    keeping.round()
    upload = put(space.uploads / "abc" / "1.jpg")
    real = leftovers.time.time
    monkeypatch.setattr("gui.core.leftovers.time.time", lambda: real() + jump)
    pass_by(keeping, time, 5 * HOUR)
    assert upload.exists()


def test_what_an_earlier_process_left_days_ago_goes_soon_after_the_start(space, time):
    left, recent = (
        put(space.temp / "__autograph_generated_file1.py"),
        put(space.temp / "__autograph_generated_file2.py"),
    )
    days_ago = recent.stat().st_mtime - 3 * 86_400
    os.utime(left, (days_ago, days_ago))
    Housekeeping(space, time).round()
    assert not left.exists()
    assert recent.exists()


def test_half_written_files_of_a_killed_process_go_and_whole_ones_stay(keeping, space, time, owner):
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    owner.open(Desk(dataset_id, run.id))
    put(run.path / "model.keras")
    whole = {path for path in owner.path.rglob("*") if path.is_file()}
    half = [
        put(owner.path / ".desk.json123.part"),
        put(run.path / ".checkpoint.npz.part"),
        put(run.path / ".part.model.keras"),
        put(run.exports / ".part-77" / "model.onnx"),
        put(owner.features / "k" / "head-plain" / ".aa.npy.part"),
        put(owner.path / ".opening-77" / "run" / "x"),
        put(owner.path / "runs" / ".deleted-aa" / "x"),
        put(owner.path / "datasets" / ("b" * 16) / "pictures" / "000000"),
    ]
    keeping.round()
    pass_by(keeping, time, 5 * HOUR)
    assert all(each.exists() for each in half)
    pass_by(keeping, time, 1.5 * HOUR)
    assert not any(each.exists() for each in half)
    assert whole == {path for path in owner.path.rglob("*") if path.is_file()}


def test_a_data_set_that_is_being_read_is_left_alone(keeping, space, time, owner):
    owner.open(Desk())
    arriving = put(owner.path / "datasets" / ("b" * 16) / "pictures" / "000000")
    with owner.room(1):
        keeping.round()
        pass_by(keeping, time, 20 * HOUR, 5 * HOUR)
    assert arriving.exists()


def test_test_pictures_go_an_hour_after_somebody_has_last_asked(keeping, space, time, owner, send):
    taken = trial.take(owner, send("a.jpg"))
    keeping.round()
    for _ in range(3):
        pass_by(keeping, time, 0.8 * HOUR)
        trial.touch(owner, taken)
        keeping.round()
    assert trial.load(owner, taken.id)
    pass_by(keeping, time, 1.5 * HOUR)
    assert not (owner.path / "trials" / taken.id).exists()


def test_the_folder_of_who_has_nothing_goes_after_a_day(keeping, space, time, owner):
    owner.open(Desk())
    keeping.round()
    pass_by(keeping, time, 23 * HOUR, 5 * HOUR)
    assert owner.path.exists()
    pass_by(keeping, time, 2 * HOUR, HOUR)
    assert not owner.path.exists()


def test_logs_do_not_grow_for_ever(keeping, space, monkeypatch):
    log = space.logs / "worker-1.log"
    with log.open("ab") as file:
        file.write(b"a line of it\n" * 800_000)
        keeping.round()
        assert log.stat().st_size < 1.1e6
        file.write(b"the next\n")
        file.flush()
    assert log.read_bytes().startswith(b"a line of it\n")
    assert log.read_bytes().endswith(b"a line of it\nthe next\n")


def test_sweeping_goes_on_while_others_take_what_is_theirs(space, time, caplog):
    ended = threading.Event()

    def come_and_go(name):
        person = space.owners / name
        while not ended.is_set():
            for number in range(20):
                put(person / "trials" / str(number) / "trial.json")
                put(person / "runs" / str(number) / ".x.part")
                put(space.uploads / name / str(number))
            shutil.rmtree(person)
            shutil.rmtree(space.uploads / name)

    with ThreadPoolExecutor(2) as pool:
        others = [pool.submit(come_and_go, name) for name in ("a", "b")]
        keeping = Housekeeping(space, time)
        until = clock.monotonic() + 0.7
        try:
            while clock.monotonic() < until:
                keeping.round()
        finally:
            ended.set()
        assert [each.result() for each in others] == [None, None]
    assert caplog.text == ""


def test_a_round_that_fails_is_followed_by_the_next(keeping, space, time, monkeypatch, caplog):
    left = put(space.uploads / "tmp1")
    keeping.round()
    with monkeypatch.context() as patch:
        patch.setattr(leftovers, "sweep_folder", lambda *_: 1 / 0)
        pass_by(keeping, time, 7 * HOUR)
    assert "housekeeping" in caplog.text
    pass_by(keeping, time, 7 * HOUR)
    assert not left.exists()
