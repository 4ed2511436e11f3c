"""Whether, where and for how many views the frozen part's outputs are kept."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gui.core import config as settings
from gui.core import vgg16
from gui.core.config import Config

# Below block3 the output is as large as the pictures and most of the work lies behind it: caching
# gains less than 1.2 times there, so such a run trains on the pictures. Source: measured, DESIGN 5.
_FIRST_WORTH_CACHING = vgg16.position("block3_conv1")


def worth_caching(freeze_point: str) -> bool:
    """Whether the outputs before this freeze point are cached, rather than computed each epoch."""
    first = vgg16.first_learning(freeze_point)
    return vgg16.position(first) >= _FIRST_WORTH_CACHING


# Where outputs can be kept, in network order: before layers with weights, and before the head.
PLACES = tuple(
    each
    for each in vgg16.FREEZE_POINTS
    if worth_caching(each) and vgg16.first_learning(each) == each
)


def views(config: Config) -> int:
    """How many views of each training picture are used: one an epoch, in turn."""
    train = settings.resolve(config).train
    return min(train.views, train.epochs)


def places(config: Config, points: Iterable[str] = ()) -> list[str]:
    """Where outputs are kept, in network order: where each phase that learns from them begins.

    Args:
        config: Every setting.
        points: The freeze points of a ladder, for the places of all its rungs together; without
            them the one in ``config`` counts.
    """
    rungs = [replace(config, model=replace(config.model, freeze_point=each)) for each in points]
    begun = {place for each in rungs or [config] for place in _begun(each)}
    return sorted((each for each in begun if worth_caching(each)), key=vgg16.position)


def _begun(config: Config) -> Iterator[str]:
    yield vgg16.first_learning(config.model.freeze_point)
    if "head" in dict(settings.phases(config, config.train.epochs)):
        yield vgg16.HEAD_ONLY
