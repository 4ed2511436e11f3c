"""What every step is, and the one place where a mistake becomes a message on the page."""

import html
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core.errors import FreezepointError, disk_full
from gui.core.owner import Owner
from gui.core.settings import Settings, about, default, rows
from gui.widgets import form
from gui.words import again, say

# Also ":", "/" and "@": without them no address in a text becomes a link by itself.
_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|&~$^=:/@\n\"'")

Shown = Mapping[Any, Any]  # part of the page -> its update


class Step(ABC):
    """A step of the page.

    Attributes:
        parts: What ``show`` may change.
        restored: What ``restore`` sets.
    """

    parts: Sequence[Any]
    restored: Sequence[Any] = ()

    @abstractmethod
    def show(self, owner: Owner) -> Shown:
        """What the step's parts look like for this person now."""

    def restore(self, owner: Owner) -> Shown:
        """Its controls as the open run was made with; for coming back and opening a run."""
        del owner
        return {}


@contextmanager
def told() -> Iterator[None]:
    """Tell a person's mistake on the page, escaped; other errors go on as they are.

    Raises:
        gr.Error: For a FreezepointError, and for what the disk or the system refuses, which is also
            printed for whoever runs this computer.
    """
    try:
        with disk_full():
            yield
    except FreezepointError as error:
        raise gr.Error(_message(error.what, error.hint), 12, print_exception=False) from error
    except OSError as error:
        what = say("A file can't be read or written ({error}).", error=error.strerror or error)
        hint = say("Check the disk and your rights, then try again.")
        raise gr.Error(_message(what, hint), 12) from error


def _message(what: str, hint: str) -> str:
    lines = "<br>".join(html.escape(again(each)) for each in (what, hint))
    title = html.escape(say("That didn't work"))
    return f"<strong>{title}</strong><br>{lines}"


def user_of(request: gr.Request) -> str:
    """The name that somebody has signed in with; "" where people have none."""
    state = getattr(request.request, "state", None)
    return str(getattr(state, "user", None) or "")


def escaped(text: str) -> str:
    """A stranger's text for Markdown: every sign that means something there is made harmless."""
    return "".join(f"&#{ord(sign)};" if sign in _MARKDOWN else sign for sign in text)


def fields(kind: type[Settings], names: Iterable[str]) -> dict[str, Component]:
    """Controls for some of a settings class's rows, made where this is called."""
    known = {row.name: row for row in rows(kind)}
    made = {}
    for name in names:
        told = about(known[name])
        made[name] = form.control(
            default(known[name]),
            say(told.label),
            say(told.help),
            low=told.low,
            high=told.high,
            step=told.step,
            choices=[(choice, say(words)) for choice, words in told.choices],
        )
    return made
