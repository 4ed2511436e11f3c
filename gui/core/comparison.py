"""What a person does with a ladder, ``core.ladder``, each thing one function."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from gui.core import climb, dataset, ladder, new_run, outlook, rung, runs, split
from gui.core.admission import admit, admit_size, here
from gui.core.config import Config
from gui.core.errors import FreezepointError, NotYours, SettingError
from gui.core.jobs import Jobs
from gui.core.ladder import Ladder
from gui.core.outlook import LadderPlan
from gui.core.owner import Owner
from gui.core.runs import Clock, Run
from gui.words import say


@dataclass(frozen=True)
class Comparison:
    """Trainings that are compared.

    Attributes:
        jobs: The worker processes.
        clock: Seconds since 1970.
    """

    jobs: Jobs
    clock: Clock

    def plan(self, owner: Owner, config: Config, points: Iterable[str]) -> LadderPlan | None:
        """What comparing these freeze points would take; None as long as nobody can say.

        Raises:
            SettingError: When fewer than two of the points differ, or they don't fit this computer.
        """
        opened = owner.open_dataset
        if opened is None or dataset.missing(opened):
            return None
        divided = split.by(config.train, opened)
        chosen = ladder.choose(points)
        return outlook.foresee_ladder(config, chosen, divided, opened.root, here(owner, self.jobs))

    def learning_s(self, owner: Owner, config: Config) -> dict[str, float]:
        """Seconds that each freeze point on offer takes beside what all of them share, if known."""
        opened = owner.open_dataset
        if opened is None or dataset.missing(opened):
            return {}
        divided = split.by(config.train, opened)
        found, known = here(owner, self.jobs), {}
        for point, each in ladder.each_at(config, ladder.OFFERED).items():
            with suppress(SettingError):  # it doesn't fit
                if plan := outlook.foresee(each, divided, opened.root, found):
                    known[point] = plan.learning_s
        return known

    def start(self, owner: Owner, config: Config, points: Iterable[str]) -> None:
        """Train the open data set with several freeze points, one after another.

        Args:
            owner: Whose data set.
            config: Every setting; its freeze point is left aside.
            points: The freeze points.

        Raises:
            RunError: When this person has a training under way already.
            SettingError: When fewer than two of the points differ, or they don't fit this
                computer.
            PicturesError: When the data set isn't ready.
            DiskFull: When there is no room.
        """
        with owner.editing():
            chosen = ladder.choose(points)
            admit(owner, len(chosen))
            opened = owner.dataset(owner.desk.dataset)
            divided = split.by(config.train, opened)
            # What doesn't fit is refused before any of them begins.
            found = here(owner, self.jobs)
            planned = outlook.foresee_ladder(config, chosen, divided, opened.root, found)
            admit_size(owner, planned)
            folders = [owner.new_run_folder() for _ in chosen]
            made = Ladder(
                owner.new_ladder(),
                new_run.classes(divided.labels),
                self.clock(),
                chosen,
                tuple(each.name for each in folders),
            )
            owner.save_ladder(made)
            rungs = ladder.create(made, folders, config, divided, opened.root, owner.features)
            try:
                owner.open(replace(owner.desk, ladder=made.id))
                # What they take hangs on what the first leaves for the others: nothing is foretold
                # to them, only to those who wait.
                seconds = planned.each_s if planned else ()
                known = dict(zip((run.id for run in rungs), seconds, strict=False))
                asked = [(run, config.train.epochs) for run in rungs]
                self.jobs.train_ladder(asked, seconds=known)
            except BaseException:
                for run in rungs:
                    runs.delete(run)  # else they would wait for ever
                raise

    def under_way(self, owner: Owner) -> str:
        """Which freeze point of this person's comparison is under way: "2 of 3"; "" when none is.

        It need not be the comparison that is open.
        """
        for run in owner.runs():
            if run.history.busy and run.ladder:
                with suppress(FreezepointError):
                    return climb.number(owner.rungs(owner.ladder(run.ladder.id)))
        return ""

    def stop(self, owner: Owner) -> None:
        """Stop the rung under way, keeping its best, and take the others out of the queue."""
        # The last first: meanwhile the next one can't slip in as the current one ends.
        for run in reversed(_rungs(owner)):
            if run.history.busy:
                self.jobs.stop(run)

    def stop_rung(self, owner: Owner) -> None:
        """Stop the rung under way, keeping its best; the ladder goes on with the next one."""
        for run in _rungs(owner):
            if run.history.state == "running":
                self.jobs.stop(run)

    def go_on(self, owner: Owner) -> None:
        """Train every rung of the open ladder that was not trained to its end.

        Raises:
            RunError: When this person has a training under way.
        """
        with owner.editing():
            left = [run for run in _rungs(owner) if not rung.whole(run.history)]
            admit(owner, len(left), new=False)
            epochs = [run.history.epochs_planned or run.config.train.epochs for run in left]
            self.jobs.train_ladder(list(zip(left, epochs, strict=True)))


def _rungs(owner: Owner) -> list[Run]:
    """The runs of the open ladder that are still there."""
    opened = owner.open_ladder
    if opened is None:
        raise NotYours(say("No comparison is open."), say("Start one under Compare."))
    known = {run.id: run for run in owner.runs()}
    return [known[each] for each in opened.runs if each in known]
