"""The way to the Hugging Face Hub: bounded in time, and whatever goes wrong is a sentence.

The library would wait for ever and try again for minutes. What it raises, and what a server says,
is never shown: requests hold the token.
"""

from __future__ import annotations  # huggingface_hub loads with the first push, not with the page

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from gui.core.errors import FreezepointError, HubError, RunError
from gui.words import say

TOKENS: Final = "https://huggingface.co/settings/tokens"

_SILENT_S: Final = 30.0  # so long the Hub may give no sign of life
_SENT: ContextVar[set[str] | None] = ContextVar("sent", default=None)


@cache  # the client is the process's; made once, or a push under way would lose its own
def bound_waiting() -> None:
    """Let no request to the Hub wait for ever, and none of a push be sent a second time."""
    from huggingface_hub import set_client_factory
    from huggingface_hub.utils._http import default_client_factory

    def client() -> Any:  # noqa: ANN401 - of httpx2, the library's own
        made = default_client_factory()
        made.timeout = _SILENT_S
        made.event_hooks = {
            "request": [*made.event_hooks["request"], _refuse_again],
            "response": [*made.event_hooks["response"], _refuse_busy],
        }
        return made

    set_client_factory(client)


@contextmanager
def attempt() -> Iterator[None]:
    """Send every request of the body once: the library would try again for minutes."""
    before = _SENT.set(set())
    try:
        yield
    finally:
        _SENT.reset(before)


def _refuse_again(request: Any) -> None:  # noqa: ANN401 - of httpx2
    sent = _SENT.get()
    if sent is None:
        return
    asked = f"{request.method} {request.url}"
    if asked in sent:
        raise _unreachable()
    sent.add(asked)


def _refuse_busy(response: Any) -> None:  # noqa: ANN401 - of httpx2
    if _SENT.get() is not None and response.status_code in (408, 429, 500, 502, 503, 504):
        raise _refusal(response.status_code, "")


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn whatever goes wrong with the Hub into a sentence.

    Raises:
        HubError: Always in place of what the library raises, and without it as its cause: its
            texts and its requests hold what nobody should read.
    """
    try:
        with attempt():
            yield
    except Exception as error:
        found = _explained(error, name)
    else:
        return
    raise found


def _explained(error: BaseException, name: str) -> FreezepointError:
    """What an error of the library means; the first one that says it, from the outside in."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    at: BaseException | None = error
    while at is not None:
        match at:
            case FreezepointError():
                return at
            case HfHubHTTPError():
                said = (at.server_message or "").lower()
                if any(word in said for word in ("quota", "storage limit", "exceeded")):
                    return _refusal(507, name)
                return _refusal(at.response.status_code, name)
            case OfflineModeIsEnabled():
                return _unreachable()
            case FileNotFoundError():
                return RunError(
                    say("A file of this model is gone."), say("Have it made again, then try.")
                )
        kind = type(at)
        if kind.__module__.partition(".")[0] in ("httpx2", "httpx", "httpcore"):
            return _too_slow() if "Timeout" in kind.__name__ else _unreachable()
        at = at.__cause__ or at.__context__
    return HubError(
        say("The Hub gave an answer that Freezepoint doesn't understand."),
        say("Try again later; if it stays so, download the model and upload it by hand."),
    )


def _refusal(status: int, name: str) -> HubError:
    """What an answer with an error means for the person."""
    match status:
        case 401:
            return HubError(
                say("The Hub doesn't know this token: it is mistyped, or it has expired."),
                say("Make a new one with the right to write at {address}.", address=TOKENS),
            )
        case 403:
            return no_right()
        case 404:
            return HubError(
                say("The Hub has no place called “{name}”.", name=name),
                say("Check the part before the slash: it is your own name or one of your teams."),
            )
        case 409:
            return HubError(
                say("You have a repository called “{name}” already.", name=name),
                say("Choose another name, or switch on that it may be updated."),
            )
        case 400 | 422:
            return HubError(
                say("The Hub doesn't accept “{name}” as it is.", name=name),
                say(
                    "Choose another name: letters without accents, digits and hyphens always work."
                ),
            )
        case 402 | 413 | 507:
            return HubError(
                say("Your account on the Hub has no room left for this model."),
                say("Delete something there, make the repository public, or use another account."),
            )
        case 429:
            return HubError(
                say("The Hub has had too many requests from you or from this network."),
                say("Wait a few minutes, then try again."),
            )
        case _:
            return HubError(
                say("The Hub has a problem of its own (error {status}).", status=status),
                say("Try again in some minutes."),
            )


def no_right() -> HubError:
    """That a token may not write there."""
    return HubError(
        say("This token may not write there."),
        say(
            "Make one with the right to write at {address}, or put your own name before the slash.",
            address=TOKENS,
        ),
    )


def _unreachable() -> HubError:
    return HubError(
        say("The Hub can't be reached."),
        say("Check the connection to the internet, then try again."),
    )


def _too_slow() -> HubError:
    return HubError(
        say("The Hub hasn't answered for {seconds:.0f} seconds.", seconds=_SILENT_S),
        say("Check the connection to the internet, then try again."),
    )
