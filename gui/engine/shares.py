"""Shares of the passes through the frozen part, for several processes to do at once.

A pass is a fixed function of picture, weights, size, place and view, and what is stored is whole or
absent. So it makes no difference who does a share, or whether two do.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gui.core import config as settings
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.engine import passes
from gui.engine.features import Features
from gui.engine.network import Network
from gui.engine.passes import Pass
from gui.engine.store import Store
from gui.engine.weights import Weights
from gui.words import mark

Told = list[list[Any]]  # passes as JSON: digest, view, start, places

_SMALLEST, _LARGEST = 32, 512  # passes; a lost share costs its time once more
_SHARES = 64  # of a large set: fine enough to end together


def divide(chosen: Sequence[Pass]) -> list[list[Pass]]:
    """Shares of about the same size; all views of a picture are in one."""
    most = min(max(len(chosen) // _SHARES, _SMALLEST), _LARGEST)
    found: list[list[Pass]] = [[]]
    for group in passes.by_picture(chosen):
        if found[-1] and len(found[-1]) + len(group) > most:
            found.append([])
        found[-1] += group
    return found


def to_json(share: Sequence[Pass]) -> Told:
    """A share as it is sent."""
    return [[each.picture.sha256, each.view, each.start, list(each.places)] for each in share]


def compute(run: Run, weights: Weights, open_network: Callable[[], Network], told: Told) -> int:
    """Do a share of a run's passes and store what comes of it; returns how many they were.

    Raises:
        RunError: When a picture is gone or changed, or isn't the run's.
        DiskFull: When there is no room.
    """
    split, root = run.split, run.pictures_root
    known = {each.sha256: each for each in (*split.train, *split.validation, *split.test)}
    try:
        share = [
            Pass(known[digest], view, start, tuple(places)) for digest, view, start, places in told
        ]
    except KeyError as error:
        raise RunError(
            mark("A picture that was asked for isn't one of this training's."),
            mark("Go on with this training: what is missing is worked out again."),
        ) from error
    model = settings.resolve(run.config).model
    features = Features(Store(Path(run.store)), weights.sha256, open_network, model, root)
    features.compute(share, lambda _: None, make_room=False)
    return len(share)
