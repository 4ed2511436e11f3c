"""A run's model card, as Hugging Face has it: what the model is, how good it is, where it fails."""

from __future__ import annotations  # huggingface_hub loads with the first card, not with the page

import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from gui.core import ended, files, trust
from gui.core.errors import disk_full
from gui.core.evaluation import Evaluation
from gui.core.metrics import ClassScore, Metrics
from gui.core.runs import Run
from gui.sharing import alike
from gui.sharing import facts as gathered
from gui.sharing.facts import Facts
from gui.sharing.markdown import literal, table
from gui.words import joined, say

if TYPE_CHECKING:
    from huggingface_hub import EvalResult

_RECIPE = Path(__file__).resolve().parents[2] / "assets" / "use_model.py"
_SQUARE = 20  # classes; the table of what was taken for what lists only mistakes beyond
_NAMED_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "validation": "the {count} validation pictures",
        "test": "the {count} test pictures",
        "given": "the {count} pictures",
    }
)
_OWNER_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "validation": "{count} validation pictures of the person who trained it",
        "test": "{count} test pictures of the person who trained it",
        "given": "{count} pictures of the person who trained it",
    }
)


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
        dataset_name=say(_OWNER_WORDS[told.side], count=accuracy.pictures),
        dataset_split=told.side,
        metric_type="accuracy",
        metric_name=say(
            "Accuracy on {count} pictures (95 % range {range})",
            count=accuracy.pictures,
            range=accuracy.range_text,
        ),
        metric_value=math.floor(10_000 * accuracy.share) / 10_000,
    )


def _body(facts: Facts) -> str:
    scores = [text for each in facts.evaluations for text in _scores(each)]
    parts = [
        f"# {literal(facts.title)}",
        gathered.what_it_is(facts, literal),
        say("It was made with Freezepoint by fine-tuning VGG16."),
        f"## {say('Pictures')}",
        *_pictures(facts),
        f"## {say('What learned')}",
        gathered.freeze_point(facts),
        f"## {say('How good it is')}",
        *scores,
        f"## {say('How it learned')}",
        *_curves(facts),
        f"## {say('Limits')}",
        *_limits(facts),
        f"## {say('How to use it')}",
        say("It needs `keras`, `tensorflow` and `pillow`:"),
        f"```python\n{_recipe()}\n```",
        say(
            "`model.keras` takes pictures as they are (red, green and blue, 0 to 255, any size) "
            "and gives one probability for each class, in the order of `labels.txt`."
        ),
        f"## {say('Settings')}",
        table([say("Setting"), say("Value")], gathered.settings(facts)),
        f"## {say('Weights and licence')}",
        gathered.weights(facts, literal),
    ]
    return "\n\n".join(parts) + "\n"


def _pictures(facts: Facts) -> list[str]:
    rows = [(literal(each.label), each.learn, each.check, each.test) for each in facts.classes]
    sides = (facts.split.train, facts.split.validation, facts.split.test)
    total = (say("all"), *map(len, sides))
    header = [say("Class"), say("to learn from"), say("to check with"), say("to test with")]
    return [
        say(
            "Every picture stands on one side only: it is learned from, or it is kept to check or "
            "to test with. Of pictures that are equal byte for byte one was used."
        ),
        *filter(None, [alike.apart(facts)]),
        table(header, [*rows, total]),
        say(
            "Every picture was squeezed into {size} × {size} pixels.",
            size=facts.config.model.image_size,
        ),
    ]


def _scores(told: Evaluation) -> list[str]:
    named = say(_NAMED_WORDS[told.side], count=told.metrics.pictures)
    header = [say("Class"), say("pictures"), say("right"), say("recall"), say("answered so")]
    return [
        f"### {say('On {pictures}', pictures=named)}",
        # With its space in every language: or the stars would be no end of what is strong.
        f"**{trust.headline(told)}** {trust.caution(told)}".rstrip(),
        say(
            "The range holds the true share in 95 of 100 cases (Wilson), for {pictures}.",
            pictures=named,
        ),
        table([*header, say("precision"), "F1"], map(_score, told.metrics.classes)),
        say(
            "Rows are what {pictures} really are, columns what the model called them:",
            pictures=named,
        ),
        _confusion(told.metrics),
    ]


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
        return table([say("it really is"), *names], rows)
    wrong = [
        (count, names[truth], names[answer])
        for truth, row in enumerate(metrics.confusion)
        for answer, count in enumerate(row)
        if count and truth != answer
    ]
    rows = [(truth, answer, count) for count, truth, answer in sorted(wrong, reverse=True)]
    if not rows:
        return say("None was called anything else than it is.")
    return table([say("it really is"), say("it was called"), say("pictures")], rows)


def _curves(facts: Facts) -> list[str]:
    history, kept = facts.history, facts.evaluated.epoch
    rows = [
        (
            say("{epoch} (kept)", epoch=each.epoch) if each.epoch == kept else each.epoch,
            gathered.phase(each),
            f"{each.loss:.4f}",
            f"{each.accuracy:.3f}",
            f"{each.val_loss:.4f}",
            f"{each.val_accuracy:.3f}",
        )
        for each in history.epochs
    ]
    whose = say(
        "Loss and accuracy while learning are those of the {seen} pictures that are learned from, "
        "turned and mirrored as the settings say; those of checking are of {checked} pictures.",
        seen=len(facts.split.train),
        checked=facts.evaluated.pictures,
    )
    return [
        joined(whose, ended.why_kept(history), ended.compared(history)),
        table(gathered.epochs_header(), rows),
    ]


def _limits(facts: Facts) -> list[str]:
    points = [
        gathered.only_so_many(facts),
        say(gathered.ONLY_ITS_CLASSES),
        say(
            "Its numbers are of {count} pictures from the same person as those it learned from. "
            "The ranges tell how far chance alone may move them, and nothing else.",
            count=facts.evaluated.pictures,
        ),
        alike.flattered(facts, literal),
        say("Don't let it decide anything about people."),
    ]
    return ["\n".join(f"- {each}" for each in points if each)]


def _recipe() -> str:
    return _RECIPE.read_text(encoding="utf-8").rstrip()
