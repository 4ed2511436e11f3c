"""The sections of the report, in their order."""

import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from gui.core import ended, forecast, more_pictures, scaled, trust, vgg16
from gui.core.accuracy import Accuracy
from gui.core.errors import UnreadablePicture
from gui.core.evaluation import Answered, Evaluation
from gui.core.metrics import ClassScore
from gui.core.split import Labelled
from gui.sharing import alike, markup
from gui.sharing import facts as gathered
from gui.sharing.facts import Facts
from gui.words import joined, say

_MISTAKES = 24
_EXAMPLES = 4  # pictures of a class
_MOST_EXAMPLES = 60  # in all
_SMALL_PX, _LARGE_PX = 96, 160
_GOOD_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "validation": "How good it is on the {count} validation pictures",
        "test": "How good it is on the {count} test pictures",
        "given": "How good it is on the {count} pictures",
    }
)
_LAYER_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"compact": "compact head", "classic": "classic head"}
)


def body(facts: Facts) -> Iterator[str]:
    """Everything between the page's beginning and its scripts."""
    yield from _beginning(facts)
    yield from _pictures(facts)
    yield from _learning(facts)
    for each in facts.evaluations:
        yield from _evaluation(facts, each)
    if facts.curve:
        yield markup.heading(say("Would more pictures help?"))
        yield markup.paragraph(more_pictures.headline(facts.curve))
        yield markup.chart("more-pictures")
        yield from map(markup.paragraph, more_pictures.sentences(facts.curve))
    yield from _made(facts)


def _beginning(facts: Facts) -> Iterator[str]:
    yield markup.heading(facts.title, 1)
    yield markup.paragraph(gathered.what_it_is(facts, str))
    for each in facts.evaluations:
        yield markup.paragraph(joined(trust.headline(each), trust.caution(each)), "score")
    yield markup.paragraph(_cost(facts), "quiet")


def _cost(facts: Facts) -> str:
    """What it took beside what was planned."""
    planned, measured = facts.history.planned, facts.history.measured
    took, memory = ended.compared(facts.history), ""
    if measured and planned:
        memory = say(
            "It used {size} of memory ({planned} planned).",
            size=forecast.size(measured.peak_bytes),
            planned=forecast.size(planned.peak_bytes),
        )
    elif measured:
        memory = say("It used {size} of memory.", size=forecast.size(measured.peak_bytes))
    return joined(took, memory)


def _pictures(facts: Facts) -> Iterator[str]:
    yield markup.heading(say("Pictures"))
    rows = [(each.label, each.learn, each.check, each.test) for each in facts.classes]
    sides = (facts.split.train, facts.split.validation, facts.split.test)
    header = [say("Class"), say("to learn from"), say("to check with"), say("to test with")]
    yield markup.table(header, [*rows, (say("all"), *map(len, sides))])
    if told := alike.apart(facts):
        yield markup.paragraph(told, "quiet")
    each_class = max(1, min(_EXAMPLES, _MOST_EXAMPLES // len(facts.split.labels)))
    for place, label in list(enumerate(facts.split.labels))[:_MOST_EXAMPLES]:
        of_it = [each for each in facts.split.train if each.label == place][:each_class]
        yield markup.heading(label, 3)
        yield markup.pictures(((_thumbnail(facts, each, _SMALL_PX), "") for each in of_it), "few")


def _learning(facts: Facts) -> Iterator[str]:
    history, model = facts.history, facts.config.model
    yield markup.heading(say("What learned"))
    yield markup.paragraph(gathered.freeze_point(facts))
    yield _strip(vgg16.position(model.freeze_point), model.head)
    yield markup.heading(say("How it learned"))
    yield markup.paragraph(ended.why_kept(history))
    yield markup.charts("loss", "accuracy")
    rows = [
        (
            each.epoch,
            gathered.phase(each),
            f"{each.loss:.4f}",
            f"{each.accuracy:.3f}",
            f"{each.val_loss:.4f}",
            f"{each.val_accuracy:.3f}",
        )
        for each in history.epochs
    ]
    yield markup.folded(
        say(
            "As numbers: {learned} pictures to learn from, {checked} to check with",
            learned=len(facts.split.train),
            checked=facts.evaluated.pictures,
        ),
        markup.table(gathered.epochs_header(), rows),
    )


def _strip(frozen: int, head: str) -> str:
    """VGG16's layers in their order, those that learned marked."""
    names = [(name, place >= frozen) for place, name in enumerate(vgg16.NAMES)]
    items = "".join(
        f'<li class="learns">{markup.text(say("{layer} learned", layer=name))}</li>'
        if learns
        else f'<li class="frozen">{name}</li>'
        for name, learns in [*names, (say(_LAYER_WORDS[head]), True)]
    )
    return f'<ol class="strip">{items}</ol>'


def _evaluation(facts: Facts, told: Evaluation) -> Iterator[str]:
    metrics = told.metrics
    yield markup.heading(say(_GOOD_WORDS[told.side], count=metrics.pictures))
    yield markup.paragraph(joined(trust.headline(told), trust.caution(told)))
    header = [say("Class"), say("learned from"), say("pictures"), say("found")]
    header += [say("can be believed"), say("both (F1)")]
    yield markup.table(header, map(_score, metrics.classes))
    yield markup.paragraph(
        say(
            "Found (recall): how many of its pictures were called so. Can be believed (precision): "
            "how many that were called so really are. The range holds the true share in 95 of 100 "
            "cases."
        ),
        "quiet",
    )
    yield markup.chart(f"confusion-{told.side}")
    names = [each.label for each in metrics.classes]
    counts = [(name, *row) for name, row in zip(names, metrics.confusion, strict=True)]
    table = markup.table([say("it really is"), *names], counts)
    about = say("As numbers: rows are what it really is, columns what it was called")
    yield markup.folded(about, table)
    yield markup.paragraph(trust.surer_than_right(metrics))
    yield markup.chart(f"calibration-{told.side}")
    yield from _mistakes(facts, told)


def _score(each: ClassScore) -> tuple[object, ...]:
    ends, both = each.f1_range, "–"
    if each.f1 is not None and ends is not None:
        low, high = math.floor(1000 * ends[0]) / 10, math.ceil(1000 * ends[1]) / 10
        both = f"{math.floor(1000 * each.f1 + 1e-9) / 10:.1f} %\n{low:.1f}–{high:.1f} %"
    return (
        each.label,
        each.learned_from,
        each.pictures,
        _part(each.recall_range),
        _part(each.precision_range),
        both,
    )


def _part(of: Accuracy | None) -> str:
    """How many of how many, with the range below it."""
    if of is None:
        return "–"
    counts = say("{right} of {pictures}", right=of.right, pictures=of.pictures)
    return f"{counts}\n{of.range_text}"


def _mistakes(facts: Facts, told: Evaluation) -> Iterator[str]:
    wrong = told.mistakes
    shown = wrong[:_MISTAKES]
    yield markup.heading(say("What it got wrong"), 3)
    if not wrong:
        yield markup.paragraph(say("Nothing: every one of these pictures was answered right."))
        return
    if len(wrong) > len(shown):
        order = say(
            "The surest mistakes come first, the {shown} surest of {all}.",
            shown=len(shown),
            all=len(wrong),
        )
    else:
        order = say("The surest mistakes come first.")
    yield markup.paragraph(order)
    yield markup.pictures(
        (_thumbnail(facts, each, _LARGE_PX), _below(told, each)) for each in shown
    )


def _below(told: Evaluation, each: Answered) -> str:
    sure = math.floor(100 * min(each.confidence, 0.999))
    return say(
        "“{truth}”, called “{answer}” ({sure} % sure): {name}",
        truth=told.labels[each.truth],
        answer=told.labels[each.answer],
        sure=sure,
        name=each.name,
    )


def _made(facts: Facts) -> Iterator[str]:
    asked_at = datetime.fromtimestamp(facts.run.about.created_at, UTC)
    yield markup.heading(say("What to keep in mind"))
    yield markup.paragraph(say(gathered.ONLY_ITS_CLASSES))
    yield markup.paragraph(gathered.only_so_many(facts))
    if told := alike.flattered(facts, str):
        yield markup.paragraph(told)
    yield markup.heading(say("Settings"))
    yield markup.table([say("Setting"), say("Value")], gathered.settings(facts))
    yield markup.heading(say("How it was made"))
    when = say(
        "With Freezepoint, asked for on {day} at {time} UTC.",
        day=f"{asked_at:%Y-%m-%d}",
        time=f"{asked_at:%H:%M}",
    )
    ran = say(
        "The frozen part ran once for each picture."
        if facts.started.cached
        else "The frozen part ran in every epoch."
    )
    epochs, kept = len(facts.history.epochs), facts.evaluated.epoch
    which = say("Kept: epoch {kept} of {epochs}.", kept=kept, epochs=epochs)
    yield markup.paragraph(joined(when, ran, which))
    yield markup.paragraph(gathered.weights(facts, str))


def _thumbnail(facts: Facts, picture: Labelled | Answered, size_px: int) -> str:
    """A picture of the run as a ``data:`` URI; "" when it is gone or another by now."""
    try:
        content = (facts.run.pictures_root / picture.path).read_bytes()
        if hashlib.sha256(content).hexdigest() == picture.sha256:
            return scaled.data_uri(scaled.thumbnail(io.BytesIO(content), size_px))
    except (OSError, UnreadablePicture):
        pass
    return ""
