"""What is told of a folder in which nothing can be used: how many files, why, and what to do."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from gui.core import layout, pictures
from gui.core.dataset import LeftOut
from gui.core.errors import PicturesError
from gui.words import again, mark, say

ONE_EACH: Final = mark(
    "Make one folder for each class, put its pictures in, and choose the one above."
)


def no_classes(aside: Sequence[LeftOut]) -> PicturesError:
    """No file lies in a sub-folder, so there are no classes; or none of them can be used anyway."""
    if all(each.reason not in (layout.OUTSIDE, layout.BESIDE) for each in aside):
        return none(aside)
    if len(aside) == 1:
        what = say(
            "The file “{name}” isn't in a sub-folder, so its class isn't known.",
            name=aside[0].name,
        )
    else:
        what = say(
            "The {count:,} files aren't in sub-folders, so their classes aren't known.",
            count=len(aside),
        )
    return PicturesError(what, say(ONE_EACH))


def none(refused: Sequence[LeftOut]) -> PicturesError:
    """Each file was left out, most often for the same reason."""
    count = len(refused)
    ((reason, times),) = Counter(each.reason for each in refused).most_common(1)
    if times == count > 1 and reason == f"{pictures.NO_PICTURE} {pictures.KINDS}":
        what = say("None of the {count:,} files is a picture.", count=count)
        return PicturesError(what, say(pictures.KINDS))
    if count == 1:
        what = say("The only file can't be used: {reason}", reason=again(reason))
    elif times == count:
        what = say(
            "None of the {count:,} files can be used, each for the same reason: {reason}",
            count=count,
            reason=again(reason),
        )
    else:
        what = say(
            "None of the {count:,} files can be used. Most often ({times:,}): {reason}",
            count=count,
            times=times,
            reason=again(reason),
        )
    return PicturesError(what, say("Choose other pictures."))
