"""A training that goes on on another computer goes on as it would have at home."""

import dataclasses
import io
import zipfile

import keras
import numpy as np
import pytest

from gui.__main__ import main
from gui.core import opening, project
from gui.core.errors import RunError
from gui.core.events import Queued
from gui.core.runs import Run
from gui.engine import project as rebuilding
from gui.engine import worker
from gui.engine.prediction import Predictor
from tests.core.project_files import changed, members_of, quiet

STRANGE = (
    "The weights in the project file aren't those that its training would have left. Copy the file "
    "again, or have it made again where it comes from."
)


@pytest.fixture(scope="module")
def packed(fine, tmp_path_factory):
    """A run of two phases as a project file; not to be changed."""
    path = tmp_path_factory.mktemp("packed") / "fine.zip"
    project.pack(fine, path, quiet)
    return path


@pytest.fixture(scope="module")
def opened(packed, weights, tmp_path_factory):
    """The same run on another computer; not to be changed."""
    folder = tmp_path_factory.mktemp("elsewhere") / "run"
    return opening.into_folder(packed, folder, lambda run: rebuilding.rebuild(run, weights), quiet)


@pytest.fixture
def refused(weights, tmp_path):
    """Opens a file that must be refused; the sentence, when nothing is left of it."""

    def go(path, by=weights):
        folder = tmp_path / "never"
        with pytest.raises(RunError) as caught:
            opening.into_folder(path, folder, lambda run: rebuilding.rebuild(run, by), quiet)
        assert not folder.exists()
        assert not list(tmp_path.glob(".opening-*"))
        return str(caught.value)

    return go


def test_the_model_that_is_built_again_is_the_one_that_was_trained(fine, opened):
    before, after = (keras.models.load_model(run.model) for run in (fine, opened))
    for one, other in zip(before.weights, after.weights, strict=True):
        assert one.path == other.path
        np.testing.assert_array_equal(one, other)
    assert opened.labels.read_text() == fine.labels.read_text()


def test_it_answers_as_before(fine, opened, weights, photos):
    files = [("one", photos / "sand" / "03.png"), ("two", photos / "sea" / "07.png")]
    predictor = Predictor(lambda: weights)
    before, after = (list(predictor.predict(run, files)) for run in (fine, opened))
    assert [each.probabilities for each in after] == [each.probabilities for each in before]


def test_training_goes_on_with_the_curve_it_would_have_had(fine, copied, train, weights, tmp_path):
    home = copied(fine)
    project.pack(home, tmp_path / "run.zip", quiet)
    away = opening.into_folder(
        tmp_path / "run.zip",
        tmp_path / "away" / "run",
        lambda run: rebuilding.rebuild(run, weights),
        quiet,
    )
    last = len(home.history.epochs) + 2
    for run in (home, away):
        run.append(Queued(1_700_000_000.0, last))
        train(run)
    curves = [
        [
            (e.epoch, e.phase, e.loss, e.accuracy, e.val_loss, e.val_accuracy)
            for e in run.history.epochs
        ]
        for run in (home, away)
    ]
    assert len(curves[0]) == last
    assert curves[1] == curves[0]
    assert away.history.evaluated.loss == home.history.evaluated.loss


def test_other_weights_of_vgg16_are_told(packed, weights, refused):
    other = dataclasses.replace(weights, sha256="0" * 64)
    assert refused(packed, other) == (
        "This training began with other VGG16 weights than there are on this computer. Start "
        "Freezepoint with the same ones (--weights), then open it again."
    )


def spoil_shape(arrays):
    name = next(name for name in arrays if name.endswith("kernel"))
    arrays[name] = arrays[name][..., :-1]


def spoil_kind(arrays):
    name = next(name for name in arrays if name.endswith("kernel"))
    arrays[name] = arrays[name].astype(np.float64)


def spoil_value(arrays):
    name = next(name for name in arrays if name.endswith("bias"))
    arrays[name][0] = np.nan


def spoil_infinite(arrays):
    name = [name for name in arrays if arrays[name].ndim][-1]
    arrays[name].flat[-1] = np.inf


def spoil_more(arrays):
    arrays["block1_conv1/kernel"] = np.zeros((3, 3, 3, 64), np.float32)


def spoil_fewer(arrays):
    del arrays[next(name for name in arrays if name.endswith("bias"))]


def spoil_epoch(arrays):
    arrays["epoch"] = np.asarray(99)


def spoil_pickle(arrays):
    name = next(name for name in arrays if name.endswith("bias"))
    arrays[name] = np.array([print, "boo"], dtype=object)


@pytest.mark.parametrize(
    ("member", "spoil"),
    [
        ("best.npz", spoil_shape),
        ("best.npz", spoil_value),
        ("best.npz", spoil_more),
        ("best.npz", spoil_epoch),
        ("best.npz", spoil_pickle),
        ("checkpoint.npz", spoil_kind),
        ("checkpoint.npz", spoil_infinite),
        ("checkpoint.npz", spoil_fewer),
    ],
)
def test_strange_weights_are_refused(packed, refused, tmp_path, member, spoil):
    with np.load(io.BytesIO(members_of(packed)[member])) as stored:
        arrays = dict(stored)
    spoil(arrays)
    file = io.BytesIO()
    np.savez(file, **arrays)
    key = member.replace(".", "_")
    assert refused(changed(packed, tmp_path / "forged.zip", **{key: file.getvalue()})) == STRANGE


def test_what_is_no_archive_of_arrays_is_refused(packed, refused, tmp_path):
    honest = members_of(packed)["best.npz"]
    with np.load(io.BytesIO(honest)) as stored:
        arrays = dict(stored)
    packed_arrays = io.BytesIO()
    np.savez_compressed(packed_arrays, **arrays)
    with zipfile.ZipFile(bomb := io.BytesIO(), "w") as archive:  # a header that asks for 8 TB
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                if array.ndim == 4:
                    told = {"descr": "<f4", "fortran_order": False, "shape": (2**41,)}
                    np.lib.format.write_array_header_1_0(file, told)
                else:
                    np.lib.format.write_array(file, array, allow_pickle=False)
    for content in (honest[:-20], packed_arrays.getvalue(), bomb.getvalue()):
        assert refused(changed(packed, tmp_path / "forged.zip", best_npz=content)) == STRANGE


def test_what_a_run_remembers_is_taken_along_and_checked(packed, fine, opened, refused, tmp_path):
    assert fine.novelty.exists()
    assert opened.novelty.read_bytes() == fine.novelty.read_bytes()
    with np.load(io.BytesIO(members_of(packed)["novelty.npz"])) as stored:
        arrays = dict(stored)
    arrays["convolutions"] = np.array("0" * 64)
    np.savez(file := io.BytesIO(), **arrays)
    into = changed(packed, tmp_path / "forged.zip", novelty_npz=file.getvalue())
    assert refused(into) == STRANGE
    without = changed(packed, tmp_path / "without.zip", novelty_npz=None)
    assert "novelty.npz" not in members_of(without)


def test_the_command_makes_a_run_folder_of_it(packed, tmp_path, capsys):
    assert main(["open", str(packed), "--run", str(tmp_path / "run")]) == 0
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'run'}\n"
    assert "It was trained for 4 epochs" in said.err
    assert Run(tmp_path / "run").model.exists()
    assert main(["open", str(packed), "--run", str(tmp_path / "run")]) == 1
    assert "isn't empty. Choose another folder with --run." in capsys.readouterr().err
    assert main(["open", str(tmp_path / "nothing.zip"), "--run", str(tmp_path / "other")]) == 1
    assert "nothing.zip”. Give a project file." in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_a_worker_builds_the_model_when_it_is_asked(opened, copied, weights, tmp_path):
    run = copied(opened)
    run.model.unlink()
    asked = worker.Worker(None)
    asked._weights = lambda: weights
    assert list(asked.rebuild({"run": str(run.path)})) == [None]
    assert Run(run.path).model.exists()
