"""Small squares of a data set's pictures, kept beside them."""

import re
from contextlib import suppress

from gui.core import files, scaled
from gui.core.dataset import Dataset, Picture
from gui.core.errors import DiskFull, NotYours, UnreadablePicture, disk_full
from gui.words import say

_SHA256 = re.compile(r"[0-9a-f]{64}")


def thumbnail(dataset: Dataset, picture: Picture) -> str:
    """A small square of a picture as a ``data:`` URI, made once; "" when it is gone.

    Raises:
        NotYours: When its digest is none.
    """
    kept = dataset.root.parent / "thumbnails" / f"{picture.sha256}.webp"
    if not _SHA256.fullmatch(picture.sha256):
        raise NotYours(say("That is not a picture of yours."), say("Choose your pictures again."))
    if kept.exists():
        return scaled.data_uri(kept.read_bytes())
    try:
        small = scaled.thumbnail(dataset.root / picture.path)
    except (UnreadablePicture, OSError):
        return ""
    with suppress(DiskFull), disk_full():  # kept when there is room
        kept.parent.mkdir(exist_ok=True)
        files.write_bytes(kept, small)
    return scaled.data_uri(small)
