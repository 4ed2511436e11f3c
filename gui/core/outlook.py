"""What a training would take on this computer as it is now; one that can't fit is refused."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

from gui.core import machine, plan, stored
from gui.core.config import Config
from gui.core.cost import Cost
from gui.core.duration import Pictures
from gui.core.events import Planned
from gui.core.fit import fit
from gui.core.machine import Machine, Speeds
from gui.core.plan import Plan
from gui.core.split import Labelled, Split

_LOOKED_AT = 64  # files whose size is asked for
_PHOTO_BYTES = 200_000.0  # when none can be asked


def foresee(
    config: Config,
    divided: Split,
    root: Path,
    store: Path,
    memory_bytes: int | None,
    speeds: Speeds | None,
    *,
    done: int = 0,
    epochs: int | None = None,
) -> Plan | None:
    """Plan a training.

    Args:
        config: Every setting.
        divided: Which picture learns and which checks.
        root: The folder that the split's paths start from.
        store: Folder of the features that earlier trainings have left; it need not exist.
        memory_bytes: What its worker may use; None when nobody can say.
        speeds: Of this machine; None when they are not measured yet.
        done: Epochs that are trained already, when it goes on.
        epochs: The last epoch to be reached; None for the one in ``config``.

    Returns:
        None when the speeds are not known.

    Raises:
        SettingError: When it needs more memory or disk than there is.
    """
    pictures = look(divided, root)
    there = stored.share(store, config, divided)
    disk_bytes = machine.free_disk_bytes(store)
    fit(config, pictures, Machine(memory_bytes, disk_bytes, speeds), stored=there)
    if speeds is None:
        return None
    return plan.plan(config, pictures, speeds, stored=there, done=done, epochs=epochs)


def look(divided: Split, root: Path) -> Pictures:
    """What a plan needs to know about the pictures of a split; not one of them is read."""
    both = [*divided.train, *divided.validation]
    sizes = [size for each in _some(both) if (size := _size_bytes(root / each.path))]
    mean_bytes = sum(sizes) / len(sizes) if sizes else _PHOTO_BYTES
    train, validation = len(divided.train), len(divided.validation)
    return Pictures(train, validation, len(divided.labels), mean_bytes)


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
