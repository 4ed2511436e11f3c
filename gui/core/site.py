"""What a person can do with Freezepoint, each thing one function. The page only calls these.

What is done with pictures is in ``core.collection``, with several freeze points at once in
``core.comparison``; here is all that is done with trainings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gui.core import (
    collection,
    dataset,
    farewell,
    flowers,
    new_run,
    opening,
    outlook,
    run_files,
    runs,
    split,
    sweeping,
)
from gui.core.admission import admit, admit_size, here
from gui.core.collection import Progress
from gui.core.comparison import Comparison
from gui.core.config import Config
from gui.core.desk import Desk
from gui.core.entry import Entry
from gui.core.errors import NotYours, RunError
from gui.core.farewell import Farewell
from gui.core.flowers import Flowers
from gui.core.host import OWN_COMPUTER, Host
from gui.core.jobs import Jobs
from gui.core.owner import Owner
from gui.core.plan import Plan
from gui.core.retraining import Retraining
from gui.core.runs import Clock, Run
from gui.core.testing import Testing
from gui.core.workspace import Workspace
from gui.words import say


@dataclass(frozen=True)
class Site:
    """The workspace, the workers, and what a person does with them.

    Attributes:
        workspace: Where everything is kept.
        jobs: The worker processes.
        samples: The folder with the sample pictures.
        clock: Seconds since 1970.
        host: What kind of computer it runs on.
        flowers_from: The address that the second sample is downloaded from.
    """

    workspace: Workspace
    jobs: Jobs
    samples: Path
    clock: Clock
    host: Host = OWN_COMPUTER
    flowers_from: str = flowers.ADDRESS

    @property
    def flowers(self) -> Flowers:
        """What a person does to try the second sample."""
        return Flowers(self.jobs.downloads, self.flowers_from, self.workspace.root / "flowers")

    @property
    def comparison(self) -> Comparison:
        """What a person does with several freeze points at once."""
        return Comparison(self.jobs, self.clock)

    @property
    def testing(self) -> Testing:
        """What a person does to test a training with pictures."""
        return Testing(self.jobs)

    @property
    def retraining(self) -> Retraining:
        """What a person does with a finished training whose pictures were mended."""
        return Retraining(self.jobs, self.clock)

    def take_samples(self, owner: Owner, progress: Progress) -> None:
        """Open a copy of the sample pictures.

        Raises:
            DiskFull: When there is no room.
        """
        collection.copy(owner, self.samples, progress)

    def plan(self, owner: Owner, config: Config) -> Plan | None:
        """What a training of the open data set would take; None as long as nobody can say.

        Raises:
            SettingError: When it doesn't fit this computer; the hint names one that does.
        """
        opened = owner.open_dataset
        if opened is None or dataset.missing(opened):
            return None
        divided = split.by(config.train, opened)
        return outlook.foresee(config, divided, opened.root, here(owner, self.jobs))

    def start(self, owner: Owner, config: Config) -> None:
        """Start a training of the open data set and open it.

        Raises:
            RunError: When this person has one under way already.
            SettingError: When it doesn't fit this computer.
            PicturesError: When the data set isn't ready.
            DiskFull: When there is no room.
        """
        with owner.editing():
            admit(owner)
            opened = owner.dataset(owner.desk.dataset)
            divided = split.by(config.train, opened)
            planned = outlook.foresee(config, divided, opened.root, here(owner, self.jobs))
            admit_size(owner, planned)
            run = new_run.create(
                owner.new_run_folder(),
                config,
                divided,
                opened.root,
                new_run.title(config, divided.labels),
                self.clock(),
                owner.features,
            )
            try:
                owner.open(replace(owner.desk, run=run.id))
                told = outlook.told(planned, self.clock())
                self.jobs.train(run, config.train.epochs, told)
            except BaseException:
                runs.delete(run)  # else it would wait for ever
                raise

    def stop(self, owner: Owner) -> None:
        """Stop the open training and keep the best; a second time, stop it at once."""
        self.jobs.stop(self._open_run(owner))

    def go_on(self, owner: Owner) -> None:
        """Take up a broken training again.

        Raises:
            RunError: When this person has a training under way.
        """
        run = self._open_run(owner)
        self._take_up(owner, run, run.history.epochs_planned or run.config.train.epochs)

    def train_more(self, owner: Owner, epochs: int) -> None:
        """Train a finished training further by some epochs.

        Raises:
            RunError: When this person has a training under way.
        """
        run = self._open_run(owner)
        self._take_up(owner, run, len(run.history.epochs) + epochs)

    def keep_best(self, owner: Owner) -> None:
        """Make the best epoch of a broken training the result, without training further.

        Raises:
            RunError: When there is no whole epoch, or a training is under way.
        """
        run = self._open_run(owner)
        reached = len(run.history.epochs)
        if not reached:
            raise RunError(
                say("No epoch has ended yet, so there is nothing to keep."), say("Go on instead.")
            )
        self._take_up(owner, run, reached)

    def open_run(self, owner: Owner, run_id: str) -> None:
        """Open one of this person's runs, with its pictures.

        Raises:
            NotYours: When this person has none of that id.
            RunError: When it can't be read.
        """
        run = owner.run(run_id)
        train = run.config.train
        if not run.whole:
            raise run_files.unreadable()
        with owner.editing():
            compared = run.ladder.id if run.ladder else owner.desk.ladder
            dataset_id, share = run.pictures_root.parent.name, train.validation_share
            opened = Desk(dataset_id, run.id, share, train.seed, compared, train.test_share)
            owner.open(opened)

    def open_project(self, owner: Owner, given: Sequence[Entry], progress: Progress) -> None:
        """Add the training and the pictures of an uploaded project file, and open them.

        Raises:
            PicturesError: When it isn't one whole project file; nothing of it is kept then.
            RunError: When its weights don't fit.
            DiskFull: When there is no room.
        """
        run = opening.for_owner(owner, given, self.jobs.workshop.rebuild, progress)
        self.open_run(owner, run.id)

    def delete_everything(self, owner: Owner) -> Farewell:
        """Stop and delete everything of one person.

        Raises:
            RunError: When a training of theirs doesn't end; then nothing is deleted.
        """
        return farewell.delete_everything(owner, self.jobs, self.workspace.root)

    def delete_run(self, owner: Owner, run_id: str) -> None:
        """Delete one of this person's runs for good.

        Raises:
            NotYours: When this person has none of that id.
            RunError: When it is under way.
        """
        run = owner.run(run_id)
        with owner.editing():
            if run.history.busy:
                raise RunError(
                    say("This training is under way."), say("Stop it first, then delete it.")
                )
            runs.delete(run)
            sweeping.forget_unused(owner.path)

    def _take_up(self, owner: Owner, run: Run, epochs: int) -> None:
        with owner.editing():
            admit(owner, new=False)
            planned = outlook.foresee(
                run.config,
                run.split,
                run.pictures_root,
                here(owner, self.jobs),
                done=len(run.history.epochs),
                epochs=epochs,
            )
            self.jobs.train(run, epochs, outlook.told(planned, self.clock()))

    def _open_run(self, owner: Owner) -> Run:
        run = owner.open_run
        if run is None:
            raise NotYours(say("No training is open."), say("Start one, or open one under Runs."))
        return run
