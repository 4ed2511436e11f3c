"""The rows of the ladder's table, from made-up histories."""

from gui.core.events import CacheProgress
from gui.core.history import fold
from gui.core.rung import Rung
from gui.steps import rungs
from tests.core.test_events import QUEUED, STARTED, epoch


def notes(*told: object, preparing_s: float) -> list[str]:
    rung = Rung("head", "run", fold([QUEUED, STARTED, *told]), 1000, 40.0, preparing_s)
    return rungs.table([rung], None, None)["notes"]


def test_how_long_the_pictures_took_is_told_once_they_are_ready():
    caching = CacheProgress(3.0, "caching", 20, 23)
    assert notes(caching, preparing_s=29.0) == []
    told = notes(caching, epoch(1), preparing_s=29.0)
    assert told == ["Getting the pictures ready, for all of them: 29 s."]
    assert notes(epoch(1), preparing_s=0.2) == []
