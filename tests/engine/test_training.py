"""Whole trainings on small pictures: what is learned, kept, told, and gone on with."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import keras
import numpy as np
import pytest

from gui.core import evaluation as stored_evaluation
from gui.core import vgg16
from gui.core.errors import DiskFull, RunError, StoppedEarly
from gui.core.events import (
    Batch,
    CacheProgress,
    Epoch,
    Evaluated,
    Event,
    Finished,
    PhaseChanged,
    Queued,
    from_line,
)
from gui.core.runs import Run
from gui.core.split import Labelled
from gui.engine import attempt, checkpoints, evaluation, training
from gui.engine.journal import Journal
from gui.engine.loaded import Models
from gui.engine.model import build_functional, set_weights
from gui.engine.stage import Views

Fed = list[tuple[np.ndarray, int]]
DIRECT = {"epochs": 3, "head_epochs": 1, "freeze_point": "block2_conv1", "each": 4}


class Killed(Exception):  # noqa: N818
    """As if the process had died there."""


def curve(run: Run) -> np.ndarray:
    """float (epochs, 4): loss, accuracy, val_loss, val_accuracy."""
    told = run.history.epochs
    assert [each.epoch for each in told] == list(range(1, len(told) + 1))
    return np.array([[e.loss, e.accuracy, e.val_loss, e.val_accuracy] for e in told])


def stored(run: Run, side: Sequence[Labelled], shelf: str) -> np.ndarray:
    """What the run's store holds of one side of its split, in the order of the split."""
    found = {}
    for path in run.store.glob(f"*/{shelf}/*.npy"):
        digests = json.loads(path.with_suffix(".json").read_text())["digests"]
        found |= dict(zip(digests, np.load(path), strict=True))
    return np.stack([found[each.sha256] for each in side])


def kill_at(kind: type[Event], epoch: int):
    """A listener that dies at the first event of this kind and epoch."""

    def listen(event: Event) -> None:
        if isinstance(event, kind) and event.epoch == epoch:
            raise Killed

    return listen


def kinds(told: list[Event]) -> list[str]:
    """Names of the events that aren't mere progress."""
    names = [type(each).__name__ for each in told]
    return [name for name in names if name not in ("CacheProgress", "Batch")]


@pytest.fixture(scope="module")
def steady(prepare, train) -> Run:
    """Four epochs of the head in one go: what others are compared with."""
    run = prepare(epochs=4, views=2, head_rate=0.003)
    train(run)
    return run


@pytest.fixture(scope="module")
def direct(prepare, train) -> tuple[Run, Fed]:
    """A run that isn't cached, and what it was fed with: one epoch of the head, two of the rest."""
    run = prepare(**DIRECT)
    with spied() as fed:
        train(run)
    return run, fed


@contextmanager
def spied() -> Iterator[Fed]:
    """Collects every batch that Keras is made to learn from: pictures or features, and labels."""
    fed: Fed = []
    learn = keras.Model.train_on_batch

    def spy(self, x, y, **options):
        fed.extend(zip(np.array(x), map(int, y), strict=True))
        return learn(self, x, y, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.Model, "train_on_batch", spy)
        yield fed


# What is learned ---------------------------------------------------------------------------------


def test_the_head_learns_an_easy_set(prepare, train, easy_photos) -> None:
    run = prepare(easy_photos, epochs=8, patience=0)
    told = train(run)
    assert run.history.evaluated.accuracy > 0.9
    assert run.history.epochs[-1].loss < 0.5 * run.history.epochs[0].loss
    assert kinds(told) == [
        "Started",
        "PhaseChanged",
        *["Epoch"] * 8,
        "Evaluated",
        "Measured",
        "Finished",
    ]
    assert told[-1].reason == "epochs"
    assert run.history.phases == (PhaseChanged(run.history.phases[0].at, "head", 1, 0.001, 8),)


def test_two_phases_when_part_of_vgg16_learns(fine) -> None:
    history = fine.history
    phases = [(each.phase, each.epoch, each.learning_rate) for each in history.phases]
    assert phases == [("head", 1, 0.003), ("fine", 3, 2e-5)]
    assert [each.phase for each in history.epochs] == ["head", "head", "fine", "fine"]
    kept = {path.parent.name for path in fine.store.rglob("*.npy")}
    assert kept == {"block5_conv3-0", "head-0"}


def test_frozen_layers_stay_as_they_are_to_the_last_bit(fine, weights) -> None:
    kept = keras.models.load_model(fine.model)
    for layer, arrays in weights.arrays.items():
        now = kept.get_layer(layer).get_weights()
        same = all(np.array_equal(*pair) for pair in zip(now, arrays, strict=True))
        assert same == (layer != "block5_conv3"), layer
    moved = np.abs(
        kept.get_layer("block5_conv3").get_weights()[0] - weights.arrays["block5_conv3"][0]
    )
    assert 0 < moved.max() < 0.01  # it adjusts and doesn't forget


def test_in_the_head_phase_no_layer_of_vgg16_learns(prepare, train, weights) -> None:
    run = prepare(epochs=3, head_epochs=2, freeze_point="block5_conv3")
    with pytest.raises(Killed):
        train(run, kill_at(PhaseChanged, 3))
    with np.load(run.best) as stored:
        assert np.array_equal(stored["block5_conv3/kernel"], weights.arrays["block5_conv3"][0])
        assert "probabilities/kernel" in stored.files


def test_a_freeze_point_that_is_not_cached_trains_on_pictures(direct, weights) -> None:
    run, _ = direct
    assert not run.history.started.cached
    assert [each.phase for each in run.history.epochs] == ["head", "fine", "fine"]
    assert np.isfinite(curve(run)).all()
    kept = keras.models.load_model(run.model)
    for layer, (kernel, _) in weights.arrays.items():
        same = np.array_equal(kept.get_layer(layer).get_weights()[0], kernel)
        # The best may be the head's epoch, in which nothing else had learned yet.
        learned = run.history.best.phase == "fine" and not layer.startswith("block1")
        assert same != learned, layer


def test_without_a_cache_too_validation_pictures_are_never_learned_from(direct) -> None:
    run, fed = direct
    pictures = stored(run, run.split.train, "pictures")
    labels = [each.label for each in run.split.train]
    seen = [(x.astype(np.uint8).tobytes(), y) for x, y in fed if x.shape == (64, 64, 3)]
    # Two epochs: each training picture twice, with its own label, and no other.
    known = [(x.tobytes(), y) for x, y in zip(pictures, labels, strict=True)]
    assert sorted(seen) == sorted(known * 2)
    checked = {each.tobytes() for each in stored(run, run.split.validation, "pictures")}
    assert not checked & {each for each, _ in seen}


def test_validation_pictures_are_never_learned_from(prepare, train) -> None:
    run = prepare(epochs=2, views=2)
    with spied() as fed:
        train(run)
    views = [stored(run, run.split.train, name) for name in ("head-0", "head-1-frz")]
    labels = [each.label for each in run.split.train]
    known = {
        row.tobytes(): label for view in views for row, label in zip(view, labels, strict=True)
    }
    assert len(known) == 2 * len(labels)
    # Two epochs over two views: each picture once in each view, with its own label.
    seen = [(x.astype(np.float16).tobytes(), y) for x, y in fed]
    assert sorted(seen) == sorted(known.items())
    checked = {row.tobytes() for row in stored(run, run.split.validation, "head-0")}
    assert not checked & {row for row, _ in seen}


def test_no_picture_is_on_both_sides(steady) -> None:
    sides = [
        {each.sha256 for each in side} for side in (steady.split.train, steady.split.validation)
    ]
    assert not sides[0] & sides[1]
    assert len(sides[0]) + len(sides[1]) == 36
    started = steady.history.started
    assert (started.train_pictures, started.validation_pictures) == tuple(map(len, sides))
    assert steady.history.evaluated.pictures == started.validation_pictures


# What is kept ------------------------------------------------------------------------------------


def test_the_best_epoch_is_kept_not_the_last(prepare, train) -> None:
    run = prepare(epochs=5, views=2, head_rate=0.01)
    train(run)
    best, evaluated = run.history.best, run.history.evaluated
    losses = curve(run)[:, 2]
    assert best.val_loss == losses.min()
    assert losses[-1] > 1.1 * best.val_loss, "no later epoch is worse: choose another rate"
    assert evaluated.epoch == best.epoch
    assert evaluated.loss == pytest.approx(best.val_loss, rel=0.02, abs=1e-4)


@pytest.mark.parametrize("which", ["steady", "fine"])
def test_the_kept_model_scores_what_its_epoch_scored(which: str, request) -> None:
    history = request.getfixturevalue(which).history
    assert history.evaluated.epoch == history.best.epoch
    assert history.evaluated.loss == pytest.approx(history.best.val_loss, rel=0.02)
    assert history.evaluated.accuracy == pytest.approx(history.best.val_accuracy, abs=1e-6)


def test_the_fine_phase_begins_with_the_best_of_the_head(prepare, train) -> None:
    """At a rate of next to nothing the first fine epoch scores what the best head scored."""
    settings = {"freeze_point": "block5_conv3", "fine_rate": 1e-12}
    for rate in (0.01, 0.02, 0.03, 0.05, 0.08):  # which one overshoots differs between processors
        run = prepare(epochs=5, head_epochs=4, views=2, head_rate=rate, **settings)
        train(run)
        *head, fine = curve(run)[:, 2]
        if head[-1] > 1.1 * min(head):
            break
    assert head[-1] > 1.1 * min(head), "no later epoch is worse: choose another rate"
    assert fine == pytest.approx(min(head), rel=0.01)


# Same seed, same curve ---------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_curve(prepare, train, steady) -> None:
    again = prepare(epochs=4, views=2, head_rate=0.003)
    train(again)
    assert np.abs(curve(again) - curve(steady)).max() < 1e-6


def test_another_seed_gives_another_curve(prepare, train, steady) -> None:
    other = prepare(epochs=4, views=2, head_rate=0.003, seed=1)
    train(other)
    assert np.abs(curve(other) - curve(steady))[:, 0].min() > 1e-4


# Going on ----------------------------------------------------------------------------------------


def test_a_run_killed_again_and_again_learns_the_same(prepare, train, fine) -> None:
    run = prepare(epochs=4, head_epochs=2, freeze_point="block5_conv3", head_rate=0.003)
    for kind, epoch in (
        (Batch, 1),  # before anything is kept
        (Batch, 2),
        (Epoch, 2),  # the epoch is told, its checkpoint not yet written
        (PhaseChanged, 3),
        (Epoch, 3),  # its weights may be the best already, its checkpoint isn't written
        (Batch, 4),
    ):
        with pytest.raises(Killed):
            train(run, kill_at(kind, epoch))
    told = train(run)
    assert kinds(told)[-3:] == ["Evaluated", "Measured", "Finished"]
    assert np.abs(curve(run) - curve(fine)).max() < 1e-4
    assert [each.epoch for each in run.history.phases] == [1, 3]
    assert run.history.evaluated.loss == pytest.approx(fine.history.evaluated.loss, abs=1e-4)


def test_a_run_without_a_cache_that_was_killed_learns_the_same(prepare, train, direct) -> None:
    """Augmentation happens inside the graph here."""
    run = prepare(**DIRECT)
    with pytest.raises(Killed):
        train(run, kill_at(Batch, 3))
    train(run)
    assert np.abs(curve(run) - curve(direct[0])).max() < 1e-4


@pytest.fixture
def saved(monkeypatch) -> list[tuple[int, str]]:
    """The epoch and the phase of every checkpoint that is written."""
    told: list[tuple[int, str]] = []
    save = checkpoints.save

    def spy(path, model, freeze_point, optimizer, epoch, phase) -> None:
        told.append((epoch, phase))
        save(path, model, freeze_point, optimizer, epoch, phase)

    monkeypatch.setattr(checkpoints, "save", spy)
    return told


def on_a_clock(run: Run, weights, seconds: float, tell: Callable = lambda _: None) -> None:
    """Train it on a clock by which an epoch takes so many seconds."""
    now = [1_700_000_000.0]

    def listen(event: Event) -> None:
        if isinstance(event, Epoch):
            now[0] += seconds
        tell(event)

    training.train(run, lambda: weights, lambda: now[0], listen)


TWO_PHASES = {"epochs": 7, "head_epochs": 3, "freeze_point": "block5_conv3", "patience": 0}


def test_a_small_checkpoint_is_written_with_every_epoch(prepare, weights, saved) -> None:
    on_a_clock(prepare(**TWO_PHASES, each=4), weights, seconds=1)
    head = [(epoch, "head") for epoch in range(4)]
    assert saved == [*head, *((epoch, "fine") for epoch in range(3, 8))]


@pytest.mark.parametrize(
    ("seconds", "fine"), [(1, [3, 7]), (25, [3, 6, 7]), (31, [3, 5, 7]), (60, [3, 4, 5, 6, 7])]
)
def test_a_large_checkpoint_once_a_minute_and_where_a_phase_begins_and_ends(
    prepare, weights, saved, monkeypatch, seconds: float, fine: list[int]
) -> None:
    monkeypatch.setattr(training, "_SMALL_BYTES", 1)
    on_a_clock(prepare(**TWO_PHASES, each=4), weights, seconds)
    assert [epoch for epoch, phase in saved if phase == "fine"] == fine
    head = [epoch for epoch, phase in saved if phase == "head"]
    assert (head[0], head[-1]) == (0, 3)


def test_an_end_by_patience_is_kept_too(prepare, train, saved, monkeypatch) -> None:
    monkeypatch.setattr(training, "_SMALL_BYTES", 1)
    monkeypatch.setattr(training, "_BETWEEN_LARGE_S", 1e9)
    run = prepare(epochs=12, patience=2, views=2, head_rate=0.01)
    told = train(run)
    assert told[-1].reason == "early_stopping"
    assert saved == [(0, "head"), (len(run.history.epochs), "head")]


def test_an_older_checkpoint_trains_again_what_came_after_it(
    prepare, train, steady, monkeypatch
) -> None:
    """Killed in epoch 4 with nothing written since the beginning: each epoch is told once."""
    monkeypatch.setattr(training, "_SMALL_BYTES", 1)
    monkeypatch.setattr(training, "_BETWEEN_LARGE_S", 1e9)
    run = prepare(epochs=4, views=2, head_rate=0.003)
    with pytest.raises(Killed):
        train(run, kill_at(Batch, 4))
    assert len(run.history.epochs) == 3
    assert checkpoints.Checkpoint(run.checkpoint).epoch == 0
    told = train(run)
    assert [each.epoch for each in told if isinstance(each, Epoch)] == [1, 2, 3, 4]
    assert np.abs(curve(run) - curve(steady)).max() < 1e-4  # and the history has each once
    assert run.history.evaluated.loss == pytest.approx(steady.history.evaluated.loss, abs=1e-4)


@pytest.fixture
def broken(prepare, train, monkeypatch) -> Run:
    """Three epochs of four were told, and the checkpoint is of before the first."""
    monkeypatch.setattr(training, "_SMALL_BYTES", 1)
    monkeypatch.setattr(training, "_BETWEEN_LARGE_S", 1e9)
    run = prepare(epochs=4, views=2, head_rate=0.003)
    with pytest.raises(Killed):
        train(run, kill_at(Batch, 4))
    assert checkpoints.Checkpoint(run.checkpoint).epoch == 0
    return run


def test_keeping_the_best_trains_nothing_again(train, broken, steady) -> None:
    """No more epochs are asked for than were told: the best of them is on the disk."""
    best, reached = broken.history.best, curve(broken)
    shutil.rmtree(broken.store)
    broken.append(Queued(1.0, 3))
    told = train(broken)
    assert kinds(told) == ["Started", "Evaluated", "Measured", "Finished"]
    passed = [each for each in told if isinstance(each, CacheProgress) and each.what == "caching"]
    assert passed[-1].total == len(broken.split.validation)  # only what the check needs
    assert np.array_equal(curve(broken), reached)
    assert broken.history.evaluated.epoch == best.epoch
    assert broken.history.evaluated.loss == pytest.approx(best.val_loss, rel=0.05)
    assert broken.history.measured.epochs == 0
    assert broken.model.exists()
    broken.append(Queued(1.0, 4))  # and nothing is lost to who wants more after all
    train(broken)
    assert np.abs(curve(broken) - curve(steady)).max() < 1e-4


def test_weights_whose_epoch_was_never_told_are_not_kept(
    prepare, train, steady, monkeypatch
) -> None:
    """Killed when an epoch's weights are written already, and nobody has been told of it."""
    run, write = prepare(epochs=4, views=2, head_rate=0.003), Journal.write
    better = steady.history.best.epoch
    assert better > 1

    def die(journal: Journal, event: Event, **then: Callable[[], object]) -> None:
        if isinstance(event, Epoch) and event.epoch == better:
            raise Killed
        write(journal, event, **then)

    monkeypatch.setattr(Journal, "write", die)
    with pytest.raises(Killed):
        train(run)
    monkeypatch.undo()
    assert checkpoints.epoch_of(run.better) == better
    run.append(Queued(1.0, better - 1))
    train(run)
    assert run.history.evaluated.epoch == checkpoints.epoch_of(run.best) < better
    assert run.history.kept in run.history.epochs
    assert not run.better.exists()
    run.append(Queued(1.0, 4))
    train(run)
    assert np.abs(curve(run) - curve(steady)).max() < 1e-4


def is_epoch(line: str, number: int) -> bool:
    told = from_line(line)
    return isinstance(told, Epoch) and told.epoch == number


def test_events_that_were_lost_are_never_papered_over(train, prepare, steady) -> None:
    """What tells the last epoch is damaged, so the checkpoint is ahead: it begins again."""
    run = prepare(epochs=4, views=2, head_rate=0.003)
    with pytest.raises(Killed):
        train(run, kill_at(Batch, 4))
    file = run.path / "events.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    left = [line for line in lines if not is_epoch(line, 3)]
    assert len(left) == len(lines) - 1
    file.write_text("".join(left))
    told = train(run)
    assert [each.epoch for each in told if isinstance(each, Epoch)] == [1, 2, 3, 4]
    assert np.abs(curve(run) - curve(steady)).max() < 1e-4


def test_going_on_does_not_compute_the_frozen_part_again(train, copied, steady) -> None:
    run = copied(steady)
    before = {path: path.read_bytes() for path in run.store.rglob("*.npy")}
    run.append(Queued(1.0, 5))
    told = train(run)
    assert not [e for e in told if isinstance(e, CacheProgress) and e.what == "caching"]
    assert {path: path.read_bytes() for path in run.store.rglob("*.npy")} == before


def test_train_more_goes_on_to_the_new_number(prepare, train, steady) -> None:
    run = prepare(epochs=2, views=2, head_rate=0.003)
    train(run)
    assert len(curve(run)) == 2
    run.append(Queued(1.0, 4))
    assert run.history.state == "waiting"
    told = train(run)
    assert kinds(told) == ["Started", "Epoch", "Epoch", "Evaluated", "Measured", "Finished"]
    assert np.abs(curve(run) - curve(steady)).max() < 1e-4  # as if it had been asked for at once
    assert run.history.epochs_planned == 4


def test_patience_ends_it_and_counts_anew_when_asked_for_more(prepare, train) -> None:
    run = prepare(epochs=12, patience=2, views=2, head_rate=0.01)
    told = train(run)
    history = run.history
    assert told[-1].reason == "early_stopping"
    assert len(history.epochs) == history.best.epoch + 2 < 12
    ended = len(history.epochs)
    run.append(Queued(1.0, ended + 9))
    told = train(run)
    more = len(run.history.epochs) - ended
    assert more >= 2, "patience did not count anew"
    best = max(run.history.best.epoch, ended)
    assert len(run.history.epochs) == min(best + 2, ended + 9)


def test_patience_zero_never_stops(prepare, train) -> None:
    run = prepare(epochs=6, patience=0, views=2, head_rate=0.01)
    assert train(run)[-1].reason == "epochs"
    assert len(curve(run)) == 6
    assert run.history.best.epoch < 5  # patience of 1 would have ended it


# Stopping ----------------------------------------------------------------------------------------


def test_a_stop_within_an_epoch_keeps_the_best(prepare, train, steady) -> None:
    run = prepare(epochs=4, views=2, head_rate=0.003)

    def stop(event: Event) -> None:
        if isinstance(event, Batch) and event.epoch == 3:
            run.request_stop()

    told = train(run, stop)
    assert told[-1] == Finished(told[-1].at, "stopped")
    assert max(each.batch for each in told if isinstance(each, Batch) and each.epoch == 3) == 1
    assert run.history.state == "stopped"
    assert np.abs(curve(run) - curve(steady)[:2]).max() < 1e-6
    assert isinstance(told[-3], Evaluated)
    assert told[-3].epoch == run.history.best.epoch
    # One picture is as good as certainly wrong there: the score counts it as 1e-7, Keras as less.
    assert told[-3].loss == pytest.approx(run.history.best.val_loss, rel=0.05)
    assert run.model.exists()


def stop_at(run: Run, moment: str) -> Callable[[Event], None]:
    """Asks to stop at the first event of this kind: "caching", or a batch of "epoch 2"."""

    def stop(event: Event) -> None:
        epoch = f"epoch {event.epoch}" if isinstance(event, Batch) else ""
        if moment in (getattr(event, "what", ""), epoch):
            run.request_stop()

    return stop


def test_a_stop_while_the_best_is_checked_ends_it_with_what_its_epoch_told(
    prepare, train, steady, weights
) -> None:
    run = prepare(epochs=4, views=2, head_rate=0.003, test_share=0.0)

    def stop(event: Event) -> None:
        if isinstance(event, Epoch) and event.epoch == 4:
            run.request_stop()

    told = train(run, stop)
    best, evaluated = run.history.best, run.history.evaluated
    assert told[-1] == Finished(told[-1].at, "stopped")
    assert (evaluated.epoch, evaluated.accuracy) == (best.epoch, best.val_accuracy)
    assert run.model.exists()
    assert not run.evaluation("validation").exists()
    assert not run.novelty.exists()
    run.withdraw_stop()
    evaluation.again(run, Models(lambda: weights).load(run), lambda: weights, lambda *_: None)
    later = stored_evaluation.load(run.evaluation("validation")).metrics
    assert later.accuracy.share == evaluated.accuracy
    assert np.abs(curve(run) - curve(steady)).max() < 1e-6


@pytest.mark.parametrize(("moment", "again"), [("epoch 1", 0), ("epoch 3", 2)])
def test_a_stop_while_told_epochs_are_trained_again_keeps_the_best_of_them(
    train, broken, moment: str, again: int
) -> None:
    best, reached = broken.history.best, curve(broken)
    told = train(broken, stop_at(broken, moment))
    assert told[-1] == Finished(told[-1].at, "stopped")
    assert broken.history.measured.epochs == again
    assert np.abs(curve(broken) - reached).max() < 1e-4
    assert broken.history.best.epoch == broken.history.evaluated.epoch == best.epoch
    assert broken.history.evaluated.loss == pytest.approx(best.val_loss, rel=0.05)
    assert broken.model.exists()


def test_a_worse_epoch_that_is_trained_again_does_not_replace_the_best(train, broken) -> None:
    assert broken.history.best.epoch > 1
    kept = broken.best.read_bytes()
    with pytest.raises(Killed):
        train(broken, kill_at(Batch, 2))
    assert broken.best.read_bytes() == kept


def test_a_stop_before_more_is_learned_leaves_a_finished_run_as_it_was(
    train, trained, copied
) -> None:
    run = copied(trained)
    evaluated, model = run.history.evaluated, run.model.read_bytes()
    shutil.rmtree(run.store)
    run.append(Queued(1.0, 5))
    told = train(run, stop_at(run, "caching"))
    assert told[-1] == Finished(told[-1].at, "stopped")
    assert run.history.finished
    assert run.history.state == "stopped"
    assert run.history.evaluated == evaluated
    assert run.model.read_bytes() == model
    assert len(run.history.epochs) == 3


@pytest.mark.parametrize("before", ["broken", "trained further"])
def test_a_stop_before_more_is_learned_says_what_is_kept(
    train, trained, copied, broken, before: str
) -> None:
    """There is no model yet, or only one of an earlier best."""
    if before == "broken":
        run = broken
    else:
        run = copied(trained)
        later = run.model.stat().st_mtime + 1
        os.utime(run.best, (later, later))
        run.append(Queued(1.0, 5))
    shutil.rmtree(run.store)
    best = run.history.best.epoch
    with pytest.raises(StoppedEarly, match=f"The best so far is kept: epoch {best}") as told:
        train(run, stop_at(run, "caching"))
    assert told.value.hint.startswith("Press “Keep the best so far”")
    run.withdraw_stop()
    run.append(Queued(1.0, 3))
    train(run)
    assert run.history.state == "finished"
    assert run.history.evaluated.epoch == best


@pytest.mark.parametrize("moment", ["begin", "caching", "epoch 1"])
def test_a_stop_before_the_first_epoch_says_so(prepare, train, moment: str) -> None:
    run = prepare(epochs=2)

    def stop(event: Event) -> None:
        if moment == "begin" or getattr(event, "what", "") == moment or isinstance(event, Batch):
            run.request_stop()

    with pytest.raises(RunError, match="You stopped before it had learned anything") as told:
        train(run, stop)
    assert "Go on" in told.value.hint
    assert not run.model.exists()
    assert not run.history.epochs


# Going wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", [1, 2])
def test_a_loss_that_is_no_number_keeps_what_was_best(prepare, train, monkeypatch, when) -> None:
    run = prepare(epochs=2)
    batch = Views.batch
    monkeypatch.setattr(
        Views,
        "batch",
        lambda self, indices, epoch: batch(self, indices, epoch) * (np.nan if epoch == when else 1),
    )
    if when == 1:
        with pytest.raises(RunError, match="In epoch 1 the loss was not a number") as told:
            train(run)
        assert told.value.hint == "Lower the learning rate (it was 0.001) and start again."
        assert not run.best.exists()
        return
    train(run)
    assert run.history.finished.reason == "diverged"
    assert run.history.evaluated.epoch == 1
    assert run.model.exists()
    assert len(curve(run)) == 1
    assert np.isfinite(curve(run)).all()
    with np.load(run.best) as stored:
        assert all(np.isfinite(stored[name]).all() for name in stored.files)


def test_other_weights_are_refused(train, copied, steady, weights) -> None:
    run = copied(steady)
    run.append(Queued(1.0, 5))
    with pytest.raises(RunError, match=r"began with other VGG16 weights \(.+\)"):
        train(run, by=replace(weights, sha256="0" * 64))
    assert len(curve(run)) == 4


def test_a_full_disk_is_a_sentence_and_going_on_works(prepare, weights, steady, full_disk) -> None:
    run = prepare(epochs=4, views=2, head_rate=0.003)
    with ExitStack() as freed:

        def fill(event: Event) -> None:
            if isinstance(event, Epoch) and event.epoch == 2:
                freed.enter_context(full_disk())

        with pytest.raises(DiskFull):
            attempt.train(run, lambda: weights, fill)
    history = run.history
    assert history.state == "failed"
    assert history.failed.what == "The disk is full, so nothing more could be saved."
    assert history.failed.hint.startswith("Free some space")
    assert not list(run.path.rglob("*.part*"))
    attempt.train(run, lambda: weights)
    assert run.history.state == "finished"
    assert np.abs(curve(run) - curve(steady)).max() < 1e-4


def test_a_picture_that_is_gone_is_named(prepare, train) -> None:
    run = prepare(epochs=1)
    about = run.path / "run.json"
    about.write_text(about.read_text().replace('"pictures": "', '"pictures": "../gone'))
    with pytest.raises(RunError, match=r"“leaf/\d\d\.png” of this training is gone or damaged"):
        train(run)


def test_best_weights_alone_make_the_kept_model(fine, weights) -> None:
    """``best.npz`` and VGG16's weights are all that a prediction needs."""
    model = build_functional(fine.config.model, len(fine.split.labels), seed=99)
    set_weights(model, weights)
    checkpoints.restore_weights(fine.best, model, "block5_conv3")
    kept = keras.models.load_model(fine.model)
    for name in (*vgg16.NAMES, "head_dense", "probabilities"):
        for pair in zip(
            model.get_layer(name).get_weights(), kept.get_layer(name).get_weights(), strict=True
        ):
            assert np.array_equal(*pair), name
