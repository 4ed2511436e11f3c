"""The forms in which a person may take a training home, a row each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from gui.core.errors import RunError
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
