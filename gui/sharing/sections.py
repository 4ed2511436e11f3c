"""The sections of the report, in their order."""

import hashlib
import io
import math
from collections.abc import Iterator
from datetime import UTC, datetime

from gui.core import forecast, pictures, progress, trust, vgg16
from gui.core.errors import UnreadablePicture
from gui.core.evaluation import Answered, Evaluation
from gui.core.metrics import ClassScore
from gui.core.split import Labelled
from gui.sharing import facts as gathered
from gui.sharing import markup
from gui.sharing.facts import Facts

_MISTAKES = 24
_EXAMPLES = 4  # pictures of a class
_MOST_EXAMPLES = 60  # in all
_SMALL_PX, _LARGE_PX = 96, 160
_TOLD = {"validation": "validation pictures", "test": "test pictures", "given": "pictures"}


def body(facts: Facts) -> Iterator[str]:
    """Everything between the page's beginning and its scripts."""
    yield from _beginning(facts)
    yield from _pictures(facts)
    yield from _learning(facts)
    for each in facts.evaluations:
        yield from _evaluation(facts, each)
    if facts.curve:
        yield markup.heading("Would more pictures help?")
        yield markup.paragraph(facts.curve.headline)
        yield markup.chart("more-pictures")
        yield from map(markup.paragraph, facts.curve.sentences)
    yield from _made(facts)


def _beginning(facts: Facts) -> Iterator[str]:
    yield markup.heading(facts.title, 1)
    yield markup.paragraph(gathered.what_it_is(facts, str))
    for each in facts.evaluations:
        yield markup.paragraph(f"{trust.headline(each)} {trust.caution(each)}".strip(), "score")
    yield markup.paragraph(_cost(facts), "quiet")


def _cost(facts: Facts) -> str:
    """What it took beside what was planned."""
    planned, measured = facts.history.planned, facts.history.measured
    parts = [progress.compared(facts.history)]
    if measured:
        thought = f" ({forecast.size(planned.peak_bytes)} planned)" if planned else ""
        parts.append(f"It used {forecast.size(measured.peak_bytes)} of memory{thought}.")
    return " ".join(each for each in parts if each)


def _pictures(facts: Facts) -> Iterator[str]:
    yield markup.heading("Pictures")
    rows = [(each.label, each.learn, each.check, each.test) for each in facts.classes]
    sides = (facts.split.train, facts.split.validation, facts.split.test)
    header = ["Class", "to learn from", "to check with", "to test with"]
    yield markup.table(header, [*rows, ("all", *map(len, sides))])
    if gathered.lookalikes_apart(facts):
        yield markup.paragraph(gathered.APART, "quiet")
    each_class = max(1, min(_EXAMPLES, _MOST_EXAMPLES // len(facts.split.labels)))
    for place, label in list(enumerate(facts.split.labels))[:_MOST_EXAMPLES]:
        of_it = [each for each in facts.split.train if each.label == place][:each_class]
        yield markup.heading(label, 3)
        yield markup.pictures(((_thumbnail(facts, each, _SMALL_PX), "") for each in of_it), "few")


def _learning(facts: Facts) -> Iterator[str]:
    history, model = facts.history, facts.config.model
    yield markup.heading("What learned")
    yield markup.paragraph(gathered.freeze_point(facts))
    yield _strip(vgg16.position(model.freeze_point), model.head)
    yield markup.heading("How it learned")
    yield markup.paragraph(progress.why_kept(history))
    yield markup.charts("loss", "accuracy")
    header = ["Epoch", "what learned", "loss", "accuracy", "loss, checking", "accuracy, checking"]
    rows = [
        (
            each.epoch,
            "the head" if each.phase == "head" else "from the freeze point on",
            f"{each.loss:.4f}",
            f"{each.accuracy:.3f}",
            f"{each.val_loss:.4f}",
            f"{each.val_accuracy:.3f}",
        )
        for each in history.epochs
    ]
    yield markup.folded(
        f"As numbers: {len(facts.split.train)} pictures to learn from, {facts.evaluated.pictures} "
        "to check with",
        markup.table(header, rows),
    )


def _strip(frozen: int, head: str) -> str:
    """VGG16's layers in their order, those that learned marked."""
    names = [(name, place >= frozen) for place, name in enumerate(vgg16.NAMES)]
    items = "".join(
        f'<li class="{"learns" if learns else "frozen"}">{name}{" learned" if learns else ""}</li>'
        for name, learns in [*names, (f"{head} head", True)]
    )
    return f'<ol class="strip">{items}</ol>'


def _evaluation(facts: Facts, told: Evaluation) -> Iterator[str]:
    metrics, named = told.metrics, f"the {told.metrics.pictures} {_TOLD[told.side]}"
    yield markup.heading(f"How good it is on {named}")
    yield markup.paragraph(f"{trust.headline(told)} {trust.caution(told)}".strip())
    header = ["Class", "learned from", "pictures", "found", "can be believed", "both (F1)"]
    yield markup.table(header, map(_score, metrics.classes))
    yield markup.paragraph(
        "Found (recall): how many of its pictures were called so. Can be believed (precision): how "
        "many that were called so really are. The range holds the true share in 95 of 100 cases.",
        "quiet",
    )
    yield markup.chart(f"confusion-{told.side}")
    names = [each.label for each in metrics.classes]
    counts = [(name, *row) for name, row in zip(names, metrics.confusion, strict=True)]
    table = markup.table(["it really is", *names], counts)
    yield markup.folded("As numbers: rows are what it really is, columns what it was called", table)
    yield markup.paragraph(trust.surer_than_right(metrics))
    yield markup.chart(f"calibration-{told.side}")
    yield from _mistakes(facts, told)


def _score(each: ClassScore) -> tuple[object, ...]:
    recall, precision, ends = each.recall_range, each.precision_range, each.f1_range
    both = "–"
    if each.f1 is not None and ends is not None:
        low, high = math.floor(1000 * ends[0]) / 10, math.ceil(1000 * ends[1]) / 10
        both = f"{math.floor(1000 * each.f1 + 1e-9) / 10:.1f} %\n{low:.1f}–{high:.1f} %"
    return (
        each.label,
        each.learned_from,
        each.pictures,
        f"{recall.right} of {recall.pictures}\n{recall.range_text}" if recall else "–",
        f"{precision.right} of {precision.pictures}\n{precision.range_text}" if precision else "–",
        both,
    )


def _mistakes(facts: Facts, told: Evaluation) -> Iterator[str]:
    wrong = told.mistakes
    shown = wrong[:_MISTAKES]
    yield markup.heading("What it got wrong", 3)
    if not wrong:
        yield markup.paragraph("Nothing: every one of these pictures was answered right.")
        return
    few = f", the {len(shown)} surest of {len(wrong)}" if len(wrong) > len(shown) else ""
    yield markup.paragraph(f"The surest mistakes come first{few}.")
    yield markup.pictures(
        (_thumbnail(facts, each, _LARGE_PX), _below(told, each)) for each in shown
    )


def _below(told: Evaluation, each: Answered) -> str:
    sure = math.floor(100 * min(each.confidence, 0.999))
    truth, answer = told.labels[each.truth], told.labels[each.answer]
    return f"“{truth}”, called “{answer}” ({sure} % sure): {each.name}"


def _made(facts: Facts) -> Iterator[str]:
    asked_at = datetime.fromtimestamp(facts.run.about.created_at, UTC)
    yield markup.heading("What to keep in mind")
    yield markup.paragraph(gathered.ONLY_ITS_CLASSES)
    yield markup.paragraph(
        f"It has learned from {len(facts.split.train)} pictures only. On pictures that look "
        "different (another camera, background or light) expect it to be wrong more often."
    )
    yield markup.heading("Settings")
    yield markup.table(["Setting", "Value"], gathered.settings(facts))
    yield markup.heading("How it was made")
    started = facts.started
    cached = "once for each picture" if started.cached else "in every epoch"
    yield markup.paragraph(
        f"With Freezepoint, asked for on {asked_at:%Y-%m-%d} at {asked_at:%H:%M} UTC. The frozen "
        f"part ran {cached}. Kept: epoch {facts.evaluated.epoch} of {len(facts.history.epochs)}."
    )
    yield markup.paragraph(f"{gathered.WEIGHTS} They came from {started.weights}.")


def _thumbnail(facts: Facts, picture: Labelled | Answered, size_px: int) -> str:
    """A picture of the run as a ``data:`` URI; "" when it is gone or another by now."""
    try:
        content = (facts.run.pictures_root / picture.path).read_bytes()
        if hashlib.sha256(content).hexdigest() == picture.sha256:
            return pictures.data_uri(pictures.thumbnail(io.BytesIO(content), size_px))
    except (OSError, UnreadablePicture):
        pass
    return ""
