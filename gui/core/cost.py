"""What a training takes: seconds, memory, disk. Planned before it starts, told with its events."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["float32", "mixed_float16"]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a training, or what is left of it, will take.

    Attributes:
        cached: Whether the frozen part runs once; if not, in every epoch.
        views: Views of each picture to learn from, 1 or more.
        batch_size: Pictures a step.
        precision: What the learning part computes in.
        caching_s: Seconds to read the pictures and pass them through the frozen part once.
        head_epochs: Epochs to go in which only the head learns.
        head_epoch_s: Seconds of one of them, checking included.
        fine_epochs: Epochs to go after them, in which part of VGG16 learns, too.
        fine_epoch_s: Seconds of one of these.
        rest_s: Seconds of all that is done once: building, checking the best, saving.
        peak_bytes: Most memory that its worker takes.
        disk_bytes: What it leaves on the disk.
    """

    cached: bool
    views: int
    batch_size: int
    precision: Precision
    caching_s: float
    head_epochs: int
    head_epoch_s: float
    fine_epochs: int
    fine_epoch_s: float
    rest_s: float
    peak_bytes: int
    disk_bytes: int

    def seconds(self, epochs: int | None = None) -> float:
        """How long it takes from the start to the saved model.

        Args:
            epochs: How many epochs it really goes on for, as when it stops early; None for all.
        """
        planned = self.head_epochs + self.fine_epochs
        epochs = planned if epochs is None else epochs
        head = min(epochs, self.head_epochs)
        learning_s = head * self.head_epoch_s + (epochs - head) * self.fine_epoch_s
        return self.caching_s + learning_s + self.rest_s

    @property
    def learning_s(self) -> float:
        """How long it takes without the frozen part."""
        return self.seconds() - self.caching_s
