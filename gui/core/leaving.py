"""Whether a person's model has been taken home, which matters on a host that forgets."""

from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from gui.core import files, run_files, take_home
from gui.core.errors import FreezepointError, RunError
from gui.core.forms import FORMS
from gui.core.runs import Run

Unsaved = Literal["", "running", "untaken"]

# With one of these at home, nothing is lost that took long.
_WITH_THE_MODEL: Final = frozenset(
    each.file
    for each in FORMS.values()
    if each.group in ("model", "other", "app") or each.id == "project"
)


def note(run: Run, name: str | None = None) -> None:
    """Remember that a finished run's model was handed out.

    On a full disk it isn't remembered: then the person is asked once too often.

    Args:
        run: The run.
        name: The file that was handed out: one without the model in it doesn't count. None when it
            went elsewhere whole, as to the Hub.
    """
    if name is not None and name not in _WITH_THE_MODEL:
        return
    with suppress(FreezepointError, OSError):
        run.exports.mkdir(exist_ok=True)
        files.write_json(_file(run), {"version": 1, "of": take_home.stamp(run)})


def unsaved(run: Run | None) -> Unsaved:
    """What of the open run would be lost: a training under way, or a model that isn't at home."""
    if run is None:
        return ""
    if run.history.busy:
        return "running"
    try:
        of = take_home.stamp(run)
    except RunError:
        return ""  # broken off: there is no model to lose
    return "" if _taken(run) == of else "untaken"


def _taken(run: Run) -> object:
    """The stamp of the model that was handed out last; None when none was."""
    try:
        return run_files.read(_file(run)).get("of")
    except RunError:
        return None


def _file(run: Run) -> Path:
    return run.exports / "taken.json"
