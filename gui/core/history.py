"""What is known of a run, folded from its events: a live run and one opened a week later alike."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Event,
    Failed,
    Finished,
    Measured,
    PhaseChanged,
    Planned,
    Queued,
    Started,
)

State = Literal["waiting", "running", "finished", "stopped", "failed"]


@dataclass(frozen=True)
class History:
    """All that is known of a run, folded from its events."""

    state: State = "waiting"
    epochs_planned: int = 0
    before: "History | None" = None  # the whole run that waits to be trained further
    patience_from: int = 0  # patience counts from this epoch on: moved by "train more"
    planned: Planned | None = None
    started: Started | None = None
    cache: CacheProgress | None = None
    phases: tuple[PhaseChanged, ...] = ()
    batch: Batch | None = None
    epochs: tuple[Epoch, ...] = ()
    evaluated: Evaluated | None = None
    measured: Measured | None = None
    finished: Finished | None = None
    failed: Failed | None = None
    last_at: float = 0.0  # when it was asked for, began or ended, whichever came last

    @property
    def best(self) -> Epoch | None:
        """The epoch with the lowest validation loss, the earliest of equals."""
        return min(self.epochs, key=_rank, default=None)

    @property
    def kept(self) -> Epoch | None:
        """The epoch whose weights are the result, or would be if the run ended now."""
        told = self.evaluated
        if told is None or self.busy:
            return self.best
        return next((each for each in self.epochs if each.epoch == told.epoch), None)

    @property
    def busy(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")


def _rank(epoch: Epoch) -> tuple[float, int]:
    return (math.inf if math.isnan(epoch.val_loss) else epoch.val_loss, epoch.epoch)


def step(history: History, event: Event) -> History:
    """The history after one more event. An epoch told twice (after a resume) counts once."""
    match event:
        case Queued():
            return replace(
                _anew(history),
                state="waiting",
                epochs_planned=event.epochs,
                before=history if history.finished else None,
                patience_from=len(history.epochs) if history.finished else history.patience_from,
                planned=None,
                last_at=event.at,
            )
        case Planned():
            return replace(history, planned=event)
        case Started():
            return replace(
                _anew(history),
                state="running",
                before=None,
                started=event,
                epochs_planned=event.epochs,
                last_at=event.at,
            )
        case CacheProgress():
            return replace(history, cache=event)
        case PhaseChanged():
            before = [each for each in history.phases if each.epoch < event.epoch]
            return replace(history, phases=(*before, event), cache=None)
        case Batch():
            return replace(history, batch=event, cache=None)
        case Epoch():
            before_it = [each for each in history.epochs if each.epoch < event.epoch]
            return replace(history, epochs=(*before_it, event), batch=None, cache=None)
        case Evaluated():
            return replace(history, evaluated=event, batch=None, cache=None)
        case Measured():
            return replace(history, measured=event)
        case Finished():
            state: State = "stopped" if event.reason == "stopped" else "finished"
            return replace(
                history, state=state, finished=event, batch=None, cache=None, last_at=event.at
            )
        case Failed() if history.state == "waiting" and history.before:
            return history.before  # it never began again, so the whole run is as it was
        case Failed():
            ended: State = "stopped" if event.asked else "failed"
            return replace(
                history, state=ended, failed=event, batch=None, cache=None, last_at=event.at
            )
        case _:
            assert_never(event)


def _anew(history: History) -> History:
    """Without what the last training ended with, or was at."""
    return replace(history, measured=None, batch=None, cache=None, finished=None, failed=None)


def fold(events: Iterable[Event], history: History = History()) -> History:
    """The history of a run: every event applied in order, to what was known before."""
    for event in events:
        history = step(history, event)
    return history
