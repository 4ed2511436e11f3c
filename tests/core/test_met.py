"""Whether a training has met a picture before."""

import hashlib

from gui.core import met
from gui.core.split import Labelled, Split


def picture(name, original=""):
    return Labelled(f"cat/{name}", digest(name), name, 0, original and digest(original))


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_picture_is_known_by_every_file_that_it_is():
    small = picture("small", "own")
    before = met.before(Split(("cat",), (small,), (picture("kept"),), (picture("tested"),)))
    assert met.how(before, {digest("small")}) == "learned"
    assert met.how(before, {digest("own")}) == "learned"  # the person's own file, sent whole
    assert met.how(before, {digest("smaller"), digest("own")}) == "learned"
    assert met.how(before, {digest("kept"), ""}) == "checked"
    assert met.how(before, {digest("kept"), digest("small")}) == "learned"
    assert met.how(before, {digest("tested")}) is None  # no choice has seen it
    assert met.how(before, {digest("new")}) is None
    assert met.how(before, ()) is None


def test_a_file_that_is_gone_is_none_that_was_met(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    assert met.digest(tmp_path / "a") == digest("a")
    assert met.digest(tmp_path / "b") == ""


def test_on_how_many_pictures_the_epoch_was_chosen_is_said():
    assert met.chosen(0, 5) == met.chosen(0, 0) == ""
    assert met.chosen(5, 5) == met.CHOSEN
    assert met.chosen(2, 5).startswith("The epoch that is kept was chosen on 2 of these pictures")
