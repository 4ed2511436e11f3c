"""Lines of typed values, with the events as those values."""

import errno
import json
import math
import typing
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from gui.core import events
from gui.core.errors import DiskFull
from gui.core.events import Batch
from gui.core.lines import Lines
from tests.core.test_events import ALL, FAILED, FINISHED, HEAD, QUEUED, STARTED, epoch

LINES = Lines("event", typing.get_args(events.Event))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "events.jsonl"


@pytest.mark.parametrize("event", ALL, ids=lambda each: type(each).__name__)
def test_each_value_comes_back_from_its_line(event, file):
    line = LINES.to_line(event)
    assert line.endswith("\n")
    assert "\n" not in line[:-1]
    told = {"event": type(event).__name__, **asdict(event)}
    assert json.loads(line) == json.loads(json.dumps(told))
    assert LINES.from_line(line) == event
    LINES.append(file, event)
    assert list(LINES.read(file)) == [event]


def test_text_of_any_kind_comes_back(file):
    odd = replace(FAILED, what='“naïve”\n\u2028\x85 \\ 猫 "', hint="\r\n")
    for event in (odd, FINISHED):
        LINES.append(file, event)
    assert list(LINES.read(file)) == [odd, FINISHED]


def test_a_loss_that_is_not_a_number_comes_back(file):
    LINES.append(file, epoch(1, math.nan, loss=math.inf))
    (found,) = LINES.read(file)
    assert math.isnan(found.val_loss)
    assert found.loss == math.inf


def test_a_torn_last_line_is_ignored_and_stays_so(file):
    LINES.append(file, QUEUED)
    LINES.append(file, STARTED)
    whole = file.read_bytes()
    for cut in range(len(LINES.to_line(QUEUED)) + 1, len(whole)):
        file.write_bytes(whole[:cut])
        assert list(LINES.read(file)) == [QUEUED]
        LINES.append(file, HEAD)
        assert list(LINES.read(file)) == [QUEUED, HEAD]
        LINES.append(file, FAILED)
        assert list(LINES.read(file)) == [QUEUED, HEAD, FAILED]


def test_a_line_torn_inside_a_letter_hurts_no_other(file):
    LINES.append(file, QUEUED)
    line = json.dumps({"event": "Failed", "at": 1, "what": "é", "hint": ""}, ensure_ascii=False)
    with file.open("ab") as stream:
        stream.write(line.encode()[: line.index("é") + 1])
    LINES.append(file, STARTED)
    assert list(LINES.read(file)) == [QUEUED, STARTED]


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "Invented", "at": 1}',
        '{"event": "Finished", "at": 1, "reason": "epochs", "later": true}',
        '{"event": "Finished", "at": 1}',
        '{"at": 1}',
        '{"event": ["Finished"]}',
        '["Finished"]',
        "null",
        "7",
        '"Finished"',
        "",
        "{",
        "\x00\x00\x00",
        "[" * 200_000,
        '{"event": "Queued", "at": 1, "epochs": "text"}',
        '{"event": "Queued", "at": "text", "epochs": 1}',
        '{"event": "Queued", "at": 1, "epochs": 1.5}',
        '{"event": "Queued", "at": 1, "epochs": true}',
        '{"event": "Queued", "at": 1, "epochs": null}',
        '{"event": "Queued", "at": [1], "epochs": 1}',
        '{"event": "Queued", "at": 1, "epochs": ' + "9" * 400 + "}",
        '{"event": "Queued", "at": 1, "epochs": ' + "9" * 5000 + "}",
        '{"event": "Finished", "at": 1, "reason": "boredom"}',
        '{"event": "Finished", "at": 1, "reason": ["epochs"]}',
        '{"event": "Failed", "at": 1, "what": 5, "hint": "Do."}',
        '{"event": "Batch", "at": 1, "epoch": 1, "batch": 1, "batches": 2, "eta_s": "soon"}',
    ],
    ids=lambda line: line[:60],
)
def test_what_is_no_value_of_this_version_is_passed_over(file, line):
    LINES.append(file, QUEUED)
    with file.open("a") as stream:
        stream.write(line + "\n")
    LINES.append(file, STARTED)
    assert LINES.from_line(line) is None
    assert list(LINES.read(file)) == [QUEUED, STARTED]


def test_appending_never_changes_what_is_there(file):
    before = b""
    for event in ALL:
        LINES.append(file, event)
        assert file.read_bytes().startswith(before)
        before = file.read_bytes()
    assert before.count(b"\n") == len(ALL)


def test_a_full_disk_is_told(file, monkeypatch):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            raise OSError(errno.ENOSPC, "No space left on device")

        def tell(self):
            return 0

        def write(self, _):
            return None

    monkeypatch.setattr(Path, "open", lambda *_: Full())
    with pytest.raises(DiskFull):
        LINES.append(file, QUEUED)


def test_a_whole_number_is_a_float_and_nothing_may_stand_where_the_field_says_so():
    line = '{"event": "Batch", "at": 1, "epoch": 1, "batch": 1, "batches": 2, "eta_s": null}'
    assert LINES.from_line(line) == Batch(1.0, 1, 1, 2)
