"""Mend the pictures, train again, and see on the same pictures whether it helped.

The pictures keep their sides, and what the frozen part made of them is stored already, so training
the head again takes seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gui.core import evaluation, files, mending, new_run, outlook, run_files, runs, vgg16
from gui.core.accuracy import Accuracy
from gui.core.admission import admit, admit_size, here
from gui.core.config import Config
from gui.core.dataset import Edit
from gui.core.errors import NotYours, RunError
from gui.core.jobs import Jobs
from gui.core.owner import Owner
from gui.core.plan import Plan
from gui.core.runs import Clock, Run
from gui.core.split import Split
from gui.words import joined, say

# "same": all that learned learns again, with the same settings. "head": only the head, on VGG16 as
# it came from its million photos. Where part of VGG16 had learned, that makes another kind of
# model: what VGG16 had learned of these pictures isn't in it.
Kind = Literal["same", "head"]


@dataclass(frozen=True)
class Retraining:
    """Training an open, finished run again with pictures that were mended.

    Attributes:
        jobs: The worker processes.
        clock: Seconds since 1970.
    """

    jobs: Jobs
    clock: Clock

    def plan(self, owner: Owner, edits: Sequence[Edit], kind: Kind = "same") -> Plan | None:
        """What it would take; None as long as nobody can say.

        Raises:
            NotYours: When no run is open.
            RunError: When it isn't finished.
            PicturesError: When the edits leave a class without pictures, or name another class.
            SettingError: When it doesn't fit this computer.
        """
        run, config, mended = _mended(owner, edits, kind)
        return outlook.foresee(config, mended, run.pictures_root, here(owner, self.jobs))

    def start(self, owner: Owner, edits: Sequence[Edit], kind: Kind = "same") -> Run:
        """Train it again, as a new run, and open that.

        Args:
            owner: Whose open run it is.
            edits: What was decided about pictures.
            kind: How much learns again.

        Raises:
            NotYours: When no run is open.
            RunError: When it isn't finished, or this person has a training under way already.
            PicturesError: When the edits leave a class without pictures, or name another class.
            SettingError: When it doesn't fit this computer.
            DiskFull: When there is no room.
        """
        with owner.editing():
            admit(owner)
            run, config, mended = _mended(owner, edits, kind)
            planned = outlook.foresee(config, mended, run.pictures_root, here(owner, self.jobs))
            admit_size(owner, planned)
            made = new_run.create(
                owner.new_run_folder(),
                config,
                mended,
                run.pictures_root,
                new_run.title(config, mended.labels),
                self.clock(),
                run.store,
                retrained_from=run.id,
            )
            try:
                owner.open(replace(owner.desk, run=made.id))
                self.jobs.train(made, config.train.epochs, outlook.told(planned, self.clock()))
            except BaseException:
                runs.delete(made)  # else it would wait for ever
                raise
        return made


def kinds(run: Run) -> tuple[Kind, ...]:
    """How a run can be trained again: where only the head learned there is one way."""
    return ("same", "head") if _tuned(run.config) else ("same",)


def retrained_from(run: Run) -> str | None:
    """The id of the run whose pictures were mended for this one; None when it is no such run.

    Raises:
        RunError: When the folder is no run.
    """
    with run_files.whole():
        stored = run_files.read(run.path / "run.json").get("retrained_from")
        return None if stored is None else files.text(stored)


@dataclass(frozen=True)
class BeforeAfter:
    """What mending the pictures has changed, on the validation pictures that both runs have.

    The true class is the corrected one for both, and pictures that were left out count for neither.

    Attributes:
        pictures: How many they are, 1 or more.
        before: How the first run does.
        after: How the second does.
        mended: Names of the pictures that only the second has right.
        spoiled: Names of those that only the first has right.
    """

    pictures: int
    before: Accuracy
    after: Accuracy
    mended: tuple[str, ...]
    spoiled: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What changed, for a person."""
        before, after = self.before.text, self.after.text
        told = say("Before: {before}. After: {after}.", before=before, after=after)
        if not self.mended and not self.spoiled:
            return joined(told, say("No answer became right or wrong."))
        counts = say(
            "Of the same {n} pictures, {mended} became right and {spoiled} became wrong.",
            n=self.pictures,
            mended=len(self.mended),
            spoiled=len(self.spoiled),
        )
        return joined(told, counts)


def before_after(before: Run, after: Run) -> BeforeAfter:
    """Hold two runs against each other.

    Args:
        before: The run as it was.
        after: The one that was made from it, with mended pictures.

    Raises:
        RunError: When one has no evaluation, or they share no validation picture.
    """
    first = evaluation.load(before.evaluation("validation"))
    second = evaluation.load(after.evaluation("validation"))
    answers = {each.sha256: first.labels[each.answer] for each in first.answers}
    shared = [
        (each.name, answers[each.sha256] == second.labels[each.truth], each.right)
        for each in second.answers
        if each.sha256 in answers
    ]
    if not shared:
        raise RunError(
            say("These two trainings were not checked with the same pictures."),
            say("Compare a training with the one that was made from it."),
        )
    count = len(shared)
    return BeforeAfter(
        count,
        Accuracy(sum(was for _, was, _ in shared), count),
        Accuracy(sum(now for *_, now in shared), count),
        tuple(name for name, was, now in shared if now and not was),
        tuple(name for name, was, now in shared if was and not now),
    )


def _mended(owner: Owner, edits: Sequence[Edit], kind: Kind) -> tuple[Run, Config, Split]:
    run = owner.open_run
    if run is None:
        raise NotYours(say("No training is open."), say("Open one under Runs."))
    if not run.history.finished:
        raise RunError(
            say("This training isn't finished."), say("Wait for its end, then train it again.")
        )
    config = run.config
    if kind == "head":
        config = replace(config, model=replace(config.model, freeze_point=vgg16.HEAD_ONLY))
    return run, config, mending.corrected(run.split, edits)


def _tuned(config: Config) -> bool:
    return vgg16.first_learning(config.model.freeze_point) != vgg16.HEAD_ONLY
