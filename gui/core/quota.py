"""Who may still keep something here: the one place where the limits are kept to.

Room is taken before bytes are, and for everybody under one lock: what two tabs ask for at the same
moment is counted together. This process is the only one that lets people in (``Workspace.hold``),
so what is held stands in its memory.
"""

import shutil
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gui.core import usage
from gui.core.errors import FreezepointError, NotYours, QuotaError
from gui.core.forecast import size
from gui.core.limits import OWN_COMPUTER, Limits
from gui.core.runs import Run
from gui.core.usage import Usage
from gui.words import joined, say

_HOUR_S: Final = 3600.0
_COUNTED_S: Final = 5.0  # an upload of many parts is counted anew only as often as this
NOTHING: Final = Usage()


class Quota:
    """What people may keep, what is being taken at this moment, and who has left for good.

    Attributes:
        limits: What it keeps to.
    """

    def __init__(self, limits: Limits = OWN_COMPUTER) -> None:
        self.limits = limits
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._held: list[tuple[Path, Usage]] = []
        self._came: deque[float] = deque()  # when each of the newest people came
        self._gone: set[Path] = set()
        self._counted = (-_COUNTED_S, 0)  # when, and what everything took

    @contextmanager
    def room(
        self, person: Path, asked: Usage = NOTHING, *, frees: Usage = NOTHING
    ) -> Iterator[None]:
        """Have room for something that is written meanwhile.

        Args:
            person: Their folder.
            asked: What will be kept.
            frees: What will be deleted in its place.

        Raises:
            QuotaError: When it is more than this person, or all together, may keep.
            NotYours: When they have deleted everything of theirs, also meanwhile.
        """
        with self._lock:
            self.check(person, asked, frees=frees)
            hold = (person, asked)
            self._held.append(hold)
        try:
            yield
        finally:
            with self._changed:
                self._held.remove(hold)
                if person in self._gone:
                    shutil.rmtree(person, ignore_errors=True)
                self._changed.notify_all()
        self.check_there(person)

    def check(self, person: Path, asked: Usage, *, frees: Usage = NOTHING) -> None:
        """Refuse what there is no room for.

        Raises:
            QuotaError: When it is more than this person, or all together, may keep.
            NotYours: When they have deleted everything of theirs.
        """
        with self._lock:
            self.check_there(person)
            self._check_person(person, asked, frees)
            most = self.limits.all_mb * 10**6
            if most and asked.size_bytes:
                total = usage.everybody(person.parent).without(frees).size_bytes
                total += sum(held.size_bytes for _, held in self._held) + asked.size_bytes
                if total > most:
                    raise self._full()

    def check_queued(self, trainings: int) -> None:
        """Refuse more trainings at once than one person may have waiting.

        Raises:
            QuotaError: When they are too many.
        """
        most = self.limits.person_queued
        if most and trainings > most:
            raise QuotaError(
                say(
                    "That is {n} trainings at once; here one person may have {most} waiting, as "
                    "others wait, too.",
                    n=trainings,
                    most=most,
                ),
                say("Choose fewer freeze points."),
            )

    def arrive(self, person: Path) -> None:
        """Let a person in whose folder is not there yet.

        Raises:
            QuotaError: When too many have come lately.
        """
        most, now = self.limits.people_per_hour, time.monotonic()
        with self._lock:
            while self._came and now - self._came[0] > _HOUR_S:
                self._came.popleft()
            if most and len(self._came) >= most and not person.is_dir():
                raise QuotaError(
                    say(
                        "{n} people have come here within an hour; this server takes no more.",
                        n=len(self._came),
                    ),
                    say("Try again in an hour."),
                )
            self._came.append(now)

    def refusal(self, owners: Path, uploads: Path, size_bytes: int) -> str:
        """Why an upload isn't let in: all together would keep too much; "" when it may come.

        Args:
            owners: Folder of everybody's folders.
            uploads: Folder of what nobody has taken yet.
            size_bytes: How much is being sent.
        """
        most = self.limits.all_mb * 10**6
        if not most:
            return ""
        with self._lock:
            counted_at, total = self._counted
            if time.monotonic() - counted_at > _COUNTED_S:
                counted_at = time.monotonic()
                total = usage.everybody(owners).size_bytes + usage.size_bytes(uploads)
            total += size_bytes
            if total > most:
                error = self._full()
                return joined(error.what, error.hint)
            self._counted = counted_at, total
            return ""

    def forbid(self, person: Path) -> None:
        """From now on this person is nobody: whatever is under way for them is refused."""
        with self._lock:
            self._gone.add(person)

    def allow(self, person: Path) -> None:
        """Take that back."""
        with self._lock:
            self._gone.discard(person)

    def gone(self, person: Path) -> bool:
        """Whether this person has deleted everything of theirs."""
        return person in self._gone

    def check_there(self, person: Path) -> None:
        """Refuse whoever has deleted everything of theirs.

        Raises:
            NotYours: When they have.
        """
        if self.gone(person):
            raise NotYours(
                say("Everything that this page has shown is deleted."),
                say("Reload the page to begin anew."),
            )

    def wait_until_alone(self, person: Path, seconds: float) -> bool:
        """Wait until nothing is taken for this person; whether it has come to that in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: all(each != person for each, _ in self._held), seconds
            )

    def taking(self, person: Path) -> bool:
        """Whether something is being taken for this person."""
        with self._lock:
            return any(each == person for each, _ in self._held)

    def _check_person(self, person: Path, asked: Usage, frees: Usage) -> None:
        limits = self.limits
        if not (limits.person_mb or limits.person_pictures or limits.person_runs):
            return
        held = sum((each for who, each in self._held if who == person), NOTHING)
        kept = usage.person(person).without(frees) + held
        wanted = kept + asked
        if limits.person_runs and asked.runs and wanted.runs > limits.person_runs:
            raise QuotaError(
                say(
                    "You have {n} trainings; here one person may keep {most}.",
                    n=kept.runs,
                    most=limits.person_runs,
                ),
                say("Take home what you need, and delete a training under Runs."),
            )
        if limits.person_pictures and asked.pictures and wanted.pictures > limits.person_pictures:
            raise QuotaError(
                say(
                    "You have {n:,} pictures, and these are {more:,} more; here one person may "
                    "keep {most:,}.",
                    n=kept.pictures,
                    more=asked.pictures,
                    most=limits.person_pictures,
                ),
                say("Choose fewer, or delete a training under Runs: its pictures go with it."),
            )
        most = limits.person_mb * 10**6
        if most and asked.size_bytes and wanted.size_bytes > most:
            kept = kept.without(_spare(person))
            wanted = kept + asked
        if most and asked.size_bytes and wanted.size_bytes > most:
            raise QuotaError(
                say(
                    "You have {kept}, and this takes {more} more; here one person may keep {most}.",
                    kept=size(kept.size_bytes),
                    more=size(asked.size_bytes),
                    most=size(most),
                ),
                say("Delete a training under Runs, or choose less."),
            )

    def _full(self) -> QuotaError:
        return QuotaError(
            say(
                "This server is full: all people together may keep {most} here.",
                most=size(self.limits.all_mb * 10**6),
            ),
            say("Delete a training under Runs, or come back later."),
        )


def _spare(person: Path) -> Usage:
    """Delete what can be worked out again, unless a training needs it; how much that was."""
    features = person / "features"
    for told in person.glob("runs/*/run.json"):
        with suppress(FreezepointError):
            if Run(told.parent).history.busy:
                return NOTHING
    found = Usage(usage.size_bytes(features))
    shutil.rmtree(features, ignore_errors=True)
    return found
