"""Which pictures of a training are looked at: its worst mistakes, one kind of them, or a class.

A page is told a view and gives it back with whatever is done in it; nothing that comes back is
believed before it was looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, assert_never, get_args

from gui.core.errors import NotYours
from gui.core.evaluation import Answered, Evaluation, Side
from gui.core.split import Labelled, Split
from gui.words import joined, say

Kind = Literal["mistakes", "cell", "class"]

_RIGHT_WORDS: Final[Mapping[Side, str]] = MappingProxyType(
    {
        "validation": "It got all of the {checked} pictures kept for checking right.",
        "test": "It got all of the {checked} test pictures right.",
        "given": "It got all of the {checked} pictures that you gave right.",
    }
)
PAGE = 12  # pictures that are shown at once


@dataclass(frozen=True)
class View:
    """Which pictures, of which run.

    Attributes:
        run: The run's id.
        kind: "mistakes": all wrong answers; "cell": those of class ``truth`` that were called
            ``answer``; "class": what the class ``truth`` was learned from.
        truth: Place of a class.
        answer: Place of a class.
        of: Which of the pictures that it answered: "validation", "test", or the id of a trial.
    """

    run: str
    kind: Kind = "mistakes"
    truth: int = 0
    answer: int = 0
    of: str = "validation"

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Shown:
    """One picture, and what the model said of it if that is known."""

    name: str
    sha256: str
    path: str
    truth: int
    answered: Answered | None = None


def read(value: object, run_id: str, classes: int) -> View:
    """The view that a page gave back.

    Raises:
        NotYours: When it is of another run, or is none.
    """
    if not isinstance(value, Mapping) or value.get("run") != run_id:
        raise NotYours(say("Another training is open now."), say("Go to Results again."))
    places = (value.get("truth"), value.get("answer"))
    kind = next((each for each in get_args(Kind) if each == value.get("kind")), None)
    of = value.get("of", "validation")
    known = isinstance(of, str) and (kind != "class" or of == "validation")
    if kind is None or not known or not all(_place(each, classes) for each in places):
        raise NotYours(
            say("The page asked for pictures that aren't there."), say("Reload the page.")
        )
    truth, answer = (int(str(each)) for each in places)
    return View(run_id, kind, truth, answer, str(of))


def first(value: object, total: int) -> int:
    """Where the page of pictures begins that is asked for; the nearest that there is."""
    asked = value if type(value) is int else 0
    last = max(0, total - 1) // PAGE * PAGE
    return min(max(0, asked // PAGE * PAGE), last)


def pictures(view: View, evaluation: Evaluation, split: Split) -> tuple[Shown, ...]:
    """The pictures of a view, in the order to look at them."""
    match view.kind:
        case "mistakes":
            return _answered(evaluation.mistakes)
        case "cell":
            return _answered(evaluation.cell(view.truth, view.answer))
        case "class":
            learned = (each for each in split.train if each.label == view.truth)
            return tuple(Shown(each.name, each.sha256, each.path, each.label) for each in learned)
        case _:
            assert_never(view.kind)


def title(view: View, evaluation: Evaluation, count: int) -> str:
    """What these pictures are, in a few words."""
    truth, answer = evaluation.labels[view.truth], evaluation.labels[view.answer]
    match view.kind:
        case "mistakes":
            return say("The worst mistakes first" if count else "No mistakes")
        case "cell" if view.truth == view.answer:
            return say("“{truth}” that it got right, the surest first", truth=truth)
        case "cell":
            return say(
                "“{truth}” that it called “{answer}”, the surest first", truth=truth, answer=answer
            )
        case "class":
            return say("What it learned “{truth}” from", truth=truth)
        case _:
            assert_never(view.kind)


def note(view: View, evaluation: Evaluation, count: int) -> str:
    """What to make of them, in a sentence or two."""
    checked = evaluation.metrics.pictures
    match view.kind:
        case "mistakes" if not count:
            return say(_RIGHT_WORDS[evaluation.side], checked=checked)
        case "mistakes":
            wrong = say(
                "{count} of {checked} was wrong."
                if count == 1
                else "{count} of {checked} were wrong.",
                count=count,
                checked=checked,
            )
            order = say("The surer it was of a wrong answer, the higher it stands.")
            fix = say("Is a picture in the wrong class? Say so.")
            return joined(wrong, order, fix if evaluation.side == "validation" else "")
        case "cell":
            return ""
        case "class":
            return say(
                "{count} pictures. One that stands here by mistake teaches it something wrong: "
                "say what it really is, or leave it out.",
                count=count,
            )
        case _:
            assert_never(view.kind)


def find(sha256: object, split: Split) -> Labelled:
    """The picture of a training that has this digest.

    Raises:
        NotYours: When it neither learned from it nor was checked with it.
    """
    for each in (*split.train, *split.validation):
        if each.sha256 == sha256:
            return each
    raise _no_picture()


def find_shown(sha256: object, evaluation: Evaluation, split: Split) -> Shown:
    """The picture with this digest that can be shown with an evaluation.

    Raises:
        NotYours: When it isn't one of those that were answered; beside the validation pictures
            those that were learned from are shown, too.
    """
    for shown in _answered(evaluation.answers):
        if shown.sha256 == sha256:
            return shown
    if evaluation.side != "validation":
        raise _no_picture()
    found = find(sha256, split)
    return Shown(found.name, found.sha256, found.path, found.label)


def _no_picture() -> NotYours:
    return NotYours(say("This picture isn't one of this training."), say("Go to Results again."))


def _answered(answers: Sequence[Answered]) -> tuple[Shown, ...]:
    return tuple(Shown(each.name, each.sha256, each.path, each.truth, each) for each in answers)


def _place(value: object, classes: int) -> bool:
    return type(value) is int and 0 <= value < classes
