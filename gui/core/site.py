"""What a person can do with Freezepoint, each thing one function. The page only calls these."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gui.core import archive, dataset, ingest, ladder, outlook, runs, split, uploads
from gui.core.config import Config, TrainSettings
from gui.core.dataset import Dataset, LeftOut
from gui.core.entry import Entry
from gui.core.errors import NotYours, RunError
from gui.core.jobs import Jobs
from gui.core.ladder import Ladder
from gui.core.plan import Plan
from gui.core.prediction import Prediction
from gui.core.runs import Clock, Run
from gui.core.split import Split
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

    def plan(self, owner: Owner, config: Config) -> Plan | None:
        """What a training of the open data set would take; None as long as nobody can say.

        Raises:
            SettingError: When it doesn't fit this computer; the hint names one that does.
        """
        opened = owner.open_dataset
        if opened is None or dataset.missing(opened):
            return None
        divided = split.divide(opened, config.train.validation_share, config.train.seed)
        return self._foresee(owner, config, divided, opened.root)

    def start(self, owner: Owner, config: Config) -> None:
        """Start a training of the open data set and open it.

        Raises:
            RunError: When this person has one under way already.
            SettingError: When it doesn't fit this computer.
            PicturesError: When the data set isn't ready.
            DiskFull: When there is no room.
        """
        with owner.editing():
            _admit(owner)
            opened = self._opened(owner)
            divided = split.divide(opened, config.train.validation_share, config.train.seed)
            planned = self._foresee(owner, config, divided, opened.root)
            run = runs.create(
                owner.new_run_folder(),
                config,
                divided,
                opened.root,
                runs.title(config, divided.labels),
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
            compared = run.ladder.id if run.ladder else owner.desk.ladder
            dataset_id, share = run.pictures_root.parent.name, train.validation_share
            owner.open(Desk(dataset_id, run.id, share, train.seed, compared))

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

    def compare(self, owner: Owner, config: Config, points: Iterable[str]) -> None:
        """Train the open data set with several freeze points, one after another.

        Args:
            owner: Whose data set.
            config: Every setting; its freeze point is left aside.
            points: The freeze points.

        Raises:
            RunError: When this person has a training under way already.
            SettingError: When fewer than two of the points differ, or one doesn't fit this
                computer.
            PicturesError: When the data set isn't ready.
            DiskFull: When there is no room.
        """
        with owner.editing():
            _admit(owner)
            chosen, opened = ladder.choose(points), self._opened(owner)
            divided = split.divide(opened, config.train.validation_share, config.train.seed)
            for each in chosen:  # one that doesn't fit is refused before any of them begins
                self._foresee(owner, ladder.at(config, each), divided, opened.root)
            folders = [owner.new_run_folder() for _ in chosen]
            made = Ladder(
                owner.new_ladder(),
                runs.classes(divided.labels),
                self.clock(),
                chosen,
                tuple(each.name for each in folders),
            )
            owner.save_ladder(made)
            rungs = ladder.create(made, folders, config, divided, opened.root, owner.features)
            try:
                owner.open(replace(owner.desk, ladder=made.id))
                # What they take hangs on what the first leaves for the others: nothing is foretold.
                self.jobs.train_ladder([(run, config.train.epochs) for run in rungs])
            except BaseException:
                for run in rungs:
                    runs.delete(run)  # else they would wait for ever
                raise

    def stop_comparing(self, owner: Owner) -> None:
        """Stop the rung under way, keeping its best, and take the others out of the queue."""
        # The last first: meanwhile the next one can't slip in as the current one ends.
        for run in reversed(self._rungs(owner)):
            if run.history.busy:
                self.jobs.stop(run)

    def stop_rung(self, owner: Owner) -> None:
        """Stop the rung under way, keeping its best; the ladder goes on with the next one."""
        for run in self._rungs(owner):
            if run.history.state == "running":
                self.jobs.stop(run)

    def go_on_comparing(self, owner: Owner) -> None:
        """Train every rung of the open ladder that has no result yet.

        Raises:
            RunError: When this person has a training under way.
        """
        with owner.editing():
            _admit(owner)
            left = [run for run in self._rungs(owner) if not run.history.finished]
            epochs = [run.history.epochs_planned or run.config.train.epochs for run in left]
            self.jobs.train_ladder(list(zip(left, epochs, strict=True)))

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
            planned = self._foresee(
                owner,
                run.config,
                run.split,
                run.pictures_root,
                done=len(run.history.epochs),
                epochs=epochs,
            )
            self.jobs.train(run, epochs, outlook.told(planned, self.clock()))

    def _foresee(
        self,
        owner: Owner,
        config: Config,
        divided: Split,
        root: Path,
        *,
        done: int = 0,
        epochs: int | None = None,
    ) -> Plan | None:
        memory_bytes, speeds = self.jobs.memory_bytes, self.jobs.speeds
        return outlook.foresee(
            config, divided, root, owner.features, memory_bytes, speeds, done=done, epochs=epochs
        )

    def _open(self, owner: Owner, made: Dataset) -> None:
        dataset_id = made.root.parent.name
        with owner.editing():
            owner.save_dataset(dataset_id, made)
            owner.open(replace(owner.desk, dataset=dataset_id))
            owner.forget_unused()

    def _opened(self, owner: Owner) -> Dataset:
        return owner.dataset(owner.desk.dataset)

    def _rungs(self, owner: Owner) -> list[Run]:
        """The runs of the open ladder that are still there."""
        opened = owner.open_ladder
        if opened is None:
            raise NotYours("No comparison is open.", "Start one under Compare.")
        known = {run.id: run for run in owner.runs()}
        return [known[each] for each in opened.runs if each in known]

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
