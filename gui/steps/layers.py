"""Which layer is asked where the model looked: the choices of a training, in words."""

from __future__ import annotations

import gradio as gr

from gui.core.explanation import Where, layer
from gui.core.runs import Run
from gui.words import say


def choices(run: Run) -> list[tuple[str, Where]]:
    """The layers of a run that can be asked, each in words and as what the page sends for it."""
    last = _layer(run, "last_convolution")
    found: list[tuple[str, Where]] = [(spoken(run, "last_convolution"), "last_convolution")]
    if _layer(run, "freeze_point") != last:  # else only the head has learned, or that very layer
        found.append((spoken(run, "freeze_point"), "freeze_point"))
    return found


def spoken(run: Run, where: Where) -> str:
    """A layer that is asked, in words: "The last convolution (block5_conv3)"."""
    last, asked = _layer(run, "last_convolution"), _layer(run, where)
    if asked == last:
        return say("The last convolution ({layer})", layer=last)
    return say("The first layer that has learned ({layer})", layer=asked)


def told(run: Run, where: Where) -> str:
    """Which layer an overlay is of, in a few words."""
    return say("Layer that was asked: {layer}", layer=spoken(run, where))


def read(value: object) -> Where:
    """The layer that a page asks for; whoever calls may send anything."""
    return "freeze_point" if value == "freeze_point" else "last_convolution"


def control() -> gr.Radio:
    """Where a person chooses it, before it is known which training is open."""
    return gr.Radio(
        choices=[
            (say("The last convolution"), "last_convolution"),
            (say("The first layer that has learned"), "freeze_point"),
        ],
        value="last_convolution",
        label=say("Which layer is asked where it looked"),
        info=say(
            "An earlier layer shows finer patches, a later one more of the whole thing. Press "
            "“Where did it look?” on a card to see it."
        ),
    )


def _layer(run: Run, where: Where) -> str:
    return layer(where, run.config.model.freeze_point)
