"""What is missing before a step with a model can be used, as one sentence; None when nothing is.

``earlier`` says that another training can be opened instead.
"""

from gui.core import take_home
from gui.core.errors import FreezepointError
from gui.core.history import History
from gui.core.runs import Run
from gui.words import say


def for_results(run: Run | None, *, earlier: bool = False) -> str | None:
    """What is missing before there are results, as one sentence; None when nothing is."""
    if run is None and earlier:
        return say("No results yet: train a model first, or open an earlier training under Runs.")
    if run is None:
        return say("No results yet: train a model first.")
    if run.history.busy:
        return say("It is still learning: the results are there when the training has ended.")
    if run.history.finished is None or run.history.evaluated is None:
        return _unfinished()
    return None


def for_test(history: History | None, *, earlier: bool = False) -> str | None:
    """What is missing before pictures can be tested, as one sentence; None when nothing is."""
    if history is None:
        return _no_model(earlier=earlier)
    if not history.epochs:
        return say(
            "The model hasn't finished its first epoch yet: wait for the first point on the curve."
        )
    return None


def for_home(run: Run | None, *, earlier: bool = False) -> str | None:
    """What is missing before the model can be taken home; None when nothing is."""
    if run is None:
        return _no_model(earlier=earlier)
    if run.history.busy:
        return say("The model isn't finished: wait for the end of the training, or stop it.")
    try:
        take_home.stamp(run)
    except FreezepointError:
        return _unfinished()
    return None if run.model.exists() else say("The model's file is gone: train once more.")


def _no_model(*, earlier: bool) -> str:
    if earlier:
        return say("No model yet: train one first, or open an earlier training under Runs.")
    return say("No model yet: train one first.")


def _unfinished() -> str:
    return say("This training isn't finished: go on with it under Train, or keep its best epoch.")
