"""What happens in a run, as typed values, and the history they fold to.

``events.jsonl`` is append-only and the only truth about a run. A live run and one opened a week
later are the same fold over the same lines.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, assert_never, get_args

from gui.core.cost import Cost
from gui.core.lines import Lines

Phase = Literal["head", "fine"]
State = Literal["waiting", "running", "finished", "stopped", "failed"]


@dataclass(frozen=True)
class Queued:
    """Asked for; waits for a free place. ``at``: seconds since 1970."""

    at: float
    epochs: int


@dataclass(frozen=True, kw_only=True)
class Planned(Cost):
    """What it was thought to take, told before it begins or goes on."""

    at: float


@dataclass(frozen=True)
class Started:
    """A worker has begun, or goes on after a break. ``epochs`` is the last epoch to be reached.

    ``weights`` names where VGG16's weights came from; ``cached`` is False when the pictures are
    trained on directly, because caching would gain nothing.
    """

    at: float
    epochs: int
    weights: str
    weights_sha256: str
    cached: bool
    train_pictures: int
    validation_pictures: int
    views: int


@dataclass(frozen=True)
class CacheProgress:
    """``done`` of ``total`` pictures are read or checked, or views have passed the frozen part."""

    at: float
    what: Literal["reading", "caching", "checking"]
    done: int
    total: int
    eta_s: float | None = None


@dataclass(frozen=True)
class PhaseChanged:
    """From ``epoch`` on (counted from 1) this phase runs, to ``last_epoch`` at the most."""

    at: float
    phase: Phase
    epoch: int
    learning_rate: float
    last_epoch: int


@dataclass(frozen=True)
class Batch:
    """``batch`` of ``batches`` of the epoch under way is done."""

    at: float
    epoch: int
    batch: int
    batches: int
    eta_s: float | None = None


@dataclass(frozen=True)
class Epoch:
    """An epoch has ended.

    Attributes:
        loss: Mean cross-entropy over the training views while learning (dropout on).
        accuracy: Share of them answered right, 0 to 1.
        val_loss: Mean cross-entropy over the validation pictures after the epoch.
        val_accuracy: Share of them answered right, 0 to 1.
        seconds: How long the epoch took.
    """

    at: float
    epoch: int
    phase: Phase
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float


@dataclass(frozen=True)
class Evaluated:
    """The kept model (that of ``epoch``) was run over the validation pictures themselves."""

    at: float
    epoch: int
    loss: float
    accuracy: float
    pictures: int


@dataclass(frozen=True)
class Measured:
    """What it really took, from the last ``Started`` to the saved model; told before ``Finished``.

    Attributes:
        seconds: How long that was.
        epochs: How many epochs were trained in it.
        peak_bytes: Most memory that the worker had in it.
    """

    at: float
    seconds: float
    epochs: int
    peak_bytes: int


@dataclass(frozen=True)
class Finished:
    """The run is whole: model and labels are written. ``reason`` says why it ended there.

    "diverged": the loss was not a number any more, so what was best before is kept.
    """

    at: float
    reason: Literal["epochs", "early_stopping", "stopped", "diverged"]


@dataclass(frozen=True)
class Failed:
    """The run ended before it was whole. ``what`` and ``hint`` are for a person.

    ``asked`` says that a person wanted it to end.
    """

    at: float
    what: str
    hint: str
    asked: bool = False


Event = (
    Queued
    | Planned
    | Started
    | CacheProgress
    | PhaseChanged
    | Batch
    | Epoch
    | Evaluated
    | Measured
    | Finished
    | Failed
)
_JOURNAL = Lines[Event]("event", get_args(Event))


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

    @property
    def best(self) -> Epoch | None:
        """The epoch with the lowest validation loss, the earliest of equals."""
        return min(self.epochs, key=_rank, default=None)

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
            return replace(history, state=state, finished=event, batch=None, cache=None)
        case Failed() if history.state == "waiting" and history.before:
            return history.before  # it never began again, so the whole run is as it was
        case Failed():
            ended: State = "stopped" if event.asked else "failed"
            return replace(history, state=ended, failed=event, batch=None, cache=None)
        case _:
            assert_never(event)


def _anew(history: History) -> History:
    """Without what the last training ended with, or was at."""
    return replace(history, measured=None, batch=None, cache=None, finished=None, failed=None)


def fold(events: Iterable[Event]) -> History:
    """The history of a run: every event applied in order."""
    history = History()
    for event in events:
        history = step(history, event)
    return history


def append(path: Path, event: Event) -> None:
    """Add one event to the file, in one write; a line cut short before it is closed first.

    Raises:
        DiskFull: When there is no room.
    """
    _JOURNAL.append(path, event)


def read(path: Path) -> Iterator[Event]:
    """Every whole event of the file, in order; nothing when it doesn't exist yet."""
    return _JOURNAL.read(path)
