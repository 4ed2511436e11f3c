"""What travels inside every form of a model: its classes, its input, where it comes from."""

import json
from typing import Final

from gui.core.accuracy import measured
from gui.core.leaflet import ORIGIN
from gui.core.runs import Run

LABELS: Final = "labels.txt"  # class names, one a line, in the order of the outputs
FACTS: Final = "freezepoint.json"


def labels(names: tuple[str, ...]) -> str:
    """The content of ``labels.txt``: a name a line, without line feeds of its own."""
    return "".join(" ".join(name.splitlines()) + "\n" for name in names)


def facts(run: Run, size: str) -> str:
    """The content of ``freezepoint.json``.

    Args:
        run: The run.
        size: What size of picture the form takes: "any", or "160 x 160".
    """
    config, told = run.config, run.history.evaluated
    values: dict[str, object] = {
        "version": 1,
        "labels": list(run.split.labels),
        "input": f"RGB, 0 to 255, upright, rows x columns x 3, {size} pixels",
        "image_size": config.model.image_size,
        "preprocessing": "inside the model: colour order and ImageNet's mean",
        "output": "one probability for each label, in their order",
        "freeze_point": config.model.freeze_point,
        "origin": ORIGIN,
    }
    if told:
        score = measured(told.accuracy, told.pictures)
        ends = {"low": round(score.low, 6), "high": round(score.high, 6)} if score else {}
        values["validation"] = {
            "accuracy": told.accuracy,
            **ends,  # Wilson's range at 95 %
            "pictures": told.pictures,
            "epoch": told.epoch,
        }
    return json.dumps(values, ensure_ascii=False, indent=1)
