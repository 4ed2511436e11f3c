"""What the curves of a training show, read with care for noise. Pure: epochs in, figures out.

A loss on few pictures wobbles. So a change counts only where it is larger than the curve's own
wobble from epoch to epoch, and than what a few pictures can make by themselves.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from gui.core.events import Epoch

_SMALLEST_LOSS = 0.05  # below that a loss is good, whichever way it goes
_JUMP = 0.5  # in loss: what a right answer at 60 % costs
_LOOKED_AT = 6  # epochs


@dataclass(frozen=True)
class Memorising:
    """Learning went on while checking got worse, since ``epoch``; four mean losses."""

    epoch: int
    train_then: float
    train_now: float
    check_then: float
    check_now: float


@dataclass(frozen=True)
class Falling:
    """The validation loss went down from ``before`` to ``now`` within so many epochs."""

    before: float
    now: float
    epochs: int


def memorising(epochs: Sequence[Epoch], pictures: int) -> Memorising | None:
    """Whether it gets better at its own pictures and worse at the others.

    Source for the sign: L. Prechelt, "Early stopping - but when?", 1998; here with smoothed curves.

    Args:
        epochs: In order, all of their losses finite.
        pictures: How many it is checked with.
    """
    if len(epochs) < _LOOKED_AT:
        return None
    check = _smooth([each.val_loss for each in epochs])
    train = _smooth([each.loss for each in epochs])
    lowest = min(range(len(check)), key=lambda place: (check[place], place))
    if len(epochs) - 1 - lowest < 3:
        return None
    then, now = check[lowest], statistics.fmean(each.val_loss for each in epochs[-3:])
    train_now = statistics.fmean(each.loss for each in epochs[-3:])
    noise = max(
        0.1 * then,
        then / math.sqrt(max(1, pictures)),
        2.5 * _wobble([each.val_loss for each in epochs]),
        _SMALLEST_LOSS,
    )
    if now - then <= noise or train_now >= 0.85 * train[lowest]:
        return None
    return Memorising(epochs[lowest].epoch, train[lowest], train_now, then, now)


def falling(epochs: Sequence[Epoch]) -> Falling | None:
    """Whether the validation loss is still going down; finite losses only."""
    width = 3 if len(epochs) >= _LOOKED_AT else 2
    if len(epochs) < 2 * width:
        return None
    losses = [each.val_loss for each in epochs]
    lowest = min(range(len(losses)), key=lambda place: (losses[place], place))
    before = statistics.fmean(losses[-2 * width : -width])
    now = statistics.fmean(losses[-width:])
    noise = max(0.05 * before, 1.2 * _wobble(losses), 0.02)
    if before - now <= noise or lowest < len(losses) - 2:
        return None
    return Falling(before, now, 2 * width)


def jumping(epochs: Sequence[Epoch], guess_loss: float) -> tuple[float, float] | None:
    """From where to where the training loss jumps again and again, or None.

    Args:
        epochs: In order, all of their losses finite.
        guess_loss: What blind guessing would cost.
    """
    losses = [each.loss for each in epochs]
    jumps = []
    for place in range(max(1, len(losses) - _LOOKED_AT), len(losses)):
        low = min(losses[:place])
        if losses[place] > 2 * low and losses[place] - low > _JUMP:
            jumps.append((low, losses[place]))
    if len(jumps) >= 2:
        return min(low for low, _ in jumps), max(high for _, high in jumps)
    if len(losses) < _LOOKED_AT:
        return None
    first, last = statistics.fmean(losses[:3]), statistics.fmean(losses[-3:])
    if last > 1.5 * guess_loss and last > 0.9 * first and max(losses) - min(losses) > _JUMP:
        return min(losses), max(losses)
    return None


def flat_for(epochs: Sequence[Epoch]) -> int:
    """How many epochs ago the validation loss was lowest."""
    lowest = min(range(len(epochs)), key=lambda place: (epochs[place].val_loss, place))
    return len(epochs) - 1 - lowest


def finite(epoch: Epoch) -> bool:
    """Whether both of an epoch's losses are numbers."""
    return math.isfinite(epoch.loss) and math.isfinite(epoch.val_loss)


def _smooth(values: Sequence[float]) -> list[float]:
    """Each value with its neighbours, as their mean."""
    return [statistics.fmean(values[max(0, place - 1) : place + 2]) for place in range(len(values))]


def _wobble(values: Sequence[float]) -> float:
    """Standard deviation of a value about its trend, of three values or more.

    Second differences are blind to a steady trend. Source: of normal values of deviation s theirs
    is the square root of 6 times s, and half of a normal's values are within 0.6745 deviations.
    """
    triples = zip(values, values[1:], values[2:], strict=False)
    bends = [abs(before - 2 * here + after) for before, here, after in triples]
    return statistics.median(bends) / (0.6745 * math.sqrt(6))
