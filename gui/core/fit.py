"""Whether a training, or a ladder of them, fits this machine, and what would fit instead."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import product
from typing import NoReturn

from gui.core import plan, vgg16
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.duration import Pictures
from gui.core.errors import SettingError
from gui.core.machine import Machine
from gui.words import mark, say

FEATURES_BUDGET_BYTES = 10 * 10**9  # of one person's features; see engine.store
_SMALLEST_BATCH = 4
_SIZES = range(64, 257, 32)
_NONE_FITS = mark("Close other programs, or use a computer with more memory and more free disk.")
_MORE_DISK = mark("Free some space, for example by deleting old trainings, then try again.")

Change = dict[str, object]  # names of settings with other values
Fits = Callable[[Config], bool]


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
    changes = lesser(config, lambda other: fits(other, pictures, machine))
    emptied = replace(machine, disk_bytes=None)
    hint = _MORE_DISK if fits(config, pictures, emptied, stored=stored) else _NONE_FITS
    told = say("Choose {choices}.", choices=_choices(changes)) if changes else say(hint)
    _refuse(config, pictures, machine, stored, told)


def fit_ladder(
    config: Config,
    points: Sequence[str],
    pictures: Pictures,
    machine: Machine,
    *,
    stored: float = 0.0,
) -> None:
    """Refuse a ladder whose rungs together leave more than the disk has room for.

    Whether each rung fits by itself is for :func:`fit` to say: they are trained one at a time.

    Args:
        config: Every setting; its freeze point is left aside.
        points: The freeze points that are to be trained.
        pictures: How many there are.
        machine: What there is.
        stored: Share of what the rungs need of features that earlier trainings have left, 0 to 1.

    Raises:
        SettingError: With what is needed, what there is, and what would fit instead.
    """
    free = machine.disk_bytes
    needed = ladder_disk_bytes(config, points, pictures, stored=stored)
    if free is None or needed <= free:
        return
    changes = _fitting(
        config, lambda other: ladder_disk_bytes(other, points, pictures) <= free, _SHARED
    )
    what = say(
        "These {n} trainings need about {needed} of disk together, and they may use {free}.",
        n=len(points),
        needed=_gb(needed),
        free=_gb(free),
    )
    if not changes:
        raise SettingError(what, say("Compare fewer freeze points."))
    choices = _choices(changes)
    hint = say("Compare fewer freeze points, or choose {choices}.", choices=choices)
    raise SettingError(what, hint)


def ladder_disk_bytes(
    config: Config, points: Collection[str], pictures: Pictures, *, stored: float = 0.0
) -> int:
    """What the rungs of a ladder leave on the disk together; see :func:`fit_ladder`.

    They share the features, and what is more than the store may hold is thrown out in between.
    """
    features = min(
        (1 - stored) * plan.feature_bytes(config, pictures, points), FEATURES_BUDGET_BYTES
    )
    rungs = [replace(config, model=replace(config.model, freeze_point=each)) for each in points]
    return round(features) + sum(plan.weight_bytes(each, pictures) for each in rungs)


def fits(config: Config, pictures: Pictures, machine: Machine, *, stored: float = 0.0) -> bool:
    """Whether there is memory and disk enough for a training."""
    peak = plan.peak_bytes(config, pictures.classes)
    disk = plan.disk_bytes(config, pictures, stored=stored)
    return (
        (machine.memory_bytes is None or peak <= machine.memory_bytes)
        and (machine.disk_bytes is None or disk <= machine.disk_bytes)
        and plan.feature_bytes(config, pictures) <= FEATURES_BUDGET_BYTES
    )


def lesser(config: Config, enough: Fits) -> list[Change]:
    """Changes of settings after each of which a training is one that is ``enough``.

    The least ones come first: of each setting the smallest change, else of two together, else all.
    """
    return _fitting(config, enough, _ORDER)


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
            say(
                "This training needs about {needed} of memory, and {free} are free.",
                needed=_gb(peak),
                free=_gb(machine.memory_bytes),
            ),
            hint,
        )
    needed, free = plan.feature_bytes(config, pictures), FEATURES_BUDGET_BYTES
    if needed <= free:
        needed = plan.disk_bytes(config, pictures, stored=stored)
        free = machine.disk_bytes or 0
    raise SettingError(
        say(
            "This training needs about {needed} of disk, and it may use {free}.",
            needed=_gb(needed),
            free=_gb(free),
        ),
        hint,
    )


def _fitting(config: Config, enough: Fits, names: Sequence[str]) -> list[Change]:
    """Changes after each of which it fits, the least ones first: one setting, else two, else all.

    Of each setting, or pair of settings, only the smallest change that is enough is among them.
    """
    single = {name: [{name: value} for value in _lesser(config, name)] for name in names}
    found = [_first(config, enough, each) for each in single.values()]
    if not any(found):
        pairs = [(one, other) for one in names for other in names if one < other]
        found = [
            _first(config, enough, [{**a, **b} for a, b in product(single[one], single[other])])
            for one, other in pairs
        ]
    if not any(found):
        least = {name: changes[-1][name] for name, changes in single.items() if changes}
        found = [_first(config, enough, [least] if least else [])]
    return [each for each in found if each]


def _first(config: Config, enough: Fits, changes: list[Change]) -> Change | None:
    return next((each for each in changes if enough(changed(config, each))), None)


# What can be changed, that which matters least first; of a ladder, what its rungs share.
_ORDER = ("batch_size", "image_size", "views", "head", "freeze_point")
_SHARED = ("image_size", "views", "head")


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


def _choices(changes: Sequence[Change]) -> str:
    """The first few changes: "4 views or pictures of 64 px"."""
    text, *others = (_words(each) for each in changes[:3])
    for other in others:
        text = say("{choices} or {other}", choices=text, other=other)
    return text


def _words(change: Change) -> str:
    """A change as a person says it: "pictures of 192 px and the compact head"."""
    text, *others = (_part(name, value) for name, value in change.items())
    for other in others:
        text = say("{changes} and {other}", changes=text, other=other)
    return text


def _part(name: str, value: object) -> str:
    match name:
        case "batch_size":
            return say("a batch size of {n}", n=value)
        case "image_size":
            return say("pictures of {n} px", n=value)
        case "views":
            return say("one view" if value == 1 else "{n} views", n=value)
        case "head":
            return say("the compact head")
        case _:
            return say("the freeze point “{point}”", point=vgg16.spoken(str(value)))


def _gb(size_bytes: float) -> str:
    """A size in GB: "3.1 GB"."""
    return f"{size_bytes / 1e9:.1f} GB"
