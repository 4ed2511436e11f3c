"""The history of a run's file, read on from where it was read before.

Everybody who watches a training looks once a second, and the file grows several times a second.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import events, files
from gui.core.history import History, fold

_MOST: Final = 256  # files


@dataclass(frozen=True)
class _Known:
    """What was read of a file: all whole lines up to a byte, the last of which is kept."""

    told: tuple[int, int, int]
    end: int
    last: bytes
    history: History


class Following:
    """Histories of the files that have grown last; threads may share it."""

    def __init__(self) -> None:
        self._known: OrderedDict[Path, _Known] = OrderedDict()
        self._turn = threading.Lock()  # many ask at once, and one of them needs to read

    def history(self, path: Path) -> History:
        """What all events of the file fold to; the empty history when it isn't there.

        Raises:
            OSError: When it can't be read.
        """
        try:
            stat = files.stat(path)
        except FileNotFoundError:
            return History()
        told = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        known = self._known.get(path)
        if known is not None and known.told == told:
            return known.history
        with self._turn:
            known = self._known.get(path)
            if known is None or known.told != told:
                known = self._known[path] = _read(path, told, known)
                self._known.move_to_end(path)
                if len(self._known) > _MOST:
                    self._known.popitem(last=False)
        return known.history


def _read(path: Path, told: tuple[int, int, int], known: _Known | None) -> _Known:
    with path.open("rb") as file:
        if known and known.told[0] == told[0]:
            file.seek(known.end - len(known.last))
            if file.read(len(known.last)) != known.last:  # it was written anew
                known = None
        else:
            known = None
        begin, history = (known.end, known.history) if known else (0, History())
        file.seek(begin)
        new, ended, _ = file.read().rpartition(b"\n")
    lines = (new + ended).splitlines(keepends=True)
    happened = (events.from_line(line.decode(errors="replace")) for line in lines)
    history = fold((each for each in happened if each is not None), history)
    last = lines[-1] if lines else known.last if known else b""
    return _Known(told, begin + len(new) + len(ended), last, history)
