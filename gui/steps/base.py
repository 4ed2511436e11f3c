"""What every step is, and the one place where a mistake becomes a message on the page."""

import html
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core.errors import FreezepointError, disk_full
from gui.core.owner import Owner
from gui.core.settings import Settings, about, default, rows
from gui.core.site import Site
from gui.steps.sent import Sent
from gui.widgets import form
from gui.words import again, say, speaking, speaking_each, spoken

_GLANCE_S = 0.3
_ANEW = (Path(__file__).resolve().parents[2] / "assets" / "anew.js").read_text(encoding="utf-8")
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


class Wires:
    """Connects events to what a person does, and shows the steps that it changes.

    All of it speaks the language that was spoken where the wires were made.
    """

    def __init__(self, site: Site, token: gr.BrowserState) -> None:
        self.site = site
        self.token = token
        self._language = spoken()

    def who(self, token: str, request: gr.Request) -> Owner:
        """The person with this token, as whom they have signed in.

        Raises:
            NotYours: When it is no token of theirs.
        """
        return self.site.workspace.owner(token, user_of(request))

    def on(
        self,
        event: Callable[..., Any],
        do: Callable[..., object],
        shows: Iterable[Step] = (),
        *,
        extra: Iterable[Any] = (),
        values: Mapping[str, Component] | None = None,
        restores: bool = False,
        **options: Any,  # noqa: ANN401 - gradio's own
    ) -> Any:  # noqa: ANN401
        """Let an event call ``do(owner, **values)`` and then show the given steps.

        ``do`` may return updates of its own, for its steps' parts or the ``extra`` ones. When it
        has a parameter ``event``, it is given what the event tells, as :class:`Sent`. With
        ``restores``, the steps' controls are set to what the open run was made with.
        """
        steps = list(shows)
        outputs = [
            *_parts(steps),
            *(part for step in steps if restores for part in step.restored),
            *extra,
        ]

        def act(token: str, request: gr.Request, given: Mapping[str, object]) -> Shown:
            with speaking(self._language), told():
                owner = self.who(token, request)
                own = do(owner, **given)
                restored = _restored(steps, owner) if restores else {}
                own = own if isinstance(own, Mapping) else {}
                shown = {**_shown(steps, owner), **restored, **own}
                return shown or ({outputs[0]: gr.skip()} if outputs else {})

        def plain(token: str, request: gr.Request, **given: object) -> Shown:
            return act(token, request, given)

        def with_event(
            token: str, request: gr.Request, event: gr.EventData, **given: object
        ) -> Shown:
            return act(token, request, {"event": Sent(event), **given})

        takes_event = "event" in inspect.signature(do).parameters
        return event(
            with_event if takes_event else plain,
            inputs_kwargs={"token": self.token, **(values or {})},
            outputs=outputs or None,
            api_visibility="undocumented",
            **options,
        )

    def follow(
        self,
        event: Callable[..., Any],
        do: Callable[..., object],
        shows: Iterable[Step],
        busy: Callable[..., Shown],
        idle: Shown,
        *,
        values: Mapping[str, Component] | None = None,
        signed_in: bool = False,
    ) -> Any:  # noqa: ANN401
        """Let an event call ``do(owner, progress=…, **values)``, showing how far it is meanwhile.

        Args:
            event: The event.
            do: May take long; calls ``progress(done, total)``, or with more that ``busy`` takes.
                It may return updates of its own.
            shows: Steps to show at its end.
            busy: What to show meanwhile, from done and total.
            idle: What to show when it fails, so that it can be tried again. What was refused
                before is no longer told from the beginning of a new try.
            values: Further arguments from the page.
            signed_in: Whether ``do`` takes the token of who is signed in with Hugging Face, as
                ``signed_in``; "" for nobody.
        """
        steps = list(shows)

        def handler(token: str, request: gr.Request, **given: object) -> Iterator[Shown]:
            yield from speaking_each(self._language, work_shown(token, request, **given))

        def work_shown(token: str, request: gr.Request, **given: object) -> Iterator[Shown]:
            with told():
                owner = self.who(token, request)
                work, own = partial(do, owner, **given), list[object]()
                try:
                    for told_last in _followed(
                        lambda progress: own.append(work(progress=progress))
                    ):
                        yield busy(*told_last)
                except Exception:
                    yield idle
                    raise
                yield {**_shown(steps, owner), **_updates(own)}

        def with_sign_in(
            token: str, request: gr.Request, oauth: gr.OAuthToken | None, **given: object
        ) -> Iterator[Shown]:
            yield from handler(token, request, **given, signed_in=oauth.token if oauth else "")

        return event(
            with_sign_in if signed_in else handler,
            inputs_kwargs={"token": self.token, **(values or {})},
            outputs=_parts(steps),
            api_visibility="undocumented",
            show_progress="hidden",
            concurrency_limit=4,
            js=_ANEW,
        )


def _updates(returned: Sequence[object]) -> Shown:
    """What a function returned last, when these are updates of the page."""
    last = returned[-1] if returned else None
    return last if isinstance(last, Mapping) else {}


def _parts(steps: Iterable[Step]) -> list[Any]:
    return [part for step in steps for part in step.parts]


def _shown(steps: Iterable[Step], owner: Owner) -> dict[Any, Any]:
    return {part: how for step in steps for part, how in step.show(owner).items()}


def _restored(steps: Iterable[Step], owner: Owner) -> dict[Any, Any]:
    return {part: how for step in steps for part, how in step.restore(owner).items()}


def _followed(work: Callable[[Callable[..., None]], object]) -> Iterator[tuple[Any, ...]]:
    """Run work in a thread and yield its newest progress a few times a second, then its error."""
    newest: list[tuple[Any, ...]] = [(0, 0)]

    def note(*given: Any) -> None:  # noqa: ANN401 - what the work tells
        newest[0] = given

    with ThreadPoolExecutor(1, "reading") as pool:
        running = pool.submit(copy_context().run, work, note)
        while wait([running], _GLANCE_S).not_done:
            yield newest[0]
        running.result()


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
