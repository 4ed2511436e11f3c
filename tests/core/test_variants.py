import base64
import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from gui.core import pixels, scaled, variants, views
from gui.core.config import ModelSettings
from gui.core.errors import PicturesError, UnreadablePicture
from gui.core.split import Labelled, Split


@pytest.fixture
def photo(tmp_path):
    """A picture unlike its mirror image, and its digest."""
    path = tmp_path / "photo.png"
    noise = np.random.default_rng(5).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def split_of(*labels):
    """A split that learns from pictures of these classes, named by their places."""
    learned = [
        Labelled(str(place), f"{place:064x}", "x", label) for place, label in enumerate(labels)
    ]
    return Split(tuple("abcde"), tuple(learned), ())


def test_nine_views_of_the_size_the_plain_one_first(photo):
    settings = ModelSettings(image_size=96)
    drawn = variants.draw(*photo, settings)
    assert [each.shape for each in drawn] == [(96, 96, 3)] * 9
    assert np.array_equal(drawn[0], scaled.read_pixels(photo[0], 96))
    for view, each in enumerate(drawn):
        assert np.array_equal(each, views.draw(drawn[0], photo[1], view, settings))
    assert len({each.tobytes() for each in drawn}) == 9


def test_a_switch_shows(photo):
    both = variants.draw(*photo, ModelSettings(image_size=64, rotation=False, zoom=False))
    plain = both[0]
    assert {each.tobytes() for each in both} == {plain.tobytes(), plain[:, ::-1].tobytes()}
    off = ModelSettings(image_size=64, flip=False, rotation=False, zoom=False)
    assert [each.tobytes() for each in variants.draw(*photo, off)] == [plain.tobytes()]


def test_a_picture_that_is_gone_is_told(tmp_path):
    with pytest.raises(UnreadablePicture, match="can't be opened"):
        variants.draw(tmp_path / "gone.png", "0" * 64, ModelSettings())


def test_pictures_take_turns_by_class():
    found = variants.in_turn(split_of(0, 0, 0, 1, 2, 2))
    assert [each.name for each in found] == ["0", "3", "4", "1", "5", "2"]


def test_after_the_last_comes_the_first_again():
    found = variants.in_turn(split_of(0, 0, 1))
    shown = [variants.after(found, "")]
    for _ in range(3):
        shown.append(variants.after(found, shown[-1].sha256))
    assert [each.name for each in shown] == ["0", "2", "1", "0"]
    assert variants.after(found, "f" * 64).name == "0"


def test_the_same_picture_stays_as_long_as_it_is_there():
    found = variants.in_turn(split_of(0, 0, 1))
    assert variants.same(found, f"{2:064x}").name == "2"
    assert variants.same(found, "f" * 64).name == "0"
    for ask in (variants.after, variants.same):
        with pytest.raises(PicturesError, match="no pictures to learn from"):
            ask([], "")


def test_pixels_come_back_from_their_address():
    shown = np.full((40, 30, 3), (200, 60, 20), np.uint8)
    head, _, content = pixels.address(shown).partition(",")
    assert head == "data:image/webp;base64"
    back = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB"), int)
    assert back.shape == shown.shape
    assert np.abs(back - shown).max() < 8
