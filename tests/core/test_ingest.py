import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gui.core import ingest, record, split
from gui.core.dataset import LeftOut, include, rename
from gui.core.entry import Entry
from gui.core.errors import PicturesError
from gui.core.layout import BESIDE, OUTSIDE, Place, arrange
from gui.core.unpacking import extract

ONE_EACH = "Make one folder for each class, put its pictures in, and choose the one above."


def read(root, **options):
    return ingest.read(ingest.walk(root), root, **options)


def names(dataset):
    return {each.name: [picture.name for picture in each.pictures] for each in dataset.classes}


def refusal(call, *arguments):
    with pytest.raises(PicturesError) as caught:
        call(*arguments)
    return str(caught.value)


def test_sub_folders_are_classes(folder):
    steps = []
    root = folder("dogs/1.JPG", "cats/b.png", "cats/a.gif")
    dataset = read(root, progress=lambda done, total: steps.append((done, total)))
    assert names(dataset) == {"cats": ["a.gif", "b.png"], "dogs": ["1.JPG"]}
    assert dataset.left_out == ()
    assert steps == [(1, 3), (2, 3), (3, 3)]
    picture = dataset.named("cats").pictures[0]
    assert (picture.path, picture.part, len(picture.sha256)) == ("cats/a.gif", None, 64)
    assert (dataset.root / picture.path).is_file()


@pytest.mark.parametrize(
    ("rels", "places"),
    [
        ("w/cat/1.jpg w/dog/2.jpg", "cat/1.jpg dog/2.jpg"),
        ("a/b/c/cat/1.jpg a/b/c/dog/2.jpg", "cat/1.jpg dog/2.jpg"),
        ("w/cat/1.jpg w/dog/2.jpg w/readme.txt top.txt", "cat/1.jpg dog/2.jpg - -"),
        ("w/cat/1.jpg w/dog/2.jpg w/loose.jpg", "cat/1.jpg dog/2.jpg -"),
        ("cat/1.jpg cat/2.jpg", "cat/1.jpg cat/2.jpg"),  # a single class is no wrapper
        ("cat/1.jpg cat/kitten/2.jpg", "cat/1.jpg cat/kitten/2.jpg"),
        ("w/cat/1.jpg", "cat/1.jpg"),
        ("cat/1.jpg dog/deep/er/2.jpg", "cat/1.jpg dog/deep/er/2.jpg"),
        ("train/1.jpg bus/2.jpg", "train/1.jpg bus/2.jpg"),  # vehicles, not a division
        ("train/1.jpg test/2.jpg", "train/1.jpg test/2.jpg"),
        ("train/cat/1.jpg train/dog/2.jpg", "cat/1.jpg dog/2.jpg"),
        ("1.jpg 2.jpg", "- -"),
    ],
)
def test_what_is_around_the_classes_is_taken_off(rels, places):
    found = [
        "-" if each == OUTSIDE else f"{each.class_name}/{each.name}"
        for each in arrange(rels.split())
    ]
    assert found == places.split()


def test_train_and_validation_folders_are_understood():
    for train, validation in [("train", "val"), ("Train", "Valid"), ("TRAINING", "validation")]:
        assert arrange(
            [
                f"w/{train}/cat/a/1.jpg",
                f"w/{validation}/cat/2.jpg",
                "w/Test/cat/3.jpg",
                f"w/{train}/4.jpg",
                "w/notes/x/5.txt",
                "w/6.jpg",
            ]
        ) == [
            Place("cat", "a/1.jpg", "train"),
            Place("cat", "2.jpg", "validation"),
            Place("cat", "3.jpg", "test"),
            OUTSIDE,
            BESIDE,
            OUTSIDE,
        ]


def test_a_divided_folder_as_people_have_it(folder):
    root = folder("set/train/cat/1.jpg", "set/val/cat/1.jpg", "set/test/cat/9.jpg")
    dataset = read(root)
    parts = [(picture.name, picture.part) for picture in dataset.named("cat").pictures]
    assert parts == [("1 (2).jpg", "validation"), ("1.jpg", "train"), ("9.jpg", "test")]
    assert dataset.left_out == ()


def test_one_bad_file_never_stops_a_set(folder):
    root = folder("cats/1.jpg", "dogs/2.jpg", "loose.jpg")
    folder("cats/empty.jpg", like=b"")
    folder("cats/notes.txt", like=b"buy milk")
    folder("dogs/logo.svg", like=b"<svg/>")
    folder("dogs/half.jpg", like=(root / "dogs/2.jpg").read_bytes()[:-40])
    dataset = read(root, left_out=[LeftOut("a.zip", "From unpacking.")])
    assert names(dataset) == {"cats": ["1.jpg"], "dogs": ["2.jpg"]}
    assert dataset.left_out == (
        LeftOut("a.zip", "From unpacking."),
        LeftOut("cats/empty.jpg", "The file is empty. Copy it again from where it came from."),
        LeftOut(
            "cats/notes.txt",
            "This is not a picture. Use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC files.",
        ),
        LeftOut(
            "dogs/half.jpg", "The file is cut off: its end is missing. Copy or download it again."
        ),
        LeftOut(
            "dogs/logo.svg",
            "This is an SVG drawing, not a photo. Save it as PNG or JPEG and use that.",
        ),
        LeftOut("loose.jpg", "It lies outside any class folder, so its class isn't known."),
    )


def test_equal_pictures_count_once_in_a_class(folder):
    root = folder("cats/1.jpg", "dogs/2.jpg")
    folder("cats/copy.jpg", like="cats/1.jpg")
    dataset = read(root)
    assert names(dataset) == {"cats": ["1.jpg"], "dogs": ["2.jpg"]}
    assert dataset.left_out == (LeftOut("cats/copy.jpg", "The same picture as “1.jpg”."),)


def test_equal_pictures_in_two_classes_are_kept_in_both_and_used_in_neither(folder):
    root = folder("cats/1.jpg", "cats/2.jpg", "dogs/3.jpg", "birds/5.jpg")
    folder("dogs/4.jpg", like="cats/1.jpg")
    folder("birds/6.jpg", "birds/7.jpg", like="cats/1.jpg")
    dataset = read(root)
    assert names(dataset) == {
        "birds": ["5.jpg", "6.jpg"],
        "cats": ["1.jpg", "2.jpg"],
        "dogs": ["3.jpg", "4.jpg"],
    }
    assert [[picture.name for picture in each.pictures] for each in dataset.corrected] == [
        ["5.jpg"],
        ["2.jpg"],
        ["3.jpg"],
    ]
    assert list(dataset.conflicts.values()) == [("birds", "cats", "dogs")]
    assert dataset.left_out == (LeftOut("birds/7.jpg", "The same picture as “6.jpg”."),)


def test_equal_pictures_on_both_sides_of_a_division_stay_on_one(folder):
    root = folder("train/cat/1.jpg", "train/cat/2.jpg", "val/cat/3.jpg")
    folder("val/cat/4.jpg", like="train/cat/1.jpg")
    dataset = read(root)
    assert names(dataset) == {"cat": ["1.jpg", "2.jpg", "3.jpg"]}
    assert dataset.left_out == (LeftOut("val/cat/4.jpg", "The same picture as “1.jpg”."),)


@pytest.mark.parametrize(
    "name", ["<b onload='x'>", 'it\'s "good"', "🐈🐕", "日本", "e\u0301" * 60, " ab ", "a" * 200]
)
def test_any_name_is_a_class_name(folder, name):
    root = folder(f"{name}/{name[:50]}.jpg", "other/1.jpg")
    dataset = read(root)
    composed = name.strip().replace("e\u0301", "é")
    short = f"{name[:50]}.jpg".strip().replace("e\u0301", "é")
    assert names(dataset)[composed] == [short]
    assert (root / dataset.named(composed).pictures[0].path).is_file()
    assert record.from_json(json.loads(json.dumps(record.to_json(dataset))), root) == dataset


def test_a_name_that_is_not_utf_8_is_kept_readable(folder, tmp_path):
    root = folder("cats/1.jpg", "dogs/2.jpg")
    (root / "cats/1.jpg").rename(root / "cats" / os.fsdecode(b"\xe9.jpg"))
    dataset = read(root)
    assert names(dataset)["cats"] == ["\ufffd.jpg"]


def test_walk_is_in_order_without_junk_and_stays_inside(folder, tmp_path):
    root = folder("b/2.jpg", "b/1.jpg", "a/3.jpg", ".git/4.jpg", "b/.DS_Store", "b/Thumbs.db")
    (tmp_path / "secret.jpg").write_bytes(b"x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/5.jpg").write_bytes(b"x")
    (root / "a/out.jpg").symlink_to(tmp_path / "secret.jpg")
    (root / "a/outside").symlink_to(tmp_path / "outside")
    (root / "a/dangling.jpg").symlink_to(tmp_path / "gone")
    (root / "a/inside.jpg").symlink_to(root / "b/1.jpg")
    (root / "a/round").symlink_to(root)
    os.mkfifo(root / "a/pipe.jpg")
    entries = ingest.walk(root)
    assert [entry.rel for entry in entries] == ["a/3.jpg", "a/inside.jpg", "b/1.jpg", "b/2.jpg"]
    assert all(entry.path == root / entry.rel for entry in entries)


def test_walk_of_no_folder(tmp_path):
    assert refusal(ingest.walk, tmp_path / "gone") == (
        f"The folder “{tmp_path}/gone” can't be read (No such file or directory). "
        "Check that it is there and that you may read it."
    )


def test_a_set_without_anything_says_what_to_do(folder):
    assert refusal(read, folder.root) == f"There are no files in the folder. {ONE_EACH}"
    folder(".DS_Store")
    assert refusal(read, folder.root) == f"There are no files in the folder. {ONE_EACH}"


def test_loose_pictures_say_what_to_do(folder):
    assert refusal(read, folder("1.jpg")) == (
        f"The file “1.jpg” isn't in a sub-folder, so its class isn't known. {ONE_EACH}"
    )
    assert refusal(read, folder("2.jpg")) == (
        f"The 2 files aren't in sub-folders, so their classes aren't known. {ONE_EACH}"
    )


def test_nothing_but_test_pictures(folder):
    root = folder("test/cat/1.jpg")
    folder("train/cat/2.jpg")
    entries = [entry for entry in ingest.walk(root) if entry.rel.startswith("test")]
    assert names(ingest.read(entries, root)) == {"cat": ["1.jpg"]}  # alone it is no division


def test_no_readable_picture_says_the_most_common_reason(folder):
    root = folder("cats/1.jpg", "dogs/2.jpg", like=b"")
    folder("dogs/3.txt", like=b"hello")
    assert refusal(read, root) == (
        "None of the 3 files can be used. Most often (2): The file is empty. "
        "Copy it again from where it came from. Choose other pictures."
    )
    reason = LeftOut("x.zip", "It is a zip inside the zip.")
    assert refusal(ingest.read, [], root, None, [reason]) == (
        "The only file can't be used: It is a zip inside the zip. Choose other pictures."
    )


@pytest.mark.parametrize("rels", [("b.txt", "one/a.txt"), ("a.txt", "b.txt"), ("c/a", "d/b")])
def test_a_folder_without_any_picture_says_so_wherever_its_files_lie(folder, rels):
    assert refusal(read, folder(*rels, like=b"hello")) == (
        "None of the 2 files is a picture. Use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC files."
    )


def test_pictures_beside_a_folder_of_texts_are_told_of(folder):
    root = folder("1.jpg", "2.jpg")
    folder("texts/a.txt", like=b"hello")
    assert refusal(read, root) == (
        "None of the 3 files can be used. Most often (2): It lies outside any class folder, so "
        "its class isn't known. Choose other pictures."
    )


def test_one_reason_for_all_is_told_once(folder):
    assert refusal(read, folder("cats/1.jpg", "dogs/2.jpg", like=b"")) == (
        "None of the 2 files can be used, each for the same reason: The file is empty. "
        "Copy it again from where it came from. Choose other pictures."
    )


def test_few_pictures_are_no_mistake_yet(folder):
    assert names(read(folder("cats/1.jpg"))) == {"cats": ["1.jpg"]}


def test_names_from_a_browser_are_not_trusted(folder, tmp_path):
    root = folder("0", "1", "2")
    entries = [
        Entry("../../cats/1.jpg", root / "0"),
        Entry("cats\\1.jpg", root / "1"),
        Entry("/dogs/x/../2.jpg", root / "2"),
        Entry("dogs/.DS_Store", root / "2"),
    ]
    dataset = ingest.read(entries, root)
    assert names(dataset) == {"cats": ["1 (2).jpg", "1.jpg"], "dogs": ["x/2.jpg"]}
    for path in (tmp_path / "x.jpg", root / "../x.jpg"):
        with pytest.raises(ValueError, match=r"must lie below|not in the subpath"):
            ingest.read([Entry("cats/1.jpg", path)], root)


def test_a_zip_becomes_a_data_set(folder, tmp_path):
    root = folder("cats/1.jpg", "dogs/2.jpg")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for rel in ("cats/1.jpg", "dogs/2.jpg"):
            archive.write(root / rel, f"my photos/{rel}")
            archive.writestr(f"__MACOSX/my photos/._{Path(rel).name}", b"x")
        archive.writestr("my photos/more.zip", b"x")
    into = tmp_path / "out"
    unpacked = extract(tmp_path / "a.zip", into)
    dataset = ingest.read(unpacked.entries, into, left_out=unpacked.left_out)
    assert names(dataset) == {"cats": ["1.jpg"], "dogs": ["2.jpg"]}
    assert dataset.named("dogs").pictures[0].path == "000001"
    assert [each.name for each in dataset.left_out] == ["my photos/more.zip"]


def test_pictures_are_added_to_a_class_and_to_a_new_one(folder):
    dataset = include(read(folder("cats/1.jpg", "dogs/2.jpg")), "cats", included=False)
    root = folder("new/a/1.jpg", "new/b.png")
    more = [Entry("1.jpg", root / "new/a/1.jpg"), Entry("holiday/b.png", root / "new/b.png")]
    both = ingest.add(dataset, "cats", more)
    assert names(both) == {"cats": ["1 (2).jpg", "1.jpg", "holiday/b.png"], "dogs": ["2.jpg"]}
    assert not both.named("cats").included
    third = ingest.add(dataset, "  cafe\u0301 ", more)
    assert names(third)["café"] == ["1.jpg", "holiday/b.png"]
    assert third.named("café").included


def test_what_a_smaller_picture_was_made_of_is_kept(folder):
    root = folder(*(f"{name}/{number}.jpg" for name in ("cats", "dogs") for number in range(4)))
    entries = [replace(each, original=f"{n:064x}") for n, each in enumerate(ingest.walk(root))]
    dataset = ingest.read(entries[:-1], root)
    dataset = ingest.add(dataset, "dogs", [replace(entries[-1], rel="more.jpg")])
    assert record.from_json(record.to_json(dataset), root) == dataset
    divided = split.divide(dataset)
    assert split.from_json(split.to_json(divided)) == divided
    both = (*divided.train, *divided.validation)
    assert {each.original for each in both} == {each.original for each in entries}
    assert all(each.digests == {each.sha256, each.original} for each in both)


def test_added_pictures_go_through_the_same_checks(folder):
    dataset = read(folder("cats/1.jpg", "cats/2.jpg", "dogs/3.jpg", "dogs/4.jpg"))
    root = folder("x/broken.jpg", like=b"")
    more = [
        Entry("again.jpg", root / "cats/1.jpg"),
        Entry("dog.jpg", root / "dogs/3.jpg"),
        Entry("broken.jpg", root / "x/broken.jpg"),
    ]
    after = ingest.add(dataset, "cats", more)
    assert names(after) == {"cats": ["1.jpg", "2.jpg", "dog.jpg"], "dogs": ["3.jpg", "4.jpg"]}
    assert list(after.conflicts.values()) == [("cats", "dogs")]
    assert after.left_out == (
        LeftOut("again.jpg", "The same picture as “1.jpg”."),
        LeftOut("broken.jpg", "The file is empty. Copy it again from where it came from."),
    )


def test_adding_what_can_not_be_added(folder):
    dataset = read(folder("cats/1.jpg", "dogs/2.jpg"))
    root = folder("x/broken.jpg", like=b"")
    assert refusal(ingest.add, dataset, "cats", [Entry("b.jpg", root / "x/broken.jpg")]) == (
        "The only file can't be used: The file is empty. Copy it again from where it came from. "
        "Choose other pictures."
    )
    assert refusal(ingest.add, dataset, "cats", []) == (
        "There are no files to add. Choose one or more pictures."
    )
    assert refusal(ingest.add, dataset, " ", []) == (
        "A class name has 1 to 200 letters, not 0. Type a shorter or longer name."
    )


def sent(folder, *rels):
    """The files as a browser sends them: their names are no names in the file system."""
    root = folder(*(f"{number}.jpg" for number in range(len(rels))))
    return root, [Entry(rel, root / f"{number}.jpg") for number, rel in enumerate(rels)]


def test_folder_s_names_become_names_of_classes(folder):
    root, given = sent(folder, "a\u00adé/1.jpg", "aé/2.jpg", "x\u2028y/3.jpg", "\u202e/4.jpg")
    dataset = ingest.read(given, root)
    assert names(dataset) == {
        "aé": ["2.jpg"], "aé (2)": ["1.jpg"], "unnamed": ["4.jpg"], "x y": ["3.jpg"]
    }  # fmt: skip


def test_endless_folder_s_names_are_cut_and_kept_apart(folder):
    rels = [f"{'x' * 60_000}{tail}/{n}.jpg" for n, tail in enumerate(["", "y", "z"])]
    root, given = sent(folder, *rels, f"{'x' * 200}/3.jpg")
    dataset = ingest.read(given, root)
    assert names(dataset) == {
        "x" * 200: ["3.jpg"],
        "x" * 190: ["0.jpg"],
        "x" * 190 + " (2)": ["1.jpg"],
        "x" * 190 + " (3)": ["2.jpg"],
    }
    for each in dataset.classes:
        assert rename(dataset, each.name, each.name) == dataset


def test_a_class_in_train_and_val_stays_one_under_its_tidied_name(folder):
    rels = [f"{side}/{name}/{side}.jpg" for name in ("a\u200bb", "c") for side in ("train", "val")]
    root, given = sent(folder, *rels)
    assert names(ingest.read(given, root)) == {
        "ab": ["train.jpg", "val.jpg"], "c": ["train.jpg", "val.jpg"]
    }  # fmt: skip


def test_pictures_are_added_under_a_tidied_name(folder):
    root, given = sent(folder, "a/1.jpg", "b/2.jpg", "3.jpg")
    dataset = ingest.add(ingest.read(given[:2], root), "\u202ea\n", given[2:])
    assert names(dataset) == {"a": ["1.jpg", "3.jpg"], "b": ["2.jpg"]}
    for name, told in ((7, "is no text"), ("\n", "not 0"), ("x" * 201, "not 201")):
        assert told in refusal(ingest.add, dataset, name, given[2:])
