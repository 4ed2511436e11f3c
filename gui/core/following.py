"""What the events of a run's file come to, read on from where they were read before.

Everybody who watches a training looks once a second, and the file grows several times a second.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from gui.core import events, files
from gui.core.events import Event

State = TypeVar("State")

_MOST: Final = 256  # files


@dataclass(frozen=True)
class _Known(Generic[State]):
    """What was read of a file: all whole lines up to a byte, the last of which is kept."""

    told: tuple[int, int, int]
    end: int
    last: bytes
    state: State


class Following(Generic[State]):
    """Remembers the files that have grown last; threads may share it."""

    def __init__(self, fold: Callable[[Iterable[Event], State], State], nothing: State) -> None:
        """Know how.

        Args:
            fold: What further events make of what was known before.
            nothing: What is known before the first event.
        """
        self._fold = fold
        self._nothing = nothing
        self._known: OrderedDict[Path, _Known[State]] = OrderedDict()
        self._turn = threading.Lock()

    def known(self, path: Path) -> State:
        """What all events of the file come to; nothing when it isn't there.

        Raises:
            OSError: When it can't be read.
        """
        try:
            stat = files.stat(path)
        except FileNotFoundError:
            return self._nothing
        told = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        known = self._known.get(path)
        if known is not None and known.told == told:
            return known.state
        known = self._read(path, told, known)
        with self._turn:
            self._known[path] = known
            self._known.move_to_end(path)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return known.state

    def _read(
        self, path: Path, told: tuple[int, int, int], known: _Known[State] | None
    ) -> _Known[State]:
        with path.open("rb") as file:
            if known and known.told[0] == told[0]:
                file.seek(known.end - len(known.last))
                if file.read(len(known.last)) != known.last:  # it was written anew
                    known = None
            else:
                known = None
            begin, state = (known.end, known.state) if known else (0, self._nothing)
            file.seek(begin)
            new, ended, _ = file.read().rpartition(b"\n")
        lines = (new + ended).splitlines(keepends=True)
        happened = (events.from_line(line.decode(errors="replace")) for line in lines)
        state = self._fold((each for each in happened if each is not None), state)
        last = lines[-1] if lines else known.last if known else b""
        return _Known(told, begin + len(new) + len(ended), last, state)
