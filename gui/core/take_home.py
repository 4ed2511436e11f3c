"""The forms in which a person takes a training home, and what was made of them so far.

Each form is a row here. What is made lies in the run's ``exports/`` folder: the file, and beside it
``<form id>.json`` with what its check found. A form that disagreed with the model it was made of is
kept as a refusal only, without a file.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from filelock import FileLock

from gui.core import files, run_files, usage
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.words import listed, mark, say

Group = Literal["model", "other", "app", "program", "about"]


@dataclass(frozen=True)
class Form:
    """One form.

    Attributes:
        id: Short and stable, for commands and addresses.
        group: Where the page shows it.
        file: Its file's name in the run's ``exports/``.
        label: Its name for a person, in English.
        help: What it is good for, in an English sentence.
    """

    id: str
    group: Group
    file: str
    label: str
    help: str


@dataclass(frozen=True)
class Check:
    """What came of running a form in its own runtime, beside the model that was trained.

    Attributes:
        runtime: Name and version of what ran it.
        pictures: How many validation pictures both answered, 1 or more.
        same: To how many of them both gave the same class.
        largest_difference: Of any probability of any class, 0 to 1.
    """

    runtime: str
    pictures: int
    same: int
    largest_difference: float


@dataclass(frozen=True)
class Made:
    """What became of one form.

    Attributes:
        form: Its id.
        of: When the model that it was made of was evaluated (``Evaluated.at``): after more training
            it is another, and this one is out of date.
        size_bytes: Of the file; 0 when it was refused.
        check: What its check found; None for what isn't a model.
        refused: Why it isn't offered, in an English sentence; None when it is.
    """

    form: str
    of: float
    size_bytes: int
    check: Check | None = None
    refused: str | None = None


_ROWS: Final = (
    Form(
        "keras",
        "model",
        "model.keras",
        "Keras",
        mark(
            "The whole model: VGG16, your head and the class names. It takes pictures of any size."
        ),
    ),
    Form(
        "savedmodel",
        "other",
        "savedmodel.zip",
        "TensorFlow SavedModel",
        mark(
            "For TensorFlow Serving and other programs that run TensorFlow. Pictures of any size."
        ),
    ),
    Form(
        "litert",
        "other",
        "model.tflite",
        "LiteRT",
        mark(
            "For phones and small computers, with all its precision. It takes one picture at a "
            "time, already scaled to your picture size."
        ),
    ),
    Form(
        "litert-float16",
        "other",
        "model-float16.tflite",
        mark("LiteRT, half the size"),
        mark("The same with numbers of half the length; it hardly ever answers differently."),
    ),
    Form(
        "litert-int8",
        "other",
        "model-int8.tflite",
        mark("LiteRT, a quarter of the size"),
        mark(
            "With whole numbers, adjusted to your own pictures. The smallest and often the "
            "quickest."
        ),
    ),
    Form(
        "onnx",
        "other",
        "model.onnx",
        "ONNX",
        mark(
            "For nearly every other program and language that runs models. It takes pictures that "
            "are already scaled to your picture size."
        ),
    ),
    Form(
        "program-functional",
        "program",
        "train_functional.py",
        mark("This training as a Keras program"),
        mark("One readable file that trains the same again, written in Keras's functional style."),
    ),
    Form(
        "program-sequential",
        "program",
        "train_sequential.py",
        mark("The same, as a stack of layers"),
        mark("The same program in Keras's sequential style, which many tutorials use."),
    ),
    Form(
        "demo",
        "app",
        "demo.zip",
        mark("A small web app"),
        mark("Unpack it and start it with one command, or put it online as a Space."),
    ),
    Form(
        "page",
        "model",
        "classifier.html",
        mark("One web page that works offline"),
        mark(
            "A single file: open it in a browser and drop pictures on it. Nothing is sent anywhere."
        ),
    ),
    Form(
        "card",
        "about",
        "model-card.md",
        mark("Model card"),
        mark("What the model is, what it learned from, how good it is and where it fails."),
    ),
    Form(
        "report",
        "about",
        "report.html",
        mark("Report"),
        mark("Everything about this training as one page, with its charts and pictures."),
    ),
    Form(
        "project",
        "about",
        "project.zip",
        mark("Project file"),
        mark("All of this training with its pictures: open it again on another computer."),
    ),
)
FORMS: Final[Mapping[str, Form]] = MappingProxyType({each.id: each for each in _ROWS})


def form(form_id: str) -> Form:
    """The form of that id.

    Raises:
        RunError: When there is none.
    """
    if form_id not in FORMS:
        raise RunError(
            say("There is no form called “{name}”.", name=form_id),
            say("Choose one of: {names}.", names=listed(FORMS)),
        )
    return FORMS[form_id]


def file(run: Run, form_id: str) -> Path:
    """Where a form's file goes; its folder may not be there yet. Keras's is the run's own.

    Raises:
        RunError: When there is no such form.
    """
    name = form(form_id).file
    return run.model if form_id == "keras" else run.exports / name


def likely_bytes(run: Run, form_id: str) -> int:
    """What a form that isn't made yet will take, 0 for one that is there or takes hardly any.

    Raises:
        RunError: When there is no such form.
    """
    if file(run, form_id).exists() or form(form_id).group == "program":
        return 0
    if form_id == "project":
        inside = [run.best, run.checkpoint, run.pictures_root]
        return sum(usage.size_bytes(each) for each in inside)
    return usage.size_bytes(run.model) if form(form_id).group != "about" else 0


def stamp(run: Run) -> float:
    """What tells the model of a run from that before more training.

    Raises:
        RunError: When the training isn't finished.
    """
    history = run.history
    if history.busy or history.finished is None or history.evaluated is None:
        raise RunError(
            say("The model isn't finished yet."),
            say("Wait for the end of the training, or stop it."),
        )
    return history.evaluated.at


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Wait to be the only one who makes forms of this run, in whatever process.

    The system frees the lock should the process die.

    Raises:
        OSError: When the run's ``exports/`` can't be made.
    """
    run.exports.mkdir(exist_ok=True)
    with FileLock(run.exports / "lock"):
        yield


def made(run: Run) -> dict[str, Made]:
    """What was made of the run's present model, by form id; what can't be read isn't there."""
    found = {}
    for each in FORMS:
        told = _told(run, each)
        if told and (told.refused or file(run, each).is_file()):
            found[each] = told
    return found


def record(run: Run, told: Made) -> None:
    """Write down what became of a form; called when its file is in place.

    Raises:
        DiskFull: When there is no room.
    """
    files.write_json(run.exports / f"{told.form}.json", {"version": 1, **asdict(told)})


def _told(run: Run, form_id: str) -> Made | None:
    try:
        with run_files.whole():
            stored = files.version_1(run_files.read(run.exports / f"{form_id}.json"))
            told = _made(stored)
            return told if (told.form, told.of) == (form_id, stamp(run)) else None
    except RunError:
        return None


def _made(stored: dict[str, Any]) -> Made:
    check, refused, size_bytes = stored["check"], stored["refused"], int(stored["size_bytes"])
    if size_bytes < 0:
        raise ValueError(f"{size_bytes} bytes")
    return Made(
        files.text(stored["form"]),
        float(stored["of"]),
        size_bytes,
        None if check is None else _check(check),
        None if refused is None else files.text(refused),
    )


def _check(stored: dict[str, Any]) -> Check:
    pictures, same = int(stored["pictures"]), int(stored["same"])
    difference = float(stored["largest_difference"])
    if not 0 <= same <= pictures or not pictures or not 0 <= difference <= 1:
        raise ValueError(f"{same} of {pictures} pictures, {difference} apart")
    return Check(files.text(stored["runtime"]), pictures, same, difference)
