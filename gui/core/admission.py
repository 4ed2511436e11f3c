"""What is asked before a training begins: whether it is this person's turn, what it finds here."""

from gui.core.errors import RunError
from gui.core.jobs import Jobs
from gui.core.outlook import Here
from gui.core.owner import Owner
from gui.words import say


def admit(owner: Owner) -> None:
    """Let a person have one training under way at a time: others wait for the machine, too.

    Raises:
        RunError: When this person has one under way already.
    """
    if any(run.history.busy for run in owner.runs()):
        raise RunError(
            say("You have a training under way already."),
            say("Wait for its end, or stop it first."),
        )


def here(owner: Owner, jobs: Jobs) -> Here:
    """What a training of this person would find now."""
    return Here(owner.features, jobs.memory_bytes, jobs.speeds, jobs.weights_sha256)
