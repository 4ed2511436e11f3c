"""What happens in a run, as typed values, a line each in its ``events.jsonl``.

The file is append-only and the only truth about a run; ``core.history`` is what it folds to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from gui.core.cost import Cost
from gui.core.lines import Lines

Phase = Literal["head", "fine"]


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
        answers: What it then called the pinned pictures (``core.pinned``), places in the labels;
            none in a run of before they were told.
        confidences: The probability of each of these answers, 0 to 1.
    """

    at: float
    epoch: int
    phase: Phase
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    answers: tuple[int, ...] = ()
    confidences: tuple[float, ...] = ()


@dataclass(frozen=True)
class Evaluated:
    """What the kept model (that of ``epoch``) scores on the validation pictures."""

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

    ``asked`` says that a person wanted it to end, ``diverged`` that the loss was not a number any
    more.
    """

    at: float
    what: str
    hint: str
    asked: bool = False
    diverged: bool = False


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


def append(path: Path, event: Event) -> None:
    """Add one event to the file, in one write; a line cut short before it is closed first.

    All but mere progress is on the disk afterwards: no checkpoint may outlive a power cut that the
    epochs before it don't.

    Raises:
        DiskFull: When there is no room.
    """
    _JOURNAL.append(path, event, lasting=not isinstance(event, Batch | CacheProgress))


def read(path: Path) -> Iterator[Event]:
    """Every whole event of the file, in order; nothing when it doesn't exist yet."""
    return _JOURNAL.read(path)


def to_line(event: Event) -> str:
    """An event as a line of the file, ending in a line feed."""
    return _JOURNAL.to_line(event)


def from_line(line: str) -> Event | None:
    """The event of a line; None when it is anything else."""
    return _JOURNAL.from_line(line)
