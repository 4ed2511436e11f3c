"""Project files for tests: whole ones, and ones that somebody has tampered with."""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from gui.core import evaluation, ingest, learning_curve, new_run, split
from gui.core.config import Config
from gui.core.dataset import Edit
from gui.core.evaluation import Answered, Evaluation
from gui.core.events import Epoch, Evaluated, Finished, Queued, Started
from gui.core.learning_curve import LearningCurve, Point
from gui.core.metrics import ClassScore, Metrics

LABELS = ("cat", "dog")


def quiet(done, total):
    """A progress that nobody watches."""


def finished_run(owner, each=5):
    """A run as a training leaves it, but with weights that no model has; it is evaluated, too."""
    data_id = owner.new_dataset()
    root = owner.path / "datasets" / data_id / "pictures"
    chance = np.random.default_rng(3)
    for number in range(2 * each):
        path = root / LABELS[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(chance.integers(0, 255, (40, 40, 3), np.uint8)).save(path)
    data = ingest.read(ingest.walk(root), root)
    left_out = data.classes[0].pictures[0].sha256
    data = type(data)(data.root, data.classes, data.left_out, (Edit(left_out, None),))
    owner.save_dataset(data_id, data)
    divided = split.divide(data)
    run = new_run.create(
        owner.new_run_folder(), Config(), divided, root, "cat, dog · head", 12.5, owner.features
    )
    count = len(divided.validation)
    for event in (
        Queued(0.5, 2),
        Started(1.0, 2, "x", "ab" * 32, True, len(divided.train), count, 2),
        Epoch(2.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0),
        Epoch(3.0, 2, "head", 0.4, 0.6, 0.6, 0.5, 1.0),
        Evaluated(4.0, 1, 0.5, 0.5, count),
        Finished(5.0, "epochs"),
    ):
        run.append(event)
    run.best.write_bytes(b"the best weights")
    run.checkpoint.write_bytes(b"where to go on")
    run.model.write_bytes(b"built anew, so it never travels")
    evaluation.save(answers_of(divided), run.evaluation("validation"))
    learning_curve.save(curve_of(divided), run.learning_curve)
    return run


def curve_of(divided):
    """A learning curve of two seeds, all of whose answers are right."""
    right = ((True,) * len(divided.validation),) * 2
    counts = [sum(each.label == place for each in divided.train) for place in (0, 1)]
    points = (
        Point(share, tuple(learning_curve.part(share, count) for count in counts), right)
        for share in learning_curve.SHARES
    )
    truths = tuple(each.label for each in divided.validation)
    return LearningCurve(divided.labels, truths, tuple(points), tuned=False)


def answers_of(divided):
    """An evaluation in which every picture is called a cat."""
    asked = divided.validation
    answers = tuple(
        Answered(each.name, each.sha256, each.path, each.label, (0.75, 0.25)) for each in asked
    )
    cats = sum(each.label == 0 for each in asked)
    learned = [sum(each.label == place for each in divided.train) for place in (0, 1)]
    f1 = 2 * cats / (cats + len(asked))
    classes = (
        ClassScore("cat", learned[0], cats, len(asked), cats, cats / len(asked), 1.0, f1),
        ClassScore("dog", learned[1], len(asked) - cats, 0, 0, None, 0.0, 0.0),
    )
    counts = ((cats, 0), (len(asked) - cats, 0))
    metrics = Metrics(cats, len(asked), 0.5, classes, counts, ())
    return Evaluation("validation", 1, divided.labels, answers, metrics)


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {each.filename: archive.read(each) for each in archive.infolist()}


def forge(path: Path, members, manifest=None, into: Path | None = None, packed=False) -> Path:
    """A file of these members whose manifest and seal are right, as whoever knows how can make it.

    ``members`` are (name or ZipInfo, content); the manifest is made of them when it isn't given.
    """
    into = into or path
    named = [(each if isinstance(each, str) else each.filename, what) for each, what in members]
    if manifest is None:
        listed = {
            name: {"sha256": hashlib.sha256(what).hexdigest(), "size_bytes": len(what)}
            for name, what in named
        }
        manifest = json.dumps({"version": 1, "members": listed}).encode()
    kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(into, "w", kind) as archive:
        for each, what in [*members, ("manifest.json", manifest)]:
            archive.writestr(each, what)
        archive.comment = b"0" * 64
    content = into.read_bytes()[:-64]
    into.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return into


def changed(path: Path, into: Path, **parts) -> Path:
    """The same file with some members replaced; None takes one out.

    "_" stands for the dot where a name has none.
    """
    found = members_of(path)
    del found["manifest.json"]
    for key, content in parts.items():
        name = key if "." in key else key.replace("_", ".")
        if content is None:
            found.pop(name)
        else:
            found[name] = content if isinstance(content, bytes) else json.dumps(content).encode()
    return forge(path, list(found.items()), into=into)
