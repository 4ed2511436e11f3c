"""Taking a run's files apart: whatever is wrong with them is one message, without a path."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gui.core import files
from gui.core.errors import RunError
from gui.words import say

# All that reading a file that is missing, damaged or made to do harm can raise.
_DAMAGE = (
    OSError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
    OverflowError,
)


@contextmanager
def whole() -> Iterator[None]:
    """Turn what goes wrong while a run's files are taken apart into that message.

    Raises:
        RunError: When the body met a file or a value that is missing or of another kind.
    """
    try:
        yield
    except _DAMAGE as error:
        raise unreadable() from error


def unreadable() -> RunError:
    """That a run's files are missing or damaged."""
    return RunError(say("This training can't be read."), say("Choose another run."))


def read(path: Path) -> dict[str, object]:
    """The object that a JSON file holds.

    Raises:
        RunError: When it isn't there or holds anything else.
    """
    with whole():
        stored = json.loads(files.read_text(path))
        if not isinstance(stored, dict):
            raise TypeError(f"{path.name} holds no object")
        return stored
