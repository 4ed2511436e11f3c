"""Why a process that computes has ended, and what to do about it, for a person, in English."""

import signal
from collections.abc import Callable

from gui.core import starved
from gui.core.errors import OutOfMemory, WorkerError
from gui.words import mark

_SIGKILL = 9  # signal.SIGKILL, which Windows lacks
_CONTINUE = mark("Press “Go on” to continue from the last whole epoch.")
AT_ONCE = (mark("It was stopped at once."), _CONTINUE)  # what is told of one that was ended


def cause(code: int, last_words: Callable[[], str]) -> WorkerError:
    """What to tell of a process that has ended without being asked to.

    Args:
        code: Its exit code, as ``subprocess`` has it: below 0 for a signal.
        last_words: The end of what it has printed.
    """
    if code == -_SIGKILL or (code and starved.said(last_words())):
        return OutOfMemory(
            mark(
                "The system ended the process that computes, most likely because the memory "
                "ran out."
            ),
            mark(
                "Close other programs, or choose the compact head or smaller pictures, then "
                "press “Go on”."
            ),
        )
    if code < 0:
        name = signal.Signals(-code).name
        what = mark("The process that computes was ended ({signal}).", signal=name)
        return WorkerError(what, _CONTINUE)
    what = mark("The process that computes ended by itself (exit code {code}).", code=code)
    return WorkerError(what, _CONTINUE)
