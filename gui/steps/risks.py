"""The risk that a training memorises its pictures, in a sentence."""

from typing import Final

from gui.core import risk, split, vgg16
from gui.core.config import Config
from gui.core.errors import FreezepointError
from gui.core.owner import Owner
from gui.core.risk import Remedy, Risk
from gui.words import mark, say

_LOW: Final = mark(
    "**Risk of memorising: low.** {share} of the weights ({weights}) would learn from {pictures} "
    "pictures: so few can hardly learn each picture by heart."
)
_MIDDLE_WORDS: Final[dict[Remedy, str]] = {
    "head": (
        "**Risk of memorising: middle.** {share} of the weights ({weights}) would learn from "
        "{pictures} pictures: it may memorise some of them. The compact head or more pictures "
        "would lower it."
    ),
    "freeze": (
        "**Risk of memorising: middle.** {share} of the weights ({weights}) would learn from "
        "{pictures} pictures: it may memorise some of them. A later freeze point or more pictures "
        "would lower it."
    ),
    "pictures": (
        "**Risk of memorising: middle.** {share} of the weights ({weights}) would learn from "
        "{pictures} pictures: it may memorise some of them. More pictures would lower it."
    ),
}
_HIGH_WORDS: Final[dict[Remedy, str]] = {
    "head": (
        "**Risk of memorising: high.** {share} of the weights ({weights}) would learn from "
        "{pictures} pictures: it may memorise them instead of learning what they have in common. "
        "Choose the compact head, or add pictures."
    ),
    "freeze": (
        "**Risk of memorising: high.** {share} of the weights ({weights}) would learn from "
        "{pictures} pictures: it may memorise them instead of learning what they have in common. "
        "Choose a later freeze point, or add pictures."
    ),
    "pictures": (
        "**Risk of memorising: high.** {share} of the weights ({weights}) would learn from "
        "{pictures} pictures: it may memorise them instead of learning what they have in common. "
        "Add pictures."
    ),
}


def judged(owner: Owner, config: Config) -> str:
    """The risk of a training of the open pictures, in Markdown; "" when they aren't ready."""
    opened = owner.open_dataset
    if opened is None:
        return ""
    try:
        divided = split.by(config.train, opened)
    except FreezepointError:
        return ""  # what is missing is said elsewhere
    model = config.model
    classes = len(divided.labels)
    counts = vgg16.count(model.freeze_point, model.head, model.image_size, classes)
    return told(risk.judge(counts, len(divided.train), model.head))


def told(found: Risk) -> str:
    """A risk with the facts that it is judged by, in Markdown."""
    sentence = _LOW
    if found.level != "low":
        sentence = (_HIGH_WORDS if found.level == "high" else _MIDDLE_WORDS)[found.remedy]
    return say(
        sentence,
        share=f"{found.share:.0%}" if found.share >= 0.01 else f"{found.share:.1%}",
        weights=f"{found.weights:,}",
        pictures=f"{found.pictures:,}",
    )
