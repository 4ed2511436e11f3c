"""Data sets of pictures that look alike, for tests: each group is a number of its own."""

import hashlib
import tempfile
from pathlib import Path

from hypothesis import configuration, settings

from gui.core.dataset import Dataset, Picture, PictureClass

# As in test_split: no files beside the code, and a busy machine is no mistake.
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "freezepoint-hypothesis")
settings.register_profile("calm", deadline=None, max_examples=60)
settings.load_profile("calm")


def looks(group):
    """A likeness far from that of every other group; "" for None."""
    if group is None:
        return ""
    return hashlib.sha512(f"group {group}".encode()).hexdigest()[:90]


def picture(key, group=None, part=None):
    digest = hashlib.sha256(key.encode()).hexdigest()
    return Picture(f"{key}.jpg", digest, f"files/{key}", part, looks(group))


def dataset(**classes):
    """``dataset(a=[1, 1, None, 2])``: for each picture the group that it looks like."""
    return Dataset(
        Path("/nowhere"),
        tuple(
            PictureClass(
                name,
                tuple(
                    each if isinstance(each, Picture) else picture(f"{name}{n:03d}", each)
                    for n, each in enumerate(given)
                ),
            )
            for name, given in sorted(classes.items())
        ),
    )
