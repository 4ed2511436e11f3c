"""What a coach says and offers: plain values, and all of its words.

A remedy says what to change or where to go; who shows it carries it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from gui.core.settings import Value
from gui.words import mark

Kind = Literal[
    "rate",
    "nothing",
    "memorising",
    "gap",
    "few",
    "uneven",
    "improving",
    "learned",
    "hopeful",
    "settled",
]
Tone = Literal["good", "note", "warn"]
Place = Literal["pictures", "test"]  # steps of the page


@dataclass(frozen=True)
class Change:
    """Put these values into the controls of the settings so named, for the next training."""

    settings: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class More:
    """Train the finished training further."""


@dataclass(frozen=True)
class Go:
    """Go to a step of the page."""

    step: Place


@dataclass(frozen=True)
class Remedy:
    """What one press does.

    Attributes:
        id: Tells it from every other remedy.
        text: For the button.
        action: What it does.
        done: A sentence for the person once settings are changed; "" for the other actions.
    """

    id: str
    text: str
    action: Change | More | Go
    done: str = ""


@dataclass(frozen=True)
class Advice:
    """One thing that the curves tell.

    Attributes:
        kind: What it is about; no two of one reading are about the same.
        tone: Whether it is good to hear, worth knowing, or something to act on.
        title: A few words.
        seen: A sentence that says what is seen, with its figures.
        meaning: A sentence or two that say what it means.
        remedies: What can be done, the most useful first.
    """

    kind: Kind
    tone: Tone
    title: str
    seen: str
    meaning: str
    remedies: tuple[Remedy, ...] = ()


TONES: Final[Mapping[Kind, Tone]] = MappingProxyType(
    {
        "rate": "warn",
        "nothing": "warn",
        "memorising": "warn",
        "gap": "warn",
        "few": "note",
        "uneven": "note",
        "improving": "good",
        "learned": "good",
        "hopeful": "good",
        "settled": "note",
    }
)

TITLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "rate": mark("It takes too big steps"),
        "nothing": mark("It hasn't learned anything yet"),
        "memorising": mark("It begins to memorise"),
        "gap": mark("It knows its own pictures better than new ones"),
        "few": mark("Few pictures"),
        "uneven": mark("Uneven classes"),
        "improving": mark("Still improving"),
        "learned": mark("It has learned well"),
        "hopeful": mark("So far it looks good"),
        "settled": mark("It hardly improves any more"),
    }
)

SEEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "diverged": mark("The loss was not a number any more; the learning rate was {rate}."),
        "jumps": mark(
            "The loss on the pictures it learns from jumped from {low} up to {high}; the "
            "learning rate was {rate}."
        ),
        "nothing": mark(
            "After {epochs} epochs it is right about {share} of the pictures it learns "
            "from; always naming the biggest class would be right about {guess}."
        ),
        "memorising": mark(
            "Since epoch {epoch} the loss on the pictures it learns from went down from "
            "{train_then} to {train_now}, but on the pictures kept for checking it went up from "
            "{check_then} to {check_now}."
        ),
        "gap": mark(
            "It is right about {train} of the pictures it learns from, but at best {check} of "
            "the {n} pictures kept for checking."
        ),
        "few_checking": mark(
            "It is checked with {n} pictures: one more or one fewer right moves the "
            "accuracy by {points} points."
        ),
        "few_learning": mark("It learns “{label}” from {n} pictures only."),
        "uneven": mark("It learns “{most}” from {more} pictures and “{least}” from {fewer}."),
        "improving": mark(
            "On the pictures kept for checking the loss went down from {before} to {now} "
            "within the last {epochs} epochs."
        ),
        "score": mark(
            "It is right about {right} of the {n} pictures kept for checking ({share}), and "
            "epoch {epoch} was its best."
        ),
    }
)

MEANINGS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "rate": mark(
            "It corrects itself too strongly and overshoots. A lower learning rate makes "
            "smaller steps."
        ),
        "nothing": mark(
            "So far this is no better than guessing. Perhaps its steps are too small, or "
            "the pictures of the classes show nothing that tells them apart."
        ),
        "memorising": mark(
            "It learns these pictures by heart instead of what they have in common. The "
            "best epoch is kept, so nothing is lost."
        ),
        "gap": mark(
            "That is more than chance: it has learned some of its own pictures by heart. More "
            "and more varied pictures help most."
        ),
        "few": mark(
            "So the curves jump, and small differences say nothing. With 30 pictures or more of "
            "each class they say more."
        ),
        "uneven": mark(
            "It sees the small class so rarely that it may seldom name it. About as many "
            "pictures of each class are best."
        ),
        "improving": mark(
            "It is still learning what also helps with new pictures: more epochs may make "
            "it better."
        ),
        "learned": mark(
            "It finds what tells your classes apart. Now try it with pictures it has never seen."
        ),
        "hopeful": mark("With so few pictures this may still be luck. More pictures would tell."),
        "settled": mark("More epochs alone will hardly help. Other settings or more pictures may."),
    }
)

BUTTONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rate": mark("Lower the learning rate to {rate}"),
        "chosen_rate": mark("Let the learning rate be chosen"),
        "augment": mark("Vary the pictures more"),
        "head_only": mark("Freeze more: head only"),
        "compact": mark("Use the compact head"),
        "thaw": mark("Let block 5 learn too"),
        "more": mark("Train {n} more epochs"),
        "add": mark("Add pictures"),
        "look": mark("Look through the pictures"),
        "test": mark("Try it"),
    }
)

DONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rate": mark("The learning rate is set to {rate}."),
        "chosen_rate": mark("The learning rate of the head will be chosen for you."),
        "augment": mark("Turning and zooming are on, and each picture has {views} views."),
        "head_only": mark("The freeze point is set to head only: all of VGG16 stays as it is."),
        "compact": mark("The compact head is set: it has far fewer numbers to memorise with."),
        "thaw": mark(
            "The freeze point is set to block5_conv1: the last block of VGG16 learns, too."
        ),
    }
)

LATER: Final = mark("This counts for the next training; the one under way goes on as it began.")
PRESS: Final = mark("Press “Start a new training” to learn with it.")
