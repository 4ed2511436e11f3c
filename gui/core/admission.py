"""What is asked before a training begins: whether it is this person's turn, and whether it fits."""

from collections.abc import Sequence
from pathlib import Path

from gui.core import outlook
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.jobs import Jobs
from gui.core.outlook import LadderPlan
from gui.core.owner import Owner
from gui.core.plan import Plan
from gui.core.split import Split


def admit(owner: Owner) -> None:
    """Let a person have one training under way at a time: others wait for the machine, too.

    Raises:
        RunError: When this person has one under way already.
    """
    if any(run.history.busy for run in owner.runs()):
        raise RunError(
            "You have a training under way already.", "Wait for its end, or stop it first."
        )


def foresee(
    owner: Owner,
    jobs: Jobs,
    config: Config,
    divided: Split,
    pictures: Path,
    *,
    done: int = 0,
    epochs: int | None = None,
) -> Plan | None:
    """What a training of this person would take now; None as long as nobody can say.

    Args:
        owner: Whose features it can use.
        jobs: Where it would be trained.
        config: Every setting.
        divided: Which picture learns and which checks.
        pictures: The folder that the split's paths start from.
        done: How many epochs there are already.
        epochs: The last epoch to be reached; None for the setting.

    Raises:
        SettingError: When it doesn't fit this computer; the hint names one that does.
    """
    memory_bytes, speeds = jobs.memory_bytes, jobs.speeds
    return outlook.foresee(
        config,
        divided,
        pictures,
        owner.features,
        memory_bytes,
        speeds,
        weights_sha256=jobs.weights_sha256,
        done=done,
        epochs=epochs,
    )


def foresee_ladder(
    owner: Owner,
    jobs: Jobs,
    config: Config,
    points: Sequence[str],
    divided: Split,
    pictures: Path,
) -> LadderPlan | None:
    """What several freeze points would take, one after another; None as long as nobody can say.

    Args:
        owner: Whose features they can use.
        jobs: Where they would be trained.
        config: Every setting; its freeze point is left aside.
        points: The freeze points, in the order of the ladder.
        divided: Which picture learns and which checks.
        pictures: The folder that the split's paths start from.

    Raises:
        SettingError: When one of them, or all together, don't fit this computer.
    """
    memory_bytes, speeds = jobs.memory_bytes, jobs.speeds
    return outlook.foresee_ladder(
        config,
        points,
        divided,
        pictures,
        owner.features,
        memory_bytes,
        speeds,
        weights_sha256=jobs.weights_sha256,
    )
