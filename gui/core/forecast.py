"""A plan in words for a person."""

from gui.core import progress
from gui.core.config import Config
from gui.core.cost import Cost
from gui.core.outlook import LadderPlan
from gui.core.plan import Plan

MEASURING = "This computer is being measured, to tell how long the training will take …"
_SOON_S = 1.0
_ROUNDED = "Each of these is rounded, so they add up only roughly."
_OTHERS = " Other programs are at work on this computer now; without them it goes faster."


def describe(plan: Plan) -> str:
    """What a training takes, in Markdown: the sum in bold, and why, folded away."""
    took = f"**About {progress.duration(plan.seconds())}, {size(plan.peak_bytes)} of memory**"
    return f"{took}{_folded(_parts(plan))}"


def describe_ladder(plan: LadderPlan, config: Config) -> str:
    """What comparing several freeze points takes, and with which settings, in Markdown."""
    text = (
        f"**About {progress.duration(plan.seconds)} in all, {size(plan.peak_bytes)} of memory**, "
        f"with {settings(config)}, as chosen under Model and Train."
    )
    ready = "The frozen part has seen these pictures already."
    if plan.preparing_s >= _SOON_S:
        ready = (
            f"Getting the pictures ready takes {progress.duration(plan.preparing_s)}, once for all "
            "of them; the time beside each freeze point is what comes on top."
        )
    why = f"{ready} {_ROUNDED} It leaves {size(plan.disk_bytes)} on the disk."
    return text + _folded(why + ("" if all(each.alone for each in plan.rungs) else _OTHERS))


def settings(config: Config) -> str:
    """The settings that matter most, in short: "160 px, 20 epochs, compact head"."""
    epochs = config.train.epochs
    rounds = "1 epoch" if epochs == 1 else f"{epochs} epochs"
    return f"{config.model.image_size} px, {rounds}, {config.model.head} head"


def _folded(text: str) -> str:
    """A text of ours that opens at "Why?"."""
    return f"<details><summary>Why?</summary>{text}</details>"


def _parts(plan: Plan) -> str:
    epochs = plan.head_epochs + plan.fine_epochs
    text = f"On this computer: {_once(plan)}"
    if plan.head_epochs and plan.fine_epochs:
        text += (
            f", then {_pace(plan.head_epoch_s)} {_for(plan.head_epochs)} of the "
            f"head and {_pace(plan.fine_epoch_s)} {_for(plan.fine_epochs)} in which "
            "VGG16 learns, too"
        )
    else:
        epoch_s = plan.fine_epoch_s if plan.fine_epochs else plan.head_epoch_s
        text += f", then {_pace(epoch_s)} {_for(epochs)}"
    text += (
        f", and {progress.duration(plan.rest_s)} to get ready, to check and to save. {_ROUNDED} "
        f"It leaves {size(plan.disk_bytes)} on the disk."
    )
    if not plan.alone:
        text += _OTHERS
    if not plan.cached:
        text += (
            " This early a freeze point leaves so much to learn that keeping what the frozen part "
            "makes would gain nothing: every epoch begins with the pictures."
        )
    return text


def _once(plan: Plan) -> str:
    """What happens before the epochs."""
    if plan.stored >= 1 or plan.caching_s < _SOON_S:
        return "the frozen part has seen these pictures already" if plan.stored else "no waiting"
    taken = progress.duration(plan.caching_s)
    if not plan.cached and not plan.view_s:
        return f"{taken} to read the pictures"
    what = "each picture" if plan.views == 1 else f"{plan.views} views of each picture"
    text = f"{taken} to pass {what} through the frozen part, once"
    if plan.views > 1:
        later = plan.views - 1
        which = "the second view" if later == 1 else f"each of the {later} extra views"
        text += f" ({which} costs {progress.duration(plan.view_s)})"
    if plan.stored >= 0.01:
        text += f", as {plan.stored:.0%} is there from earlier trainings"
    return text


def briefly(plan: Cost) -> str:
    """One line: "42 s, 1.1 GB of memory, 60 MB of disk"."""
    return (
        f"{progress.duration(plan.seconds())}, {size(plan.peak_bytes)} of memory, "
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
        return f"{max(seconds, 0.1):.1f} s"
    return progress.duration(seconds)


def _for(epochs: int) -> str:
    return "for the one epoch" if epochs == 1 else f"for each of the {epochs} epochs"
