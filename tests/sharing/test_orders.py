"""Forms that were asked for, one after another."""

import threading
import time

import pytest

from gui.core import take_home
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.core.sealed import Progress
from gui.sharing.orders import Orders


class Slow:
    """Makes a form when it is let, and can't make LiteRT."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def make(self, _run: Run, form: str, progress: Progress) -> None:
        self.asked.append(form)
        self.began.set()
        assert self.go_on.wait(10)
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
