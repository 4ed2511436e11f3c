"""How a run says that it is a rung of a ladder, and what a ladder's file repeats of it."""

import re
from dataclasses import dataclass
from typing import Any

from gui.core import files, vgg16

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class LadderMark:
    """Says that a run is a rung of a ladder, see ``core.ladder``.

    Attributes:
        id: The ladder's.
        points: The freeze points of all its rungs, in their order.
    """

    id: str
    points: tuple[str, ...]


def read(stored: Any) -> LadderMark:  # noqa: ANN401 - what JSON holds
    """The stored mark; ValueError or the like when it is anything else."""
    ladder_id, points = files.text(stored["id"]), stored["points"]
    if not _ID.fullmatch(ladder_id) or not isinstance(points, list) or not points:
        raise ValueError(f"{stored!r} is no mark of a ladder")
    if unknown := [each for each in points if each not in vgg16.FREEZE_POINTS]:
        raise ValueError(f"{unknown!r} are no freeze points")
    return LadderMark(ladder_id, tuple(points))
