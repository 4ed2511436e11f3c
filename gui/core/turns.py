"""Whose training is next, and when: people are served in turn, whatever each of them has asked for.

Who comes stands behind everybody who waits already; who was served stands there again with what
else they asked for. So a comparison of ten freeze points holds up nobody: between two of its rungs
everyone who waits has one training done. And nobody waits for ever, whoever comes after them. Pure.
"""

import heapq
import math
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gui.core.asked import Asked
from gui.core.history import History


@dataclass(frozen=True)
class Standing:
    """Where a training stands in the queue.

    Attributes:
        place: 1 for the next.
        eta_s: Seconds until it begins; None when nobody can say.
    """

    place: int
    eta_s: float | None = None


def order(
    waiting: Iterable[Asked], served: Mapping[str, int], busy: Sequence[str]
) -> tuple[Asked, ...]:
    """Those that wait, in the order in which they will be taken.

    Args:
        waiting: Each person's own in the order they were asked for.
        served: For each person the rank of the end of their last training.
        busy: People whose trainings are under way: they stand behind all who wait now.
    """
    lines = defaultdict[str, deque[Asked]](deque)
    for each in sorted(waiting, key=lambda asked: asked.rank):
        lines[each.who].append(each)
    behind = max(
        [*served.values(), *(line[-1].rank for line in lines.values())], default=0
    )  # every rank so far
    stands = dict(served)
    for who in dict.fromkeys(busy):
        behind += 1
        stands[who] = behind
    heap = [(max(line[0].rank, stands.get(who, 0)), who) for who, line in lines.items()]
    heapq.heapify(heap)
    ordered = []
    while heap:
        _, who = heapq.heappop(heap)
        ordered.append(lines[who].popleft())
        behind += 1
        if lines[who]:
            heapq.heappush(heap, (behind, who))
    return tuple(ordered)


def standings(
    ordered: Sequence[Asked],
    left_s: Sequence[float | None],
    capacity: int,
    between_s: float,
    last_s: float = math.inf,
) -> dict[str, Standing]:
    """Place and time of each training that waits, by the id of its run.

    Args:
        ordered: See :func:`order`.
        left_s: Seconds until each that is under way ends; None when nobody can say.
        capacity: How many can be under way at once.
        between_s: Seconds from the end of one until the next begins.
        last_s: How long the last one took, for when nothing else is known; inf for unknown.
    """
    known = [each.seconds for each in ordered if each.seconds is not None]
    known += [each for each in left_s if each is not None]
    usual = sum(known) / len(known) if known else last_s
    free = [(usual if each is None else each) + between_s for each in left_s]
    free += [0.0] * (capacity - len(free)) or [math.inf] * (not free)
    heapq.heapify(free)
    found = {}
    for place, each in enumerate(ordered, start=1):
        begins = heapq.heappop(free)
        found[each.run.id] = Standing(place, begins if math.isfinite(begins) else None)
        takes = usual if each.seconds is None else each.seconds
        heapq.heappush(free, begins + takes + between_s)
    return found


def left_s(history: History, now: float) -> float | None:
    """Seconds until a training under way ends; None when nobody can say.

    Once the last phase runs, from how long its epochs really take; before, as it was planned.
    """
    started, planned = history.started, history.planned
    if started is None or planned is None:
        return None
    rest = planned.rest_s
    last = history.epochs[-1] if history.epochs else None
    phase = history.phases[-1] if history.phases else None
    if last and phase and last.at >= started.at and last.epoch >= phase.epoch:
        since = max(0.0, now - last.at)
        if phase.last_epoch >= history.epochs_planned:
            left = (history.epochs_planned - last.epoch) * last.seconds + rest - since
            return max(1.0, left)
    return max(1.0, planned.seconds() - max(0.0, now - started.at))
