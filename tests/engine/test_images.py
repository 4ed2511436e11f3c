import os
from dataclasses import replace

import numpy as np
import pytest

from gui.core import ingest, pictures, split
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
        assert np.array_equal(row, pictures.read_pixels(photos / picture.path, 64)), picture.name


@pytest.mark.parametrize("trouble", ["gone", "damaged"])
def test_a_lost_picture_is_named(photos, chosen, tmp_path, trouble: str) -> None:
    if trouble == "damaged":
        (tmp_path / "lost.png").write_bytes((photos / chosen[3].path).read_bytes()[:500])
        path = os.path.relpath(tmp_path / "lost.png", photos)
    else:
        path = "leaf/lost.png"
    lost = (*chosen[:3], replace(chosen[3], path=path), *chosen[4:])
    with pytest.raises(RunError, match=f"“{chosen[3].name}” of this training is gone or damaged"):
        images.read(lost, photos, 64)
