"""Counts notices as they are told, and follows the trainings that they are about."""

import logging
import threading
from collections import Counter
from typing import Final

from gui.core import notices
from gui.core.notices import (
    Departed,
    Expired,
    SignInRefused,
    Swept,
    TrainingAdopted,
    TrainingBegan,
    TrainingEnded,
    TrainingWithdrawn,
    WorkerDied,
)
from gui.watch.meter import Meter

ENDS: Final = ("finished", "stopped", "failed", "deleted", "withdrawn")
REASONS: Final = ("wrong", "too_often")
WHY: Final = ("abandoned", "expired", "asked")
WORKERS: Final = ("worker", "answers", "workshop", "downloads")


class Counts(logging.Handler):
    """Sums since the program began.

    Attributes:
        ended: Trainings by what became of them.
        errors: Trainings that failed, by kind of error.
        refused: Sign-ins that were refused, by reason.
        died: Worker processes by what they are for.
        deleted_bytes: By why it was deleted.
    """

    def __init__(self, meter: Meter) -> None:
        super().__init__(logging.INFO)
        self._meter = meter
        self._counting = threading.Lock()
        self.ended = Counter(dict.fromkeys(ENDS, 0))
        self.errors: Counter[str] = Counter()
        self.refused = Counter(dict.fromkeys(REASONS, 0))
        self.died = Counter(dict.fromkeys(WORKERS, 0))
        self.deleted_bytes = Counter(dict.fromkeys(WHY, 0))

    def listen(self) -> None:
        """Hear every notice from now on."""
        logger = logging.getLogger(notices.LOGGER)
        logger.setLevel(logging.INFO)
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        with self._counting:
            self._count(record)

    def _count(self, record: logging.LogRecord) -> None:
        match getattr(record, "notice", None):
            case TrainingBegan(run=run):
                self._meter.begin(run)
            case TrainingAdopted(run=run):
                self._meter.adopt(run)
            case TrainingEnded(run=run, state=state, error=error):
                self._meter.end(run)
                self.ended[state] += 1
                if state == "failed":
                    self.errors[error or "unknown"] += 1
            case TrainingWithdrawn():
                self.ended["withdrawn"] += 1
            case SignInRefused(reason=reason):
                self.refused[reason] += 1
            case WorkerDied(worker=worker):
                self.died[worker.partition("-")[0]] += 1
            case Swept(deleted_bytes=deleted):
                self.deleted_bytes["abandoned"] += deleted
            case Expired(deleted_bytes=deleted):
                self.deleted_bytes["expired"] += deleted
            case Departed(deleted_bytes=deleted):
                self.deleted_bytes["asked"] += deleted
            case _:
                return
