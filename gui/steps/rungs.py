"""The rungs of a ladder in words: what there is to choose, and a row of the table for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from gui.core import forecast, time_span, vgg16
from gui.core.config import Config
from gui.core.history import History
from gui.core.ladder import OFFERED
from gui.core.rung import Rung
from gui.words import again, say

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
    notes = []
    if config:
        told = forecast.settings(config)
        notes.append(say("Settings of all of them: {settings}.", settings=told))
    shared_s = sum(each.preparing_s for each in rungs)
    prepared = any(each.history and each.history.epochs for each in rungs)
    if prepared and shared_s >= _SOON_S:
        took = time_span.duration(shared_s)
        notes.append(say("Getting the pictures ready, for all of them: {time}.", time=took))
    return {"rungs": [_row(each, best=each is best) for each in rungs], "notes": notes}


def _words(point: str, seconds: float | None) -> str:
    layers, frozen = len(vgg16.WITH_WEIGHTS), vgg16.frozen_layers(point)
    learning = layers - frozen
    values = {"point": vgg16.spoken(point), "frozen": frozen, "layers": layers}
    if not learning:
        text = say("{point}: {frozen} of {layers} layers frozen, the quickest", **values)
    elif not frozen:
        text = say("{point}: {frozen} of {layers} layers frozen, by far the slowest", **values)
    else:
        text = say(
            "{point}: {frozen} of {layers} layers frozen, {learning} learns"
            if learning == 1
            else "{point}: {frozen} of {layers} layers frozen, {learning} learn",
            **values,
            learning=learning,
        )
    if seconds is None:
        return text
    return say("{choice} · about {time}", choice=text, time=time_span.duration(seconds))


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
        "seconds": time_span.duration(rung.learning_s) if learned else "",
        "amount": f"{rung.learning:,}" if rung.learning else "",
        "best": best,
    }


def _note(rung: Rung, history: History) -> str:
    values = {"ran": len(history.epochs), "planned": history.epochs_planned}
    if rung.done and history.evaluated:
        values["kept"] = history.evaluated.epoch
        if rung.cut_off and rung.is_head_only:
            return say(
                "stopped after epoch {ran} of {planned}; epoch {kept} kept, before VGG16 began to "
                "learn: head only, too",
                **values,
            )
        if rung.cut_off:
            return say("stopped after epoch {ran} of {planned}; epoch {kept} kept", **values)
        if rung.is_head_only:
            return say(
                "epoch {kept} of {ran} kept, before VGG16 began to learn: head only, too", **values
            )
        return say("epoch {kept} of {ran} kept", **values)
    if history.failed:
        return again(history.failed.what)
    return say("after epoch {ran} of {planned}", **values) if history.epochs else ""
