"""Which flowers are chosen, what is taken for flowers, and stopping; downloads are in engine."""

import json

import pytest

from gui.core import flowers, tarball
from gui.core.archive import Limits
from gui.core.entry import Entry
from gui.core.errors import ArchiveError, SettingError, StoppedEarly
from gui.core.flowers import CLASSES, Flowers
from tests.core.visitors import names, quiet, refusal
from tests.flower_archive import LICENCE, members, pack


def unpacked(tmp_path, files):
    path = pack(tmp_path / "flower_photos.tgz", files)
    folder = tmp_path / "flowers"
    return folder, tarball.unpack(path, folder, Limits(reserve_bytes=0), quiet)


@pytest.fixture
def kept(tmp_path):
    """A folder with all of a small archive."""
    folder, entries = unpacked(tmp_path, members(25))
    flowers.record(entries, folder)
    return folder


class NoNetwork:
    """A worker that finds everything there."""

    def ask(self, do, _hear, **values):
        self.asked = do, values
        return [None]


def test_a_choice_is_always_the_same_and_part_of_a_larger_one(kept):
    entries = flowers._stored(kept)
    few, many = (flowers.choose(entries, number) for number in (20, 24))
    assert flowers.choose(tuple(reversed(entries)), 20) == few
    assert len(few) == 100
    assert set(few) < set(many)
    assert {each.rel.split("/")[0] for each in few} == set(CLASSES)
    assert len(flowers.choose(entries, 900)) == 125
    in_a_row = [each.rel for each in entries if "/daisy/" in each.rel][:20]
    assert sorted(in_a_row) != sorted(f"flower_photos/{each.rel}" for each in few[:20])


def test_a_person_gets_as_many_of_each_as_asked(owner, kept):
    process, told = NoNetwork(), []
    known = Flowers(process, "http://x/", kept)
    assert known.here
    known.open(owner, 20, lambda *each: told.append(each))
    assert {name: len(found) for name, found in names(owner).items()} == dict.fromkeys(CLASSES, 20)
    assert told[-1] == (100, 100, "read")
    assert owner.open_dataset.left_out == ()
    assert process.asked[0] == "flowers"
    assert process.asked[1]["address"] == "http://x/"
    assert known.licence == LICENCE
    assert len(list(kept.iterdir())) == 127  # what is kept stays: 125 pictures, licence and list


def test_before_they_are_here_nobody_is_named(tmp_path):
    known = Flowers(NoNetwork(), "http://x/", tmp_path / "nothing")
    assert (known.here, known.licence) == (False, "")


@pytest.mark.parametrize("number", [19, 901])
def test_the_number_has_bounds(owner, kept, number):
    told = refusal(SettingError, Flowers(NoNetwork(), "", kept).open, owner, number, quiet)
    assert told == (
        f"{number} photographs of each flower can't be chosen. Choose a number from 20 to 900."
    )
    assert owner.open_dataset is None


def test_stopping_while_pictures_are_read_adds_nothing(owner, kept):
    known = Flowers(NoNetwork(), "http://x/", kept)

    def stop_in_the_middle(done, total, phase):
        if done == 50:
            known.stop(owner)

    assert "You stopped it" in refusal(StoppedEarly, known.open, owner, 20, stop_in_the_middle)
    assert owner.open_dataset is None
    assert list((owner.path / "datasets").glob("*/*")) == []
    known.open(owner, 20, lambda *_: None)  # a stop of before doesn't count
    assert owner.open_dataset


@pytest.mark.parametrize(
    "files",
    [
        members(2, CLASSES[:4]),
        members(2, (*CLASSES, "thistle")),
        members(2, content=b"<html>not a picture"),
        [("flower_photos/LICENSE.txt", b"alone")],
    ],
)
def test_other_archives_are_refused(tmp_path, files):
    folder, entries = unpacked(tmp_path, files)
    with pytest.raises(ArchiveError) as caught:
        flowers.record(entries, folder)
    assert "isn't the flowers: five folders of JPEGs were expected" in caught.value.what
    assert not flowers.whole(folder)


def test_a_damaged_list_counts_as_nothing(kept):
    listed = json.loads((kept / "list.json").read_text())
    for damage in ("", "[]", json.dumps({**listed, "files": [["a/1.jpg", "../../secret"]]})):
        (kept / "list.json").write_text(damage)
        assert not flowers.whole(kept)


def test_the_licence_of_a_stranger_is_cut(kept):
    (entry,) = (each for each in flowers._stored(kept) if each.rel.endswith("LICENSE.txt"))
    assert isinstance(entry, Entry)
    entry.path.write_bytes(b"\xff" + b"x" * 3_000_000)
    assert len(Flowers(NoNetwork(), "", kept).licence) == 2_000_000
