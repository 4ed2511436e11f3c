"""Lengths of time as people say them."""

import math

from gui.words import say


def duration(seconds: float) -> str:
    """A length of time as people say it: "40 s", "70 min", "1 h 40 min"."""
    if not math.isfinite(seconds):
        return say("an unknown time")
    if seconds < 90:
        return say("{n} s", n=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return say("{n} min", n=minutes)
    return say("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
