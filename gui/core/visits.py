"""When each person was here last, and how long nobody has come since then.

That time is counted as long as the server runs, not read off a clock: a clock that is set forward
or back by days makes nothing older, and nothing expires because the server was off. What a person
leaves is the time of change of one file, touched at most once a minute; it is only ever compared
with itself.
"""

import json
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from gui.core import files
from gui.core.errors import DiskFull, FreezepointError

VISITED: Final = "visited"
_NOTED_S: Final = 60.0


class Visits:
    """Notes who comes; without a folder nobody is noted."""

    def __init__(self) -> None:
        self._noted: dict[Path, float] = {}

    def note(self, person: Path) -> None:
        """Note that this person is here."""
        now = time.monotonic()
        if now - self._noted.get(person, -math.inf) < _NOTED_S or not person.is_dir():
            return
        self._noted[person] = now
        with suppress(OSError):  # a full disk: then the last visit counts
            (person / VISITED).touch()


def stamp(person: Path) -> int:
    """What changes with every visit; 0 before the first."""
    try:
        return (person / VISITED).stat().st_mtime_ns
    except OSError:
        return 0


class Attendance:
    """Seconds since each person's last visit, kept in a file across restarts."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _load(file)

    def count(self, owners: Path, passed_s: float) -> Mapping[Path, float]:
        """Add the time that has passed; returns the seconds since each person's last visit."""
        found: dict[str, tuple[int, float]] = {}
        for person in sorted(owners.glob("*")):
            visited = stamp(person)
            before, absent_s = self._known.get(person.name, (visited, -passed_s))
            found[person.name] = visited, absent_s + passed_s if visited == before else 0.0
        if found != self._known:
            told = {name: list(each) for name, each in found.items()}
            with suppress(DiskFull):  # what is due makes room all the more
                files.write_json(self._file, {"version": 1, "people": told})
        self._known = found
        return {owners / name: absent_s for name, (_, absent_s) in found.items()}


def _load(file: Path) -> dict[str, tuple[int, float]]:
    """What was kept; a file that can't be read tells of nobody, so nobody was away."""
    try:
        with files.checked():
            stored = files.version_1(json.loads(file.read_text(encoding="utf-8")))
            return {
                str(name): (int(visited), max(0.0, float(absent_s)))
                for name, (visited, absent_s) in stored["people"].items()
                if math.isfinite(absent_s)
            }
    except (OSError, FreezepointError):
        return {}
