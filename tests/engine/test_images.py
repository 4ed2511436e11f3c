import hashlib
import os
from dataclasses import replace

import numpy as np
import pytest

from gui.core import ingest, scaled, split
from gui.core.errors import RunError
from gui.engine import images


@pytest.fixture(scope="module")
def chosen(photos) -> tuple:
    return split.divide(ingest.read(ingest.walk(photos), photos)).train


def test_rows_are_the_pictures_in_order(photos, chosen) -> None:
    found = images.read(chosen, photos, 64)
    assert found.shape == (len(chosen), 64, 64, 3)
    assert found.dtype == np.uint8
    for row, picture in zip(found, chosen, strict=True):
        assert np.array_equal(row, scaled.read_pixels(photos / picture.path, 64)), picture.name


@pytest.mark.parametrize("trouble", ["gone", "damaged"])
def test_a_lost_picture_is_named(photos, chosen, tmp_path, trouble: str) -> None:
    lost = replace(chosen[3], path="leaf/lost.png")
    if trouble == "damaged":
        content = (photos / chosen[3].path).read_bytes()[:500]
        (tmp_path / "lost.png").write_bytes(content)
        path = os.path.relpath(tmp_path / "lost.png", photos)
        lost = replace(lost, path=path, sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(RunError, match=f"“{chosen[3].name}” of this training is gone or damaged"):
        images.read((*chosen[:3], lost, *chosen[4:]), photos, 64)


def test_a_picture_that_has_changed_is_named(photos, chosen) -> None:
    changed = replace(chosen[3], path=chosen[4].path)
    with pytest.raises(RunError, match=f"“{chosen[3].name}” has changed since") as refused:
        images.read((*chosen[:3], changed, *chosen[4:]), photos, 64)
    assert refused.value.hint == "Start a new training with the pictures there are."
