"""What visitors do at the end of the journey: have a picture answered, take the model home."""

from typing import Any

import running
from visiting import Files, Visitor

from gui.core.forms import FORMS

_MAKING = ("waiting", "making", "checking")


def answers(someone: Visitor, files: Files) -> str:
    """Drop pictures under Test; what the page shows of the answers, as text."""
    step = someone.page.test
    shown = someone.does(step.drop, "uploaded", someone.uploads(files))
    return str(shown.get(step.answers))


def makes(someone: Visitor, form: str, most_s: float = 300.0) -> str:
    """Ask for a form under Take home and wait for it; what went wrong, "" when nothing did."""
    step = someone.page.home
    part = step.groups[FORMS[form].group]

    def card() -> dict[str, Any] | None:
        shown = someone.does(step.timer, "tick")
        told = next(each for each in shown[part]["forms"] if each["id"] == form)
        return None if told["state"] in _MAKING else told

    someone.does(part, "picked", told={"kind": "make", "id": form})
    ended = running.wait_for(card, most_s)
    return "" if ended["state"] == "ready" else str(ended["told"])
