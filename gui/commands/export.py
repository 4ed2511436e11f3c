"""``export``: the model of a training in other forms, each run and compared before it is kept."""

import argparse
import shutil
from functools import cached_property
from pathlib import Path

from gui.commands import progress
from gui.core import forms, runs, take_home
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.core.sealing import Progress
from gui.core.take_home import Made
from gui.core.wish import Wish


class _Engine:
    """Makes forms in this process; TensorFlow is loaded for those that need it only."""

    def __init__(self, weights: Path | None) -> None:
        self._weights = weights

    def make(self, run: Run, form: str, progress: Progress, wish: Wish | None = None) -> None:
        from gui.engine import making

        del wish  # Ctrl+C ends it
        making.make(run, self._models.load(run), form, progress)

    @cached_property
    def _models(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - of the engine, loaded late
        from gui.engine import processors, weights
        from gui.engine.loaded import Models

        processors.limit_threads()
        return Models(lambda: weights.find(self._weights))


def export(chosen: argparse.Namespace) -> int:
    """Make each form and print what came of it, a line each; 1 when one was refused."""
    run = runs.find(chosen.run)
    asked = [forms.form(each.strip()).id for each in chosen.format.split(",")]
    if chosen.to and len(asked) > 1:
        raise RunError("One file can't take several forms.", "Give one --format with --to.")
    from gui.sharing import making

    engine, refused = _Engine(chosen.weights), 0
    for form in asked:
        making.make(run, form, engine, lambda _done, _total: None)
        made = take_home.made(run)[form]
        refused += bool(made.refused)
        progress.say(f"{form}: {made.refused}") if made.refused else _tell(run, made, chosen.to)
    return 1 if refused else 0


def _tell(run: Run, made: Made, to: Path | None) -> None:
    path = take_home.file(run, made.form)
    if to:
        path = Path(shutil.copyfile(path, to))
    line = f"{path}: {made.size_bytes:,} bytes"
    if made.check:
        line += (
            f"; {made.check.runtime}: the same answer for {made.check.same} of "
            f"{made.check.pictures} checking pictures, probabilities differ by "
            f"{made.check.largest_difference:.2g} at most"
        )
    print(line)  # noqa: T201
