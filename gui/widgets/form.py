"""One control a setting, with its help below it."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr
from gradio.components import Component

Value = int | float | bool | str

_NARROWEST_PX = 280  # two controls stand side by side only where both are this wide
_LONGEST_SLIDER = 100  # steps; a longer one can't be set with a finger
_FEW = 3  # so many choices are shown side by side, more in a dropdown


def control(
    value: Value,
    label: str,
    help_text: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: Sequence[tuple[str, str]] = (),
) -> Component:
    """A checkbox, slider, number, row of choices or dropdown, by what the value is.

    Args:
        value: First value; its type decides.
        label: A few words above it.
        help_text: A sentence or two below them.
        low: Smallest number.
        high: Largest number.
        step: A slider's step; without it a number is typed.
        choices: Allowed texts, each with the words shown for it.
    """
    if choices:
        shown = [(words, choice) for choice, words in choices]
        kind = gr.Radio if len(choices) <= _FEW else gr.Dropdown
        return kind(shown, value=value, label=label, info=help_text, min_width=_NARROWEST_PX)
    if isinstance(value, bool):
        return gr.Checkbox(value=value, label=label, info=help_text, min_width=_NARROWEST_PX)
    if isinstance(value, str):
        return gr.Textbox(value, label=label, info=help_text, min_width=_NARROWEST_PX)
    if (
        step is not None
        and low is not None
        and high is not None
        and (high - low) / step <= _LONGEST_SLIDER
    ):
        return gr.Slider(
            low, high, value=value, step=step, label=label, info=help_text, min_width=_NARROWEST_PX
        )
    # Bounds are checked where the number is used: that sentence names the setting and the remedy.
    return gr.Number(value=value, label=label, info=help_text, min_width=_NARROWEST_PX)
