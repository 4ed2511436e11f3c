"""The steps in their order: names, which are open, and the line that a finished one leaves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from gui.core import dataset, ended, forecast, trial, vgg16
from gui.core.owner import Owner
from gui.core.runs import Run
from gui.steps import judged, missing
from gui.words import mark, say

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pictures": mark("Pictures"),
        "model": mark("Model"),
        "train": mark("Train"),
        "compare": mark("Compare"),
        "results": mark("Results"),
        "test": mark("Test"),
        "home": mark("Take home"),
        "runs": mark("Runs"),
    }
)


def bar(owner: Owner, here: str | None = None) -> dict[str, Any]:
    """The steps as ``gui.widgets.step_bar`` takes them.

    Args:
        owner: Who is here.
        here: The step that is shown; None when it is the same as before.
    """
    run, ladder = owner.open_run, owner.open_ladder
    lines = folded(owner)
    history = run.history if run else None
    ready = dataset.missing(owner.open_dataset) is None
    finished = missing.for_home(run) is None
    rungs = owner.rungs(ladder) if ladder else ()
    opened = {
        "pictures": True,
        "model": ready,
        "train": ready or run is not None,
        "compare": ready or ladder is not None,
        "results": missing.for_results(run) is None,
        "test": missing.for_test(history) is None,
        "home": finished,
        "runs": True,
    }
    done = {
        "pictures": ready,
        "model": run is not None,
        "train": finished,
        "compare": bool(rungs) and all(each.whole for each in rungs),
        "results": "results" in lines,
        "test": "test" in lines,
    }
    comparing = any(each.busy for each in rungs)
    more = {"compare": not comparing, "runs": not owner.may_open_runs}
    steps = [
        {
            "id": each,
            "name": say(name),
            "state": "done" if done.get(each) else "open" if opened[each] else "locked",
            "told": lines.get(each, ""),
            "result": each in ("train", "results", "test"),
            "more": more.get(each, False),
        }
        for each, name in NAMES.items()
    ]
    return {"steps": steps} | ({"current": here} if here else {})


def folded(owner: Owner) -> dict[str, str]:
    """What was chosen in each finished step, by step."""
    lines, opened, run = dict[str, str](), owner.open_dataset, owner.open_run
    if opened and dataset.missing(opened) is None:
        pictures = sum(len(each.pictures) for each in opened.usable)
        lines["pictures"] = say(
            "{classes} classes with {pictures:,} pictures",
            classes=len(opened.usable),
            pictures=pictures,
        )
    if run:
        point, settings = vgg16.spoken(run.config.model.freeze_point), forecast.settings(run.config)
        lines["model"] = say("{point}; {settings}", point=point, settings=settings)
        lines |= _came_out(owner, run)
    return lines


def _came_out(owner: Owner, run: Run) -> dict[str, str]:
    """What a training, its results and its test have brought."""
    lines, history = dict[str, str](), run.history
    if history.busy or not history.evaluated:
        return lines
    epochs, best = len(history.epochs), history.evaluated.epoch
    lines["train"] = say(
        "1 epoch" if epochs == 1 else "{n} epochs, of which epoch {best} is kept",
        n=epochs,
        best=best,
    )
    if judged.known(run, "validation"):
        lines["results"] = ended.score(history.evaluated)
    if tried := trial.tried(owner, run.id):
        lines["test"] = say("1 picture tried" if tried == 1 else "{n:,} pictures tried", n=tried)
    return lines
