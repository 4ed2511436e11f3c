"""What the workshop sends to its process; tests/engine/test_workshop.py asks a real one."""

from typing import Any

import pytest
from filelock import FileLock

from gui.core.errors import StoppedEarly, WorkerError
from gui.core.workshop import Workshop
from gui.words import speaking


class Asked:
    """A process that only remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def ask(self, do, _hear=None, _wish=None, **values):
        self.requests.append({"do": do, **values})
        return [None]


def test_the_language_goes_along_with_what_is_made_for_a_person(run) -> None:
    process = Asked()
    workshop = Workshop(process)
    workshop.make(run, "page", lambda *_: None)
    with speaking("zh-Hant"):
        workshop.make(run, "page", lambda *_: None)
        workshop.evaluate(run, lambda *_: None)
    assert [each.get("language") for each in process.requests] == ["en", "zh-Hant", None]


def test_what_a_process_that_died_twice_has_left_goes_and_the_hint_fits(run) -> None:
    half = run.exports / ".part-123"

    class Dying:
        def ask(self, _do, _hear=None, _wish=None, **_):
            half.mkdir(parents=True)
            (half / "model.onnx").write_bytes(b"half")
            raise WorkerError("The process that computes was ended (SIGKILL).", "Pictures.")

    workshop = Workshop(Dying())
    with pytest.raises(WorkerError, match="take another form"):
        workshop.make(run, "onnx", lambda *_: None)
    assert not half.exists()
    with FileLock(run.exports / "lock"), pytest.raises(WorkerError):  # another is at a form
        workshop.make(run, "onnx", lambda *_: None)
    assert half.exists()
    half.joinpath("model.onnx").unlink()
    half.rmdir()
    with pytest.raises(WorkerError, match="start Freezepoint anew"):
        workshop.evaluate(run, lambda *_: None)


def test_a_learning_curve_that_is_stopped_is_no_more(run) -> None:
    class Slow:
        def ask(self, _do, _hear=None, wish=None, **_):
            workshop.stop_curve(run)
            wish.check()

    workshop = Workshop(Slow())
    workshop.stop_curve(run)  # there is none yet: nothing happens
    for _ in range(2):
        with pytest.raises(StoppedEarly):
            workshop.learning_curve(run, lambda *_: None)
