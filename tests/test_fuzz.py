"""A taste of ``tests/faults/fuzz.py``: some examples of each target, the same ones every time."""

import pytest

from tests.faults.fuzz import Watch, one_round
from tests.faults.targets import TARGETS

FOREVER = float("inf")
LONG = ("disk", "worker")  # they take seconds for the first example already


@pytest.mark.parametrize("name", [each for each in TARGETS if each not in LONG])
def test_every_example_ends_in_a_value_or_a_told_mistake(name, tmp_path) -> None:
    target = TARGETS[name](tmp_path)
    watch = Watch(name, target.allowed, FOREVER)
    one_round(target, watch, number=1, examples=30)
    assert watch.examples == 30
    assert dict(watch.errors) == {}


def test_any_other_end_is_an_error(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tests.faults.fuzz.KEPT", tmp_path)
    watch = Watch("play", (LookupError,), FOREVER)
    for error in (KeyError("allowed"), ValueError("not allowed")):
        watch.run(_raise, error)
    watch.run(str, 1)
    assert (watch.examples, watch.values, sum(watch.errors.values())) == (3, 1, 1)
    assert "ValueError: not allowed" in next(tmp_path.glob("play-ValueError*")).read_text()


def _raise(error: Exception) -> None:
    raise error
