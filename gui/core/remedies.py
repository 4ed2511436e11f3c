"""What can be done about what a coach sees: other settings, more epochs, another step.

None is offered that would change nothing.
"""

from collections.abc import Iterator

from gui.core import vgg16
from gui.core.advice import BUTTONS, DONE, Change, Go, More, Place, Remedy
from gui.core.config import Config, resolve
from gui.core.events import Phase
from gui.core.settings import Value
from gui.words import say

MORE_EPOCHS = 5

_VIEWS = 4
_LAST_BLOCK = "block5_conv1"


def lower_rate(config: Config, phase: Phase) -> Remedy:
    """A tenth of the learning rate of that phase, or the usual one where that is lower still."""
    name = "head_rate" if phase == "head" else "fine_rate"
    usual = Config(config.model)
    now, chosen = (getattr(resolve(each).train, name) for each in (config, usual))
    rate = float(f"{min(now / 10, chosen):.1g}")
    told = plain(rate)
    done = say(DONE["rate"], rate=told)
    return Remedy("rate", say(BUTTONS["rate"], rate=told), Change(((name, rate),)), done)


def chosen_rate(config: Config) -> Iterator[Remedy]:
    """The usual rate for the head, where a lower one was set."""
    usual = resolve(Config(config.model)).train.head_rate
    if resolve(config).train.head_rate < usual:
        yield _change("chosen_rate", head_rate=0.0)


def vary(config: Config) -> Iterator[Remedy]:
    """More augmentation; mirroring stays as it is, for where left and right matter."""
    model, train = config.model, config.train
    views = max(_VIEWS, train.views)
    if not (model.rotation and model.zoom) or train.views < views:
        yield _change("augment", rotation=True, zoom=True, views=views)


def learn_less(config: Config) -> Iterator[Remedy]:
    """Fewer numbers that could memorise."""
    if not _is_head_only(config):
        yield _change("head_only", freeze_point=vgg16.HEAD_ONLY)
    elif config.model.head == "classic":
        yield _change("compact", head="compact")


def learn_more(config: Config) -> Iterator[Remedy]:
    """The last block of VGG16 learns too, where none of it did."""
    if _is_head_only(config) and config.train.epochs > 1:
        yield _change("thaw", freeze_point=_LAST_BLOCK)


def more_epochs() -> Remedy:
    """Go on with the finished training."""
    return Remedy("more", say(BUTTONS["more"], n=MORE_EPOCHS), More())


def go(name: str, step: Place) -> Remedy:
    """Go to a step of the page; ``name`` says with which words."""
    return Remedy(name, say(BUTTONS[name]), Go(step))


def plain(rate: float) -> str:
    """A learning rate without an exponent: 0.00002."""
    return f"{rate:.9f}".rstrip("0").rstrip(".")


def _change(name: str, **settings: Value) -> Remedy:
    done = say(DONE[name], **settings)
    return Remedy(name, say(BUTTONS[name]), Change(tuple(settings.items())), done)


def _is_head_only(config: Config) -> bool:
    return vgg16.first_learning(config.model.freeze_point) == vgg16.HEAD_ONLY
