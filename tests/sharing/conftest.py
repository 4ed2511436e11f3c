"""A finished, evaluated run whose names are as nasty as names can be; nothing is trained."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gui.core import dataset, evaluation, ingest, learning_curve, new_run, record, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.evaluation import Answered, Evaluation
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Queued, Started
from gui.core.learning_curve import LearningCurve, Point
from gui.core.runs import Run
from gui.engine import metrics

NASTY = (
    "a|b `code` {{ name }} ${title}",
    "</script><img src=x onerror=\"document.title='hacked'\"> & &amp;",
    "--- *bold* _it_ [x](http://x.example) # $1$ @you :smile: www.example.com",
)


@pytest.fixture(scope="session")
def make_run(tmp_path_factory):
    """``make_run(labels)`` is a finished run of these classes, eight pictures each."""

    def make(labels=("cat", "dog", "owl"), *, tested=True) -> Run:
        root = tmp_path_factory.mktemp("data") / "pictures"
        chance = np.random.default_rng(5)
        for place in range(len(labels)):
            for number in range(8):
                path = root / f"{place}" / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(chance.integers(0, 255, (70, 90, 3), np.uint8)).save(path)
        data = ingest.read(ingest.walk(root), root)
        for place, label in enumerate(labels):
            data = dataset.rename(data, str(place), label)
        record.save(data, root.parent / "dataset.json")
        config = Config(
            ModelSettings(freeze_point="block5_conv1"),
            TrainSettings(epochs=3, head_epochs=1, test_share=0.25 * tested),
        )
        divided = split.by(config.train, data)
        run = new_run.create(
            tmp_path_factory.mktemp("run") / "run", config, divided, root,
            f"{new_run.classes(divided.labels)} · block5_conv1", 1_700_000_000.0,
        )  # fmt: skip
        _happen(run)
        for side in ("validation", "test"):
            _evaluate(run, side)
        if tested:
            _learn_from_fewer(run)
        run.model.write_bytes(b"the model" * 1000)
        run.labels.write_text("".join(f"{label}\n" for label in divided.labels))
        return run

    return make


@pytest.fixture(scope="session")
def nasty_run(make_run) -> Run:
    return make_run(NASTY)


@pytest.fixture(scope="session")
def plain_run(make_run) -> Run:
    return make_run(tested=False)


def _happen(run: Run) -> None:
    learn, check = len(run.split.train), len(run.split.validation)
    for event in (
        Queued(0.5, 3),
        Started(1.0, 3, "the package x", "ab" * 32, True, learn, check, 2),
        PhaseChanged(1.5, "head", 1, 1e-3, 1),
        Epoch(2.0, 1, "head", 1.5, 0.25, 1.25, 0.5, 1.0),
        PhaseChanged(2.5, "fine", 2, 2e-5, 3),
        Epoch(3.0, 2, "fine", 0.75, 0.75, 0.625, 0.75, 1.0),
        Epoch(4.0, 3, "fine", 0.5, 0.9, 0.875, 0.75, 1.0),
        Evaluated(5.0, 2, 0.625, 0.75, check),
        Finished(6.0, "epochs"),
    ):
        run.append(event)


def _evaluate(run: Run, side: str) -> None:
    """Every third picture is taken for the class after its own; scikit-learn measures it."""
    divided = run.split
    asked = divided.validation if side == "validation" else divided.test
    if not asked:
        return
    count = len(divided.labels)
    probabilities = np.full((len(asked), count), 0.2 / (count - 1), np.float32)
    for place, each in enumerate(asked):
        probabilities[place, (each.label + (place % 3 == 0)) % count] = 0.8
    truths = np.array([each.label for each in asked])
    learned = [sum(each.label == place for each in divided.train) for place in range(count)]
    found = metrics.measure(divided.labels, learned, truths, probabilities)
    answers = tuple(
        Answered(each.name, each.sha256, each.path, each.label, tuple(map(float, row)))
        for each, row in zip(asked, probabilities, strict=True)
    )
    told = Evaluation(side, 2, divided.labels, answers, found)
    evaluation.save(told, run.evaluation(side))


def _learn_from_fewer(run: Run) -> None:
    """Half of the pictures answer one in two right, all of them every one."""
    divided = run.split
    each = len(divided.train) // len(divided.labels)
    truths = tuple(each.label for each in divided.validation)
    half = tuple(place % 2 == 0 for place in range(len(truths)))
    points = (
        Point(0.5, tuple(each // 2 for _ in divided.labels), (half,)),
        Point(1.0, tuple(each for _ in divided.labels), (tuple(True for _ in truths),)),
    )
    curve = LearningCurve(divided.labels, truths, points, tuned=True)
    learning_curve.save(curve, run.learning_curve)


@pytest.fixture
def unevaluated(make_run) -> Run:
    run = make_run(tested=False)
    Path(run.evaluation("validation")).unlink()
    return run
