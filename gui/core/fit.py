"""Whether a training fits this machine, and the nearest one that does."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import product
from typing import NoReturn

from gui.core import plan, vgg16
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.duration import Pictures
from gui.core.errors import SettingError
from gui.core.machine import Machine

FEATURES_BUDGET_BYTES = 10 * 10**9  # of one person's features; see engine.store
_SMALLEST_BATCH = 4
_SIZES = range(64, 257, 32)
_NONE_FITS = "Close other programs, or use a computer with more memory and more free disk."

Change = dict[str, object]  # names of settings with other values


def fit(config: Config, pictures: Pictures, machine: Machine, *, stored: float = 0.0) -> None:
    """Refuse a training that this machine has no room for.

    Args:
        config: Every setting.
        pictures: How many there are.
        machine: What there is.
        stored: Share of the features that earlier trainings have left, 0 to 1.

    Raises:
        SettingError: With what is needed, what there is, and what would fit instead.
    """
    if fits(config, pictures, machine, stored=stored):
        return
    changes = _fitting(config, pictures, machine)
    hint = f"Choose {' or '.join(_words(each) for each in changes[:3])}." if changes else _NONE_FITS
    _refuse(config, pictures, machine, stored, hint)


def nearest(config: Config, pictures: Pictures, machine: Machine) -> Config | None:
    """The configuration that fits and changes least; None when none does."""
    changes = _fitting(config, pictures, machine)
    return changed(config, changes[0]) if changes else None


def fits(config: Config, pictures: Pictures, machine: Machine, *, stored: float = 0.0) -> bool:
    """Whether there is memory and disk enough for a training."""
    peak = plan.peak_bytes(config, pictures.classes)
    disk = plan.disk_bytes(config, pictures, stored=stored)
    return (
        (machine.memory_bytes is None or peak <= machine.memory_bytes)
        and (machine.disk_bytes is None or disk <= machine.disk_bytes)
        and plan.feature_bytes(config, pictures) <= FEATURES_BUDGET_BYTES
    )


def changed(config: Config, change: Change) -> Config:
    """The configuration with other values for some settings, of either step."""
    values = {**asdict(config.model), **asdict(config.train), **change}
    return Config(ModelSettings.read(values), TrainSettings.read(values))


def _refuse(
    config: Config, pictures: Pictures, machine: Machine, stored: float, hint: str
) -> NoReturn:
    peak = plan.peak_bytes(config, pictures.classes)
    if machine.memory_bytes is not None and peak > machine.memory_bytes:
        raise SettingError(
            f"This training needs about {_gb(peak)} of memory, and {_gb(machine.memory_bytes)} "
            "are free.",
            hint,
        )
    needed, free = plan.feature_bytes(config, pictures), FEATURES_BUDGET_BYTES
    if needed <= free:
        needed = plan.disk_bytes(config, pictures, stored=stored)
        free = machine.disk_bytes or 0
    raise SettingError(
        f"This training needs about {_gb(needed)} of disk, and it may use {_gb(free)}.", hint
    )


def _fitting(config: Config, pictures: Pictures, machine: Machine) -> list[Change]:
    """Changes after each of which it fits, the least ones first: one setting, else two, else all.

    Of each setting, or pair of settings, only the smallest change that is enough is among them.
    """
    single = {name: [{name: value} for value in _lesser(config, name)] for name in _ORDER}
    found = [_first(config, pictures, machine, each) for each in single.values()]
    if not any(found):
        pairs = [(one, other) for one in _ORDER for other in _ORDER if one < other]
        found = [
            _first(
                config,
                pictures,
                machine,
                [{**a, **b} for a, b in product(single[one], single[other])],
            )
            for one, other in pairs
        ]
    if not any(found):
        least = {name: changes[-1][name] for name, changes in single.items() if changes}
        found = [_first(config, pictures, machine, [least] if least else [])]
    return [each for each in found if each]


def _first(
    config: Config, pictures: Pictures, machine: Machine, changes: list[Change]
) -> Change | None:
    for change in changes:
        if fits(changed(config, change), pictures, machine):
            return change
    return None


_ORDER = ("batch_size", "image_size", "views", "head", "freeze_point")  # what matters least, first


def _lesser(config: Config, name: str) -> Iterator[object]:
    """Values of a setting that need less, the nearest first."""
    model, train = config.model, config.train
    match name:
        case "batch_size":
            size = train.batch_size // 2
            while size >= _SMALLEST_BATCH:
                yield size
                size //= 2
        case "image_size":
            yield from (size for size in reversed(_SIZES) if size < model.image_size)
        case "views":
            yield from range(train.views - 1, 0, -1)
        case "head" if model.head == "classic":
            yield "compact"
        case "freeze_point":
            later = vgg16.FREEZE_POINTS[vgg16.position(model.freeze_point) + 1 :]
            yield from (point for point in later if vgg16.first_learning(point) == point)


def _words(change: Change) -> str:
    """A change as a person says it: "pictures of 192 px and the compact head"."""
    return " and ".join(_part(name, value) for name, value in change.items())


def _part(name: str, value: object) -> str:
    match name:
        case "batch_size":
            return f"a batch size of {value}"
        case "image_size":
            return f"pictures of {value} px"
        case "views":
            return "one view" if value == 1 else f"{value} views"
        case "head":
            return "the compact head"
        case _:
            return f"the freeze point “{value}”"


def _gb(size_bytes: float) -> str:
    """A size in GB: "3.1 GB"."""
    return f"{size_bytes / 1e9:.1f} GB"
