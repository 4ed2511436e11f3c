"""What is asked before a training begins: whether it is this person's turn, what it finds here."""

from gui.core.cost import Cost
from gui.core.errors import RunError
from gui.core.jobs import Jobs
from gui.core.outlook import Here, LadderPlan
from gui.core.owner import Owner
from gui.core.usage import Usage
from gui.words import say


def admit(owner: Owner, trainings: int = 1, *, new: bool = True) -> None:
    """Let a person have one training under way at a time: others wait for the machine, too.

    Args:
        owner: Who asks, and is the only one of their tabs that does (``Owner.editing``).
        trainings: How many they ask for at once.
        new: Whether these are kept beside those they have.

    Raises:
        RunError: When this person has one under way already.
        QuotaError: When they are more than this person may have waiting, or keep.
    """
    if any(run.history.busy for run in owner.runs()):
        raise RunError(
            say("You have a training under way already."),
            say("Wait for its end, or stop it first."),
        )
    owner.quota.check_queued(trainings)
    if new:
        owner.quota.check(owner.path, Usage(runs=trainings))


def admit_size(owner: Owner, planned: Cost | LadderPlan | None) -> None:
    """Refuse a training that leaves more on the disk than there is room for.

    Raises:
        QuotaError: When it is more than this person, or all together, may keep.
    """
    if planned is not None:
        owner.quota.check(owner.path, Usage(planned.disk_bytes))


def here(owner: Owner, jobs: Jobs) -> Here:
    """What a training of this person would find now."""
    return Here(owner.features, jobs.memory_bytes, jobs.speeds, jobs.weights_sha256)
