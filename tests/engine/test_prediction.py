import gc
import json
import os
import shutil
import weakref
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from gui.core import scaled
from gui.core.errors import RunError
from gui.core.events import Epoch
from gui.core.runs import Run
from gui.engine import loaded
from gui.engine.prediction import Predictor


@pytest.fixture
def predictor(weights) -> Predictor:
    return Predictor(lambda: weights)


def files(run, count: int = 4) -> list:
    chosen = run.split.validation[:count]
    return [(each.name, run.pictures_root / each.path) for each in chosen]


def test_it_is_right_as_often_as_the_evaluation_says(trained, predictor) -> None:
    answers = list(predictor.predict(trained, files(trained, 99)))
    truth = [trained.split.labels[each.label] for each in trained.split.validation]
    right = sum(each.best[0] == label for each, label in zip(answers, truth, strict=True))
    assert right / len(truth) == pytest.approx(trained.history.evaluated.accuracy)
    for answer in answers:
        assert [label for label, _ in answer.probabilities] == ["leaf", "sand", "sea"]
        assert sum(value for _, value in answer.probabilities) == pytest.approx(1, abs=1e-5)
        assert answer.thumbnail.startswith("data:image/webp;base64,")


@pytest.mark.parametrize("which", ["trained", "fine"])
def test_it_answers_what_plain_keras_answers(which: str, request, predictor) -> None:
    """The same pixels through the model that people take home."""
    run = request.getfixturevalue(which)
    asked = files(run, 6)
    answers = [[value for _, value in each.probabilities] for each in predictor.predict(run, asked)]
    pixels = np.stack([scaled.read_pixels(path, 64) for _, path in asked]).astype(np.float32)
    expected = keras.models.load_model(run.model).predict_on_batch(pixels)
    assert np.abs(np.array(answers) - expected).max() < 1e-4
    assert np.ptp(expected, axis=0).max() > 0.1  # it does tell pictures apart


def test_a_file_that_cannot_be_read_gets_a_sentence_and_the_rest_is_answered(
    trained, predictor, tmp_path
) -> None:
    (tmp_path / "notes.jpg").write_text("Dear diary")
    (tmp_path / "half.png").write_bytes(files(trained)[0][1].read_bytes()[:900])
    good = files(trained, 2)
    bad = [(name, tmp_path / name) for name in ("notes.jpg", "half.png", "gone.png")]
    asked = [bad[0], good[0], bad[1], good[1], bad[2]]
    answers = list(predictor.predict(trained, asked))
    assert [each.name for each in answers] == [name for name, _ in asked]
    alone = list(predictor.predict(trained, good))
    assert [answers[1].best[0], answers[3].best[0]] == [each.best[0] for each in alone]
    assert answers[3].best[1] == pytest.approx(alone[1].best[1], abs=1e-5)
    for place in (0, 2, 4):
        assert answers[place].problem.endswith(".")
        assert answers[place].probabilities == ()


def test_only_unreadable_files_and_none_at_all(trained, predictor, tmp_path) -> None:
    (tmp_path / "empty.jpg").touch()
    (answer,) = predictor.predict(trained, [("empty.jpg", tmp_path / "empty.jpg")])
    assert "empty" in answer.problem
    assert list(predictor.predict(trained, [])) == []


def test_more_pictures_than_a_batch_keep_their_order(trained, predictor) -> None:
    asked = files(trained, 6) * 4
    answers = [each.best for each in predictor.predict(trained, asked)]
    assert len(answers) == 24
    for place, (label, value) in enumerate(answers):
        assert label == answers[place % 6][0]
        assert value == pytest.approx(answers[place % 6][1], abs=1e-5)


def test_an_unfinished_run_answers_with_its_best_so_far(prepare, train, predictor) -> None:
    run = prepare(epochs=3, views=2, head_rate=0.003)
    with pytest.raises(RunError, match="hasn't finished an epoch yet"):
        list(predictor.predict(run, files(run)))
    answers = []

    def ask(event) -> None:
        if isinstance(event, Epoch):
            answers.append([each.probabilities for each in predictor.predict(run, files(run))])

    train(run, ask)
    losses = [each.val_loss for each in run.history.epochs]
    assert losses[1] < losses[0]
    assert answers[0] != answers[1]  # a better epoch is used at once


def test_a_finished_run_answers_whatever_weights_there_are_by_now(trained, weights) -> None:
    other = Predictor(lambda: replace(weights, sha256="0" * 64, source="elsewhere"))
    same = Predictor(lambda: weights)
    found, expected = (list(each.predict(trained, files(trained))) for each in (other, same))
    assert [each.probabilities for each in found] == [each.probabilities for each in expected]


def test_a_run_that_is_not_finished_needs_its_own_weights(trained, weights, tmp_path) -> None:
    run = unfinished(trained, tmp_path)
    other = Predictor(lambda: replace(weights, sha256="0" * 64, source="elsewhere"))
    with pytest.raises(RunError, match="began with other VGG16 weights"):
        list(other.predict(run, files(trained)))


def test_a_run_is_read_once(trained, fine, weights, tmp_path) -> None:
    asked = []

    def find():
        asked.append(1)
        return weights

    trained, fine = (unfinished(run, tmp_path / run.id) for run in (trained, fine))
    predictor = Predictor(find)
    for run in (trained, fine, trained, fine):
        list(predictor.predict(run, files(run, 1)))
    assert len(asked) == 2


@pytest.fixture
def opened(monkeypatch) -> list[int]:
    """One item for each network that is opened."""
    count: list[int] = []
    open_network = loaded.open_network

    def spy(*weights: object, **how: object) -> object:
        count.append(1)
        return open_network(*weights, **how)

    monkeypatch.setattr(loaded, "open_network", spy)
    return count


def test_runs_with_the_same_convolutions_share_a_network(
    trained, fine, predictor, opened, tmp_path
) -> None:
    heads = [unfinished(trained, tmp_path / name) for name in ("one", "two", "three")]
    for run in (trained, *heads, fine, heads[0], fine):
        list(predictor.predict(run, files(run, 1)))
    assert len(opened) == 2
    assert len(predictor.models._loaded) == 2


def test_a_better_epoch_of_a_head_needs_no_new_network(
    prepare, train, weights, predictor, opened, monkeypatch
) -> None:
    run = prepare(epochs=3, views=2, head_rate=0.003)
    built: list[int] = []
    build = loaded.build_functional
    monkeypatch.setattr(loaded, "build_functional", lambda *how: built.append(1) or build(*how))
    answers = []

    def ask(event) -> None:
        if isinstance(event, Epoch):
            answers.append([each.probabilities for each in predictor.predict(run, files(run))])

    train(run, ask)
    assert (len(opened), len(built)) == (1, 1)
    assert answers[0] != answers[1]
    fresh = Predictor(lambda: weights).predict(run, files(run))
    for found, expected in zip(predictor.predict(run, files(run)), fresh, strict=True):
        assert dict(found.probabilities) == pytest.approx(dict(expected.probabilities), abs=1e-6)


def unfinished(run: Run, folder: Path) -> Run:
    """A copy of a run as it was before its end was told."""
    shutil.copytree(run.path, folder / run.id, ignore=shutil.ignore_patterns("features"))
    copy = Run(folder / run.id)
    lines = (copy.path / "events.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in lines if '"Finished"' not in line]
    (copy.path / "events.jsonl").write_text("".join(kept))
    about = json.loads((copy.path / "run.json").read_text())
    about["pictures"] = os.path.relpath(run.pictures_root, copy.path)
    (copy.path / "run.json").write_text(json.dumps(about))
    return copy


def test_the_memory_of_a_model_that_is_not_kept_is_given_back(
    trained, fine, weights, monkeypatch
) -> None:
    monkeypatch.setattr(loaded, "_KEPT", 1)
    models = loaded.Models(lambda: weights)
    gc.disable()  # nothing but what Models does
    try:
        first = weakref.ref(models.load(trained).model)
        assert first() is not None
        models.load(fine)
        assert first() is None
    finally:
        gc.enable()
