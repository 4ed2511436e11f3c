import errno
import os
import shutil

import pytest

from gui.core import uploads
from gui.core.dataset import LeftOut
from gui.core.entry import Entry
from gui.core.errors import DiskFull, PicturesError

REFUSED = "A file didn't arrive whole. Choose your pictures again and wait for the end."


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def send(root):
    """Upload a file as Gradio does: each in a folder of its own."""

    def put(name, content=b"bytes"):
        path = root / f"folder of {name}" / name
        path.parent.mkdir()
        path.write_bytes(content)
        return path

    return put


def refused(rows, root):
    with pytest.raises(PicturesError) as caught:
        uploads.read({"files": rows}, root)
    return str(caught.value)


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_uploaded_files_come_under_the_names_that_the_person_has(root, send):
    one, two = send("1.jpg"), send("2.jpg")
    rows = [
        {"rel": "Pets\\cat/1.jpg", "path": str(one)},
        {"rel": "../Pets/2.jpg", "path": str(two)},
    ]
    assert uploads.read({"files": rows}, root) == [
        Entry("Pets/cat/1.jpg", one),
        Entry("Pets/2.jpg", two),
    ]


def test_what_a_smaller_file_was_made_of_goes_along(root, send, tmp_path):
    one, two, three = send("1.jpg"), send("2.jpg"), send("3.jpg")
    rows = [
        {"rel": "1.jpg", "path": str(one), "original": "ab" * 32},
        {"rel": "2.jpg", "path": str(two), "original": "AB" * 32},
        {"rel": "3.jpg", "path": str(three), "original": ["ab" * 32]},
    ]
    entries = uploads.read({"files": rows}, root)
    assert [each.original for each in entries] == ["ab" * 32, "", ""]
    assert uploads.take(entries, tmp_path / "in")[0].original == "ab" * 32


@pytest.mark.parametrize("rel", ["", "..", "/", "  "])
def test_without_a_name_the_uploaded_file_s_own_counts(root, send, rel):
    path = send("1.jpg")
    assert uploads.read({"files": [{"rel": rel, "path": str(path)}]}, root) == [
        Entry("1.jpg", path)
    ]


def test_a_path_may_be_written_in_a_roundabout_way(root, send):
    path = send("1.jpg")
    roundabout = f"{root}/./folder of 1.jpg/../folder of 1.jpg/1.jpg"
    assert uploads.read({"files": [{"rel": "1.jpg", "path": roundabout}]}, root) == [
        Entry("1.jpg", path)
    ]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "{root}",
        "{root}/missing.jpg",
        "{root}/../owners/abc/datasets/1/pictures/000000",
        "{tmp}/owners/abc/datasets/1/pictures/000000",
        "{tmp}/uploads-of-another/x.jpg",
        "{root}/a/../../secret.txt",
        "{root}/to-file",
        "{root}/to-upload",
        "{root}/to-folder/secret.txt",
        "{root}/circle",
        "{root}/circle/x.jpg",
        "{root}/pipe",
        "uploads/a/1.jpg",
        "{root}/" + "x" * 5000,
        "{root}/a/1.jpg\0",
        "\0",
    ],
)
def test_nothing_but_uploaded_files_is_touched(root, tmp_path, path):
    for name in ("owners/abc/datasets/1/pictures/000000", "uploads-of-another/x.jpg",
                 "secret.txt", "uploads/a/1.jpg"):  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"secret")
    (root / "to-file").symlink_to(tmp_path / "secret.txt")
    (root / "to-upload").symlink_to(root / "a" / "1.jpg")
    (root / "to-folder").symlink_to(tmp_path, target_is_directory=True)
    (root / "circle").symlink_to(root / "circle")
    os.mkfifo(root / "pipe")
    before = everything(tmp_path)
    good = {"rel": "a.jpg", "path": str(root / "a" / "1.jpg")}
    bad = {"rel": "b.jpg", "path": path.format(root=root, tmp=tmp_path)}
    assert refused([good, bad], root) == REFUSED
    assert everything(tmp_path) == before
    assert uploads.read({"files": [good]}, root)[0].path.read_bytes() == b"secret"


@pytest.mark.parametrize("row", [{}, {"path": None}, {"path": 7}, {"path": ["a"]}])
def test_a_row_of_another_kind_is_refused(root, row):
    assert refused([row], root) == REFUSED


@pytest.mark.parametrize(
    "manifest",
    ["", "files", 7, True, [], [{}], {"files": None}, {"files": {}}, {"files": "ab"},
     {"files": [None]}, {"files": [["rel", "path"]]}, {"files": 10**400}],
)  # fmt: skip
def test_what_is_no_manifest_is_refused(root, manifest):
    with pytest.raises(PicturesError, match="A file didn't arrive whole"):
        uploads.read(manifest, root)


@pytest.mark.parametrize("manifest", [None, {}, {"files": []}])
def test_a_manifest_may_have_no_files(root, manifest):
    assert uploads.read(manifest, root) == []
    assert uploads.skipped(manifest) == ()


@pytest.mark.parametrize("manifest", ["", [], {"skipped": None}, {"skipped": [7]}])
def test_what_was_not_sent_has_to_be_a_list_of_rows(manifest):
    with pytest.raises(PicturesError, match="A file didn't arrive whole"):
        uploads.skipped(manifest)


def test_the_reason_of_a_file_that_was_not_sent_can_be_shown_and_kept():
    reasons = ["a\nb\x1b[31m", "\ud800", "\N{RIGHT-TO-LEFT OVERRIDE}x", "y" * 9999, 7, [], "\n"]
    rows = [{"rel": "a", "reason": each} for each in reasons]
    kept = [each.reason for each in uploads.skipped({"skipped": rows})]
    no = "Not sent."
    assert kept == ["a b [31m", "\N{REPLACEMENT CHARACTER}", "x", "y" * 300, no, no, no]


def test_the_upload_folder_may_itself_be_reached_by_a_link(root, send, tmp_path):
    path = send("1.jpg")
    link = tmp_path / "link"
    link.symlink_to(root, target_is_directory=True)
    row = {"rel": "1.jpg", "path": str(link / "folder of 1.jpg" / "1.jpg")}
    assert uploads.read({"files": [row]}, link) == [Entry("1.jpg", path)]


def test_what_the_browser_did_not_send_is_named_with_its_reason():
    rows = [
        {"rel": "Pets/notes.pdf", "reason": "Not a picture."},
        {"rel": "../x.mov", "reason": "A film."},
        {"rel": "", "reason": ""},
    ]
    assert uploads.skipped({"skipped": rows}) == (
        LeftOut("Pets/notes.pdf", "Not a picture."),
        LeftOut("x.mov", "A film."),
        LeftOut("?", "Not sent."),  # a data set's list takes no empty texts
    )
    assert uploads.skipped({}) == ()


def test_taken_files_have_numbers_for_names_and_the_uploads_are_gone(root, send, tmp_path):
    given = [Entry("cat/1.jpg", send("1.jpg", b"one")), Entry("cat/2.jpg", send("2.jpg", b"two"))]
    into = tmp_path / "data" / "pictures"
    taken = uploads.take(given, into)
    assert taken == [Entry("cat/1.jpg", into / "000000"), Entry("cat/2.jpg", into / "000001")]
    assert [each.path.read_bytes() for each in taken] == [b"one", b"two"]
    assert everything(root) == []
    assert root.is_dir()


def test_numbers_go_on_from_the_first(send, tmp_path):
    into = tmp_path / "pictures"
    into.mkdir()
    (into / "000041").write_bytes(b"old")
    taken = uploads.take([Entry("1.jpg", send("1.jpg")), Entry("2.jpg", send("2.jpg"))], into, 42)
    assert [each.path.name for each in taken] == ["000042", "000043"]
    assert (into / "000041").read_bytes() == b"old"


def test_one_upload_under_two_names_becomes_two_files(root, send, tmp_path):
    path = send("1.jpg", b"same")  # equal bytes are uploaded once
    rows = [{"rel": rel, "path": str(path)} for rel in ("a/1.jpg", "b/1.jpg")]
    given = uploads.read({"files": rows}, root)
    taken = uploads.take(given, tmp_path / "pictures")
    assert [each.rel for each in taken] == ["a/1.jpg", "b/1.jpg"]
    assert [each.path.read_bytes() for each in taken] == [b"same", b"same"]
    assert taken[0].path != taken[1].path
    assert everything(root) == []


def test_taking_works_across_disks_too(root, send, tmp_path, monkeypatch):
    def other_disk(*_):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", other_disk)
    (taken,) = uploads.take([Entry("1.jpg", send("1.jpg", b"one"))], tmp_path / "pictures")
    assert taken.path.read_bytes() == b"one"
    assert everything(root) == []


def test_a_copy_leaves_the_files_where_they_are(root, send, tmp_path):
    given = [Entry("1.jpg", send("1.jpg", b"one"))]
    (copied,) = uploads.copy(given, tmp_path / "pictures")
    assert copied.path.read_bytes() == given[0].path.read_bytes() == b"one"


def test_a_full_disk_takes_nothing(root, send, tmp_path, monkeypatch):
    given = [Entry(name, send(name)) for name in ("1.jpg", "2.jpg", "3.jpg")]
    before, real = everything(root), shutil.copyfile

    def full(source, target):
        real(source, target)
        if target.name == "000001":
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EXDEV, "x")))
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DiskFull):
        uploads.take(given, tmp_path / "pictures")
    assert everything(tmp_path / "pictures") == []
    assert everything(root) == before


def test_discarding_twice_or_what_is_gone_is_no_mistake(root, send):
    one, two = Entry("1.jpg", send("1.jpg")), Entry("2.jpg", send("2.jpg"))
    neighbour = two.path.with_name("other.jpg")
    neighbour.write_bytes(b"x")
    for _ in range(2):
        uploads.discard([one, one, two])
        assert everything(root) == ["folder of 2.jpg", "folder of 2.jpg/other.jpg"]


def test_when_there_was_no_room_for_anything_it_is_told():
    row = {"rel": "1.jpg", "code": "full", "reason": "there was no room for it on the disk"}
    with pytest.raises(DiskFull):
        uploads.skipped({"files": [], "skipped": [row]})
    kept = uploads.skipped({"files": [{"rel": "2.jpg", "path": "x"}], "skipped": [row]})
    assert kept == (LeftOut("1.jpg", "there was no room for it on the disk"),)
