"""The forms of a training as the cards of "Take home"."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

from gui.core import downloads, take_home
from gui.core.forecast import size
from gui.core.runs import Run
from gui.core.take_home import Check, Form, Group, Made
from gui.sharing.orders import Order

# What may tell more when it is made once more: the training is evaluated further meanwhile.
_RENEWED: Final = frozenset({"card", "report", "project"})
GROUPS: Final[Mapping[Group, tuple[str, str]]] = MappingProxyType(
    {
        "model": (
            "Your model",
            "In the form that the other program or device needs. Each is made when you ask for "
            "it, and tried on checking pictures before it is offered: it has to answer as your "
            "model does.",
        ),
        "program": (
            "This training as a program",
            "Start it on the same folder of pictures, without Freezepoint.",
        ),
        "app": ("An app", "For everyone who only wants to know what is on a picture."),
        "about": ("About it", "For whoever should know how it was trained, or go on with it."),
    }
)


def cards(
    run: Run, group: Group, orders: Mapping[str, Order], fields: Mapping[str, str]
) -> dict[str, Any]:
    """A group's cards, as ``gui.widgets.take_home`` takes them.

    Args:
        run: A finished run.
        group: Which.
        orders: What is being made of it.
        fields: What a download sends.
    """
    made, offered = take_home.made(run), downloads.offered(run)
    forms = [each for each in take_home.FORMS.values() if each.group == group]
    told = [_card(each, run, made.get(each.id), orders.get(each.id), offered) for each in forms]
    return {"fields": dict(fields), "forms": told}


def found(check: Check) -> str:
    """What the check of a form found, in words."""
    pictures = "picture" if check.pictures == 1 else "pictures"
    if check.pictures == 1 == check.same:
        same = "the same answer"
    else:
        every = "all " if check.same == check.pictures else ""
        same = f"the same answer for {every}{check.same}"
    ten_thousandths = math.ceil(round(1e4 * check.largest_difference, 6))
    differ = "less than 0.0001" if ten_thousandths <= 1 else f"{ten_thousandths / 1e4:.4f} at most"
    return (
        f"Ran in {check.runtime} on {check.pictures} checking {pictures}: {same}; probabilities "
        f"differ by {differ}."
    )


def _card(
    form: Form, run: Run, made: Made | None, order: Order | None, offered: Collection[str]
) -> dict[str, Any]:
    keras = form.id == "keras"
    names = [form.file, run.labels.name] if keras else [form.file]
    files = [name for name in names if form.file in offered and name in offered]
    size_bytes = take_home.file(run, form.id).stat().st_size if files else 0
    return {
        "id": form.id,
        "name": form.label,
        "about": form.help,
        "fraction": order.done / order.total if order and order.total else None,
        "size": _size(size_bytes) if files else "",
        "files": files,
        "main": keras,
        **_standing(form.id, made, order, there=bool(files)),
    }


def _standing(form: str, made: Made | None, order: Order | None, *, there: bool) -> dict[str, str]:
    """How it stands, what is told of it, and what can be asked for."""
    keras = form == "keras"
    if order and order.state == "failed":
        return _told("unchecked" if keras else "failed", "retry", order.problem)
    if order:
        under_way = "checking" if keras else "making"
        return _told("waiting" if order.state == "waiting" else under_way, "")
    if made and made.refused:
        return _told("refused", "retry", made.refused)
    if made and there:
        again = "again" if form in _RENEWED else ""
        return _told("ready", again, found(made.check) if made.check else "")
    return _told("new", "check" if keras else "make")


def _told(state: str, ask: str, told: str = "") -> dict[str, str]:
    return {"state": state, "ask": ask, "told": told}


def _size(size_bytes: int) -> str:
    """A size as people say it: "7 kB", "59 MB"."""
    return f"{max(1, round(size_bytes / 1e3))} kB" if size_bytes < 995e3 else size(size_bytes)
