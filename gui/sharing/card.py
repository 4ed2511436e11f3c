"""A run's model card, as Hugging Face has it: what the model is, how good it is, where it fails."""

from __future__ import annotations  # huggingface_hub loads with the first card, not with the page

import math
from pathlib import Path
from typing import TYPE_CHECKING

from gui.core import files, progress, trust
from gui.core.errors import disk_full
from gui.core.evaluation import Evaluation
from gui.core.metrics import ClassScore, Metrics
from gui.core.runs import Run
from gui.sharing import facts as gathered
from gui.sharing.facts import Facts
from gui.sharing.markdown import literal, table

if TYPE_CHECKING:
    from huggingface_hub import EvalResult

_RECIPE = Path(__file__).resolve().parents[2] / "assets" / "use_model.py"
_SQUARE = 20  # classes; the table of what was taken for what lists only mistakes beyond
_NAMED = {"validation": "validation pictures", "test": "test pictures", "given": "pictures"}


def write(run: Run, path: Path) -> None:
    """Write the card of a finished, evaluated run to a file, in one step.

    Raises:
        RunError: When it isn't finished or not evaluated.
        DiskFull: When there is no room.
    """
    text = card(run)
    with disk_full():
        path.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(path, text.encode())


def card(run: Run) -> str:
    """The card's text: metadata, then Markdown.

    Raises:
        RunError: When the run isn't finished or not evaluated.
    """
    from huggingface_hub import ModelCard, ModelCardData

    facts = gathered.gather(run)
    told = ModelCardData(
        license="cc-by-4.0",
        library_name="keras",
        pipeline_tag="image-classification",
        tags=["keras", "vgg16", "transfer-learning", "freezepoint"],
        metrics=["accuracy"],
        model_name=" ".join(facts.title.split()),
        eval_results=[_result(each) for each in facts.evaluations],
    )
    return str(ModelCard(f"---\n{told.to_yaml()}\n---\n\n{_body(facts)}"))


def _result(told: Evaluation) -> EvalResult:
    from huggingface_hub import EvalResult

    accuracy = told.metrics.accuracy
    return EvalResult(
        task_type="image-classification",
        dataset_type="imagefolder",
        dataset_name=f"{accuracy.pictures} {_NAMED[told.side]} of the person who trained it",
        dataset_split=told.side,
        metric_type="accuracy",
        metric_name=f"Accuracy on {accuracy.pictures} pictures (95 % range {accuracy.range_text})",
        metric_value=math.floor(10_000 * accuracy.share) / 10_000,
    )


def _body(facts: Facts) -> str:
    scores = [text for each in facts.evaluations for text in _scores(each)]
    parts = [
        f"# {literal(facts.title)}",
        gathered.what_it_is(facts, literal),
        "It was made with Freezepoint by fine-tuning VGG16.",
        "## Pictures",
        *_pictures(facts),
        "## What learned",
        gathered.freeze_point(facts),
        "## How good it is",
        *scores,
        "## How it learned",
        *_curves(facts),
        "## Limits",
        *_limits(facts),
        "## How to use it",
        f"It needs `keras`, `tensorflow` and `pillow`:\n\n```python\n{_recipe()}\n```",
        "`model.keras` takes pictures as they are (red, green and blue, 0 to 255, any size) and "
        "gives one probability for each class, in the order of `labels.txt`.",
        "## Settings",
        table(["Setting", "Value"], gathered.settings(facts)),
        "## Weights and licence",
        f"{gathered.WEIGHTS} They came from {literal(facts.started.weights)}.",
    ]
    return "\n\n".join(parts) + "\n"


def _pictures(facts: Facts) -> list[str]:
    rows = [(literal(each.label), each.learn, each.check, each.test) for each in facts.classes]
    sides = (facts.split.train, facts.split.validation, facts.split.test)
    total = ("all", *map(len, sides))
    return [
        "Every picture stands on one side only: it is learned from, or it is kept to check or to "
        "test with. Of pictures that are equal byte for byte one was used.",
        *([gathered.APART] if gathered.lookalikes_apart(facts) else []),
        table(["Class", "to learn from", "to check with", "to test with"], [*rows, total]),
        f"Every picture was squeezed into {facts.config.model.image_size} × "
        f"{facts.config.model.image_size} pixels.",
    ]


def _scores(told: Evaluation) -> list[str]:
    named = f"the {told.metrics.pictures} {_NAMED[told.side]}"
    parts = [f"### On {named}", f"**{trust.headline(told)}** {trust.caution(told)}".rstrip()]
    parts.append(f"The range holds the true share in 95 of 100 cases (Wilson), for {named}.")
    header = ["Class", "pictures", "right", "recall", "answered so", "precision", "F1"]
    parts.append(table(header, map(_score, told.metrics.classes)))
    parts.append(f"Rows are what {named} really are, columns what the model called them:")
    return [*parts, _confusion(told.metrics)]


def _score(each: ClassScore) -> list[object]:
    recall, precision, ends = each.recall_range, each.precision_range, each.f1_range
    cells: list[object] = [literal(each.label), each.pictures, each.right]
    cells.append(f"{recall.share_text} ({recall.range_text})" if recall else "–")
    cells.append(each.answered)
    cells.append(f"{precision.share_text} ({precision.range_text})" if precision else "–")
    if each.f1 is None or ends is None:
        return [*cells, "–"]
    low, high = math.floor(1000 * ends[0]) / 10, math.ceil(1000 * ends[1]) / 10
    return [*cells, f"{math.floor(1000 * each.f1 + 1e-9) / 10:.1f} % ({low:.1f}–{high:.1f} %)"]


def _confusion(metrics: Metrics) -> str:
    names = [literal(each.label) for each in metrics.classes]
    if len(names) <= _SQUARE:
        rows = [(name, *row) for name, row in zip(names, metrics.confusion, strict=True)]
        return table(["it really is", *names], rows)
    wrong = [
        (count, names[truth], names[answer])
        for truth, row in enumerate(metrics.confusion)
        for answer, count in enumerate(row)
        if count and truth != answer
    ]
    rows = [(truth, answer, count) for count, truth, answer in sorted(wrong, reverse=True)]
    if not rows:
        return "None was called anything else than it is."
    return table(["it really is", "it was called", "pictures"], rows)


def _curves(facts: Facts) -> list[str]:
    history, kept = facts.history, facts.evaluated.epoch
    rows = [
        (
            f"{each.epoch} (kept)" if each.epoch == kept else each.epoch,
            "the head" if each.phase == "head" else "from the freeze point on",
            f"{each.loss:.4f}",
            f"{each.accuracy:.3f}",
            f"{each.val_loss:.4f}",
            f"{each.val_accuracy:.3f}",
        )
        for each in history.epochs
    ]
    header = ["Epoch", "what learned", "loss", "accuracy", "loss, checking", "accuracy, checking"]
    seen, checked = len(facts.split.train), facts.evaluated.pictures
    took = progress.compared(history)
    return [
        f"Loss and accuracy while learning are those of the {seen} pictures that are learned from, "
        f"turned and mirrored as the settings say; those of checking are of {checked} pictures. "
        f"{progress.why_kept(history)} {took}".rstrip(),
        table(header, rows),
    ]


def _limits(facts: Facts) -> list[str]:
    learned = len(facts.split.train)
    points = [
        f"It has learned from {learned} pictures only. On pictures that look different (another "
        "camera, background or light) expect it to be wrong more often.",
        gathered.ONLY_ITS_CLASSES,
        f"Its numbers are of {facts.evaluated.pictures} pictures from the same person as those it "
        "learned from. The ranges tell how far chance alone may move them, and nothing else.",
        "Don't let it decide anything about people.",
    ]
    return ["\n".join(f"- {each}" for each in points)]


def _recipe() -> str:
    return _RECIPE.read_text(encoding="utf-8").rstrip()
