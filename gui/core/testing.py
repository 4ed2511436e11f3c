"""What a person does to test a training with pictures, each thing one function.

The pictures are a ``core.trial``: kept until the next ones come, so that more can be asked of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gui.core import met, trial
from gui.core.entry import Entry
from gui.core.errors import NotYours, RunError
from gui.core.explanation import Explanation, Where
from gui.core.jobs import Jobs
from gui.core.met import How
from gui.core.owner import Owner
from gui.core.prediction import Prediction
from gui.core.runs import Run
from gui.core.trial import Trial
from gui.core.workshop import Progress
from gui.words import say

AT_ONCE = 16  # pictures answered before the page is shown the next ones


@dataclass(frozen=True)
class Pair:
    """What two trainings say about one picture."""

    first: Prediction
    second: Prediction

    @property
    def agree(self) -> bool | None:
        """Whether both give it the same class; None when it can't be read."""
        if self.first.problem or self.second.problem:
            return None
        return self.first.best[0] == self.second.best[0]

    @property
    def met(self) -> tuple[How | None, How | None]:
        """How each of the two has met the picture before."""
        return self.first.met, self.second.met


@dataclass(frozen=True)
class Agreement:
    """How often two trainings say the same, and which is right where that is known.

    Attributes:
        pictures: Pictures that both could read.
        same: Those that were given one class by both.
        known: Those whose true class both know, and that neither has learned from.
        first: Of these, those that the first got right.
        second: Of these, those that the second got right.
        both: Of these, those that both got right.
        checked: Of these, those that the epoch of one or of both was chosen on.
        learned: Those whose true class both know, but that one or both have learned from.
    """

    pictures: int
    same: int
    known: int
    first: int
    second: int
    both: int
    checked: int = 0
    learned: int = 0


@dataclass(frozen=True)
class Testing:
    """Tests of trainings.

    Attributes:
        jobs: The worker processes.
    """

    __test__ = False  # not one of pytest's

    jobs: Jobs

    def take_kept(self, owner: Owner, count: int) -> Trial:
        """Take some of the open run's validation pictures, which it never learned from.

        Raises:
            NotYours: When no run is open.
            PicturesError: When they are gone.
            DiskFull: When there is no room.
        """
        run = open_run(owner)
        kept = run.split.validation
        chosen = kept[:: max(1, len(kept) // count)][:count]
        files = [Entry(each.name, run.pictures_root / each.path) for each in chosen]
        return trial.copy(owner, [each for each in files if each.path.is_file()])

    def answers(self, owner: Owner, taken: Trial) -> Iterator[list[Prediction]]:
        """What the open run says, some pictures at a time.

        Raises:
            RunError: When it has no whole epoch yet.
        """
        run = open_run(owner)
        yield from self._answers(run, taken)

    def explain(
        self, owner: Owner, trial_id: str, places: Iterable[int], where: Where
    ) -> Iterator[list[tuple[int, Explanation]]]:
        """Where the open run looked in some of the pictures, by their places, some at a time.

        Raises:
            NotYours: When the pictures are gone.
        """
        run, taken = open_run(owner), trial.load(owner, trial_id)
        trial.touch(owner, taken)
        chosen = [place for place in places if 0 <= place < len(taken.entries)]
        for start in range(0, len(chosen), AT_ONCE):
            some = chosen[start : start + AT_ONCE]
            files = [(taken.entries[each].rel, taken.entries[each].path) for each in some]
            yield list(zip(some, self.jobs.questions.explain(run, files, where), strict=True))

    def others(self, owner: Owner) -> list[Run]:
        """This person's other finished trainings, the newest first."""
        opened = owner.open_run
        return [
            each
            for each in owner.runs()
            if each.history.finished and (opened is None or each.id != opened.id)
        ]

    def compare(self, owner: Owner, trial_id: str, run_id: str) -> Iterator[list[Pair]]:
        """What the open run and another say about the same pictures, some at a time.

        Raises:
            NotYours: When the pictures are gone, or the other isn't this person's.
            RunError: When the other has no whole epoch.
        """
        first, second = open_run(owner), owner.run(run_id)
        taken = trial.load(owner, trial_id)
        trial.touch(owner, taken)
        if first.id == second.id:
            raise RunError(say("That is the same training."), say("Choose another one."))
        both = zip(self._answers(first, taken), self._answers(second, taken), strict=True)
        for ours, theirs in both:
            yield [Pair(*each) for each in zip(ours, theirs, strict=True)]

    def knows_its_own(self, owner: Owner) -> bool:
        """Whether the open run can say what is unlike all that it has learned from."""
        run = owner.open_run
        return run is not None and run.novelty.exists()

    def remember(self, owner: Owner, progress: Progress) -> None:
        """Let the open run know what its training pictures look like.

        Raises:
            RunError: When one of them is gone.
        """
        self.jobs.workshop.remember(open_run(owner), progress)

    def _answers(self, run: Run, taken: Trial) -> Iterator[list[Prediction]]:
        truths, before = taken.truths(run.split.labels), met.before(run.split)
        for start in range(0, len(taken.entries), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            entries = taken.entries[some]
            found = self.jobs.questions.predict(run, [(each.rel, each.path) for each in entries])
            yield [
                replace(answer, truth=truth, met=_met(before, entry) if truth else None)
                for answer, truth, entry in zip(found, truths[some], entries, strict=True)
            ]


def _met(before: Mapping[str, How], entry: Entry) -> How | None:
    """How a training has met a picture before."""
    return met.how(before, {met.digest(entry.path), entry.original})


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """How often both say the same, and who is right."""
    read = [each for each in pairs if each.agree is not None]
    told = [each for each in read if each.first.truth is not None and each.second.truth]
    known = [each for each in told if "learned" not in each.met]
    return Agreement(
        pictures=len(read),
        same=sum(bool(each.agree) for each in read),
        known=len(known),
        first=sum(bool(each.first.right) for each in known),
        second=sum(bool(each.second.right) for each in known),
        both=sum(bool(each.first.right and each.second.right) for each in known),
        checked=sum("checked" in each.met for each in known),
        learned=len(told) - len(known),
    )


def open_run(owner: Owner) -> Run:
    """The run that is tested.

    Raises:
        NotYours: When none is open.
    """
    run = owner.open_run
    if run is None:
        raise NotYours(say("No training is open."), say("Start one, or open one under Runs."))
    return run
