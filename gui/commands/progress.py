"""What a command says on standard error while it works."""

import os
import sys
from contextlib import suppress
from typing import assert_never

from gui.core import forecast
from gui.core.ended import score
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


def tell(event: Event) -> None:
    """One line of progress on standard error."""
    match event:
        case Started():
            say(
                f"{event.train_pictures} pictures to learn from, {event.validation_pictures} to "
                f"check with. VGG16 weights from {event.weights}."
            )
        case CacheProgress():
            say(f"{event.what} {event.done} of {event.total}")
        case PhaseChanged():
            part = "the head" if event.phase == "head" else "everything from the freeze point on"
            say(f"From epoch {event.epoch} on: {part}, learning rate {event.learning_rate:g}")
        case Batch():
            say(f"epoch {event.epoch}: batch {event.batch} of {event.batches}")
        case Epoch():
            say(
                f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.3f}, "
                f"val_loss {event.val_loss:.4f}, val_accuracy {event.val_accuracy:.3f}, "
                f"{event.seconds:.1f} s"
            )
        case Finished():
            say(f"Finished ({event.reason.replace('_', ' ')}).")
        case Planned():
            say(f"Planned: {forecast.briefly(event)}.")
        case Measured():
            say(f"Took {event.seconds:.1f} s and {forecast.size(event.peak_bytes)} of memory.")
        case Evaluated():
            say(f"Epoch {event.epoch} is kept: {score(event)}, on the pictures it was chosen by.")
        case Queued() | Failed():
            return
        case _:
            assert_never(event)


def say(text: str) -> None:
    """One line."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def interject(text: str) -> None:
    """One line from a signal's handler: what is being printed may not be entered once more."""
    with suppress(OSError):
        os.write(2, f"{text}\n".encode())
