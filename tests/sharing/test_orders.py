"""Forms that were asked for, one after another."""

import threading
import time

import pytest

from gui.core import take_home
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.core.sealing import Progress
from gui.core.wish import Wish
from gui.sharing.orders import Orders


class Slow:
    """Makes a form when it is let, and can't make LiteRT."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def make(self, _run: Run, form: str, progress: Progress, wish: Wish | None = None) -> None:
        self.asked.append(form)
        self.began.set()
        with wish.ends(self.go_on.set):
            assert self.go_on.wait(10)
        wish.check()
        progress(1, 3)
        if form == "litert":
            raise RunError("It broke.", "Try again.")


def test_forms_wait_their_turn_and_are_made_once(plain_run) -> None:
    run, engine = plain_run, Slow()
    orders = Orders(engine)
    for form in ("onnx", "litert", "onnx"):
        orders.place(run, form)
    engine.began.wait(10)
    states = {form: order.state for form, order in orders.of(run).items()}
    assert states == {"onnx": "making", "litert": "waiting"}
    orders.place(run, "program-sequential")  # it takes no engine, so it needn't wait
    deadline = time.monotonic() + 10
    while "program-sequential" in orders.of(run):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert take_home.made(run)["program-sequential"].refused is None
    engine.go_on.set()
    deadline = time.monotonic() + 10
    while any(each.state != "failed" for each in orders.of(run).values()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert engine.asked == ["onnx", "litert"]
    assert orders.of(run)["litert"].problem == "It broke. Try again."
    with pytest.raises(RunError, match="no form called"):
        orders.place(run, "../etc")


def wait_until(true) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_stopped_is_made_no_longer_and_can_be_asked_for_anew(plain_run) -> None:
    run, engine, now = plain_run, Slow(), [0.0]
    orders = Orders(engine, lambda: now[0])
    for form in ("onnx", "savedmodel"):
        orders.place(run, form)
    assert engine.began.wait(10)
    orders.stop(run, "onnx")  # the second half of a double click
    assert set(orders.of(run)) == {"onnx", "savedmodel"}
    now[0] = 5.0
    orders.stop(run, "savedmodel")  # it waits
    assert set(orders.of(run)) == {"onnx"}
    orders.stop(run, "savedmodel")
    orders.place(run, "savedmodel")
    orders.stop(run, "onnx")  # it is under way
    wait_until(lambda: not orders.of(run))
    assert engine.asked == ["onnx", "savedmodel"]
    with pytest.raises(RunError, match="no form called"):
        orders.stop(run, "../etc")


def test_a_form_that_takes_no_engine_stops_at_its_next_sign_of_progress(
    plain_run, monkeypatch
) -> None:
    orders, told, going = Orders(Slow(), iter(range(0, 99, 9)).__next__), [], threading.Event()

    def slow(_run: Run, _form: str, progress: Progress) -> None:
        for done in range(1000):
            progress(done, 1000)
            told.append(done)
            going.set()
            time.sleep(0.01)

    monkeypatch.setattr("gui.sharing.about.make", slow)
    orders.place(plain_run, "report")
    assert going.wait(10)
    orders.stop(plain_run, "report")
    wait_until(lambda: not orders.of(plain_run))
    assert len(told) < 1000
