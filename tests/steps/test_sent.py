"""What an event tells, taken apart: whoever calls may send anything."""

import gradio as gr
import pytest

from gui.core.errors import NotYours
from gui.steps.sent import Sent

ODD = [None, 7, 0.5, True, "x", [], {}, ["a"], {"name": {}}, float("nan"), 10**400]


def sent(data: object) -> Sent:
    return Sent(gr.EventData(None, data))


def test_values_come_as_what_they_have_to_be() -> None:
    told = sent({"name": "cat", "to": None, "first": 12, "included": False, "view": {"a": 1}})
    assert told.text("name") == "cat"
    assert told.text_or_none("to") is told.text_or_none("nothing") is None
    assert (told.number("first"), told.truth("included")) == (12, False)
    assert told.get("view") == {"a": 1}


@pytest.mark.parametrize("data", ODD)
def test_what_is_missing_is_told_whatever_was_sent(data: object) -> None:
    told = sent(data)
    assert told.get("kind") is None
    for take in (told.text, told.number, told.truth):
        with pytest.raises(NotYours, match="asked for something unknown"):
            take("kind")


@pytest.mark.parametrize("value", ODD)
def test_what_is_of_another_kind_is_told(value: object) -> None:
    told = sent({"kind": value})
    for take, right in ((told.text, str), (told.number, int), (told.truth, bool)):
        if type(value) is not right:
            with pytest.raises(NotYours, match="asked for something unknown"):
                take("kind")
