import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from gui.core import collection, dataset
from gui.core.config import Config
from gui.core.dataset import LeftOut
from gui.core.entry import Entry
from gui.core.errors import ArchiveError, DiskFull, NotYours, PicturesError, SettingError
from tests.core.visitors import PETS, draw, everything, names, quiet, refusal


def test_a_folder_becomes_the_open_data_set(site, owner, send):
    steps = []
    not_sent = [LeftOut("Pets/notes.pdf", "Not a picture.")]
    collection.take(owner, send(*PETS), not_sent, lambda done, total: steps.append((done, total)))
    assert names(owner) == {"cat": ["1.jpg", "2.jpg"], "dog": ["1.jpg", "2.jpg"]}
    assert owner.open_dataset.left_out == tuple(not_sent)
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert everything(site.workspace.uploads) == {}
    opened = owner.open_dataset
    assert all((opened.root / each.path).is_file() for each in opened.classes[0].pictures)


def test_a_zip_becomes_the_open_data_set(site, owner, send, tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, rel in enumerate(PETS):
            archive.write(draw(tmp_path / "x.jpg", number), rel)
        archive.writestr("Pets/more.zip", b"PK")
    given = send("Pets.ZIP", content=packed.read_bytes())
    collection.take(owner, given, [LeftOut("x.mov", "A film.")], quiet)
    assert names(owner) == {"cat": ["1.jpg", "2.jpg"], "dog": ["1.jpg", "2.jpg"]}
    assert [each.name for each in owner.open_dataset.left_out] == ["Pets/more.zip", "x.mov"]
    assert everything(site.workspace.uploads) == {}


def test_one_upload_that_two_names_share_is_named_as_such(site, owner, send):
    given = send(*PETS)
    twice = Entry("Pets/dog/3.jpg", given[2].path)  # equal files are uploaded once
    collection.take(owner, [*given, twice], [], quiet)
    assert names(owner)["dog"] == ["1.jpg", "2.jpg"]
    assert [each.name for each in owner.open_dataset.left_out] == ["Pets/dog/3.jpg"]
    assert everything(site.workspace.uploads) == {}


def test_a_new_data_set_takes_the_place_of_the_unused_old_one(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    old = owner.desk.dataset
    collection.take(owner, send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg"), [], quiet)
    assert set(names(owner)) == {"leaf", "tree"}
    assert [each.name for each in (owner.path / "datasets").iterdir()] == [owner.desk.dataset]
    assert old != owner.desk.dataset


@pytest.mark.parametrize(
    ("rels", "content", "error", "sentence"),
    [
        (["1.jpg"], None, PicturesError, "isn't in a sub-folder"),
        (["a/1.jpg", "b/1.jpg"], b"text", PicturesError, "None of the 2 files is a picture."),
        (["a.zip"], b"PK\3\4 damaged", ArchiveError, "“a.zip” is damaged or cut off."),
        (["a.zip"], b"text", ArchiveError, "“a.zip” is not a zip."),
        (["a.zip", "b.zip"], b"PK\3\4", PicturesError, "This is a zip or office file"),
        ([], None, PicturesError, "There are no files in the folder."),
    ],
)
def test_a_bad_set_leaves_the_old_one_open_and_no_litter(
    site, owner, send, rels, content, error, sentence
):
    collection.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    assert sentence in refusal(
        error, collection.take, owner, send(*rels, content=content), [], quiet
    )
    assert everything(site.workspace.root) == before
    assert len(list((owner.path / "datasets").iterdir())) == 1
    assert set(names(owner)) == {"cat", "dog"}


def test_what_breaks_off_while_pictures_are_read_leaves_no_litter(site, owner, send):
    def gone(done, total):
        raise KeyboardInterrupt

    for call in (
        lambda: collection.take(owner, send(*PETS), [], gone),
        lambda: site.take_samples(owner, gone),
    ):
        with pytest.raises(KeyboardInterrupt):
            call()
    assert everything(site.workspace.root) == {}
    assert owner.open_dataset is None


@pytest.mark.parametrize("whole", range(6))
def test_on_a_full_disk_nothing_half_done_is_left(site, owner, send, full, whole):
    collection.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    given = send("tree/1.jpg", "tree/2.jpg", "leaf/1.jpg", "leaf/2.jpg")
    for call in (
        lambda: collection.take(owner, given, [], quiet),
        lambda: site.take_samples(owner, quiet),
    ):
        full(whole)
        refusal(DiskFull, call)
        full.over()
        assert everything(site.workspace.root) == before
        assert len(list((owner.path / "datasets").iterdir())) == 1
    full(7)  # four pictures, the licence, the list, the desk
    site.take_samples(owner, quiet)
    assert set(names(owner)) == {"fern", "moss"}


def test_a_full_disk_while_unpacking_leaves_nothing(site, owner, send, monkeypatch, tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, rel in enumerate(PETS):
            archive.write(draw(tmp_path / "x.jpg", number), rel)
    given = send("Pets.zip", content=packed.read_bytes())
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    refusal(DiskFull, collection.take, owner, given, [], quiet)
    assert everything(site.workspace.root) == {}
    assert owner.open_dataset is None


def test_samples_are_copied_and_can_be_changed(site, owner):
    before = everything(site.samples)
    site.take_samples(owner, quiet)
    assert names(owner) == {"fern": ["1.jpg", "2.jpg"], "moss": ["1.jpg", "2.jpg"]}
    assert [each.name for each in owner.open_dataset.left_out] == ["LICENSE"]
    collection.rename(owner, "fern", "bracken")
    assert set(names(owner)) == {"bracken", "moss"}
    shutil.rmtree(owner.open_dataset.root)
    assert everything(site.samples) == before


def test_pictures_are_added_to_a_class_old_or_new(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    before = everything(owner.open_dataset.root)
    steps = []
    collection.add(owner, "cat", send("1.jpg", "9.jpg"), lambda *step: steps.append(step))
    collection.add(owner, "emu", send("1.jpg"), quiet)
    assert names(owner) == {
        "cat": ["1 (2).jpg", "1.jpg", "2.jpg", "9.jpg"],
        "dog": ["1.jpg", "2.jpg"],
        "emu": ["1.jpg"],
    }
    assert steps == [(1, 2), (2, 2)]
    after = everything(owner.open_dataset.root)
    assert {name: after[name] for name in before} == before  # no file was written over
    assert len(after) == 7
    assert everything(site.workspace.uploads) == {}


def test_a_data_set_begins_with_a_class_made_by_hand_and_grows(site, owner, send):
    steps = []
    collection.add(owner, " cup ", send("1.jpg", "2.jpg"), lambda *step: steps.append(step))
    begun = owner.desk.dataset
    assert names(owner) == {"cup": ["1.jpg", "2.jpg"]}
    assert steps == [(1, 2), (2, 2)]
    assert "Only one class (“cup”) is ready" in dataset.missing(owner.open_dataset)
    collection.add(owner, "spoon", send("1.jpg", "2.jpg"), quiet)
    assert owner.desk.dataset == begun
    assert owner.open_dataset.labels == ("cup", "spoon")
    assert dataset.missing(owner.open_dataset) is None
    assert everything(site.workspace.uploads) == {}


def test_two_tabs_that_begin_by_hand_at_once_make_one_data_set(owner, send):
    given = {name: send("1.jpg", "2.jpg") for name in ("cup", "spoon", "fork")}
    with ThreadPoolExecutor(3) as tabs:
        list(tabs.map(lambda name: collection.add(owner, name, given[name], quiet), given))
    assert owner.open_dataset.labels == ("cup", "fork", "spoon")
    assert len(list((owner.path / "datasets").iterdir())) == 1


@pytest.mark.parametrize("whole", range(4))
def test_a_class_by_hand_that_fails_begins_nothing(site, owner, send, full, whole):
    refusal(PicturesError, collection.add, owner, "cup", send("a.txt", content=b"text"), quiet)
    refusal(PicturesError, collection.add, owner, " ", send("1.jpg"), quiet)
    full(whole)
    refusal(DiskFull, collection.add, owner, "cup", send("1.jpg", "2.jpg"), quiet)
    full.over()
    assert everything(site.workspace.root) == {}
    assert owner.open_dataset is None


def test_pictures_can_be_added_to_the_samples(site, owner, send):
    site.take_samples(owner, quiet)
    collection.add(owner, "fern", send("3.jpg"), quiet)
    assert names(owner)["fern"] == ["1.jpg", "2.jpg", "3.jpg"]


def test_what_is_no_picture_is_not_added_and_leaves_no_litter(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    bad = send("a.txt", "b.txt", content=b"text")
    assert "None of the 2 files" in refusal(PicturesError, collection.add, owner, "cat", bad, quiet)
    assert everything(site.workspace.root) == before
    refusal(PicturesError, collection.add, owner, " ", send("1.jpg"), quiet)
    assert everything(site.workspace.root) == before


@pytest.mark.parametrize("whole", range(3))
def test_on_a_full_disk_nothing_is_half_added(site, owner, send, full, whole):
    collection.take(owner, send(*PETS), [], quiet)
    before = everything(site.workspace.root)
    given = send("3.jpg", "4.jpg")
    full(whole)
    refusal(DiskFull, collection.add, owner, "cat", given, quiet)
    full.over()
    assert everything(site.workspace.root) == before


def test_without_a_data_set_nothing_can_be_done_to_it(site, owner, send):
    sentence = "You have no pictures of that name. Choose your pictures again."
    assert refusal(NotYours, collection.rename, owner, "cat", "dog") == sentence
    assert refusal(NotYours, collection.include, owner, "cat", included=False) == sentence
    assert refusal(NotYours, site.start, owner, Config()) == sentence
    assert everything(site.workspace.root) == {}


def test_classes_are_renamed_and_left_out(site, owner, send):
    rels = (*PETS, "Pets/emu/1.jpg", "Pets/emu/2.jpg")
    collection.take(owner, send(*rels), [], quiet)
    collection.rename(owner, "cat", "tiger")
    collection.include(owner, "dog", included=False)
    assert owner.open_dataset.labels == ("emu", "tiger")
    collection.include(owner, "dog", included=True)
    assert owner.open_dataset.labels == ("dog", "emu", "tiger")
    assert "already a class called “emu”" in refusal(
        PicturesError, collection.rename, owner, "dog", "emu"
    )
    assert "no class called “cat”" in refusal(
        PicturesError, collection.include, owner, "cat", included=True
    )


def test_how_the_pictures_are_divided_is_remembered(site, owner, send):
    collection.take(owner, send(*PETS), [], quiet)
    collection.divide(owner, 0.4, 7, 0.2)
    desk = owner.desk
    assert (desk.validation_share, desk.seed, desk.test_share) == (0.4, 7, 0.2)
    assert owner.open_dataset is not None
    assert "0.1 to 0.5" in refusal(SettingError, collection.divide, owner, 0.9, 7, 0.2)
    assert owner.desk.validation_share == 0.4


def test_a_zip_is_named_as_the_person_knows_it(site, owner, send):
    (given,) = send("0f3a.zip", content=b"text")
    told = refusal(
        ArchiveError, collection.take, owner, [Entry("My pets.zip", given.path)], [], quiet
    )
    assert told.startswith("“My pets.zip” is not a zip.")
