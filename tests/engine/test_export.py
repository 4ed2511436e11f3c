"""The model that people take home: opened by plain Keras in a process that knows nothing of us."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from gui.core.errors import DiskFull
from gui.core.runs import Run
from gui.engine import export
from gui.engine.prediction import Predictor

ROOT = Path(__file__).resolve().parents[2]

FRESH = """
import sys
import json
import keras
import numpy as np
model = keras.models.load_model("model.keras")
given = np.load("given.npz")
answers = {f"predict {name}": model.predict(given[name], verbose=0) for name in given.files}
answers |= {f"call {name}": np.asarray(model(given[name])) for name in given.files}
np.savez("answers.npz", **answers)
print(json.dumps({
    "ours": [name for name in sys.modules if name.split(".")[0] == "gui"],
    "layers": [layer.name for layer in model.get_layer("preparation").layers],
    "input": model.input_shape,
    "optimizer": getattr(model, "optimizer", None) is not None,
}))
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder from where gui can't be imported."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-I", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def shown(trained) -> list[Path]:
    return [trained.pictures_root / each.path for each in trained.split.validation]


@pytest.fixture(scope="module")
def opened(trained, shown, tmp_path_factory) -> tuple[dict, dict]:
    """What the fresh process says about the model, and its answers."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "model.keras").write_bytes(trained.model.read_bytes())
    pictures = [Image.open(path).convert("RGB") for path in shown]
    small = [picture.resize((64, 64), Image.Resampling.BILINEAR) for picture in pictures]
    np.savez(
        folder / "given.npz",
        small=np.stack([np.asarray(each, np.float32) for each in small]),
        original=np.stack([np.asarray(each, np.float32) for each in pictures]),
    )
    said = json.loads(python(folder, "-c", FRESH).stdout)
    with np.load(folder / "answers.npz") as answers:
        return said, dict(answers)


@pytest.fixture(scope="module")
def predicted(trained, shown, weights) -> np.ndarray:
    answers = Predictor(lambda: weights).predict(trained, [(path.name, path) for path in shown])
    return np.array([[value for _, value in each.probabilities] for each in answers])


def test_plain_keras_opens_it_without_us(opened) -> None:
    said, _ = opened
    assert said["ours"] == []
    assert said["input"] == [None, None, None, 3]
    assert not said["optimizer"]


def test_nothing_random_is_inside(opened) -> None:
    said, answers = opened
    assert not {"flip", "rotation", "zoom"} & set(said["layers"])
    for size in ("small", "original"):
        assert np.allclose(answers[f"call {size}"], answers[f"predict {size}"], atol=1e-6)


def test_it_answers_what_the_app_answers(opened, predicted) -> None:
    _, answers = opened
    assert predicted.shape == (6, 3)
    assert np.abs(answers["predict small"] - predicted).max() < 1e-5
    assert np.ptp(predicted, axis=0).max() > 0.2  # it does tell pictures apart


def test_pictures_of_any_size_are_answered_alike(opened, predicted) -> None:
    _, answers = opened
    assert np.abs(answers["predict original"] - predicted).max() < 0.02


def test_labels_are_inside_and_beside_in_the_order_of_the_outputs(trained) -> None:
    with zipfile.ZipFile(trained.model) as archive:
        inside = archive.read("labels.txt").decode()
        assert archive.testzip() is None
    assert inside == trained.labels.read_text() == "leaf\nsand\nsea\n"
    assert tuple(inside.splitlines()) == trained.split.labels


@pytest.mark.parametrize(
    ("labels", "lines"),
    [
        (("кот", "犬 <b>"), ["кот", "犬 <b>"]),
        (("two\nlines", "b"), ["two lines", "b"]),
        (("a\u2028b", "c\x85d"), ["a b", "c d"]),  # splitlines would cut there, too
    ],
)
def test_any_class_name_is_one_line(tmp_path, fine, labels: tuple, lines: list[str]) -> None:
    run, model = Run(tmp_path), keras.models.load_model(fine.model)
    for told in ("config.json", "split.json", "events.jsonl"):
        shutil.copy(fine.path / told, tmp_path)
    export.save(run, model, fine.config.model, labels)
    assert run.labels.read_text(encoding="utf-8").splitlines() == lines
    with zipfile.ZipFile(run.model) as archive:
        assert archive.read("labels.txt").decode().splitlines() == lines


def test_a_full_disk_leaves_no_half_model(tmp_path, fine, monkeypatch) -> None:
    def writestr(*_: object) -> None:
        raise OSError(28, "No space left on device")

    model = keras.models.load_model(fine.model)
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "writestr", writestr)
        with pytest.raises(DiskFull):
            export.save(Run(tmp_path), model, fine.config.model, fine.split.labels)
    assert list(tmp_path.iterdir()) == []


def test_the_recipe_shown_to_people_runs_as_printed(trained, shown, predicted, tmp_path) -> None:
    (tmp_path / "use_model.py").write_text((ROOT / "assets" / "use_model.py").read_text())
    (tmp_path / "model.keras").write_bytes(trained.model.read_bytes())
    Image.open(shown[0]).save(tmp_path / "picture.jpg", quality=100, subsampling=0)
    lines = python(tmp_path, "use_model.py").stdout.splitlines()[-3:]
    names, shares = zip(*(line.split(": ") for line in lines), strict=True)
    assert names == ("leaf", "sand", "sea")
    assert all(share.endswith("%") for share in shares)
    answers = np.array([float(share.rstrip("%")) / 100 for share in shares])
    assert np.abs(answers - predicted[0]).max() < 0.05
