"""What a training, or a ladder, would take on this computer now; one that can't fit is refused."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from gui.core import ladder, machine, plan, stored, vgg16
from gui.core.config import Config
from gui.core.cost import Cost
from gui.core.duration import Pictures
from gui.core.errors import SettingError
from gui.core.events import Planned
from gui.core.fit import fit, fit_ladder, ladder_disk_bytes
from gui.core.machine import Machine, Speeds
from gui.core.plan import Plan
from gui.core.split import Labelled, Split
from gui.words import say

_LOOKED_AT = 64  # files whose size is asked for
_PHOTO_BYTES = 200_000.0  # when none can be asked


@dataclass(frozen=True)
class Here:
    """What a training finds on this computer.

    Attributes:
        store: Folder of the features that earlier trainings have left; it need not exist.
        memory_bytes: What its worker may use; None when nobody can say.
        speeds: None when they are not measured yet.
        weights_sha256: Hex digest of VGG16's weights; "" when it isn't known yet.
    """

    store: Path
    memory_bytes: int | None
    speeds: Speeds | None
    weights_sha256: str = ""

    @property
    def machine(self) -> Machine:
        """What there is of it at this moment."""
        disk_bytes = machine.free_disk_bytes(self.store)
        return Machine(self.memory_bytes, disk_bytes, self.speeds)

    def stored(self, config: Config, divided: Split, points: tuple[str, ...] = ()) -> float:
        """Share of the passes that need not be done again, 0 to 1; see ``core.stored``."""
        return stored.share(
            self.store, config, divided, weights_sha256=self.weights_sha256, points=points
        )


@dataclass(frozen=True)
class LadderPlan:
    """What the rungs of a ladder take together.

    Attributes:
        rungs: What each takes by itself, in the order of the ladder; what they share is in each.
        disk_bytes: What they leave on the disk together.
    """

    rungs: tuple[Plan, ...]
    disk_bytes: int

    @property
    def preparing_s(self) -> float:
        """Seconds to pass the pictures through what is frozen, once for all of them."""
        return max((each.caching_s for each in self.rungs), default=0.0)

    @property
    def learning_s(self) -> tuple[float, ...]:
        """Seconds that each takes without that."""
        return tuple(each.learning_s for each in self.rungs)

    @property
    def each_s(self) -> tuple[float, ...]:
        """Seconds that each takes in its turn: the first prepares the pictures for all of them."""
        first, *others = self.learning_s
        return (self.preparing_s + first, *others)

    @property
    def seconds(self) -> float:
        """How long it takes until the last one is saved."""
        return self.preparing_s + sum(self.learning_s)

    @property
    def peak_bytes(self) -> int:
        """Most memory that any of them takes: they run one after another."""
        return max((each.peak_bytes for each in self.rungs), default=0)


def foresee(
    config: Config,
    divided: Split,
    root: Path,
    here: Here,
    *,
    done: int = 0,
    epochs: int | None = None,
) -> Plan | None:
    """Plan a training.

    Args:
        config: Every setting.
        divided: Which picture learns and which checks.
        root: The folder that the split's paths start from.
        here: What it finds on this computer.
        done: Epochs that are trained already, when it goes on.
        epochs: The last epoch to be reached; None for the one in ``config``.

    Returns:
        None when the speeds are not known.

    Raises:
        SettingError: When it needs more memory or disk than there is.
    """
    pictures, there = look(divided, root), here.stored(config, divided)
    fit(config, pictures, here.machine, stored=there)
    if here.speeds is None:
        return None
    return plan.plan(config, pictures, here.speeds, stored=there, done=done, epochs=epochs)


def foresee_ladder(
    config: Config, points: Sequence[str], divided: Split, root: Path, here: Here
) -> LadderPlan | None:
    """Plan a ladder.

    Args:
        config: Every setting; its freeze point is left aside.
        points: The freeze points, in the order of the ladder.
        divided: Which picture learns and which checks.
        root: The folder that the split's paths start from.
        here: What its rungs find on this computer.

    Returns:
        None when the speeds are not known.

    Raises:
        SettingError: When a rung needs more memory or disk than there is, or all of them together
            need more disk.
    """
    pictures, room = look(divided, root), here.machine
    configs = ladder.each_at(config, points)
    there = here.stored(config, divided, tuple(points))
    for point, each in configs.items():
        try:
            fit(each, pictures, room, stored=there)
        except SettingError as error:
            what = say("{name}: {problem}", name=vgg16.spoken(point), problem=error.what)
            raise SettingError(what, error.hint) from error
    fit_ladder(config, points, pictures, room, stored=there)
    if here.speeds is None:
        return None
    return LadderPlan(
        tuple(plan.plan(each, pictures, here.speeds, stored=there) for each in configs.values()),
        ladder_disk_bytes(config, points, pictures, stored=there),
    )


def look(divided: Split, root: Path) -> Pictures:
    """What a plan needs to know about the pictures of a split; not one of them is read."""
    every = [*divided.train, *divided.validation, *divided.test]
    sizes = [size for each in _some(every) if (size := _size_bytes(root / each.path))]
    mean_bytes = sum(sizes) / len(sizes) if sizes else _PHOTO_BYTES
    train, validation, test = map(len, (divided.train, divided.validation, divided.test))
    return Pictures(train, validation, len(divided.labels), mean_bytes, test)


def told(planned: Plan | None, now: float) -> Planned | None:
    """The plan as an event of a run; ``now`` in seconds since 1970."""
    if planned is None:
        return None
    known = asdict(planned)
    return Planned(at=now, **{each.name: known[each.name] for each in fields(Cost)})


def _some(pictures: Sequence[Labelled]) -> Sequence[Labelled]:
    """A few of them, from everywhere."""
    return pictures[:: max(1, len(pictures) // _LOOKED_AT)]


def _size_bytes(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
