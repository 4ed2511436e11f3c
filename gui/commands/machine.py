"""What a command that plans finds on this machine, and how fast that is."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gui.core import machine
from gui.core.errors import DiskFull
from gui.core.machine import Speeds
from gui.core.outlook import Here

if TYPE_CHECKING:
    from gui.engine.weights import Weights


def here(store: Path, found: "Weights", measured: Speeds) -> Here:
    """What a training in this process finds.

    Args:
        store: Folder of the features.
        found: VGG16's weights.
        measured: How fast this machine is.
    """
    free = machine.free_memory_bytes()
    memory_bytes = None if free is None else free + machine.resident_bytes(os.getpid())
    return Here(store, memory_bytes, measured, found.sha256)


def speeds(found: "Weights", kept: Path) -> Speeds:
    """How fast this machine is: as measured in the last days, else in the next two seconds.

    Args:
        found: VGG16's weights.
        kept: The file that remembers it.
    """
    if known := machine.recall(kept, time.time()):
        return known
    from gui.engine import calibration

    measured = calibration.measure(found)
    if measured.alone:
        with suppress(OSError, DiskFull):  # then it is measured again
            kept.parent.mkdir(parents=True, exist_ok=True)
            machine.remember(kept, measured, time.time())
    return measured
