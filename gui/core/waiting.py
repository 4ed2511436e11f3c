"""Trainings that wait, and whose turn it is (``core.turns``). Not for several threads at once."""

import itertools
from collections.abc import Collection

from gui.core import asked, turns
from gui.core.asked import Asked
from gui.core.runs import Run


class Waiting:
    """Those that wait, and what is known of turns that people had."""

    def __init__(self) -> None:
        """Begin without any."""
        self._asked: list[Asked] = []
        self._ranks = itertools.count(1)
        self._served: dict[str, int] = {}  # rank of the end of each person's last training

    def __len__(self) -> int:
        """How many wait."""
        return len(self._asked)

    def __contains__(self, run: Run) -> bool:
        """Whether it waits."""
        return any(each.run.id == run.id for each in self._asked)

    def add(self, run: Run, seconds: float | None = None) -> None:
        """Let a run wait behind its owner's others; ``seconds`` it is thought to take."""
        self._asked.append(self.count(run, seconds))

    def count(self, run: Run, seconds: float | None = None) -> Asked:
        """Give a run its rank without letting it wait."""
        return asked.of(run, next(self._ranks), seconds)

    def remove(self, run: Run) -> bool:
        """Take a run out; whether it has waited."""
        waited = run in self
        self._asked = [each for each in self._asked if each.run.id != run.id]
        return waited

    def served(self, run: Run) -> None:
        """Say that a run is over: what else its owner asked for comes after who waits now."""
        self._served[asked.who(run)] = next(self._ranks)

    def order(self, begun: Collection[Asked]) -> tuple[Asked, ...]:
        """All that wait, the next first.

        Args:
            begun: Those that are under way.
        """
        return turns.order(self._asked, self._served, [each.who for each in begun])

    def next(self, begun: Collection[Asked]) -> Asked | None:
        """The first that waits, unless another rung of its ladder is under way."""
        under_way = {each.ladder for each in begun} - {None}
        return next((each for each in self.order(begun) if each.ladder not in under_way), None)
