"""Events that show what they find as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import gradio as gr

from gui.steps.base import Shown, told
from gui.steps.sent import Sent
from gui.steps.wires import Wires
from gui.words import speaking_each, spoken


def stream(
    wires: Wires,
    event: Callable[..., Any],
    do: Callable[..., Iterator[Shown]],
    outputs: Sequence[Any],
    values: Mapping[str, Any] | None = None,
    *,
    takes_event: bool = False,
    idle: Shown | None = None,
) -> Any:  # noqa: ANN401 - gradio's own
    """Let an event call ``do(owner, **values)``, showing each part of what it gives.

    It speaks the language that is spoken where this is called.

    Args:
        wires: What connects.
        event: The event.
        do: Gives updates of the outputs, one after another.
        outputs: What it may update.
        values: Further arguments from the page.
        takes_event: Whether ``do`` has a parameter ``event``, for what the event tells, as
            :class:`Sent`.
        idle: What to show when it fails, so that it can be tried again.

    Returns:
        The event after which all of it is shown.
    """
    language = spoken()

    def parts(token: str, request: gr.Request, given: Mapping[str, object]) -> Iterator[Shown]:
        with told():
            try:
                yield from do(wires.who(token, request), **given)
            except Exception:
                if idle:
                    yield idle
                raise

    def plain(token: str, request: gr.Request, **given: object) -> Iterator[Shown]:
        yield from speaking_each(language, parts(token, request, given))

    def with_event(
        token: str, request: gr.Request, event: gr.EventData, **given: object
    ) -> Iterator[Shown]:
        yield from speaking_each(language, parts(token, request, {"event": Sent(event), **given}))

    return event(
        with_event if takes_event else plain,
        inputs_kwargs={"token": wires.token, **(values or {})},
        outputs=list(outputs),
        api_visibility="undocumented",
        show_progress="hidden",
        concurrency_limit=4,
    )
