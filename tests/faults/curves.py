"""What a training that was broken off is held against: the curve of the same one, unbroken."""

from gui.core.history import History

TOLERANCE = 1e-4  # of a loss or an accuracy, as tests/engine/test_training.py has it


def apart(one: History, other: History) -> float:
    """The greatest distance of two curves' losses and accuracies."""
    first, second = (
        [(each.loss, each.accuracy, each.val_loss, each.val_accuracy) for each in told.epochs]
        for told in (one, other)
    )
    if len(first) != len(second):
        return float("inf")
    return max(
        abs(a - b) for x, y in zip(first, second, strict=True) for a, b in zip(x, y, strict=True)
    )
