"""The program of a run: whole and tidy for every setting, and only what that setting needs."""

import ast
import hashlib
import itertools
import subprocess
import sys
from dataclasses import replace

import pytest

from gui.core import new_run, program, runs, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import RunError
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Queued, Started
from gui.core.split import Labelled, Split

NAMES = (
    "cat",
    "it's",
    'a "quoted" one',
    "both ' and \"",
    "back\\slash \\",
    "two\nlines\r\u2028",
    '"""',
    "{x} {{}} ${size} $size %s <<size>> #: end",
    "Löwe 犬 👩\u200d🚀",
    "'\"" * 100,
    "犬" * 200,
    "long " * 40,
)
STYLES = ("functional", "sequential")


def pictures(part: str, labels: tuple[str, ...]) -> tuple[Labelled, ...]:
    return tuple(
        Labelled("a", hashlib.sha256(f"{part}{place}{n}".encode()).hexdigest(), "0", place)
        for place, n in itertools.product(range(len(labels)), range(3))
    )


@pytest.fixture
def finished(tmp_path):
    """``finished(freeze_point="head", …)`` is a run that was trained to its end, in its events."""
    numbers = itertools.count()

    def make(
        labels=("cat", "dog"),
        done=None,
        fine_from=None,
        reason="epochs",
        test=False,
        weights="Keras's cache",
        further=0,
        **settings,
    ):
        config = Config(ModelSettings.read(settings), TrainSettings.read(settings))
        sides = [pictures(part, labels) for part in ("train", "validation", "test")]
        divided = Split(labels, *(sides if test else sides[:2]))
        path = tmp_path / f"run-{next(numbers)}"
        run = new_run.create(path, config, divided, tmp_path, "a title", 1.0)
        epochs = config.train.epochs
        run.append(Started(1.0, epochs, weights, "e" * 64, True, 6, 6, 1))
        run.append(PhaseChanged(2.0, "head", 1, 0.001, epochs))
        for number in range(1, (done or epochs) + 1):
            if number == fine_from:
                run.append(PhaseChanged(2.0, "fine", number, 0.001, epochs))
            run.append(Epoch(3.0, number, "head", 1.0, 0.5, 1 / number, 0.5, 1.0))
        run.append(Evaluated(4.0, 2, 0.5, 0.8125, 16))
        run.append(Finished(5.0, reason))
        if further:
            run.append(Queued(6.0, epochs + further))
            run.append(Started(7.0, epochs + further, weights, "e" * 64, True, 6, 6, 1))
            run.append(Epoch(8.0, epochs + 1, "head", 1.0, 0.5, 0.5, 0.5, 1.0))
            run.append(Evaluated(9.0, 2, 0.5, 0.8125, 16))
            run.append(Finished(9.0, "early_stopping"))
        return run

    return make


def settings_of(text: str) -> dict:
    """The constants of a program."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign):
            found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def grid():
    switches = ("flip", "rotation", "zoom")
    for augmented in itertools.product((True, False), repeat=3):
        yield dict(zip(switches, augmented, strict=True))
    points = ("head", "block5_pool", "block5_conv1", "block4_pool", "block1_conv1")
    for point, head, patience in itertools.product(points, ("compact", "classic"), (0, 3)):
        yield {"freeze_point": point, "head": head, "patience": patience, "epochs": 6}
    yield {"freeze_point": "block5_conv1", "epochs": 1}
    yield {"labels": NAMES, "test": True}


def test_every_program_is_whole_and_tidy(finished, tmp_path) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    for number, chosen in enumerate(grid()):
        run = finished(**chosen)
        for style in STYLES:
            program.write(run, style, folder / f"train_{style}_{number}.py")
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        compile(text, path.name, "exec")
        assert "#:" not in text.replace(" #: end", ""), path.name
        assert max(map(len, text.split("\n"))) <= 100, path.name
        assert path.name in text
    rules = "E,F,W,I,B,UP,C4,SIM,RET,PIE,PTH,RUF,ARG,D,N,TID,TRY,ERA"
    ignored = "RUF001,RUF002,RUF003,TRY003"
    options = ["--isolated", "--line-length", "100", "--select", rules, "--ignore", ignored]
    options += ["--config", "lint.pydocstyle.convention='google'", "--target-version", "py310"]
    for command in (["check", *options], ["format", "--isolated", "--line-length=100", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(folder)], capture_output=True, text=True
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[:3000]


@pytest.mark.parametrize("style", STYLES)
def test_its_settings_classes_and_split_are_the_runs(finished, style: str) -> None:
    run = finished(
        NAMES, test=True, image_size=96, seed=7, batch_size=4, freeze_point="block5_conv2",
        head_epochs=2, epochs=9, fine_rate=3e-6, head="classic", patience=4,
    )  # fmt: skip
    text = program.text(run, style, "train.py")
    found = settings_of(text)
    assert found["CLASSES"] == list(NAMES)
    parts = run.split.train, run.split.validation, run.split.test
    for part, sides in zip(("train", "validation", "test"), parts, strict=True):
        listed = [
            (digest, place)
            for place, digests in enumerate(found["SPLIT"][part])
            for digest in digests.split()
        ]
        assert listed == [(each.sha256[:16], each.label) for each in sides]
    wanted = {
        "SIZE": 96, "SEED": 7, "BATCH_SIZE": 4, "FREEZE_POINT": "block5_conv2", "EPOCHS": 9,
        "HEAD_EPOCHS": 2, "HEAD_RATE": 0.0001, "FINE_RATE": 3e-6, "PATIENCE": 4,
        "WEIGHTS_FROM": "Keras's cache", "WEIGHTS_SHA256": "e" * 64,
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert "val_accuracy 0.812 (16 pictures, epoch 2)" in text


@pytest.mark.parametrize(
    ("chosen", "there", "absent"),
    [
        ({}, ["HEAD_RATE", "RandomFlip", "Dropout", "PATIENCE"], ["FINE_RATE", "4096", "test_acc"]),
        ({"flip": False}, ["RandomZoom", "RandomRotation"], ["RandomFlip"]),
        (
            {"flip": False, "rotation": False, "zoom": False},
            [],
            ["Random", "while learning only"],
        ),
        ({"head": "classic"}, ["Flatten", "4096"], ["GlobalAverage", "Dropout"]),
        ({"patience": 0}, [], ["PATIENCE", "EarlyStopping"]),
        ({"freeze_point": "block5_conv1"}, ["FINE_RATE", "HEAD_EPOCHS", '"head", HEAD_RATE'], []),
        ({"freeze_point": "block5_conv1", "epochs": 1}, ["FINE_RATE"], ["HEAD_"]),
        ({"freeze_point": "block5_pool"}, ["HEAD_RATE"], ["FINE_RATE", "HEAD_EPOCHS"]),
        ({"test": True}, ["test_accuracy"], []),
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_it_has_only_what_the_settings_need(finished, style, chosen, there, absent) -> None:
    text = program.text(finished(**chosen), style, "train.py")
    assert [each for each in there if each not in text] == []
    assert [each for each in absent if each in text] == []


def test_a_training_that_a_person_stopped_is_as_long_as_it_was(finished) -> None:
    run = finished(
        done=4, fine_from=3, reason="stopped", freeze_point="block5_conv1", epochs=20, head_epochs=5
    )
    found = settings_of(program.text(run, "functional", "train.py"))
    assert (found["EPOCHS"], found["HEAD_EPOCHS"]) == (4, 2)
    assert "PATIENCE" not in found


def test_stopped_before_vgg16_learned_only_the_head_learns(finished) -> None:
    run = finished(done=3, reason="stopped", freeze_point="block5_conv1", epochs=20)
    text = program.text(run, "functional", "train.py")
    assert 'learn(model, "head", HEAD_RATE, 0, chosen.epochs' in text
    assert settings_of(text)["FREEZE_POINT"] == "block5_conv1"  # for the counts
    assert "FINE_RATE" not in text


def test_one_that_was_trained_further_has_all_its_epochs_and_no_patience(finished) -> None:
    found = settings_of(program.text(finished(epochs=5, further=4), "functional", "train.py"))
    assert found["EPOCHS"] == 6
    assert "PATIENCE" not in found


def test_early_stopping_is_left_to_the_program(finished) -> None:
    run = finished(done=8, reason="early_stopping", epochs=20)
    found = settings_of(program.text(run, "functional", "train.py"))
    assert (found["EPOCHS"], found["PATIENCE"]) == (20, 5)


def test_odd_names_of_files_do_no_harm(finished) -> None:
    odd = 'your file a"""\n\\\'.h5 (not the ImageNet weights)'
    text = program.text(finished(weights=odd), "functional", '"""\nimport os\n.py')
    assert settings_of(text)["WEIGHTS_FROM"] == odd
    assert "import os" not in text
    assert "python train.py FOLDER" in text


def test_pictures_are_known_by_the_person_s_own_files(finished) -> None:
    """The folder that it is run on holds what the browser made smaller before it was sent."""
    run = finished()
    divided = run.split
    first, second, *others = divided.train
    split.save(
        replace(divided, train=(replace(first, original="f0" * 32), second, *others)),
        run.path / "split.json",
    )
    text = program.text(runs.find(run.path), "functional", "train.py")
    learned = settings_of(text)["SPLIT"]["train"][0].split()
    assert ("f0" * 8 in learned, first.sha256[:16] in learned) == (True, False)
    assert second.sha256[:16] in learned


def test_an_unfinished_run_has_none(finished, tmp_path) -> None:
    run = finished()
    run.append(Queued(6.0, 30))
    with pytest.raises(RunError, match="isn't finished"):
        program.write(run, "functional", tmp_path / "train.py")
    assert not (tmp_path / "train.py").exists()
