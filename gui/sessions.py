"""What Gradio remembers of each open tab: little, and not for ever.

Gradio keeps a description of every part of the page, with its last value, for each tab that was
ever opened, so that a link could restore it; it writes it anew at every update, and forgets none
before there are 10,000. That is 2 MB a visit. Freezepoint needs none of it: what a person has open
is in their folder, and a page whose few ids are gone is sent everything once more.
"""

from copy import copy
from datetime import datetime, timedelta
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

_MOST = 2_000  # tabs; the one that was used least recently is forgotten first
_CLOSED = timedelta(minutes=10)  # a laptop that slept may come back
_UNUSED = timedelta(days=1)  # some programs never tell that they have gone


class Session(SessionState):
    """One tab: its states, and how its parts differ from the page's."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, dict[str, Any]] = {}
        self.state_data: dict[int, Any] = {}
        self.is_closed = False

    def __setitem__(self, key: int, value: Any) -> None:  # noqa: ANN401 - any state or part
        if isinstance(self.blocks_config.blocks.get(key), gr.State):
            self.state_data[key] = value
        else:
            self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Describe nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:  # noqa: ANN401
        """Keep nothing."""


class Sessions(StateHolder):
    """Every tab that is open, and for ten minutes those that were."""

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.set_blocks(blocks)
        self.capacity = _MOST

    def __getitem__(self, session_id: str) -> SessionState:
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)

    def delete_all_expired_state(self) -> None:
        """Forget the tabs that are closed; Gradio calls it every second."""
        now = datetime.now()
        for session_id, session in list(self.session_data.items()):
            unused = now - self.time_last_used.get(session_id, now)
            if unused > (_CLOSED if session.is_closed else _UNUSED):
                self.session_data.pop(session_id, None)
                self.time_last_used.pop(session_id, None)
