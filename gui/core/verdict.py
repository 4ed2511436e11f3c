"""What a ladder says, in words for a person. Pure: rungs in, sentences out.

A winner is claimed only where its range lies wholly above the range of every other rung. That is
stricter than it need be (ranges may overlap a little and still differ), which errs on the honest
side: four freeze points are four chances to look good by luck.

Compared are rungs that were trained to their end. One that was stopped on the way is listed only;
one whose kept epoch came before VGG16 began to learn is head only, too, and no rival of it.
"""

from collections.abc import Sequence

from gui.core import vgg16
from gui.core.rung import Rung
from gui.words import joined, listed, mark, say

_SAME_PICTURES = mark(
    "Each kept epoch is the one with the lowest loss on these same pictures, so expect a little "
    "less on new ones."
)


def verdict(rungs: Sequence[Rung]) -> str:
    """Which freeze point is best, as far as the pictures kept for checking can tell.

    Args:
        rungs: In the order of the ladder, the one that learns least first.
    """
    done = [each for each in rungs if each.whole]
    busy = sum(each.busy for each in rungs)
    if len(done) < 2:
        return joined(_too_few(done, busy), *_cut_off(rungs))
    rivals = _rivals(done)
    told = _compared(rivals) if len(rivals) > 1 else _one_model(rivals[0])
    come = ""
    if busy:
        come = say(
            "1 is still to come, so this may change."
            if busy == 1
            else "{n} are still to come, so this may change.",
            n=busy,
        )
    notes = [*_alike(done), *_cut_off(rungs), *_remarks(rungs)]
    return joined(come, told, *notes, say(_SAME_PICTURES))


def winner(rungs: Sequence[Rung]) -> Rung | None:
    """The rung whose range lies wholly above all others', once all are over; or None."""
    rivals = _rivals([each for each in rungs if each.whole])
    level = _level(rivals)
    over = not any(each.busy for each in rungs)
    return level[0] if over and len(rivals) > 1 and len(level) == 1 else None


def advised(rungs: Sequence[Rung]) -> Rung | None:
    """The rung to take, once all are over and two or more can be compared; or None."""
    done = [each for each in rungs if each.whole]
    if len(done) < 2 or any(each.busy for each in rungs):
        return None
    return _level(_rivals(done))[0]


def _rivals(done: Sequence[Rung]) -> list[Rung]:
    """Those in which another part has learned: of all that are head only in the end, the first."""
    same = [each for each in done if each.is_head_only or _freezes_all(each)]
    return [each for each in done if each not in same[1:]]


def _freezes_all(rung: Rung) -> bool:
    return vgg16.first_learning(rung.point) == vgg16.HEAD_ONLY


def _alike(done: Sequence[Rung]) -> list[str]:
    return [
        say(
            "{name}: its kept epoch came before VGG16 began to learn, so it is head only, too.",
            name=each.name,
        )
        for each in done
        if each.is_head_only
    ]


def _cut_off(rungs: Sequence[Rung]) -> list[str]:
    """What stands of those that were stopped on the way."""
    said = []
    for each in rungs:
        if each.cut_off and each.history and each.accuracy:
            said.append(
                say(
                    "{name} was stopped after epoch {epoch}, with {accuracy} by then, so it isn't "
                    "compared.",
                    name=_sentence(each.name),
                    epoch=len(each.history.epochs),
                    accuracy=each.accuracy.full_text,
                )
            )
    return said


def _too_few(done: Sequence[Rung], busy: int) -> str:
    if busy:
        return say("The answer stands here as soon as two freeze points are done.")
    told = done[0].accuracy if done else None
    if told is None:
        return say("No freeze point was trained to its end, so there is nothing to compare.")
    return say(
        "Only {name} was trained to its end, with {accuracy}, so there is nothing to compare it "
        "with.",
        name=done[0].name,
        accuracy=told.full_text,
    )


def _one_model(only: Rung) -> str:
    """When in all of them only the head has learned."""
    take = say("Take {name}.", name=only.name)
    if only.accuracy:
        told = only.accuracy.full_text
        take = say("Take {name}, with {accuracy}.", name=only.name, accuracy=told)
    return joined(say("In all of them only the head has learned."), take)


def _compared(done: Sequence[Rung]) -> str:
    """The comparison itself, of two rungs or more that are done."""
    known = [(each, each.accuracy) for each in done if each.accuracy]
    best, top = max(known, key=lambda pair: pair[1].share)  # the first of equals learns least
    level = _level(done)
    pictures = min(told.pictures for _, told in known)
    if len(level) == 1:
        return say(
            "{name} is the best of these: {accuracy}, and its range ({low} to {high}) lies above "
            "that of the other."
            if len(known) == 2
            else "{name} is the best of these: {accuracy}, and its range ({low} to {high}) lies "
            "above that of every other.",
            name=_sentence(best.name),
            accuracy=top.text,
            low=top.low_text,
            high=top.high_text,
        )
    alike = say(
        "With 1 picture to check with, {names} can't be told apart: their ranges overlap."
        if pictures == 1
        else "With {n} pictures to check with, {names} can't be told apart: their ranges overlap.",
        n=pictures,
        names=_list([each.name for each in level]),
    )
    worse = _behind([each.name for each, _ in known if each not in level], best)
    return joined(alike, worse, _advice(level), say("More pictures would tell more."))


def _behind(lower: Sequence[str], best: Rung) -> str:
    """Which of them are surely worse than the best; "" when none is."""
    if not lower:
        return ""
    return say(
        "{names} is clearly behind: its range lies below that of {best}."
        if len(lower) == 1
        else "{names} are clearly behind: their ranges lie below that of {best}.",
        names=_sentence(_list(lower)),
        best=best.name,
    )


def _level(done: Sequence[Rung]) -> list[Rung]:
    """Those that can't be told apart from the best, itself among them, in order."""
    known = [(each, each.accuracy) for each in done if each.accuracy]
    low = max(known, key=lambda pair: pair[1].share)[1].low if known else 0.0
    return [each for each, told in known if told.high >= low]


def _advice(level: Sequence[Rung]) -> str:
    """The rung that learns least of those that can't be told apart."""
    cheapest = level[0]
    quickest = all(cheapest.learning_s <= each.learning_s for each in level)
    return say(
        "Take {name}: it learned the quickest and has the least to learn."
        if quickest
        else "Take {name}: it has the least to learn.",
        name=cheapest.name,
    )


def _remarks(rungs: Sequence[Rung]) -> list[str]:
    """What makes the comparison less than whole or less than fair."""
    said = []
    missing = [each.name for each in rungs if not each.done and not each.busy]
    if missing:
        said.append(say("Without a result: {names}.", names=_list(missing)))
    planned = {
        each.name: each.history.epochs_planned for each in rungs if each.whole and each.history
    }
    fewest = min(planned.values(), default=0)
    if longer := [name for name, epochs in planned.items() if epochs > fewest]:
        said.append(say("Trained for more epochs than the others: {names}.", names=_list(longer)))
    return said


def _list(names: Sequence[str]) -> str:
    """Names as people list them: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return say("{names} and {last}", names=listed(names[:-1]), last=names[-1])


def _sentence(text: str) -> str:
    """At the beginning of an English sentence; a layer's name stays as it is."""
    return text.replace("head only", "Head only", 1) if text.startswith("head only") else text
