"""The rungs of a ladder in words: what there is to choose, and a row of the table for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from gui.core import forecast, progress, vgg16
from gui.core.config import Config
from gui.core.history import History
from gui.core.ladder import OFFERED
from gui.core.rung import Rung

_SOON_S = 1.0


def choices(times: Mapping[str, float]) -> list[tuple[str, str]]:
    """The freeze points that are offered, with what each means and how long it takes if known."""
    return [(_words(point, times.get(point)), point) for point in OFFERED]


def table(rungs: Sequence[Rung], config: Config | None, best: Rung | None) -> dict[str, Any]:
    """The value of the table.

    Args:
        rungs: In the order of the ladder.
        config: The settings that all of them share, if they can still be read.
        best: The one that is drawn as the winner, or None.
    """
    notes = [f"Settings of all of them: {forecast.settings(config)}."] if config else []
    shared_s = sum(each.preparing_s for each in rungs)
    prepared = any(each.history and each.history.epochs for each in rungs)
    if prepared and shared_s >= _SOON_S:
        took = progress.duration(shared_s)
        notes.append(f"Getting the pictures ready, for all of them: {took}.")
    return {"rungs": [_row(each, best=each is best) for each in rungs], "notes": notes}


def _words(point: str, seconds: float | None) -> str:
    layers, frozen = len(vgg16.WITH_WEIGHTS), vgg16.frozen_layers(point)
    learning = layers - frozen
    text = f"{vgg16.spoken(point)}: {frozen} of {layers} layers frozen"
    if not learning:
        text += ", the quickest"
    elif not frozen:
        text += ", by far the slowest"
    else:
        text += f", {learning} learn{'s' if learning == 1 else ''}"
    return text if seconds is None else f"{text} · about {progress.duration(seconds)}"


def _row(rung: Rung, *, best: bool) -> dict[str, Any]:
    told, history = rung.accuracy, rung.history
    result = told and {
        "share": told.share,
        "low": told.low,
        "high": told.high,
        "text": told.text,
        "low_text": told.low_text,
        "high_text": told.high_text,
    }
    learned = history is not None and bool(history.epochs)
    return {
        "id": rung.run_id if history else "",
        "name": rung.name,
        "state": history.state if history else "deleted",
        "note": _note(rung, history) if history else "",
        "result": result,
        "seconds": progress.duration(rung.learning_s) if learned else "",
        "amount": f"{rung.learning:,}" if rung.learning else "",
        "best": best,
    }


def _note(rung: Rung, history: History) -> str:
    reached = f"after epoch {len(history.epochs)} of {history.epochs_planned}"
    if rung.done and history.evaluated:
        text = f"epoch {history.evaluated.epoch} of {len(history.epochs)} kept"
        if rung.cut_off:
            text = f"stopped {reached}; epoch {history.evaluated.epoch} kept"
        if rung.is_head_only:
            text += ", before VGG16 began to learn: head only, too"
        return text
    if history.failed:
        return history.failed.what
    return reached if history.epochs else ""
