"""What is told of trainings, workers, sweeps and sign-ins, and that it names nobody."""

import json
import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from gui.core import notices
from gui.core.events import Started
from gui.core.housekeeping import Housekeeping
from gui.core.notices import (
    DiskLow,
    Expired,
    Notice,
    SignInRefused,
    Swept,
    TrainingAdopted,
    TrainingBegan,
    TrainingEnded,
    TrainingQueued,
    TrainingWithdrawn,
    WorkerDied,
)
from gui.core.runs import Run
from gui.watch import lines
from tests.core.players import begin_elsewhere, settle, wait_until
from tests.core.test_expiry import HOUR, Time, pass_by


def of(heard: list[Notice], *kinds: type) -> list[Notice]:
    return [each for each in heard if isinstance(each, kinds)]


def ends(heard: list[Notice], number: int) -> list[TrainingEnded]:
    wait_until(lambda: len(of(heard, TrainingEnded)) >= number)
    return of(heard, TrainingEnded)


def test_trainings_are_told_from_the_wish_to_the_end_whatever_becomes_of_them(desk, heard) -> None:
    opened, whole, refused = desk.jobs(), desk.run("a"), desk.run("b", 3, "refuse")
    killed, asked = desk.run("c", 400), desk.run("d", 400)
    opened.train(whole, 3)
    opened.train(refused, 3)
    opened.open()
    ends(heard, 2)
    assert of(heard, TrainingQueued) == [TrainingQueued(whole, 1), TrainingQueued(refused, 2)]
    began = of(heard, TrainingBegan)
    assert [each.run for each in began] == [whole, refused]
    assert 0 <= began[0].waited_s < began[1].waited_s
    opened.train(killed, 400)
    wait_until(lambda: len(killed.history.epochs) > 1)
    os.kill(opened.pids[0], signal.SIGKILL)
    ends(heard, 3)
    opened.train(asked, 400)
    settle(asked, "running")
    opened.stop(asked)
    told = ends(heard, 4)
    assert [(each.state, each.reason, each.error) for each in told] == [
        ("finished", "epochs", ""),
        ("failed", "", "FreezepointError"),
        ("failed", "", "OutOfMemory"),
        ("stopped", "stopped", ""),
    ]
    assert told[0].epochs == 3
    took = whole.history.finished.at - whole.history.started.at
    assert told[0].seconds == pytest.approx(took, abs=1e-6)
    assert of(heard, WorkerDied) == [WorkerDied("worker-1", "OutOfMemory", -9)]


def test_one_that_is_taken_out_and_one_that_is_adopted(desk, heard) -> None:
    left = desk.run("a", 200)
    begin_elsewhere(desk, left)
    heard.clear()
    opened, waiting = desk.jobs(), desk.run("b")
    opened.open([left])
    opened.train(waiting, 3)
    opened.stop(waiting)
    assert of(heard, TrainingAdopted) == [TrainingAdopted(left)]
    assert of(heard, TrainingWithdrawn) == [TrainingWithdrawn(waiting)]
    left.request_stop()
    assert {(each.run, each.state) for each in ends(heard, 1)} == {(left, "stopped")}


def test_a_run_that_is_gone_when_it_ends_is_told_as_deleted(tmp_path) -> None:
    gone = notices.of_end(Run(tmp_path / "gone"))
    assert (gone.state, gone.seconds, gone.error) == ("deleted", 0.0, "")
    kept = Run(tmp_path / "full")
    kept.path.mkdir()
    kept.append(Started(5.0, 3, "x", "y", True, 2, 2, 1))
    assert notices.of_end(kept).state == "failed"


def test_a_round_tells_how_much_it_has_deleted_and_that_there_is_little_room(
    space, heard, monkeypatch
) -> None:
    for folder in (space.uploads, space.temp, space.logs, space.owners / ("ab" * 16)):
        folder.mkdir(parents=True)
    time = Time()
    keeping = Housekeeping(space, time)
    (space.uploads / "torn").write_bytes(b"x" * 1000)
    (space.temp / "left").write_bytes(b"x" * 234)
    (space.owners / ("ab" * 16) / ".x.part").write_bytes(b"x" * 66)
    keeping.round()
    assert of(heard, Swept, DiskLow) == []
    monkeypatch.setattr("gui.core.machine.free_disk_bytes", lambda _: 1_999_999_999)
    pass_by(keeping, time, 7 * HOUR)
    assert of(heard, Swept) == [Swept(1300)]
    assert DiskLow(1_999_999_999) in heard


PERSON = Path("/work/owners/0123456789abcdef0123456789abcdef")
RUN = Run(PERSON / "runs" / "fedcba9876543210")


@pytest.fixture
def logged(capsys) -> Iterator[logging.Logger]:
    """Lines on standard error as the app sets them up, put back afterwards."""
    import sys
    import threading

    root, own = logging.getLogger(), logging.getLogger(notices.LOGGER)
    before = root.handlers[:], root.level, own.level, sys.excepthook, threading.excepthook
    yield own
    root.handlers[:], level, own_level, sys.excepthook, threading.excepthook = before
    root.setLevel(level)
    own.setLevel(own_level)
    logging.captureWarnings(False)


def test_a_notice_is_a_json_object_a_line_with_its_time_in_utc(logged, capsys) -> None:
    lines.write("json")
    notices.tell(TrainingEnded(RUN, "failed", "", 7, 12.34567, "OutOfMemory"))
    notices.tell(Expired(PERSON, 12, 1, 3456))
    notices.tell(SignInRefused("wrong", "ab12cd34"))
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    times = [each.pop("time") for each in told]
    assert all(
        each.endswith("Z") and len(each) == len("2026-01-01T00:00:00.000Z") for each in times
    )
    assert told == [
        {
            "level": "warning", "event": "training_ended", "run": "01234567/fedcba98",
            "state": "failed", "reason": "", "epochs": 7, "seconds": 12.346,
            "error": "OutOfMemory",
        },
        {
            "level": "info", "event": "expired", "person": "01234567", "pictures": 12,
            "trainings": 1, "deleted_bytes": 3456,
        },
        {
            "level": "warning", "event": "sign_in_refused", "reason": "wrong",
            "asker": "ab12cd34",
        },
    ]  # fmt: skip


def test_plain_lines_say_the_same_to_the_eye(logged, capsys) -> None:
    lines.write("plain")
    notices.tell(TrainingBegan(RUN, 2.0))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.partition(" ")[2] == "info training_began run=01234567/fedcba98 waited_s=2.0"


def test_of_what_a_library_logs_no_word_is_repeated(logged, capsys) -> None:
    """It may name a file, and files are called as people call them."""
    lines.write("json")
    try:
        Path("/nowhere/Anna/cat.jpg").read_bytes()
    except FileNotFoundError:
        logging.getLogger("asyncio").exception("lost %s", "Anna/cat.jpg")
    logging.getLogger("asyncio").info("nobody asked")
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["logger"], told["error"]) == (
        "logged",
        "asyncio",
        "FileNotFoundError",
    )
    assert told["place"].startswith("test_notices:")
    assert "cat" not in line


def test_nothing_is_printed_where_nobody_asked(capfd) -> None:
    notices.tell(DiskLow(1))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", get_args(Notice))
def test_a_notice_can_hold_nothing_that_names_somebody(kind: type) -> None:
    """Numbers, words of our own, and folders of which eight letters are shown."""
    free = {"version", "error", "what", "asker", "worker", "reason", "state"}
    hints = get_type_hints(kind)
    for each in fields(kind):
        if hints[each.name] is str:
            assert each.name in free, f"{kind.__name__}.{each.name}"
        assert hints[each.name] is not object
