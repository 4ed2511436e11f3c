"""Follows the events of the runs that are under way, however many there are beside them.

A file is read on from where it was left, so a look costs what was written since the last.
"""

import threading
from contextlib import suppress
from pathlib import Path

from gui.core import events
from gui.core.errors import FreezepointError
from gui.core.runs import Run
from gui.watch.work import Following, Work


class Meter:
    """What all runs have taken, from when this program began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums = Work()
        self._followed: dict[Path, _File] = {}

    def begin(self, run: Run) -> None:
        """Follow a run that a worker was given, from when it was last asked for."""
        self._follow(run, counts=True)

    def adopt(self, run: Run) -> None:
        """Follow a run that began before this program; what it took until now isn't counted."""
        self._follow(run, counts=False)

    def end(self, run: Run) -> None:
        """Count the last of it."""
        with self._lock:
            followed = self._followed.pop(run.path, None)
            if followed:
                self._sums.add(followed.read_on())

    def look(self) -> Work:
        """All that was taken by now."""
        with self._lock:
            for each in self._followed.values():
                self._sums.add(each.read_on())
            made = Work()
            made.add(self._sums)
            return made

    def _follow(self, run: Run, *, counts: bool) -> None:
        followed = _File(run)
        before = followed.read_on()
        with self._lock:
            self._followed[run.path] = followed
            if counts:
                self._sums.add(before)


class _File:
    """The events of one run."""

    def __init__(self, run: Run) -> None:
        tested = 0
        with suppress(FreezepointError):
            tested = len(run.split.test)
        self._path = run.path / "events.jsonl"
        self._read_bytes = 0
        self._following = Following(tested)

    def read_on(self) -> Work:
        """What was taken since the last look; nothing more when the run is deleted."""
        for line in self._fresh():
            event = events.from_line(line)
            if event is not None:
                self._following.take(event)
        return self._following.taken()

    def _fresh(self) -> list[str]:
        """The whole lines that were written since."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read_bytes)
                lines, end, _ = file.read().rpartition(b"\n")
        except OSError:
            return []
        self._read_bytes += len(lines) + len(end)
        return lines.decode(errors="replace").split("\n")
