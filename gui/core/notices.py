"""What matters to whoever runs the program, as typed values: told where it happens.

``gui.watch`` hears them, writes them down and counts them; where nobody has asked for that, nobody
hears them. They hold numbers and words of our own, runs and people's folders, and nothing else:
no token, no class, no name of a picture, no address. Of a folder only :func:`short` is ever shown.
"""

import logging
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Literal

from gui.core.errors import FreezepointError
from gui.core.runs import Run

LOGGER: Final = "freezepoint"
_LOG: Final = logging.getLogger(LOGGER)
_LOG.addHandler(logging.NullHandler())  # else what nobody hears would be printed
_SHORT: Final = 8
_WORD_BEGINS: Final = re.compile(r"(?<!^)(?=[A-Z])")

End = Literal["finished", "stopped", "failed", "deleted"]
Told = str | int | float | bool


@dataclass(frozen=True)
class Opened:
    """The page is open."""

    version: str
    port: int
    jobs: int
    public: bool
    signs_in: bool


@dataclass(frozen=True)
class NotOpened:
    """The program ends without having opened the page."""

    error: str
    what: str


@dataclass(frozen=True)
class Closed:
    """The program ends; so many trainings go on by themselves."""

    trainings_left: int


@dataclass(frozen=True)
class SignInRefused:
    """Somebody wasn't let in. ``asker``: the same for the same address until the program ends."""

    reason: Literal["wrong", "too_often"]
    asker: str


@dataclass(frozen=True)
class TrainingQueued:
    """A training waits. ``waiting``: how many do now."""

    run: Run
    waiting: int


@dataclass(frozen=True)
class TrainingWithdrawn:
    """A training was taken out of the queue before it had begun."""

    run: Run


@dataclass(frozen=True)
class TrainingBegan:
    """A worker was given a training."""

    run: Run
    waited_s: float


@dataclass(frozen=True)
class TrainingAdopted:
    """A training goes on that an earlier page has begun."""

    run: Run


@dataclass(frozen=True)
class TrainingEnded:
    """A training is over.

    Attributes:
        state: What became of it.
        reason: Why a whole one ended; "" for one that failed.
        epochs: How many it has now.
        seconds: From its worker's beginning to its end.
        error: The kind of error; "" for none.
    """

    run: Run
    state: End
    reason: str
    epochs: int
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class WorkerDied:
    """A worker process ended that nobody has ended. ``exit_code``: -9 for SIGKILL, as Popen."""

    worker: str
    error: str
    exit_code: int


@dataclass(frozen=True)
class DiskLow:
    """There is little room left; or so little that an upload was refused."""

    free_bytes: int
    refused: bool = False


@dataclass(frozen=True)
class Swept:
    """What was abandoned is deleted."""

    deleted_bytes: int


@dataclass(frozen=True)
class Expired:
    """What nobody came back for is deleted."""

    person: Path
    pictures: int
    trainings: int
    deleted_bytes: int


@dataclass(frozen=True)
class Departed:
    """Somebody had everything of theirs deleted. ``files_left``: that couldn't be."""

    person: Path
    deleted_bytes: int
    files_left: int


Notice = (
    Opened
    | NotOpened
    | Closed
    | SignInRefused
    | TrainingQueued
    | TrainingWithdrawn
    | TrainingBegan
    | TrainingAdopted
    | TrainingEnded
    | WorkerDied
    | DiskLow
    | Swept
    | Expired
    | Departed
)


def tell(notice: Notice) -> None:
    """Let whoever listens hear it."""
    _LOG.log(_level(notice), name(notice), extra={"notice": notice})


def of_end(run: Run, error: FreezepointError | None = None) -> TrainingEnded:
    """What became of a run, as its folder tells.

    Args:
        run: One that is over.
        error: What its worker said, or died of.
    """
    kind = error.kind if error else ""
    try:
        told = run.history
    except FreezepointError as damage:
        return TrainingEnded(run, "failed", "", 0, 0.0, kind or damage.kind)
    state: End
    match told.state:
        case "waiting" | "running":  # its end couldn't be told: its folder is gone, or a disk full
            state = "failed" if run.path.is_dir() else "deleted"
        case over:
            state = over
    began = told.started.at if told.started else told.last_at
    reason = told.finished.reason if told.finished else ""
    seconds = max(0.0, told.last_at - began)
    return TrainingEnded(run, state, reason, len(told.epochs), seconds, kind)


def name(notice: Notice) -> str:
    """What it is called where it is shown: "training_began"."""
    return _WORD_BEGINS.sub("_", type(notice).__name__).lower()


def values(notice: Notice) -> dict[str, Told]:
    """Its fields, as they may be shown."""
    return {each.name: _shown(getattr(notice, each.name)) for each in fields(notice)}


def short(folder: Path) -> str:
    """The beginning of a folder's name: enough to find it by for who has the disk.

    A person's is a digest of what nobody else knows, and a run's is by chance.
    """
    return folder.name[:_SHORT]


def _shown(value: object) -> Told:
    match value:
        case Run():
            return f"{short(value.path.parent.parent)}/{short(value.path)}"
        case Path():
            return short(value)
        case float():
            return round(value, 3)
        case str() | int():
            return value
    raise TypeError(type(value).__name__)


def _level(notice: Notice) -> int:
    match notice:
        case NotOpened():
            return logging.ERROR
        case SignInRefused() | WorkerDied() | DiskLow():
            return logging.WARNING
        case TrainingEnded(state="failed"):
            return logging.WARNING
        case _:
            return logging.INFO
