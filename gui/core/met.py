"""Whether a training has met a picture before: a score of such pictures says less, or nothing."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

from gui.core.split import Split
from gui.words import mark, say

CHOSEN: Final = mark(
    "The epoch that is kept was chosen on these same pictures, so expect a little less on new ones."
)
How = Literal["learned", "checked"]  # learned from it; or chose the epoch that is kept on it


def before(split: Split) -> Mapping[str, How]:
    """For the digest of every file that a training has met, what it did with it.

    Those of the last test are not among them: no choice has seen them.
    """
    met = dict[str, How]()
    for each in split.validation:
        met |= dict.fromkeys(each.digests, "checked")
    for each in split.train:
        met |= dict.fromkeys(each.digests, "learned")
    return met


def how(met: Mapping[str, How], digests: Iterable[str]) -> How | None:
    """How a picture was met, by the digests of all files that are this picture; None if never."""
    found = {met[digest] for digest in digests if digest in met}
    return "learned" if "learned" in found else next(iter(found), None)


def digest(path: Path) -> str:
    """Hex digest of a file's bytes; "" when it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def chosen(checking: int, pictures: int) -> str:
    """That the best epoch was chosen on some of the pictures that a score is of; "" if on none.

    Args:
        checking: How many these are.
        pictures: Of how many the score is.
    """
    if not checking:
        return ""
    if checking >= pictures:
        return say(CHOSEN)
    return say(
        "The epoch that is kept was chosen on {n:,} of these pictures, so expect a little less on "
        "new ones.",
        n=checking,
    )
