"""What a person has open: ``desk.json`` in their folder."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gui.core import files
from gui.core.config import DIVISION, TrainSettings
from gui.core.errors import SettingError

_OPENED = ("dataset", "run", "ladder")  # ids


@dataclass(frozen=True)
class Desk:
    """What a person has open.

    Attributes:
        dataset: Id of a data set, "" for none.
        run: Id of a run, "" for none.
        validation_share: How the pictures are divided.
        seed: How the pictures are divided.
        test_share: How the pictures are divided.
        ladder: Id of a ladder, "" for none.
    """

    dataset: str = ""
    run: str = ""
    validation_share: float = TrainSettings.validation_share
    seed: int = TrainSettings.seed
    ladder: str = ""
    test_share: float = TrainSettings.test_share

    def divided(self, train: TrainSettings) -> TrainSettings:
        """Settings of a training, with the pictures divided as they are now."""
        return replace(train, **{name: getattr(self, name) for name in DIVISION})


def save(desk: Desk, path: Path) -> None:
    """Write a desk to a JSON file in one step.

    Raises:
        DiskFull: When there is no room.
    """
    files.write_json(path, {"version": 1, **asdict(desk)})


def load(path: Path) -> Desk:
    """The desk in a file that :func:`save` wrote; whatever is missing or unfit has its default."""
    stored = _stored(path) or {}
    dataset, run, compared = (
        each if isinstance(each := stored.get(name), str) else "" for name in _OPENED
    )
    desk = Desk(dataset, run, ladder=compared)
    for name in DIVISION:
        if isinstance(stored.get(name), int | float):
            with suppress(SettingError):
                read = TrainSettings.read({name: stored[name]})
                desk = replace(desk, **{name: getattr(read, name)})
    return desk


def told(path: Path) -> bool:
    """Whether the file tells which data set is open; one that isn't there tells that none is."""
    stored = _stored(path)
    return stored is not None and isinstance(stored.get("dataset", ""), str)


def _stored(path: Path) -> dict[str, object] | None:
    """What the file holds: nothing when it isn't there, None when it can't be read."""
    try:
        stored = json.loads(files.read_text(path))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return stored if isinstance(stored, dict) else None
