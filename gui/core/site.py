"""What a person can do with Freezepoint, each thing one function. The page only calls these."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gui.core import archive, dataset, ingest, runs, split, uploads
from gui.core.config import Config, TrainSettings
from gui.core.dataset import Dataset, LeftOut
from gui.core.entry import Entry
from gui.core.errors import NotYours, RunError
from gui.core.jobs import Jobs
from gui.core.prediction import Prediction
from gui.core.runs import Clock, Run
from gui.core.workspace import Desk, Owner, Workspace

Progress = Callable[[int, int], None]  # pictures looked at, pictures in all


@dataclass(frozen=True)
class Site:
    """The workspace, the workers, and what a person does with them.

    Attributes:
        workspace: Where everything is kept.
        jobs: The worker processes.
        samples: The folder with the sample pictures.
        clock: Seconds since 1970.
    """

    workspace: Workspace
    jobs: Jobs
    samples: Path
    clock: Clock

    def take(
        self,
        owner: Owner,
        given: Sequence[Entry],
        not_sent: Sequence[LeftOut],
        progress: Progress,
    ) -> None:
        """Make a data set of uploaded files (or of one uploaded zip) and open it.

        Args:
            owner: Whose it is.
            given: The files.
            not_sent: Files that the browser left out, with the reason.
            progress: Called while pictures are read.

        Raises:
            PicturesError: When they can't become a data set; what was open before stays open.
            DiskFull: When there is no room.
        """
        zipped = [each for each in given if each.rel.lower().endswith(".zip")]
        try:
            with self._new_dataset(owner) as folder:
                if len(given) == 1 and zipped:
                    unpacked = archive.extract(zipped[0].path, folder, shown_name=zipped[0].rel)
                    entries, aside = list(unpacked.entries), [*not_sent, *unpacked.left_out]
                else:
                    entries, aside = uploads.take(given, folder), list(not_sent)
                self._open(owner, ingest.read(entries, folder, progress, aside))
        finally:
            uploads.discard(given)

    def take_samples(self, owner: Owner, progress: Progress) -> None:
        """Open a copy of the sample pictures.

        Raises:
            DiskFull: When there is no room.
        """
        with self._new_dataset(owner) as folder:
            entries = uploads.copy(ingest.walk(self.samples), folder)
            self._open(owner, ingest.read(entries, folder, progress))

    def add(
        self, owner: Owner, class_name: str, given: Sequence[Entry], progress: Progress
    ) -> None:
        """Add uploaded pictures to a class of the open data set.

        Raises:
            NotYours: When there is no open data set.
            PicturesError: When none of the files is a picture.
            DiskFull: When there is no room.
        """
        taken: list[Entry] = []
        try:
            with owner.editing():
                opened = self._opened(owner)
                numbers = [int(each.name) for each in opened.root.iterdir() if each.name.isdigit()]
                taken = uploads.take(given, opened.root, max(numbers, default=-1) + 1)
                extended = ingest.add(opened, class_name, taken, progress)
                owner.save_dataset(owner.desk.dataset, extended)
        except BaseException:
            uploads.delete(taken)
            raise
        finally:
            uploads.discard(given)

    def rename(self, owner: Owner, old: str, new: str) -> None:
        """Rename a class of the open data set.

        Raises:
            PicturesError: When the new name is taken, empty or too long.
        """
        with owner.editing():
            changed = dataset.rename(self._opened(owner), old, new)
            owner.save_dataset(owner.desk.dataset, changed)

    def include(self, owner: Owner, name: str, *, included: bool) -> None:
        """Leave a class of the open data set out, or take it back in.

        Raises:
            PicturesError: When there is no such class.
        """
        with owner.editing():
            changed = dataset.include(self._opened(owner), name, included=included)
            owner.save_dataset(owner.desk.dataset, changed)

    def start(self, owner: Owner, config: Config) -> None:
        """Start a training of the open data set and open it.

        Raises:
            RunError: When this person has one under way already.
            PicturesError: When the data set isn't ready.
            DiskFull: When there is no room.
        """
        with owner.editing():
            _admit(owner)
            opened = self._opened(owner)
            divided = split.divide(opened, config.train.validation_share, config.train.seed)
            run = runs.create(
                owner.new_run_folder(),
                config,
                divided,
                opened.root,
                runs.title(config, divided.labels),
                self.clock(),
            )
            try:
                owner.open(replace(owner.desk, run=run.id))
                self.jobs.train(run, config.train.epochs)
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
            raise RunError("No epoch has ended yet, so there is nothing to keep.", "Go on instead.")
        self._take_up(owner, run, reached)

    def divide(self, owner: Owner, validation_share: float, seed: int) -> None:
        """Remember how the open data set is to be divided.

        Raises:
            SettingError: When a value is out of bounds.
        """
        TrainSettings(validation_share=validation_share, seed=seed)
        with owner.editing():
            owner.open(replace(owner.desk, validation_share=validation_share, seed=seed))

    def open_run(self, owner: Owner, run_id: str) -> None:
        """Open one of this person's runs, with its pictures.

        Raises:
            NotYours: When this person has none of that id.
        """
        run = owner.run(run_id)
        train = run.config.train
        with owner.editing():
            owner.open(
                Desk(run.pictures_root.parent.name, run.id, train.validation_share, train.seed)
            )

    def delete_run(self, owner: Owner, run_id: str) -> None:
        """Delete one of this person's runs for good.

        Raises:
            NotYours: When this person has none of that id.
            RunError: When it is under way.
        """
        run = owner.run(run_id)
        with owner.editing():
            if run.history.busy:
                raise RunError("This training is under way.", "Stop it first, then delete it.")
            runs.delete(run)
            owner.forget_unused()

    def predict(self, owner: Owner, given: Sequence[Entry]) -> list[Prediction]:
        """Answer what uploaded pictures show, with the open run; the uploads are deleted.

        Raises:
            RunError: When no run is open, or it has no whole epoch yet.
        """
        try:
            files = [(each.rel, each.path) for each in given]
            return self.jobs.predict(self._open_run(owner), files)
        finally:
            uploads.discard(given)

    def predict_kept(self, owner: Owner, count: int) -> list[Prediction]:
        """Answer what some of the open run's validation pictures show; it never learned from them.

        Raises:
            RunError: When no run is open, or it has no whole epoch yet.
        """
        run = self._open_run(owner)
        kept = run.split.validation
        chosen = kept[:: max(1, len(kept) // count)][:count]
        files = [(each.name, run.pictures_root / each.path) for each in chosen]
        return self.jobs.predict(run, files)

    @contextmanager
    def _new_dataset(self, owner: Owner) -> Iterator[Path]:
        """A folder for a new data set's pictures; gone again when it doesn't become one."""
        folder = owner.path / "datasets" / owner.new_dataset() / "pictures"
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder.parent, ignore_errors=True)
            raise

    def _take_up(self, owner: Owner, run: Run, epochs: int) -> None:
        with owner.editing():
            _admit(owner)
            self.jobs.train(run, epochs)

    def _open(self, owner: Owner, made: Dataset) -> None:
        dataset_id = made.root.parent.name
        with owner.editing():
            owner.save_dataset(dataset_id, made)
            owner.open(replace(owner.desk, dataset=dataset_id))
            owner.forget_unused()

    def _opened(self, owner: Owner) -> Dataset:
        return owner.dataset(owner.desk.dataset)

    def _open_run(self, owner: Owner) -> Run:
        run = owner.open_run
        if run is None:
            raise NotYours("No training is open.", "Start one, or open one under Runs.")
        return run


def _admit(owner: Owner) -> None:
    """Let a person have one training under way at a time: others wait for the machine, too."""
    if any(run.history.busy for run in owner.runs()):
        raise RunError(
            "You have a training under way already.", "Wait for its end, or stop it first."
        )
