"""Every form of a model, made once of one small run, each asked in the runtime it is meant for."""

import errno
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from gui.core import downloads, inside, split, take_home
from gui.core.errors import DiskFull, RunError
from gui.core.events import Queued
from gui.core.forms import FORMS
from gui.core.runs import Run
from gui.core.take_home import Check, Made
from gui.engine import agreement, graph, images, litert, making
from gui.engine.agreement import BOUNDS, Sample
from gui.engine.loaded import Loaded, Models

ROOT = Path(__file__).resolve().parents[2]
NAMES = ('a "b" \\ it\'s', '<img src=x onerror="alert(1)">', "漢字\nsecond {line} ${x}")
LINES = ['a "b" \\ it\'s', '<img src=x onerror="alert(1)">', "漢字 second {line} ${x}"]
RUNTIMES = {
    "keras": "Keras 3.",
    "savedmodel": "TensorFlow 2.",
    "litert": "LiteRT 2.",
    "litert-float16": "LiteRT 2.",
    "litert-int8": "LiteRT 2.",
    "onnx": "ONNX Runtime 1.",
    "demo": "ONNX Runtime 1.",
}
LITERT = ("litert", "litert-float16", "litert-int8")


@dataclass(frozen=True)
class All:
    """What came of making every form."""

    made: dict[str, Made]
    heard: dict[str, list[tuple[int, int]]]  # progress
    examples: np.ndarray  # what int8 was adjusted with
    warned: list[str]


@pytest.fixture(scope="module")
def run(prepare, train) -> Run:
    """A finished run whose class names hold every sign that could do harm."""
    run: Run = prepare(epochs=2, head_rate=0.003)
    split.save(replace(run.split, labels=NAMES), run.path / "split.json")
    train(run)
    return run


@pytest.fixture(scope="module")
def loaded(run, weights) -> Loaded:
    return Models(lambda: weights).load(run)


@pytest.fixture(scope="module")
def spare(run) -> Callable[[Path], Run]:
    """``spare(path)`` is the run, without a form that was made of it, in a folder of the test's."""

    def copy(path: Path) -> Run:
        beside = run.path.with_name(f"{run.id}-{path.name}")  # its pictures are found from there
        return Run(shutil.copytree(run.path, beside, ignore=shutil.ignore_patterns("exports")))

    return copy


@pytest.fixture(scope="module")
def everything(run, loaded) -> All:
    heard: dict[str, list[tuple[int, int]]] = {}
    examples: list[np.ndarray] = []
    warned: list[str] = []
    build = litert.build

    def listen(model, size_px, precision, given):
        examples.extend(given)
        return build(model, size_px, precision, given)

    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: warned.append(record.getMessage())
    logging.getLogger("absl").addHandler(handler)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(litert, "build", listen)
        for form in RUNTIMES:
            told = heard[form] = []
            making.make(run, loaded, form, lambda *each, told=told: told.append(each))
    logging.getLogger("absl").removeHandler(handler)
    return All(take_home.made(run), heard, np.stack(examples), warned)


@pytest.mark.parametrize("form", RUNTIMES)
def test_each_is_asked_in_its_own_runtime_and_answers_as_the_model(run, everything, form) -> None:
    made = everything.made[form]
    assert made.refused is None
    assert made.of == take_home.stamp(run)
    assert made.size_bytes == take_home.file(run, form).stat().st_size > 10_000_000
    check = made.check
    assert check.runtime.startswith(RUNTIMES[form])
    assert (check.pictures, check.same) == (6, 6)
    assert check.largest_difference < {"litert-float16": 0.01, "litert-int8": 0.1}.get(form, 1e-5)
    heard = everything.heard[form]
    assert heard == sorted(heard)
    assert all(done <= total for done, total in heard)
    assert downloads.find(run, take_home.file(run, form).name) == take_home.file(run, form)


def test_nothing_else_is_left_in_the_folder(run, everything) -> None:
    files = {take_home.file(run, form).name for form in RUNTIMES} - {"model.keras"}
    records = {f"{form}.json" for form in everything.made}
    assert {each.name for each in run.exports.iterdir()} == files | records | {"lock"}
    assert list(everything.made) == [form for form in FORMS if form in RUNTIMES]


def test_nothing_is_warned_about(everything) -> None:
    assert everything.warned == []


@pytest.mark.parametrize(
    ("form", "folder", "size"),
    [
        ("keras", "", "any size in"),
        ("savedmodel", "savedmodel/assets.extra/", "any size in"),
        *((form, "", "64 x 64") for form in LITERT),
    ],
)
def test_classes_size_and_preparation_are_inside(run, everything, form, folder, size) -> None:
    del everything
    with zipfile.ZipFile(take_home.file(run, form)) as archive:
        assert archive.testzip() is None
        labels = archive.read(f"{folder}{inside.LABELS}").decode()
        facts = json.loads(archive.read(f"{folder}{inside.FACTS}"))
    assert labels.split("\n") == [*LINES, ""]
    assert facts["labels"] == list(NAMES)
    assert facts["image_size"] == 64
    assert facts["input"].startswith("RGB, 0 to 255")
    assert size in facts["input"]
    assert "inside the model" in facts["preprocessing"]
    assert facts["freeze_point"] == "head"
    if form != "keras":  # which is written before its score is known
        score = facts["validation"]
        assert score["pictures"] == 6
        assert score["low"] < score["accuracy"] < score["high"] or score["accuracy"] in (0, 1)


def test_onnx_tells_the_same_of_itself(run, everything) -> None:
    del everything
    session = onnxruntime.InferenceSession(take_home.file(run, "onnx"))
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["labels"]) == list(NAMES)
    assert told["image_size"] == "64"
    assert told["preprocessing"].startswith("RGB 0-255, upright")
    (given,) = session.get_inputs()
    assert (given.name, given.shape) == ("pictures", ["n", 64, 64, 3])


@pytest.mark.parametrize("form", LITERT)
def test_litert_files_take_and_give_long_numbers(run, everything, form) -> None:
    interpreter = Interpreter(str(take_home.file(run, form)))
    (given,), (told,) = interpreter.get_input_details(), interpreter.get_output_details()
    names = {"inputs": ["pictures"], "outputs": ["probabilities"]}
    assert interpreter.get_signature_list() == {"serving_default": names}
    assert (given["shape"].tolist(), told["shape"].tolist()) == ([1, 64, 64, 3], [1, 3])
    assert given["dtype"] is told["dtype"] is np.float32
    kinds = {each["dtype"] for each in interpreter.get_tensor_details()}
    short = {"litert-float16": np.float16, "litert-int8": np.int8}
    assert short.get(form, np.float32) in kinds
    bytes_now, bytes_whole = everything.made[form].size_bytes, everything.made["litert"].size_bytes
    share = {"litert-float16": 0.5, "litert-int8": 0.25}.get(form, 1)
    assert bytes_now / bytes_whole == pytest.approx(share, abs=0.02)


def test_int8_is_adjusted_with_pictures_that_are_learned_from_only(run, everything) -> None:
    learned = images.read(run.split.train, run.pictures_root, 64)
    assert np.array_equal(everything.examples, learned)  # fewer than 100: all of them, each once
    for each in images.read(run.split.validation, run.pictures_root, 64):
        assert not (everything.examples == each).all(axis=(1, 2, 3)).any()


def test_of_many_pictures_a_hundred_of_every_class_are_taken(run) -> None:
    many = replace(run.split, train=run.split.train * 9)  # 270
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "split", many)
        patch.setattr(images, "read", lambda chosen, *_: asked.extend(chosen))
        making._examples(run, 64)
    assert len(asked) == 100
    assert {each.label for each in asked} == {0, 1, 2}


# refusals ----------------------------------------------------------------------------------------


@pytest.fixture
def wrong() -> Iterator[Callable[..., bytes]]:
    """A maker of ONNX files whose classes are mixed up."""
    build = graph.build

    def mixed_up(model, labels, size_px, precision) -> bytes:
        last, right = model.layers[-1], model.layers[-1].get_weights()
        last.set_weights([np.roll(each, 1, axis=-1) for each in right])
        try:
            return build(model, labels, size_px, precision)
        finally:
            last.set_weights(right)

    return mixed_up


def test_one_that_disagrees_is_refused_with_the_figures(
    spare, loaded, wrong, monkeypatch, tmp_path
) -> None:
    run = spare(tmp_path)
    making.make(run, loaded, "onnx", lambda *_: None)
    assert "model.onnx" in downloads.offered(run)
    for form in ("onnx", "demo"):
        with monkeypatch.context() as patch:
            patch.setattr(graph, "build", wrong)
            making.make(run, loaded, form, lambda *_: None)
        made = take_home.made(run)[form]
        check = made.check
        assert check.same < 6
        assert check.largest_difference > 0.3
        assert made.refused == (
            f"In {check.runtime} it gave the same answer for {check.same} of 6 checking pictures, "
            f"and a probability differed by {check.largest_difference:.3f}; allowed are 0.001 and "
            "no other answer."
        )
        assert made.size_bytes == 0
    assert {each.name for each in run.exports.iterdir()} == {"onnx.json", "demo.json", "lock"}
    assert not downloads.offered(run)
    making.make(run, loaded, "onnx", lambda *_: None)
    assert take_home.made(run)["onnx"].refused is None


@pytest.mark.parametrize(
    ("form", "same", "difference", "told"),
    [
        ("onnx", 32, 0.001, None),
        ("onnx", 32, 0.0011, "allowed are 0.001 and no other answer"),
        ("savedmodel", 31, 0.0, "for 31 of 32 checking pictures"),
        ("litert-float16", 31, 0.02, None),
        ("litert-float16", 30, 0.02, "allowed are 0.02 and 4 % others"),
        ("litert-int8", 29, 0.25, None),
        ("litert-int8", 28, 0.25, "allowed are 0.25 and 10 % others"),
        ("litert-int8", 32, 0.251, "a probability differed by 0.251"),
    ],
)
def test_how_far_each_may_differ(form, same, difference, told) -> None:
    refused = agreement.refusal(form, Check("It 1", 32, same, difference))
    assert told in refused if told else refused is None
    assert set(BOUNDS) == set(making.MAKERS)


@pytest.mark.parametrize("answers", [np.full((6, 3), np.nan), np.zeros((6, 2)), np.zeros((5, 3))])
def test_what_is_no_answer_is_no_agreement(answers) -> None:
    asked = Sample(np.zeros((6, 4, 4, 3), np.float32), np.full((6, 3), 1 / 3, np.float32))
    with pytest.raises(RunError, match="couldn't be checked in It 1"):
        agreement.compare("It 1", answers.astype(np.float32), asked)


# mishaps -----------------------------------------------------------------------------------------


def test_one_that_its_runtime_cannot_open_leaves_nothing(
    spare, loaded, monkeypatch, tmp_path
) -> None:
    run = spare(tmp_path)
    monkeypatch.setattr(graph, "build", lambda *_: b"no model")
    with pytest.raises(RunError, match=r"couldn't be checked in onnx: .*model\.onnx") as caught:
        making.make(run, loaded, "onnx", lambda *_: None)
    assert str(run.path) not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [each.name for each in run.exports.iterdir()] == ["lock"]
    assert take_home.made(run) == {}


@pytest.mark.parametrize("form", ["onnx", "litert", "savedmodel", "demo"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    spare, loaded, form, monkeypatch, tmp_path
) -> None:
    def save(*_: object, **__: object) -> None:  # what TensorFlow raised on a disk that was full
        message = "/x/variables.data-00000-of-00001; No space left on device [Op:SaveV2]"
        raise tf.errors.ResourceExhaustedError(None, None, message)

    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write_half(path: Path, _: bytes) -> None:
        path.touch()
        fsync(0)

    run = spare(tmp_path)
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "write_bytes", write_half)
    monkeypatch.setattr(tf.saved_model, "save", save)
    monkeypatch.setattr(litert, "build", lambda *_: b"x" * 1000)
    with pytest.raises(DiskFull, match="The disk is full"):
        making.make(run, loaded, form, lambda *_: None)
    assert [each.name for each in run.exports.iterdir()] == ["lock"]
    assert take_home.made(run) == {}


def test_what_the_engine_does_not_make_or_cannot_make_yet(spare, loaded, prepare, tmp_path) -> None:
    run = spare(tmp_path)
    with pytest.raises(RunError, match="“report” isn't made by the engine"):
        making.make(run, loaded, "report", lambda *_: None)
    with pytest.raises(RunError, match="isn't finished yet"):
        making.make(prepare(), loaded, "onnx", lambda *_: None)
    about = json.loads((run.path / "run.json").read_text())
    (run.path / "run.json").write_text(json.dumps({**about, "pictures": str(tmp_path)}))
    with pytest.raises(RunError):
        making.make(run, loaded, "keras", lambda *_: None)
    run.append(Queued(9.0, 5))
    with pytest.raises(RunError, match="isn't finished yet"):
        making.make(run, loaded, "onnx", lambda *_: None)
    assert take_home.made(run) == {}


# Another program that has begun to make a form, and is at it until it is killed.
BUSY = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from gui.core.runs import Run
from gui.engine import making

def half(run, loaded, path, progress):
    path.write_bytes(b"half of it")
    print(path.parent.name, flush=True)
    time.sleep(600)

making.MAKERS = {"onnx": half}
run = Run(Path(sys.argv[1]))
loaded = SimpleNamespace(stamp=run.best.stat().st_mtime_ns)
making.make(run, loaded, "onnx", lambda *_: None)
"""


def test_two_at_once_take_turns_and_what_a_killed_one_left_goes(spare, loaded, tmp_path) -> None:
    run = spare(tmp_path)
    other = subprocess.Popen(
        [sys.executable, "-c", BUSY, run.path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        left = run.exports / other.stdout.readline().strip()
        assert (left / "model.onnx").read_bytes() == b"half of it"
        ours = threading.Thread(
            target=making.make, args=(run, loaded, "onnx", lambda *_: None), daemon=True
        )
        ours.start()
        ours.join(2)
        assert ours.is_alive()  # it waits
        assert (left / "model.onnx").exists()
        assert take_home.made(run) == {}
        assert not downloads.offered(run)
    finally:
        os.kill(other.pid, signal.SIGKILL)
        other.communicate()
    ours.join(120)
    assert not ours.is_alive()
    assert take_home.made(run)["onnx"].check.same == 6
    assert {each.name for each in run.exports.iterdir()} == {"model.onnx", "onnx.json", "lock"}
