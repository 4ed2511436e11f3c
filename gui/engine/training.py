"""Train a run: cache, let the head learn, thaw, fine-tune, restore the best, evaluate, export.

Source for the two phases: the Keras transfer-learning guide and fastai's ``fine_tune``.
"""

import math
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from gui.core import config, machine
from gui.core.errors import RunError, StoppedEarly
from gui.core.events import Batch, Epoch, Evaluated, Finished, Measured, Phase, PhaseChanged
from gui.core.runs import Clock, Run
from gui.engine import checkpoints, evaluation, export, network, stage
from gui.engine.job import Job, Stopped, begin
from gui.engine.journal import Countdown, Tell
from gui.engine.model import set_chance
from gui.engine.network import Network
from gui.engine.stage import Stage
from gui.engine.weights import Weights

Reason = Literal["epochs", "early_stopping", "stopped", "diverged"]

# A small checkpoint is written with every epoch; a classic head's takes gigabytes and seconds.
_SMALL_BYTES = 100 * 10**6
_BETWEEN_LARGE_S = 60.0


class _DivergedError(RunError):
    """The loss is not a number any more, and will never be one again."""

    def __init__(self, epoch: int, rate: float) -> None:
        super().__init__(
            f"In epoch {epoch} the loss was not a number any more.",
            f"Lower the learning rate (it was {rate:g}) and start again.",
        )


def train(
    run: Run,
    find_weights: Callable[[], Weights],
    clock: Clock,
    tell: Tell = lambda _: None,
    open_network: Callable[[Weights], Network] = lambda found: network.open_network(found.arrays),
) -> Evaluated:
    """Train a run to its end, or take it up again where it broke off.

    Every step is told in the run's events; the result is the run's ``model.keras``.

    Args:
        run: A run folder; its history says how many epochs are asked for.
        find_weights: Where VGG16's weights come from.
        clock: Seconds since 1970.
        tell: Called with every event, too.
        open_network: Makes the frozen part, or has it ready.

    Returns:
        What the kept model scores on the validation pictures.

    Raises:
        FreezepointError: With a sentence for the person.
    """
    reason: Reason = "epochs"
    machine.forget_peak()
    try:
        job = begin(run, find_weights(), open_network, clock, tell)
    except Stopped:
        raise _nothing_to_keep() from None
    before = job.epoch
    try:
        for phase, last_epoch in config.phases(job.config, job.journal.history.epochs_planned):
            reason = _learn(job, phase, last_epoch)
    except Stopped:
        reason = "stopped"
    except _DivergedError:
        if job.journal.history.best is None:
            raise
        reason = "diverged"
    return _conclude(job, reason, before)


def _learn(job: Job, phase: Phase, last_epoch: int) -> Reason:
    """Run one phase, from where it is to its last epoch or until patience is over."""
    begun = [each.phase for each in job.journal.history.phases]
    if job.epoch >= last_epoch or (phase == "head" and "fine" in begun):
        return "epochs"
    ready = stage.prepare(job, phase)
    try:
        return _run(job, ready, phase, last_epoch, new=phase not in begun)
    finally:
        ready.release()


def _run(job: Job, ready: Stage, phase: Phase, last_epoch: int, *, new: bool) -> Reason:
    _restore(job, ready, phase)
    if new:
        # A break in the phase's first epoch finds the way back here, whatever is the best by then.
        _save(job, ready, phase)
        now = job.journal.now()
        job.journal.write(PhaseChanged(now, phase, job.epoch + 1, ready.rate, last_epoch))
    large = checkpoints.size_bytes(
        job.model, job.config.model.freeze_point, ready.learner.optimizer
    )
    saved_at = job.journal.now()
    while job.epoch < last_epoch:
        if _patience_is_over(job, phase):
            return "early_stopping"
        _run_epoch(job, ready, phase, last_epoch)
        # After the epoch's event: one that a kill leaves without its checkpoint is trained again.
        over = job.epoch == last_epoch or _patience_is_over(job, phase)
        if over or large < _SMALL_BYTES or job.journal.now() - saved_at >= _BETWEEN_LARGE_S:
            _save(job, ready, phase)
            saved_at = job.journal.now()
    return "epochs"


def _save(job: Job, ready: Stage, phase: Phase) -> None:
    point, optimizer = job.config.model.freeze_point, ready.learner.optimizer
    checkpoints.save(job.run.checkpoint, job.model, point, optimizer, job.epoch, phase)


def _restore(job: Job, ready: Stage, phase: Phase) -> None:
    """Weights and optimizer as the last epoch left them, or the best when a phase begins."""
    checkpoint, point = job.checkpoint, job.config.model.freeze_point
    if checkpoint and checkpoint.epoch == job.epoch and checkpoint.phase == phase:
        checkpoint.restore(job.model, point, ready.learner.optimizer)
    elif job.epoch:
        checkpoints.restore_weights(job.run.best, job.model, point)


def _patience_is_over(job: Job, phase: Phase) -> bool:
    history, patience = job.journal.history, job.config.train.patience
    if not patience or not history.best:
        return False
    begun = next(each.epoch for each in history.phases if each.phase == phase)
    return job.epoch - max(history.best.epoch, begun - 1, history.patience_from) >= patience


def _run_epoch(job: Job, ready: Stage, phase: Phase, last_epoch: int) -> None:
    """Learn from every training picture once, check, and keep what is worth keeping."""
    epoch, started = job.epoch + 1, job.journal.now()
    loss, accuracy = _learn_once(job, ready, epoch, last_epoch)
    val_loss, val_accuracy = _check(job, ready)
    ended = job.journal.now()
    if not (math.isfinite(loss) and math.isfinite(val_loss)):
        raise _DivergedError(epoch, ready.rate)
    best, point = job.journal.history.best, job.config.model.freeze_point
    if best is None or val_loss < best.val_loss:
        checkpoints.save_weights(job.run.best, job.model, point, epoch)
    job.journal.write(
        Epoch(ended, epoch, phase, loss, accuracy, val_loss, val_accuracy, ended - started)
    )


class _Mean:
    """Loss and accuracy over the pictures of several batches.

    Keras's ``train_on_batch`` and ``test_on_batch`` tell them for the one batch only.
    """

    def __init__(self) -> None:
        self._pictures, self._loss, self._right = 0, 0.0, 0.0

    def add(self, pictures: int, batch: Mapping[str, float]) -> None:
        self._pictures += pictures
        self._loss += float(batch["loss"]) * pictures
        self._right += float(batch["accuracy"]) * pictures

    @property
    def loss(self) -> float:
        return self._loss / self._pictures

    @property
    def accuracy(self) -> float:
        return self._right / self._pictures


def _learn_once(job: Job, ready: Stage, epoch: int, last_epoch: int) -> tuple[float, float]:
    size, seed, labels = job.config.train.batch_size, job.config.train.seed, job.train.labels
    order = np.random.default_rng((seed, epoch)).permutation(len(labels))
    batches = math.ceil(len(order) / size)
    set_chance(ready.learner, seed, epoch)
    started, mean = job.journal.now(), _Mean()
    for batch in range(batches):
        job.stop_if_asked()
        chosen = order[batch * size : (batch + 1) * size]
        fed = ready.train.batch(chosen, epoch)
        mean.add(len(chosen), ready.learner.train_on_batch(fed, labels[chosen], return_dict=True))
        now = job.journal.now()
        left = batches * (last_epoch - epoch + 1) - (batch + 1)
        eta_s = (now - started) / (batch + 1) * left
        job.journal.write(Batch(now, epoch, batch + 1, batches, eta_s))
    return mean.loss, mean.accuracy


def _check(job: Job, ready: Stage) -> tuple[float, float]:
    """Loss and accuracy on the validation pictures, which are never learned from."""
    size, labels = job.config.train.batch_size, job.validation.labels
    mean = _Mean()
    for start in range(0, len(labels), size):
        job.stop_if_asked()
        chosen = np.arange(start, min(start + size, len(labels)))
        fed = ready.validation.batch(chosen, 0)
        mean.add(len(chosen), ready.learner.test_on_batch(fed, labels[chosen], return_dict=True))
    return mean.loss, mean.accuracy


def _conclude(job: Job, reason: Reason, before: int) -> Evaluated:
    """Score and save the best; ``before`` is the epoch it went on from."""
    best, point = job.journal.history.best, job.config.model.freeze_point
    if best is None:
        raise _nothing_to_keep()
    epoch = checkpoints.restore_weights(job.run.best, job.model, point)
    countdown = Countdown(job.journal, "checking", len(job.validation.labels))
    loss, accuracy = evaluation.evaluate(job, countdown.advance)
    evaluated = Evaluated(job.journal.now(), epoch, loss, accuracy, len(job.validation.labels))
    job.journal.write(evaluated)
    export.save(job.run, job.model, job.config.model, job.split.labels)
    now, started = job.journal.now(), job.journal.history.started
    took_s = now - started.at if started else 0.0
    job.journal.write(Measured(now, took_s, job.epoch - before, machine.peak_bytes()))
    job.journal.write(Finished(now, reason))
    return evaluated


def _nothing_to_keep() -> StoppedEarly:
    return StoppedEarly(
        "You stopped before it had learned anything, so there is nothing to keep.",
        "Press “Go on” to start again.",
    )
