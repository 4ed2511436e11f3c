"""Gradio's Blocks, quicker with events whose parts are many and small.

An event names all that it may ever change: the page's glance at a training names a hundred parts.
For each of them Gradio makes the part anew, even for those that stay as they are, sends a thread to
translate its value, and goes three times through every number of it for files whose address is to
be made whole. With fifty people who look, that is most of what the page does.

Here a part is made anew only when it becomes another one, values are translated on the spot, and
nothing that goes out is searched: no part of this page has a file as its value (see ``server`` for
downloads). What comes in is, by Gradio, as ever: a stranger may send the name of any file.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.blocks import Block, postprocess_update_dict
from gradio.utils import delete_none, is_prop_update

_OF_AN_UPDATE = ("value", "__type__")  # and no property of the part


class QuickBlocks(gr.Blocks):
    """Blocks whose parts are small and hold no files; other ones Gradio sees to itself."""

    async def process_api(self, *args: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """Answer an event; without the page's address, which only files need."""
        return await super().process_api(*args, **{**options, "root_path": None})

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: Any,  # noqa: ANN401 - what Gradio remembers of a tab, or None
        explicit_call: bool = False,
    ) -> list[Any]:
        """What a function is given, from what the browser sent."""
        small = not block_fn.component_prop_inputs and _small(block_fn.inputs)
        if not small or not block_fn.preprocess:
            values = await super().preprocess_data(block_fn, inputs, state, explicit_call)
            return list(values)
        sent = copy(block_fn)
        sent.preprocess = False
        values = await super().preprocess_data(sent, inputs, state, explicit_call)
        return [
            value if part.stateful else _now(part, state).preprocess(value)
            for part, value in zip(block_fn.inputs, values, strict=True)
        ]

    async def postprocess_data(
        self,
        block_fn: BlockFunction,
        predictions: Any,  # noqa: ANN401 - what the function returned
        state: Any,  # noqa: ANN401
    ) -> list[Any]:
        """What the browser is told of each output of a function."""
        given = block_fn.outputs
        if not isinstance(predictions, Mapping) or not set(predictions) <= set(given):
            return await super().postprocess_data(block_fn, predictions, state)
        told, others = {}, {}
        for part, value in predictions.items():
            here, update = _now(part, state), _is_update(value)
            if not block_fn.postprocess or part.stateful or not _small([part]):
                others[part] = value
            elif update and _is_so(here, value):
                told[part] = postprocess_update_dict(here, delete_none(dict(value), True))
            elif update or isinstance(value, Block):
                others[part] = value
            else:
                told[part] = here.postprocess(value)
        if others:
            changed = copy(block_fn)
            changed.outputs = list(others)
            sent = await super().postprocess_data(changed, others, state)
            told.update(zip(others, sent, strict=True))
        return [told.get(part, gr.skip()) for part in given]


def _now(part: Any, state: Any) -> Any:  # noqa: ANN401
    """The part as this tab has it: with the choices that it was given since."""
    return state[part._id] if state is not None and part._id in state else part


def _is_update(value: object) -> bool:
    return bool(is_prop_update(value))  # type: ignore[no-untyped-call]


def _small(parts: Sequence[Block]) -> bool:
    """Whether their values are plain ones, no files, pictures or tables."""
    return not any(getattr(part, "data_model", None) for part in parts)


def _is_so(part: Block, update: Mapping[str, object]) -> bool:
    """Whether an update changes nothing of a part but its value."""
    known = part.constructor_args
    return all(
        name in _OF_AN_UPDATE or (name in known and known[name] == wanted)
        for name, wanted in update.items()
    )
