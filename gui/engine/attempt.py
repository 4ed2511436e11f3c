"""One attempt at a training: the run is held meanwhile, and what goes wrong is told in it."""

from collections.abc import Callable

from gui.core.errors import FreezepointError, StoppedEarly, disk_full
from gui.core.events import Evaluated, Failed
from gui.core.runs import Run
from gui.core.steady import Steady
from gui.engine import mishaps, network, training
from gui.engine.computing import Compute, here
from gui.engine.journal import Tell
from gui.engine.network import Network
from gui.engine.weights import Weights


def train(
    run: Run,
    find_weights: Callable[[], Weights],
    tell: Tell = lambda _: None,
    open_network: Callable[[Weights], Network] = lambda found: network.open_network(found.arrays),
    begun: Callable[[], None] = lambda: None,
    compute: Compute = here,
) -> Evaluated:
    """Train a run while holding its lock; a mistake becomes the run's last event, then is raised.

    Args:
        run: A run folder; see ``training.train``.
        find_weights: Where VGG16's weights come from.
        tell: Called with every event, too.
        open_network: Makes the frozen part, or has it ready.
        begun: Called when the frozen part has done its work, or has had none to do.
        compute: Does the passes through the frozen part.

    Raises:
        FreezepointError: What went wrong, for the person.
    """
    clock = Steady()
    with run.hold():
        try:
            with disk_full():
                return training.train(run, find_weights, clock, tell, open_network, begun, compute)
        except FreezepointError as error:
            asked = isinstance(error, StoppedEarly)
            lost = isinstance(error, training.DivergedError)
            run.append(Failed(clock(), error.what, error.hint, asked=asked, diverged=lost))
            raise
        except Exception as error:
            told, expected = mishaps.of_training(run, error)
            run.append(Failed(clock(), told.what, told.hint))
            if expected:
                raise told from error
            raise
        finally:
            run.withdraw_stop()
