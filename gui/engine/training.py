"""Train a run: cache, let the head learn, thaw, fine-tune, restore the best, evaluate, export.

Source for the two phases: the Keras transfer-learning guide and fastai's ``fine_tune``.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from gui.core import caching, config, machine, pinned
from gui.core.errors import RunError, StoppedEarly
from gui.core.events import Epoch, Evaluated, Finished, Measured, Phase, PhaseChanged
from gui.core.runs import Clock, Run
from gui.engine import checkpoints, epoch, evaluation, export, network, novelty, stage
from gui.engine.asked import at_the_end
from gui.engine.computing import Compute, Stopped, here
from gui.engine.job import Job, begin
from gui.engine.journal import Countdown, Journal, Tell
from gui.engine.network import Network
from gui.engine.stage import Stage
from gui.engine.weights import Weights
from gui.words import mark

Reason = Literal["epochs", "early_stopping", "stopped", "diverged"]

# A small checkpoint is written with every epoch; a classic head's takes gigabytes and seconds.
_SMALL_BYTES = 100 * 10**6
_BETWEEN_LARGE_S = 60.0


class DivergedError(RunError):
    """The loss is not a number any more, and will never be one again."""

    def __init__(self, epoch: int, rate: float) -> None:
        super().__init__(
            mark("In epoch {epoch} the loss was not a number any more.", epoch=epoch),
            mark("Lower the learning rate (it was {rate:g}) and start again.", rate=rate),
        )


def train(
    run: Run,
    find_weights: Callable[[], Weights],
    clock: Clock,
    tell: Tell = lambda _: None,
    open_network: Callable[[Weights], Network] = lambda found: network.open_network(found.arrays),
    begun: Callable[[], None] = lambda: None,
    compute: Compute = here,
) -> Evaluated:
    """Train a run to its end, or take it up again where it broke off.

    Every step is told in the run's events; the result is the run's ``model.keras``.

    Args:
        run: A run folder; its history says how many epochs are asked for.
        find_weights: Where VGG16's weights come from.
        clock: Seconds since 1970.
        tell: Called with every event, too.
        open_network: Makes the frozen part, or has it ready.
        begun: Called when the frozen part has done its work, or has had none to do.
        compute: Does the passes through the frozen part.

    Returns:
        What the kept model scores on the validation pictures.

    Raises:
        FreezepointError: With a sentence for the person.
    """
    reason: Reason = "epochs"
    machine.forget_peak()
    try:
        job = begin(run, find_weights(), open_network, clock, tell, compute)
    except Stopped:
        return _stand_by_the_last(Journal(run, run.history, clock, tell), run)
    begun()
    before = job.epoch
    try:
        for phase, last_epoch in config.phases(job.config, job.journal.history.epochs_planned):
            reason = _learn(job, phase, last_epoch)
    except Stopped:
        reason = "stopped"
    except DivergedError:
        if job.best is None:
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
    number, started = job.epoch + 1, job.journal.now()
    loss, accuracy = epoch.learn(job, ready, number, last_epoch)
    checked = epoch.check(job, ready)
    ended = job.journal.now()
    if not (math.isfinite(loss) and math.isfinite(checked.loss) and ready.sound):
        raise DivergedError(number, ready.rate)
    best, point = job.best, job.config.model.freeze_point
    better = best is None or checked.loss < best.val_loss
    if better:
        checkpoints.save_weights(job.run.better, job.model, point, number)
    job.journal.write(
        Epoch(
            ended,
            number,
            phase,
            loss,
            accuracy,
            checked.loss,
            checked.accuracy,
            ended - started,
            *pinned.told(checked.probabilities[pinned.places(job.split)]),
        ),
        then=lambda: better and job.run.better.replace(job.run.best),
    )


def _conclude(job: Job, reason: Reason, before: int) -> Evaluated:
    """Score and save the best; ``before`` is the epoch it went on from."""
    if job.best is None:
        raise _nothing_to_keep()
    trained = job.epoch - before
    for each in job.told[job.epoch :]:  # stopped before they were trained again: they stand
        job.journal.write(replace(each, at=job.journal.now()))
    number = checkpoints.restore_weights(job.run.best, job.model, job.config.model.freeze_point)
    # Who has stopped the learning waits for the best to be made; a new wish to stop ends that, too.
    pause = (lambda: None) if reason == "stopped" else job.stop_if_asked
    try:
        evaluated = _evaluate(job, number, pause)
    except Stopped:
        evaluated, reason = _as_told(job), "stopped"
    job.journal.write(evaluated)
    export.save(job.run, job.model, job.config.model, job.split.labels)
    with suppress(Stopped):  # it can be made later
        novelty.save(job, pause)
    now, started = job.journal.now(), job.journal.history.started
    took_s = now - started.at if started else 0.0
    job.journal.write(Measured(now, took_s, trained, machine.peak_bytes()))
    job.journal.write(Finished(now, reason))
    return evaluated


def _as_told(job: Job) -> Evaluated:
    """What the best epoch itself told: the rest can be worked out later."""
    best, pictures = job.best, len(job.validation.labels)
    if best is None:
        raise _nothing_to_keep()
    return Evaluated(job.journal.now(), best.epoch, best.val_loss, best.val_accuracy, pictures)


def _evaluate(job: Job, epoch: int, pause: Callable[[], None]) -> Evaluated:
    """Let the kept model answer every picture kept out of learning, and write that down."""
    pictures = len(job.validation.labels) + len(job.test.labels)
    countdown = Countdown(job.journal, "checking", pictures)
    stored = caching.worth_caching(job.config.model.freeze_point)  # and so they are, see job.begin
    asked = at_the_end(job, epoch, pause)
    found = evaluation.write(asked, job.run, countdown.advance, stored=stored)
    job.run.learning_curve.unlink(missing_ok=True)  # of an older model
    told = found.metrics
    return Evaluated(job.journal.now(), epoch, told.loss, told.accuracy.share, told.pictures)


def _stand_by_the_last(journal: Journal, run: Run) -> Evaluated:
    """End a training that was stopped before it learned anything more.

    A model that was saved after the best weights is theirs, so it is the result as before.
    """
    best, evaluated = journal.history.best, journal.history.evaluated
    if best is None or not run.best.exists():
        raise _nothing_to_keep()
    saved = run.model.exists() and run.model.stat().st_mtime_ns >= run.best.stat().st_mtime_ns
    if evaluated is None or not saved:
        raise StoppedEarly(
            mark(
                "You stopped before it had learned more. The best so far is kept: epoch {epoch}.",
                epoch=best.epoch,
            ),
            mark(
                "Press “Keep the best so far” to make it the result, or “Go on” to train further."
            ),
        )
    journal.write(Finished(journal.now(), "stopped"))
    return evaluated


def _nothing_to_keep() -> StoppedEarly:
    return StoppedEarly(
        mark("You stopped before it had learned anything, so there is nothing to keep."),
        mark("Press “Go on” to start again."),
    )
