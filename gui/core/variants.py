"""What augmentation makes of one of a person's pictures: the views that training reads."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Final

from gui.core import scaled, views
from gui.core.config import ModelSettings
from gui.core.errors import PicturesError
from gui.core.split import Labelled, Split
from gui.core.views import Pixels
from gui.words import say

SHOWN: Final = 9


def draw(path: Path, sha256: str, settings: ModelSettings) -> list[Pixels]:
    """The first views of a picture, the plain one first, pixel by pixel as training has them.

    Args:
        path: The file.
        sha256: Hex digest of its bytes.
        settings: Its size, and which augmentations are on; with none of them there is one view.

    Returns:
        Each uint8 (image_size, image_size, 3), RGB 0-255.

    Raises:
        UnreadablePicture: When the file holds no picture any more.
    """
    plain = scaled.read_pixels(path, settings.image_size)
    count = SHOWN if settings.augments else 1
    return [views.draw(plain, sha256, view, settings) for view in range(count)]


def in_turn(divided: Split) -> list[Labelled]:
    """The pictures that are learned from: the first of each class, then the second, and so on."""
    by_class: dict[int, list[Labelled]] = defaultdict(list)
    for each in divided.train:
        by_class[each.label].append(each)
    rounds = chain.from_iterable(zip_longest(*(by_class[label] for label in sorted(by_class))))
    return [each for each in rounds if each is not None]


def after(found: Sequence[Labelled], sha256: str) -> Labelled:
    """The picture after the one of that digest; the first one after the last, or when it is gone.

    Raises:
        PicturesError: When there are no pictures.
    """
    if not found:
        raise PicturesError(
            say("There are no pictures to learn from."), say("Choose your pictures again.")
        )
    digests = [each.sha256 for each in found]
    place = digests.index(sha256) + 1 if sha256 in digests else 0
    return found[place % len(found)]


def same(found: Sequence[Labelled], sha256: str) -> Labelled:
    """The picture of that digest; the first one when it is gone.

    Raises:
        PicturesError: When there are no pictures.
    """
    return next((each for each in found if each.sha256 == sha256), None) or after(found, "")
