"""When who waits begins, by what was seen of those before; with times of our own."""

import math
from pathlib import Path

from gui.core.asked import Asked
from gui.core.pace import Pace
from gui.core.runs import Run


def test_it_takes_as_long_as_the_last_one_and_the_change_of_runs_is_counted(tmp_path: Path) -> None:
    first, second, third = (Run(tmp_path / "runs" / name) for name in "abc")
    pace = Pace()
    for run in (first, second, third):
        pace.entered(run, 10.0)
    waiting = [Asked(third, "x", None, 3)]
    assert pace.began(first, 12.0) == 2.0  # so long it has waited
    (standing,) = pace.standings(waiting, [Asked(first, "x", None, 1)], 1, 0.0).values()
    assert standing.eta_s is None  # nothing was ever seen to end
    pace.ended(first, 112.0, others_wait=True)
    assert pace.began(second, 115.0) == 105.0
    (standing,) = pace.standings(waiting, [Asked(second, "x", None, 2)], 1, 0.0).values()
    assert (standing.place, standing.eta_s) == (1, 103.0)
    (known,) = pace.standings(waiting, [Asked(second, "x", None, 2, 40.0)], 1, 0.0).values()
    assert known.eta_s == 43.0


def test_a_pause_in_which_nobody_waits_is_no_change_of_runs(tmp_path: Path) -> None:
    first, second = (Run(tmp_path / "runs" / name) for name in "ab")
    pace = Pace()
    pace.began(first, 0.0)
    pace.ended(first, 10.0, others_wait=False)
    pace.entered(second, 500.0)
    pace.left(second)
    assert pace.began(second, 500.0) == 0.0
    waiting = [Asked(first, "x", None, 3)]
    (standing,) = pace.standings(waiting, [Asked(second, "x", None, 2)], 1, 0.0).values()
    assert math.isclose(standing.eta_s, 10.0)
