"""The history of a file that grows, read on from where it was read before."""

import os

import pytest

from gui.core import events, files
from gui.core.events import Epoch, Queued
from gui.core.following import Following
from gui.core.history import History, fold


def epoch(number: int) -> Epoch:
    return Epoch(float(number), number, "head", 0.9, 0.5, 0.8, 0.6, 1.0)


def following() -> Following[History]:
    return Following(fold, History())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.jsonl"


@pytest.fixture
def parsed(monkeypatch):
    lines, read = [], events.from_line
    monkeypatch.setattr(events, "from_line", lambda line: lines.append(line) or read(line))
    return lines


def test_each_line_is_read_once(path, parsed) -> None:
    follows = following()
    assert follows.known(path) == History()
    told = [Queued(1.0, 9), *map(epoch, range(1, 6))]
    for number, event in enumerate(told, 1):
        events.append(path, event)
        assert follows.known(path) == fold(told[:number])
        assert follows.known(path) == fold(told[:number])
    assert len(parsed) == len(told)


def test_a_line_that_is_being_written_is_read_when_it_is_whole(path) -> None:
    follows, line = following(), events.to_line(epoch(1))
    events.append(path, Queued(1.0, 9))
    with path.open("a") as file:
        file.write(line[:20])
        file.flush()
        assert follows.known(path) == fold([Queued(1.0, 9)])
        file.write(line[20:])
    assert follows.known(path) == fold([Queued(1.0, 9), epoch(1)])


def test_a_line_cut_short_is_passed_over(path) -> None:
    follows = following()
    path.write_text(events.to_line(Queued(1.0, 9)) + events.to_line(epoch(1))[:20])
    assert follows.known(path) == fold([Queued(1.0, 9)])
    events.append(path, epoch(1))
    events.append(path, epoch(2))
    assert follows.known(path) == fold([Queued(1.0, 9), epoch(1), epoch(2)])


@pytest.mark.parametrize("in_place", [True, False])
def test_a_file_that_was_written_anew_is_read_from_its_beginning(path, in_place) -> None:
    follows = following()
    path.write_text("".join(map(events.to_line, [Queued(1.0, 9), epoch(1)])))
    assert len(follows.known(path).epochs) == 1
    anew = "".join(map(events.to_line, [Queued(22.0, 80), *map(epoch, range(1, 4))]))
    if in_place:
        path.write_text(anew)
    else:
        files.write_bytes(path, anew.encode())
    assert follows.known(path) == fold([Queued(22.0, 80), *map(epoch, range(1, 4))])
    os.truncate(path, 0)
    assert follows.known(path) == History()


def test_bytes_that_are_no_text_are_no_event(path) -> None:
    path.write_bytes(b"\xff\xfe\n" + events.to_line(epoch(1)).encode() + b"\x00\n")
    assert following().known(path) == fold([epoch(1)])
