"""How a worker is spoken to: a JSON object a line, a request in, its answer out.

A request names a method in ``do``. Each part of its answer is a line ``{"part": …}``; the last line
is ``{"done": true}``, or ``{"error": …}`` with what a person is told.
"""

import json
from collections.abc import Callable
from typing import Protocol, TextIO

from gui.core.errors import FreezepointError, disk_full
from gui.engine import mishaps


class Worker(Protocol):
    """Has a method for each request, which yields the parts of its answer.

    Attributes:
        answer: Sends a part of an answer at once, where its method is still at work.
    """

    answer: Callable[[object], None]

    def rest(self) -> None:
        """Do what was left until an answer is out."""


def serve(worker: Worker, requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are no more."""

    def answer(**values: object) -> None:
        answers.write(json.dumps(values, ensure_ascii=False) + "\n")
        answers.flush()

    worker.answer = lambda part: answer(part=part)
    for line in requests:
        request = json.loads(line)
        try:
            with disk_full():
                for part in getattr(worker, request["do"])(request):
                    answer(part=part)
        except FreezepointError as error:
            answer(error=_mistake(error))
        except BrokenPipeError:
            raise  # nobody hears the answers
        except Exception as error:
            told = mishaps.of_request(request, error)
            if told is None:
                raise
            answer(error=_mistake(told))
        else:
            answer(done=True)
            worker.rest()


def _mistake(told: FreezepointError) -> dict[str, str]:
    """What the page is told of a mistake."""
    return {"what": told.what, "hint": told.hint, "kind": told.kind}
