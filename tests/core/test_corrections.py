"""What a person decides about single pictures, beside the record."""

import json

import pytest

from gui.core import collection, corrections, ingest, record, split
from gui.core.dataset import Dataset, Edit, include, missing, rename
from gui.core.errors import PicturesError
from tests.core.likenesses import dataset, picture
from tests.core.visitors import PETS, make_dataset, quiet, refusal

TWIN = picture("twin")
TORN = dataset(cat=[None, None, TWIN], dog=[None, None, TWIN], emu=[None, None])


def shown(given):
    return {each.name: [one.name for one in each.pictures] for each in given.corrected}


def digest(given, name, place=0):
    return given.named(name).pictures[place].sha256


def test_a_picture_in_two_classes_is_to_be_decided_first():
    assert missing(TORN) == (
        "1 picture stands in two classes: decide first which one it belongs to, or leave it out."
    )
    both = dataset(cat=[None, None, TWIN, picture("x")], dog=[None, TWIN, picture("x")])
    assert missing(both) == (
        "2 pictures stand in two classes: decide first which one each belongs to, or leave them "
        "out."
    )
    (only,) = corrections.conflicts(TORN)
    assert (only.picture, only.classes) == (TWIN, ("cat", "dog"))
    assert only.names == "cat/twin.jpg and dog/twin.jpg"
    assert "twin.jpg" not in [name for names in shown(TORN).values() for name in names]
    with pytest.raises(PicturesError, match="stands in two classes"):
        split.divide(TORN)


def test_a_class_that_is_left_out_has_no_say():
    without = include(TORN, "dog", included=False)
    assert missing(without) is None
    assert "twin.jpg" in shown(without)["cat"]
    assert include(without, "dog", included=True).conflicts == TORN.conflicts


def test_it_is_decided_for_one_of_them_for_a_third_or_for_none():
    for to, where in (("cat", ["cat"]), ("dog", ["dog"]), ("emu", ["emu"]), (None, [])):
        decided = corrections.correct(TORN, [Edit(TWIN.sha256, to)])
        assert missing(decided) is None
        assert [name for name, names in shown(decided).items() if "twin.jpg" in names] == where
        assert decided.classes == TORN.classes
        assert corrections.settled(decided) == {TWIN.sha256}
        assert corrections.undo(decided, [TWIN.sha256]) == TORN
    assert corrections.leave_out_conflicts(TORN).edits == (Edit(TWIN.sha256, None),)


def test_everything_downstream_sees_the_corrected_classes():
    given_set = dataset(cat=[None] * 4, dog=[None] * 4)
    moved = digest(given_set, "cat")
    edited = corrections.correct(
        given_set, [Edit(moved, "dog"), Edit(digest(given_set, "cat", 1), None)]
    )
    assert [len(each.pictures) for each in edited.usable] == [2, 5]
    divided = split.divide(edited)
    every = [*divided.train, *divided.validation]
    (found,) = (each for each in every if each.sha256 == moved)
    assert (found.name, divided.labels[found.label]) == ("dog/cat000.jpg", "dog")
    assert split.counts(edited, divided) == {"cat": (1, 1, 0), "dog": (4, 1, 0)}
    assert len(every) == 7
    few = corrections.correct(edited, [Edit(digest(given_set, "cat", 2), "dog")])
    assert few.labels == ("dog",)


def test_a_later_decision_replaces_an_earlier_one_and_back_is_no_edit():
    given_set = dataset(cat=[None] * 3, dog=[None] * 3)
    moved = digest(given_set, "cat")
    once = corrections.correct(given_set, [Edit(moved, "dog")])
    assert corrections.correct(once, [Edit(moved, None)]).edits == (Edit(moved, None),)
    assert corrections.correct(once, [Edit(moved, "cat")]) == given_set
    assert corrections.settled(once) == frozenset()


def test_a_renamed_class_keeps_what_was_decided():
    decided = corrections.correct(TORN, [Edit(TWIN.sha256, "dog"), Edit(digest(TORN, "cat"), None)])
    renamed = rename(decided, "dog", "wolf")
    assert renamed.edits == (Edit(TWIN.sha256, "wolf"), Edit(digest(TORN, "cat"), None))
    assert shown(renamed)["wolf"] == shown(decided)["dog"]


def test_what_is_not_there_can_not_be_decided_about():
    assert "no class called “owl”" in refusal(
        PicturesError, corrections.correct, TORN, [Edit(TWIN.sha256, "owl")]
    )
    assert "isn't in the open set" in refusal(
        PicturesError, corrections.correct, TORN, [Edit("0" * 64, "cat")]
    )
    for forged in (Edit(["x"], "cat"), Edit(TWIN.sha256, 5), Edit(TWIN.sha256, ["cat"])):
        refusal(PicturesError, corrections.correct, TORN, [forged])


def test_names_stay_apart_in_the_class_a_picture_is_moved_to():
    one, other = picture("one"), picture("other")
    twins = dataset(
        cat=[type(one)("1.jpg", one.sha256, "a"), None, None],
        dog=[type(one)("1.jpg", other.sha256, "b"), None, None],
    )
    moved = corrections.correct(twins, [Edit(one.sha256, "dog")])
    assert shown(moved)["dog"][:2] == ["1 (2).jpg", "1.jpg"]


def test_edits_are_in_the_record_and_old_records_have_none(tmp_path):
    decided = corrections.correct(TORN, [Edit(TWIN.sha256, "emu"), Edit(digest(TORN, "dog"), None)])
    path = tmp_path / "dataset.json"
    record.save(decided, path)
    assert record.load(path, TORN.root) == decided
    stored = json.loads(path.read_text("utf-8"))
    del stored["edits"]
    for each in stored["classes"]:
        for one in each["pictures"]:
            del one["likeness"]
    assert record.from_json(stored, TORN.root) == TORN


@pytest.mark.parametrize(
    "edits",
    [
        5,
        [{"sha256": "xyz", "to": None}],
        [{"sha256": TWIN.sha256, "to": "owl"}],
        [{"sha256": TWIN.sha256}],
        [{"sha256": TWIN.sha256, "to": None}, {"sha256": TWIN.sha256, "to": "cat"}],
    ],
)
def test_damaged_edits_are_refused(edits):
    stored = {**record.to_json(TORN), "edits": edits}
    with pytest.raises(PicturesError, match="The list of pictures is damaged"):
        record.from_json(stored, TORN.root)


def test_a_person_decides_and_takes_it_back_and_no_file_changes(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    root = owner.open_dataset.root
    before = {path: path.read_bytes() for path in root.rglob("*.jpg")}
    chosen = digest(owner.open_dataset, "cat")
    collection.correct(owner, [Edit(chosen, "dog")])
    assert [len(each.pictures) for each in owner.open_dataset.corrected] == [1, 3]
    collection.rename(owner, "dog", "wolf")
    assert owner.open_dataset.edits == (Edit(chosen, "wolf"),)
    collection.undo(owner, [chosen])
    assert owner.open_dataset.edits == ()
    assert {path: path.read_bytes() for path in root.rglob("*.jpg")} == before


def test_conflicts_are_decided_on_the_open_set(owner):
    owner.open(type(owner.desk)(make_dataset(owner)))
    opened = owner.open_dataset
    twin = opened.named("cat").pictures[0]
    (opened.root / "dog" / "again.png").write_bytes((opened.root / twin.path).read_bytes())
    owner.save_dataset(owner.desk.dataset, ingest.read(ingest.walk(opened.root), opened.root))
    assert list(owner.open_dataset.conflicts) == [twin.sha256]
    collection.leave_out_conflicts(owner)
    assert owner.open_dataset.conflicts == {}
    collection.decide_again(owner)
    assert list(owner.open_dataset.conflicts) == [twin.sha256]


def test_an_edit_changes_the_division_of_no_other_picture():
    given_set = dataset(a=[None] * 20, b=[None] * 20)
    before = split.divide(given_set)
    edited = corrections.correct(given_set, [Edit(before.train[0].sha256, "b")])
    after = split.divide(edited)
    moved = {each.sha256 for each in before.validation} ^ {each.sha256 for each in after.validation}
    assert len(moved) <= 2
    assert isinstance(edited, Dataset)
