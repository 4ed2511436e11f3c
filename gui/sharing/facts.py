"""What the card and the report tell about a finished run, gathered and found to fit together."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

from gui.core import config, evaluation, learning_curve, take_home, vgg16
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.evaluation import Evaluation, Side
from gui.core.events import Epoch, Evaluated, Started
from gui.core.history import History
from gui.core.learning_curve import LearningCurve
from gui.core.new_run import title_of
from gui.core.runs import Run
from gui.core.settings import about
from gui.core.split import Labelled, Split
from gui.core.vgg16 import Counts
from gui.words import again, joined, listed, mark, say

# Source: https://www.robots.ox.ac.uk/~vgg/research/very_deep/ names the licence of the weights.
WEIGHTS: Final = mark(
    "The frozen and the fine-tuned part begin with the weights of VGG16 by Karen Simonyan and "
    "Andrew Zisserman, “Very Deep Convolutional Networks for Large-Scale Image Recognition” "
    "(arXiv:1409.1556), learned from ImageNet and published under the licence CC BY 4.0."
)
ONLY_ITS_CLASSES: Final = mark(
    "The model always answers with one of its own classes, whatever a picture shows. Freezepoint's "
    "Test step also says when a picture is unlike everything that was learned from; the model "
    "alone can't."
)
_VALUE_WORDS: Final[Mapping[object, str]] = MappingProxyType(
    {True: "on", False: "off", "compact": "compact", "classic": "classic", "head": "head"}
)
_LEARNED_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all": "No layer of VGG16 was frozen: all of it learned: {learned:,} of {total:,} numbers "
        "learned, {frozen:,} stayed as they were.",
        "part": "The first {layers} of VGG16's 13 layers with weights were frozen; from {first} on "
        "it learned: {learned:,} of {total:,} numbers learned, {frozen:,} stayed as they were.",
        "head": "All of VGG16 was frozen, and only the new head learned: {learned:,} of {total:,} "
        "numbers learned, {frozen:,} stayed as they were.",
    }
)


@dataclass(frozen=True)
class ClassCount:
    """How many pictures of a class there are on each side."""

    label: str
    learn: int
    check: int
    test: int


@dataclass(frozen=True)
class Facts:
    """A finished run.

    Attributes:
        run: Its folder.
        title: As the person knows it.
        config: Every setting, with the numbers that were chosen for the person.
        split: Its pictures.
        history: All that happened.
        started: How it began the last time.
        evaluated: Which epoch is kept, and what it scores.
        validation: What the kept model answered to the validation pictures.
        test: The same for the test pictures, if there are any.
        curve: What fewer pictures would have given, if that was looked into.
        counts: How many numbers learn.
    """

    run: Run
    title: str
    config: Config
    split: Split
    history: History
    started: Started
    evaluated: Evaluated
    validation: Evaluation
    test: Evaluation | None
    curve: LearningCurve | None
    counts: Counts

    @property
    def classes(self) -> tuple[ClassCount, ...]:
        """How many pictures there are of each class, in the model's order."""
        sides = (self.split.train, self.split.validation, self.split.test)
        learn, check, test = (Counter(each.label for each in side) for side in sides)
        return tuple(
            ClassCount(label, learn[place], check[place], test[place])
            for place, label in enumerate(self.split.labels)
        )

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Those that there are."""
        return (self.validation, self.test) if self.test else (self.validation,)

    @property
    def pictures(self) -> tuple[Labelled, ...]:
        """Every picture of the run."""
        return (*self.split.train, *self.split.validation, *self.split.test)


def gather(run: Run) -> Facts:
    """The facts of a run.

    Raises:
        RunError: When it isn't finished, or not evaluated since.
    """
    take_home.stamp(run)
    history, divided, settings = run.history, run.split, config.resolve(run.config)
    if history.started is None or history.evaluated is None:
        raise RunError(say("This training can't be read."), say("Choose another run."))
    model, validation = settings.model, _evaluation(run, "validation", history.evaluated)
    return Facts(
        run,
        title_of(run),
        settings,
        divided,
        history,
        history.started,
        history.evaluated,
        validation,
        _evaluation(run, "test", history.evaluated) if divided.test else None,
        _curve(run, divided),
        vgg16.count(model.freeze_point, model.head, model.image_size, len(divided.labels)),
    )


def _curve(run: Run, divided: Split) -> LearningCurve | None:
    if not run.learning_curve.exists():
        return None
    found = learning_curve.load(run.learning_curve)
    fits = found.labels == divided.labels and len(found.truths) == len(divided.validation)
    return found if fits else None


def _evaluation(run: Run, side: Side, kept: Evaluated) -> Evaluation:
    if run.evaluation(side).exists():
        told = evaluation.load(run.evaluation(side))
        if told.epoch == kept.epoch:
            return told
    raise RunError(
        say("This model hasn't been evaluated yet."),
        say("Open the step Results, or run: python -m gui evaluate"),
    )


def settings(facts: Facts) -> Iterator[tuple[str, str]]:
    """Each setting's label and value, for a person."""
    for part in (facts.config.model, facts.config.train):
        for each in fields(part):
            yield say(about(each).label), _value(getattr(part, each.name))


def what_it_is(facts: Facts, shown: Callable[[str], str]) -> str:
    """A sentence for who has never heard of it; ``shown`` makes a typed name safe to show."""
    labels = facts.split.labels
    return say(
        "This model looks at a picture and says which of {count} classes it shows: {names}.",
        count=len(labels),
        names=listed(say("“{name}”", name=shown(label)) for label in labels),
    )


def freeze_point(facts: Facts) -> str:
    """Where learning began, in a sentence with its counts."""
    counts, point = facts.counts, facts.config.model.freeze_point
    kind = "all" if counts.layers_frozen == 0 else "part" if counts.layers_learning else "head"
    where = say(
        _LEARNED_WORDS[kind],
        layers=counts.layers_frozen,
        first=vgg16.first_learning(point),
        learned=counts.trainable,
        total=counts.total,
        frozen=counts.frozen,
    )
    return joined(where, say("Freeze point: {point}.", point=vgg16.spoken(point)))


def only_so_many(facts: Facts) -> str:
    """What to expect of a model that has learned from these pictures alone."""
    return say(
        "It has learned from {count} pictures only. On pictures that look different (another "
        "camera, background or light) expect it to be wrong more often.",
        count=len(facts.split.train),
    )


def weights(facts: Facts, shown: Callable[[str], str]) -> str:
    """Whose weights it began with, and where they came from; ``shown`` as in ``what_it_is``."""
    source = shown(again(facts.started.weights))
    return joined(say(WEIGHTS), say("They came from {source}.", source=source))


def epochs_header() -> list[str]:
    """What stands above a table of the epochs."""
    learning = [say("Epoch"), say("what learned"), say("loss"), say("accuracy")]
    return [*learning, say("loss, checking"), say("accuracy, checking")]


def phase(epoch: Epoch) -> str:
    """What learned in an epoch."""
    return say("the head" if epoch.phase == "head" else "from the freeze point on")


def _value(value: object) -> str:
    if isinstance(value, bool | str):
        return say(_VALUE_WORDS[value]) if value in _VALUE_WORDS else str(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
