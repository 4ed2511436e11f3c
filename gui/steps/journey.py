"""The steps in their order: names, which are open, and the line that a finished one leaves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from gui.core import dataset, forecast, progress, vgg16
from gui.core.owner import Owner
from gui.steps import home, results, test
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
    history = run.history if run else None
    ready = dataset.missing(owner.open_dataset) is None
    finished = home.missing(run) is None
    rungs = owner.rungs(ladder) if ladder else ()
    opened = {
        "pictures": True,
        "model": ready,
        "train": ready or run is not None,
        "compare": ready or ladder is not None,
        "results": results.missing(run) is None,
        "test": test.missing(history) is None,
        "home": finished,
        "runs": True,
    }
    done = {
        "pictures": ready,
        "model": run is not None,
        "train": finished,
        "compare": bool(rungs) and all(each.whole for each in rungs),
    }
    lines = folded(owner)
    comparing = any(each.busy for each in rungs)
    more = {"compare": not comparing, "runs": not owner.may_open_runs}
    steps = [
        {
            "id": each,
            "name": say(name),
            "state": "done" if done.get(each) else "open" if opened[each] else "locked",
            "told": lines.get(each, ""),
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
        if run.history.evaluated and not run.history.busy:
            lines["train"] = progress.score(run.history.evaluated)
    return lines
