"""A run as a program: one readable Keras script that trains the same with TensorFlow alone.

Its text is ``assets/program/train.py.txt``. There, ``$name`` stands for a value of the run, and
what lies between the lines ``#: name`` and ``#: end`` is kept only by runs that need it.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final, Literal

from gui.core import config as settings
from gui.core import files, take_home, vgg16
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.history import History
from gui.core.runs import Run
from gui.core.split import Labelled, Split
from gui.words import say

Style = Literal["functional", "sequential"]

_TEMPLATE: Final = Path(__file__).resolve().parents[2] / "assets" / "program" / "train.py.txt"
_PLAIN: Final = re.compile(r"[\w.-]+")
_DIGITS: Final = 16  # of each digest: of a million pictures no two share them by chance
_COLUMNS: Final = 80  # of a text in one line; the program's lines have 100 at most


@dataclass(frozen=True)
class _Course:
    """How long a program is to train: ``epochs`` in all, the first ``head_epochs`` the head alone.

    ``patience`` is 0 when it isn't to stop by itself.
    """

    head_epochs: int
    epochs: int
    patience: int


def write(run: Run, style: Style, path: Path) -> None:
    """Write the program of a finished run, in one step.

    Args:
        run: A finished run.
        style: How the program builds the model: as a graph of calls, or as a stack of layers.
        path: The file to write; its folder is there already.

    Raises:
        RunError: When the training isn't finished, or can't be read.
        DiskFull: When there is no room.
    """
    files.write_bytes(path, text(run, style, path.name).encode())


def text(run: Run, style: Style, name: str) -> str:
    """The program of a finished run; ``name`` is that of its file, for its first lines.

    Raises:
        RunError: When the training isn't finished, or can't be read.
    """
    take_home.stamp(run)  # or it says what to wait for
    config, divided = settings.resolve(run.config), run.split
    course = _course(config, run.history)
    template = _TEMPLATE.read_text(encoding="utf-8")
    kept = "".join(_kept(template, _names(config, divided, course, style)))
    return Template(kept).substitute(
        _values(config, course),
        **_told(run.history),
        file=name if _PLAIN.fullmatch(name) else "train.py",
        classes="\n".join(f"    {_literal(each, '    ')}," for each in divided.labels),
        split="\n".join(_split(divided)),
    )


def _course(config: Config, history: History) -> _Course:
    """As it was asked for; but as it went when a person or a mishap had a hand in its length."""
    done, end = len(history.epochs), history.finished
    if history.patience_from or (end and end.reason in ("stopped", "diverged")):
        fine = next((each.epoch for each in history.phases if each.phase == "fine"), done + 1)
        return _Course(fine - 1, done, 0)
    ends = dict(settings.phases(config, history.epochs_planned))
    return _Course(ends.get("head", 0), history.epochs_planned, config.train.patience)


def _names(config: Config, divided: Split, course: _Course, style: Style) -> set[str]:
    """What of the template this run needs."""
    model = config.model
    head, fine = course.head_epochs > 0, course.epochs > course.head_epochs
    needed = {
        "flip": model.flip,
        "rotation": model.rotation,
        "zoom": model.zoom,
        "augments": model.augments,
        "head_phase": head,
        "fine_phase": fine,
        "both": head and fine,
        "head_only": head and not fine,
        "fine_only": fine and not head,
        "patience": course.patience > 0,
        "no_patience": course.patience == 0,
        "test": bool(divided.test),
    }
    return {style, model.head} | {name for name, holds in needed.items() if holds}


def _kept(template: str, names: set[str]) -> Iterator[str]:
    """The lines of the template that stand under these names only; names may lie in one another."""
    under: list[str] = []
    for line in template.splitlines(keepends=True):
        mark = line.strip()
        if mark == "#: end":
            under.pop()
        elif mark.startswith("#: "):
            under.append(mark.removeprefix("#: "))
        elif names.issuperset(under):
            yield line


def _values(config: Config, course: _Course) -> dict[str, object]:
    model, train = config.model, config.train
    return {
        "size": model.image_size,
        "seed": train.seed,
        "batch_size": train.batch_size,
        "freeze_point": _literal(model.freeze_point),  # "head" names the first of the new layers
        "epochs": course.epochs,
        "head_epochs": course.head_epochs,
        "head_rate": train.head_rate,
        "fine_rate": train.fine_rate,
        "patience": course.patience,
        "mean": list(vgg16.MEAN_BGR),
        "rotation": vgg16.ROTATION,
        "zoom": vgg16.ZOOM,
        "compact_units": vgg16.COMPACT_UNITS,
        "dropout": vgg16.COMPACT_DROPOUT,
        "classic_units": vgg16.CLASSIC_UNITS,
    }


def _told(history: History) -> Mapping[str, object]:
    """What the run's events say."""
    started, evaluated = history.started, history.evaluated
    if started is None or evaluated is None:
        raise RunError(say("This training can't be read."), say("Choose another run."))
    return {
        "accuracy": f"{evaluated.accuracy:.3f}",
        "pictures": evaluated.pictures,
        "epoch": evaluated.epoch,
        "weights": _literal(started.weights),
        "weights_sha256": started.weights_sha256,
    }


def _split(divided: Split) -> Iterator[str]:
    """The lines of a dict: for each part, and in it for each class, the digests of its pictures."""
    for part in ("train", "validation", "test"):
        pictures: Sequence[Labelled] = getattr(divided, part)
        if pictures:
            yield f'    "{part}": ['
            for place in range(len(divided.labels)):
                # Of the person's own files: of those the folder is made that it is run on.
                owned = [each.original or each.sha256 for each in pictures if each.label == place]
                digests = [each[:_DIGITS] for each in owned]
                yield '        """'
                yield from textwrap.wrap(
                    " ".join(digests), 90, initial_indent=" " * 8, subsequent_indent=" " * 8
                )
                yield '        """,'
            yield "    ],"


def _literal(text: str, indent: str = "") -> str:
    """A text as Python spells it, over several lines when it is long; ``indent`` is theirs."""
    pieces = [_spelled(piece) for piece in _pieces(text)]
    if len(pieces) < 2:
        return "".join(pieces) or '""'
    lines = "".join(f"{indent}    {piece}\n" for piece in pieces)
    return f"(\n{lines}{indent})"


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that fit into a line, however wide its letters are shown or spelled."""
    piece, columns = "", 0
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF" or letter == "'"  # \' at most
        needed = max(len(repr(letter)) - 2, 2 if wide else 1)
        if columns + needed > _COLUMNS:
            yield piece
            piece, columns = "", 0
        piece, columns = piece + letter, columns + needed
    yield piece


def _spelled(text: str) -> str:
    """In double quotes, unless single ones need fewer backslashes; as code formatters have it."""
    spelled = repr(text)  # in single quotes, unless there are such in the text and no double ones
    if spelled.startswith('"') or text.count('"') > text.count("'"):
        return spelled
    inner = spelled[1:-1].replace("\\'", "'").replace('"', '\\"')
    return f'"{inner}"'
