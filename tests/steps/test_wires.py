"""How slow work is followed."""

import time

import pytest

from gui.core.errors import RunError
from gui.steps.wires import _followed


def test_slow_work_tells_how_far_it_is_and_then_its_error() -> None:
    def work(progress) -> None:
        progress(3, 9)
        time.sleep(0.7)
        raise RunError("It broke.", "Try again.")

    seen = []
    with pytest.raises(RunError, match="It broke"):
        seen.extend(_followed(work))
    assert set(seen) == {(3, 9)}


def test_quick_work_is_just_done() -> None:
    done = []
    assert list(_followed(lambda progress: done.append(progress))) == []
    assert len(done) == 1
