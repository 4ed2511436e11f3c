"""Forms that people have asked for: each is made in its turn, whether or not anyone watches."""

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final, Literal, NamedTuple

from gui.core import forms, take_home
from gui.core.errors import FreezepointError, StoppedEarly, disk_full
from gui.core.runs import Run
from gui.core.wish import Wish
from gui.sharing import making
from gui.sharing.making import Engine
from gui.words import again, joined, say

_DOUBLE_CLICK_S: Final = 1.0  # its second half meets "Stop" where "Make it" was
_LOG: Final = logging.getLogger(__name__)


class Key(NamedTuple):
    """Which form of which model: after more training it is another, see ``take_home.stamp``."""

    path: Path
    form: str
    of: float


@dataclass(frozen=True)
class Order:
    """One form that was asked for and isn't there.

    Attributes:
        state: Where it stands.
        done: How much of it is made.
        total: Of how much; 0 as long as nobody knows.
        problem: What went wrong and what to do about it; "" when nothing did.
        asked_at: When it was asked for, seconds of a clock that never goes back.
        wish: Ends it.
    """

    state: Literal["waiting", "making", "failed"] = "waiting"
    done: int = 0
    total: int = 0
    problem: str = ""
    asked_at: float = 0.0
    wish: Wish = field(default_factory=Wish, repr=False, compare=False)


class Orders:
    """What is being made; what is whole stands in ``take_home.made``.

    One form after another, in two lines: those that take an engine, and those that don't.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        # The workshop does one thing at a time, and may take minutes; the rest takes seconds.
        self._engines = ThreadPoolExecutor(1, "take-home-engine")
        self._own = ThreadPoolExecutor(1, "take-home")
        self._orders: dict[Key, Order] = {}
        self._lock = Lock()

    def place(self, run: Run, form: str) -> None:
        """Have a form made, in the language spoken here; asked for twice, it is made once.

        Raises:
            RunError: When there is no such form, or the training isn't finished.
        """
        key = Key(run.path, forms.form(form).id, take_home.stamp(run))
        with self._lock:
            known = self._orders.get(key)
            if known is None or known.state == "failed":
                order = self._orders[key] = Order(asked_at=self._clock())
                line = self._own if key.form in making.OWN else self._engines
                line.submit(copy_context().run, self._make, run, key, order.wish)

    def stop(self, run: Run, form: str) -> None:
        """Make a form no longer: one that waits is forgotten, one under way is ended.

        Nothing happens to one that was asked for only just now: that is a double click.

        Raises:
            RunError: When there is no such form, or the training isn't finished.
        """
        key = Key(run.path, forms.form(form).id, take_home.stamp(run))
        with self._lock:
            order = self._orders.get(key)
            if order is None or order.state == "failed":
                return
            if self._clock() - order.asked_at < _DOUBLE_CLICK_S:
                return
            if order.state == "waiting":
                del self._orders[key]
        order.wish.express()

    def of(self, run: Run) -> Mapping[str, Order]:
        """What is waiting or under way of a run's present model, or couldn't be made, by form id.

        Raises:
            RunError: When the training isn't finished.
        """
        of = take_home.stamp(run)
        with self._lock:
            known = dict(self._orders)
        return {
            key.form: order for key, order in known.items() if (key.path, key.of) == (run.path, of)
        }

    def _make(self, run: Run, key: Key, wish: Wish) -> None:
        form = key.form
        with self._lock:
            order = self._orders.get(key)
            if order is None or order.wish is not wish:
                return  # it was stopped while it waited, and perhaps asked for anew
            self._orders[key] = replace(order, state="making")
        try:
            with disk_full():
                making.make(
                    run,
                    form,
                    self._engine,
                    lambda done, total: self._note(key, done=done, total=total),
                    wish,
                )
        except StoppedEarly:
            with self._lock:
                del self._orders[key]
        except FreezepointError as error:
            problem = joined(again(error.what), again(error.hint))
            self._note(key, state="failed", problem=problem)
        except Exception:
            if not run.path.is_dir():  # deleted meanwhile, so nobody asks for it any more
                with self._lock:
                    del self._orders[key]
                return
            _LOG.exception("%s of %s couldn't be made", form, run.path)
            problem = say("Something unexpected went wrong. Try again, or take another form.")
            self._note(key, state="failed", problem=problem)
        else:
            with self._lock:
                del self._orders[key]

    def _note(self, key: Key, **changed: object) -> None:
        with self._lock:
            self._orders[key] = replace(self._orders[key], **changed)  # type: ignore[arg-type]
