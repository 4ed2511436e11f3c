"""Events of the page, connected to what a person does and to the steps that it changes."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from gui.core import files
from gui.core.owner import Owner
from gui.core.site import Site
from gui.steps.base import Shown, Step, told, user_of
from gui.steps.sent import Sent
from gui.words import speaking, speaking_each, spoken

_GLANCE_S = 0.3
_ANEW = (Path(__file__).resolve().parents[2] / "assets" / "anew.js").read_text(encoding="utf-8")


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
            *parts(steps),
            *(part for step in steps if restores for part in step.restored),
            *extra,
        ]

        def act(token: str, request: gr.Request, given: Mapping[str, object]) -> Shown:
            with speaking(self._language), told():
                owner = self.who(token, request)
                own = do(owner, **given)
                restored = _restored(steps, owner) if restores else {}
                own = own if isinstance(own, Mapping) else {}
                shown = {**all_shown(steps, owner), **restored, **own}
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
                yield {**all_shown(steps, owner), **_updates(own)}

        def with_sign_in(
            token: str, request: gr.Request, oauth: gr.OAuthToken | None, **given: object
        ) -> Iterator[Shown]:
            yield from handler(token, request, **given, signed_in=oauth.token if oauth else "")

        return event(
            with_sign_in if signed_in else handler,
            inputs_kwargs={"token": self.token, **(values or {})},
            outputs=parts(steps),
            api_visibility="undocumented",
            show_progress="hidden",
            concurrency_limit=4,
            js=_ANEW,
        )


def _updates(returned: Sequence[object]) -> Shown:
    """What a function returned last, when these are updates of the page."""
    last = returned[-1] if returned else None
    return last if isinstance(last, Mapping) else {}


def parts(steps: Iterable[Step]) -> list[Any]:
    """Every part of these steps that their ``show`` may change."""
    return [part for step in steps for part in step.parts]


def all_shown(steps: Iterable[Step], owner: Owner) -> dict[Any, Any]:
    """What the parts of these steps look like for this person now."""
    with files.still():
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
