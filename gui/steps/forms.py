"""The forms of a training as the cards of "Take home"."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

from gui.core import downloads, take_home
from gui.core.forecast import size
from gui.core.forms import FORMS, Form, Group
from gui.core.runs import Run
from gui.core.take_home import Check, Made
from gui.sharing.orders import Order
from gui.words import again, mark, say

# What may tell more when it is made once more: the training is evaluated further meanwhile.
_RENEWED: Final = frozenset({"card", "report", "project", "demo", "page"})
GROUPS: Final[Mapping[Group, tuple[str, str]]] = MappingProxyType(
    {
        "model": (
            mark("Your model"),
            mark("The model itself, and a page with it inside that everybody can open."),
        ),
        "other": (
            mark("For other programs and devices"),
            mark(
                "In the form that the other program or device needs. Each is made when you ask for "
                "it, and tried on checking pictures before it is offered: it has to answer as your "
                "model does."
            ),
        ),
        "app": (
            mark("An app"),
            mark("For everyone who only wants to know what is on a picture."),
        ),
        "program": (
            mark("This training as a program"),
            mark("Start it on the same folder of pictures, without Freezepoint."),
        ),
        "about": (
            mark("About it"),
            mark("For whoever should know how it was trained, or go on with it."),
        ),
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
    forms = [each for each in FORMS.values() if each.group == group]
    told = [_card(each, run, made.get(each.id), orders.get(each.id), offered) for each in forms]
    return {"fields": dict(fields), "forms": told}


def found(check: Check) -> str:
    """What the check of a form found, in words."""
    ten_thousandths = math.ceil(round(1e4 * check.largest_difference, 6))
    return say(
        "{answers}; probabilities differ by less than 0.0001."
        if ten_thousandths <= 1
        else "{answers}; probabilities differ by {most:.4f} at most.",
        answers=_answers(check),
        most=ten_thousandths / 1e4,
    )


def _answers(check: Check) -> str:
    """On how many pictures it ran, and how many of its answers were the same."""
    told: dict[str, object] = {"runtime": check.runtime, "same": check.same}
    if check.pictures == 1:
        return say(
            "Ran in {runtime} on 1 checking picture: the same answer"
            if check.same
            else "Ran in {runtime} on 1 checking picture: the same answer for {same}",
            **told,
        )
    return say(
        "Ran in {runtime} on {pictures} checking pictures: the same answer for all {same}"
        if check.same == check.pictures
        else "Ran in {runtime} on {pictures} checking pictures: the same answer for {same}",
        pictures=check.pictures,
        **told,
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
        "name": say(form.label),
        "about": say(form.help),
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
        return _told("unchecked" if keras else "failed", "retry", again(order.problem))
    if order:
        under_way = "checking" if keras else "making"
        return _told("waiting" if order.state == "waiting" else under_way, "stop")
    if made and made.refused:
        return _told("refused", "retry", again(made.refused))
    if made and there:
        ask = "again" if form in _RENEWED else ""
        return _told("ready", ask, found(made.check) if made.check else "")
    return _told("new", "check" if keras else "make")


def _told(state: str, ask: str, told: str = "") -> dict[str, str]:
    return {"state": state, "ask": ask, "told": told}


def _size(size_bytes: int) -> str:
    """A size as people say it: "7 kB", "59 MB"."""
    return f"{max(1, round(size_bytes / 1e3))} kB" if size_bytes < 995e3 else size(size_bytes)
