"""A plan in words for a person."""

from gui.core import time_span
from gui.core.config import Config
from gui.core.cost import Cost
from gui.core.outlook import LadderPlan
from gui.core.plan import Plan
from gui.words import joined, listed, mark, say

MEASURING = mark("This computer is being measured, to tell how long the training will take …")
_SOON_S = 1.0
_ROUNDED = mark("Each of these is rounded, so they add up only roughly.")
_OTHERS = mark("Other programs are at work on this computer now; without them it goes faster.")
_HEAD_WORDS = {"compact": "compact head", "classic": "classic head"}


def describe(plan: Plan) -> str:
    """What a training takes, in Markdown: the sum in bold, and why, folded away."""
    took = say(
        "**About {time}, {memory} of memory**",
        time=time_span.duration(plan.seconds()),
        memory=size(plan.peak_bytes),
    )
    return f"{took}{_folded(_parts(plan))}"


def describe_ladder(plan: LadderPlan, config: Config) -> str:
    """What comparing several freeze points takes, and with which settings, in Markdown."""
    text = say(
        "**About {time} in all, {memory} of memory**, with {settings}, as chosen under Model and "
        "Train.",
        time=time_span.duration(plan.seconds),
        memory=size(plan.peak_bytes),
        settings=settings(config),
    )
    ready = say("The frozen part has seen these pictures already.")
    if plan.preparing_s >= _SOON_S:
        ready = say(
            "Getting the pictures ready takes {time}, once for all of them; the time beside each "
            "freeze point is what comes on top.",
            time=time_span.duration(plan.preparing_s),
        )
    others = "" if all(each.alone for each in plan.rungs) else say(_OTHERS)
    return text + _folded(joined(ready, say(_ROUNDED), _leaves(plan.disk_bytes), others))


def settings(config: Config) -> str:
    """The settings that matter most, in short: "160 px, 20 epochs, compact head"."""
    epochs = config.train.epochs
    return listed(
        [
            say("{n} px", n=config.model.image_size),
            say("1 epoch" if epochs == 1 else "{n} epochs", n=epochs),
            say(_HEAD_WORDS[config.model.head]),
        ]
    )


def _folded(text: str) -> str:
    """A text of ours that opens at "Why?"."""
    return f"<details><summary>{say('Why?')}</summary>{text}</details>"


def _parts(plan: Plan) -> str:
    once, rest = _once(plan), time_span.duration(plan.rest_s)
    if plan.head_epochs and plan.fine_epochs:
        takes = say(
            "On this computer: {once}, then {head} of the head and {fine} in which VGG16 learns, "
            "too, and {rest} to get ready, to check and to save.",
            once=once,
            head=_for(plan.head_epochs, plan.head_epoch_s),
            fine=_for(plan.fine_epochs, plan.fine_epoch_s),
            rest=rest,
        )
    else:
        epoch_s = plan.fine_epoch_s if plan.fine_epochs else plan.head_epoch_s
        takes = say(
            "On this computer: {once}, then {epochs}, and {rest} to get ready, to check and to "
            "save.",
            once=once,
            epochs=_for(plan.head_epochs + plan.fine_epochs, epoch_s),
            rest=rest,
        )
    early = ""
    if not plan.cached:
        early = say(
            "This early a freeze point leaves so much to learn that keeping what the frozen part "
            "makes would gain nothing: every epoch begins with the pictures."
        )
    others = "" if plan.alone else say(_OTHERS)
    return joined(takes, say(_ROUNDED), _leaves(plan.disk_bytes), others, early)


def _leaves(disk_bytes: float) -> str:
    return say("It leaves {size} on the disk.", size=size(disk_bytes))


def _once(plan: Plan) -> str:
    """What happens before the epochs."""
    if plan.stored >= 1 or plan.caching_s < _SOON_S:
        return say(
            "the frozen part has seen these pictures already" if plan.stored else "no waiting"
        )
    taken = time_span.duration(plan.caching_s)
    if not plan.cached and not plan.view_s:
        return say("{time} to read the pictures", time=taken)
    text = say(
        "{time} to pass each picture through the frozen part, once"
        if plan.views == 1
        else "{time} to pass {n} views of each picture through the frozen part, once",
        time=taken,
        n=plan.views,
    )
    if plan.views > 1:
        costs = say(
            "the second view costs {time}"
            if plan.views == 2
            else "each of the {n} extra views costs {time}",
            time=time_span.duration(plan.view_s),
            n=plan.views - 1,
        )
        text = say("{text} ({costs})", text=text, costs=costs)
    if plan.stored >= 0.01:
        text = say(
            "{text}, as {stored:.0%} is there from earlier trainings", text=text, stored=plan.stored
        )
    return text


def briefly(plan: Cost) -> str:
    """One line: "42 s, 1.1 GB of memory, 60 MB of disk"."""
    return (
        f"{time_span.duration(plan.seconds())}, {size(plan.peak_bytes)} of memory, "
        f"{size(plan.disk_bytes)} of disk"
    )


def size(size_bytes: float) -> str:
    """A size as people say it: "1.1 GB", "30 MB"."""
    if size_bytes >= 995e6:
        return f"{size_bytes / 1e9:.1f} GB"
    return f"{max(1, round(size_bytes / 1e6))} MB"


def _pace(seconds: float) -> str:
    """Seconds of an epoch, with a tenth where it matters: "0.6 s"."""
    if seconds < 9.95:
        return say("{seconds:.1f} s", seconds=max(seconds, 0.1))
    return time_span.duration(seconds)


def _for(epochs: int, epoch_s: float) -> str:
    return say(
        "{time} for the one epoch" if epochs == 1 else "{time} for each of the {n} epochs",
        time=_pace(epoch_s),
        n=epochs,
    )
