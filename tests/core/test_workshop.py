"""What the workshop sends to its process; tests/engine/test_workshop.py asks a real one."""

from typing import Any

from gui.core.workshop import Workshop
from gui.words import speaking


class Asked:
    """A process that only remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def ask(self, do, _hear=None, **values):
        self.requests.append({"do": do, **values})
        return [None]


def test_the_language_goes_along_with_what_is_made_for_a_person(run) -> None:
    process = Asked()
    workshop = Workshop(process)
    workshop.make(run, "page", lambda *_: None)
    with speaking("zh-Hant"):
        workshop.make(run, "page", lambda *_: None)
        workshop.evaluate(run, lambda *_: None)
    assert [each.get("language") for each in process.requests] == ["en", "zh-Hant", None]
