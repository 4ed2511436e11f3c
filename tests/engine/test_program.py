"""The program of a run, trained for real where nothing but TensorFlow can be imported."""

import importlib.metadata
import json
import re
import runpy
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from packaging.requirements import Requirement
from PIL import Image

from gui.core import evaluation, program, scaled, vgg16
from gui.core.runs import Run

COLORS = {"leaf": (60, 150, 70), "sand": (200, 180, 120), "sea": (40, 80, 190)}
STYLES = ("functional", "sequential")

# Runs a program in a Python in which these modules can't be found.
ALONE = """
import json, runpy, sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

absent = set(json.loads(sys.argv[1]))
sys.meta_path.insert(0, Nothing())
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Told:
    """What a program printed."""

    text: str
    parameters: tuple[int, ...]  # total, trainable, frozen
    accuracy: float
    pictures: int
    epoch: int
    folder: Path


@cache
def others() -> str:
    """Every module here that isn't there where only TensorFlow is installed, as JSON."""
    needed, open_ = set(), ["tensorflow"]
    while open_:
        name = open_.pop().lower().replace("_", "-")
        if name not in needed:
            needed.add(name)
            wanted = map(Requirement, importlib.metadata.requires(name) or [])
            open_ += [
                each.name
                for each in wanted
                if not each.marker or each.marker.evaluate({"extra": ""})
            ]
    owners = importlib.metadata.packages_distributions()
    return json.dumps(
        ["gui"]
        + [
            module
            for module, names in owners.items()
            if not needed & {each.lower().replace("_", "-") for each in names}
        ]
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Three classes of 36; three pictures of each are drawn as another's, so nobody gets them."""
    path, chance, names = tmp_path_factory.mktemp("mixed"), np.random.default_rng(3), list(COLORS)
    for place, label in enumerate(names):
        (path / label).mkdir()
        for number in range(36):
            shown = names[(place + 1) % 3] if number % 12 == 5 else label
            pixels = np.array(COLORS[shown]) + chance.normal(0, 40, (72, 90, 3))
            picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            picture.save(path / label / f"{number:02}.png")
    return path


@pytest.fixture(scope="module")
def head(folder, prepare, train) -> Run:
    """A run of the head alone, with half of the pictures kept for checking."""
    run = prepare(
        folder, each=36, epochs=4, validation_share=0.5, head_rate=0.003, views=2, patience=2
    )
    train(run)
    return run


@pytest.fixture(scope="module")
def both(folder, prepare, train, head) -> Run:
    """The same pictures in two phases."""
    run = prepare(
        folder, each=36, epochs=3, head_epochs=2, validation_share=0.5, head_rate=0.003,
        rotation=False, zoom=False, patience=0, freeze_point="block5_conv3", store=head.store,
    )  # fmt: skip
    train(run)
    return run


@pytest.fixture(scope="module")
def moved(folder, tmp_path_factory) -> Path:
    """The same pictures under other names, all in one heap, beside what took no part."""
    heap = tmp_path_factory.mktemp("heap")
    for number, path in enumerate(sorted(folder.rglob("*.png"), key=lambda each: each.stem)):
        shutil.copy(path, heap / f"{number}")
    (heap / "notes.txt").write_text("mine")
    Image.new("RGB", (9, 9)).save(heap / "new.png")
    return heap


def run_alone(run: Run, style: str, pictures_in: Path, weights: Path, cwd: Path) -> Told:
    script = cwd / f"train_{style}.py"
    program.write(run, style, script)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, others(), script, pictures_in, "--weights", weights],
        cwd=cwd, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    counts = re.search(r"parameters: ([\d,]+) total, ([\d,]+) trainable, ([\d,]+) fr", done.stdout)
    last = done.stdout.strip().split("\n")[-1]
    score = re.fullmatch(r"val_accuracy: ([\d.]+) \((\d+) pictures, epoch (\d+)\)", last)
    assert counts, done.stdout
    assert score, done.stdout
    numbers = tuple(int(each.replace(",", "")) for each in counts.groups())
    return Told(done.stdout, numbers, float(score[1]), int(score[2]), int(score[3]), cwd)


@pytest.mark.parametrize(("which", "style"), [("head", "functional"), ("both", "sequential")])
def test_with_tensorflow_alone_it_comes_to_the_same(
    which, style, request, moved, keras_file, tmp_path
) -> None:
    run: Run = request.getfixturevalue(which)
    told = run_alone(run, style, moved, keras_file, tmp_path)
    model, evaluated = run.config.model, run.history.evaluated
    counts = vgg16.count(model.freeze_point, model.head, model.image_size, 3)
    assert told.parameters == (counts.total, counts.trainable, counts.frozen)
    assert told.pictures == evaluated.pictures == len(run.split.validation)
    assert 0.8 < evaluated.accuracy < 1  # some can't be got, so a 1 would be a leak
    assert abs(told.accuracy - evaluated.accuracy) <= 0.02
    assert "2 other files" in told.text
    assert "not the weights" not in told.text
    epochs = [int(each) for each in re.findall(r"^Epoch (\d+)/", told.text, re.M)]
    assert epochs == list(range(1, len(epochs) + 1))
    assert told.epoch in epochs
    saved = keras.models.load_model(told.folder / "model.keras")
    assert saved.count_params() == counts.total


@pytest.fixture(scope="module")
def loaded(head, tmp_path_factory) -> dict[str, dict]:
    """Both programs, opened as modules."""
    found, path = {}, tmp_path_factory.mktemp("loaded")
    for style in STYLES:
        script = path / f"{style}.py"
        program.write(head, style, script)
        found[style] = runpy.run_path(str(script))
    return found


@pytest.mark.parametrize("style", STYLES)
def test_with_the_weights_of_the_run_it_gives_the_same_answers(
    style, loaded, head, moved, keras_file, capsys
) -> None:
    """So preparation, order of layers and order of classes are the run's."""
    data = loaded[style]["read"](moved)
    model = loaded[style]["build"](str(keras_file))
    model.set_weights(keras.models.load_model(head.model).get_weights())
    answers = evaluation.load(head.evaluation("validation")).answers
    seen, labels = data["validation"]
    assert labels.tolist() == [each.truth for each in answers]
    wanted = np.array([each.probabilities for each in answers])
    assert np.abs(model.predict(seen, verbose=0) - wanted).max() < 0.03
    assert len(data["train"][1]) == len(head.split.train)
    assert "train: 54 of 54 pictures found" in capsys.readouterr().out


def test_patience_counts_from_the_best_of_all_phases(loaded) -> None:
    learn, best = loaded["functional"]["learn"], loaded["functional"]["Best"]()
    assert learn.__globals__["PATIENCE"] == 2
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(2, name="dense"),
            keras.layers.Dense(2, "softmax", name="head"),
        ]
    )
    seen, labels = np.eye(2, dtype=np.float32), np.arange(2)
    model.set_weights([seen, np.zeros(2), seen, np.zeros(2)])
    # What is right in learning is wrong in checking, so it only ever gets worse.
    data = {"train": (seen, labels), "validation": (seen, 1 - labels)}
    assert learn(model, "head", 0.01, 0, 20, data, best) == 3
    kept = model.get_weights()
    assert not np.array_equal(kept[2], seen)
    assert learn(model, "dense", 0.01, 3, 20, data, best) == 5
    assert [each.trainable for each in model.layers] == [True, True]
    assert best.epoch == 1
    assert all(np.array_equal(a, b) for a, b in zip(kept, model.get_weights(), strict=True))


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture
def photo() -> Image.Image:
    """Smooth, with no two corners alike and see-through in places."""
    chance = np.random.default_rng(1)
    coarse = Image.fromarray(chance.integers(0, 256, (4, 5, 4), np.uint8))
    return coarse.resize((150, 110), Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("PNG", "L", {}),
        ("PNG", "P", {}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("GIF", "P", {}),
        ("BMP", "RGB", {}),
        ("JPEG", "L", {}),
        *(("JPEG", "RGB", {"orientation": turn}) for turn in range(1, 9)),
    ],
)
def test_it_sees_what_the_run_saw(loaded, photo, kind, mode, options) -> None:
    options = dict(options)
    if turn := options.pop("orientation", None):
        exif = Image.Exif()
        exif[0x0112] = turn
        options["exif"] = exif
    content = encoded(photo.convert(mode), kind, **options)
    ours = scaled.read_pixels(BytesIO(content), 64).astype(int)
    theirs = loaded["functional"]["pixels"](content)
    assert theirs.dtype == np.uint8
    assert np.abs(theirs - ours).mean() < 1
    assert np.abs(theirs - ours).max() < 12


@pytest.mark.parametrize(("kind", "mode"), [("TIFF", "RGB"), ("BMP", "P"), ("BMP", "RGBA")])
def test_what_it_would_see_wrongly_it_refuses(loaded, photo, kind, mode) -> None:
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
        loaded["functional"]["pixels"](encoded(photo.convert(mode), kind))


def test_it_names_what_it_cannot_read_and_counts_what_is_missing(
    prepare, train, photo, folder, tmp_path, capsys
) -> None:
    mixed = tmp_path / "mixed"
    for label in ("leaf", "sand"):
        (mixed / label).mkdir(parents=True)
        for number in range(4):
            shutil.copy(folder / label / f"{number:02}.png", mixed / label)
    photo.convert("RGB").save(mixed / "leaf" / "04.tiff")
    run = prepare(mixed, epochs=1, validation_share=0.3)
    train(run)
    script = tmp_path / "train.py"
    program.write(run, "functional", script)
    gone = next(each for each in run.split.train if each.name.endswith(".png"))
    (mixed / gone.path).unlink()
    read = runpy.run_path(str(script))["read"]
    data = read(mixed)
    said = capsys.readouterr().out
    assert f"can't read them: {mixed / 'leaf' / '04.tiff'}\n" in said
    there = sum(len(labels) for _, labels in data.values())
    assert there == 9 - 2
    with pytest.raises(SystemExit, match=r"No train pictures are in .*: give"):
        read(tmp_path / "mixed" / "nowhere")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "there is no folder nowhere"),
        ([".", "--weights", "none.h5"], "there is no file none.h5"),
        ([".", "--epochs", "0"], "--epochs is less than 1"),
    ],
)
def test_a_slip_is_one_sentence(loaded, arguments, said, monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py", *arguments])
    with pytest.raises(SystemExit):
        loaded["functional"]["main"]()
    assert said in capsys.readouterr().err
