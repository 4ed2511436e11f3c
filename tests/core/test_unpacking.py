import io
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
from collections import namedtuple

import pytest

from gui.core.archive import Limits
from gui.core.dataset import LeftOut
from gui.core.entry import is_junk
from gui.core.errors import ArchiveError, DiskFull
from gui.core.unpacking import extract


def packed(path, members, compression=zipfile.ZIP_STORED):
    """A zip of (name or ZipInfo, bytes)."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def raw_name(data, placeholder, name):
    """The zip's bytes with a name of equal length put in, as no honest program writes it."""
    assert len(placeholder) == len(name)
    return data.replace(placeholder, name)


@pytest.fixture
def zipped(tmp_path):
    def make(*members, compression=zipfile.ZIP_STORED):
        return packed(tmp_path / "photos.zip", members, compression)

    return make


@pytest.fixture
def into(tmp_path):
    return tmp_path / "out"


def refusal(path, into, **options):
    with pytest.raises(ArchiveError) as caught:
        extract(path, into, **options)
    assert not into.exists()
    return str(caught.value)


def rels(extracted):
    return [each.rel for each in extracted.entries]


def test_members_lie_in_files_named_by_number(zipped, into):
    steps = []
    result = extract(
        zipped(("cats/1.jpg", b"one"), ("dogs/", b""), ("dogs/2.jpg", b"two")),
        into,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert rels(result) == ["cats/1.jpg", "dogs/2.jpg"]
    assert [each.path.read_bytes() for each in result.entries] == [b"one", b"two"]
    assert sorted(path.name for path in into.iterdir()) == ["000000", "000001"]
    assert result.left_out == ()
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_deflated_members_come_out_whole(zipped, into):
    data = bytes(range(256)) * 20_000
    result = extract(zipped(("a/b.bmp", data), compression=zipfile.ZIP_DEFLATED), into)
    assert result.entries[0].path.read_bytes() == data


def test_dangerous_names_stay_inside(zipped, into, tmp_path):
    result = extract(
        zipped(("../../cats/1.jpg", b"1"), ("/cats/2.jpg", b"2"), ("C:/cats/3.jpg", b"3")), into
    )
    assert rels(result) == ["cats/1.jpg", "cats/2.jpg", "cats/3.jpg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "photos.zip"]


@pytest.mark.parametrize(
    ("stored", "utf_8", "rel"),
    [
        ("Hündchen/1.jpg".encode(), True, "Hündchen/1.jpg"),
        ("Hündchen/1.jpg".encode(), False, "Hündchen/1.jpg"),  # as the Finder writes it
        ("Hündchen/1.jpg".encode("cp437"), False, "Hündchen/1.jpg"),  # as old Windows does
        ("🐱/1.jpg".encode(), False, "🐱/1.jpg"),
        (b"cats/1.jpg\0.txt", False, "cats/1.jpg"),
    ],
)
def test_names_in_any_encoding(stored, utf_8, rel, tmp_path, into):
    placeholder = b"x" * len(stored)
    path = packed(tmp_path / "a.zip", [(placeholder.decode(), b"data")])
    data = raw_name(path.read_bytes(), placeholder, stored)
    if utf_8:
        for magic, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
            at = data.index(magic) + offset
            flags = struct.unpack_from("<H", data, at)[0] | 0x800
            data = data[:at] + struct.pack("<H", flags) + data[at + 2 :]
    path.write_bytes(data)
    result = extract(path, into)
    assert rels(result) == [rel]
    assert result.entries[0].path.read_bytes() == b"data"


def test_one_name_twice_keeps_both(tmp_path, into):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cats/1.tar.jpg", b"one")
        archive.writestr("../cats/1.tar.jpg", b"two")
        archive.writestr("cafe\u0301", b"three")
        archive.writestr("caf\u00e9", b"four")
    result = extract(path, into)
    assert rels(result) == ["cats/1.tar.jpg", "cats/1.tar (2).jpg", "café", "café (2)"]
    assert [each.path.read_bytes() for each in result.entries] == [
        b"one",
        b"two",
        b"three",
        b"four",
    ]


def test_junk_is_passed_over_silently(zipped, into):
    junk = [
        "__MACOSX/cats/._1.jpg",
        "cats/._1.jpg",
        ".DS_Store",
        "cats/Thumbs.db",
        "desktop.ini",
        ".git/x.jpg",
    ]

    assert all(is_junk(name) for name in junk)
    result = extract(zipped(*((name, b"x") for name in junk), ("cats/1.jpg", b"1")), into)
    assert rels(result) == ["cats/1.jpg"]
    assert result.left_out == ()


def test_links_are_not_followed(zipped, into):
    link = zipfile.ZipInfo("cats/link.jpg")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    folder = zipfile.ZipInfo("cats")
    folder.create_system, folder.external_attr = 3, (stat.S_IFDIR | 0o777) << 16
    result = extract(zipped((link, b"/etc/passwd"), (folder, b""), ("cats/1.jpg", b"1")), into)
    assert rels(result) == ["cats/1.jpg"]
    assert result.left_out == (
        LeftOut("cats/link.jpg", "This is a link to another file, not a picture."),
    )


def test_a_zip_in_the_zip_is_left_out(zipped, into):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", b"x")
    result = extract(zipped(("more.ZIP", b""), ("hidden.jpg", inner.getvalue())), into)
    reason = "It is a zip inside the zip. Unpack it and choose it on its own."
    assert result.left_out == (LeftOut("more.ZIP", reason), LeftOut("hidden.jpg", reason))
    assert list(into.iterdir()) == []


def test_a_damaged_member_does_not_stop_the_others(tmp_path, into):
    path = packed(tmp_path / "a.zip", [("a/1.jpg", b"first one"), ("a/2.jpg", b"second")])
    path.write_bytes(path.read_bytes().replace(b"first one", b"first 0ne"))
    result = extract(path, into)
    assert rels(result) == ["a/2.jpg"]
    assert result.left_out == (LeftOut("a/1.jpg", "It is damaged in the zip. Pack it again."),)
    assert [file.name for file in into.iterdir()] == ["000000"]


def test_unknown_packing_is_left_out(zipped, into):
    result = extract(zipped(("a/1.jpg", b"1"), compression=zipfile.ZIP_LZMA), into)
    assert result.left_out[0].reason == (
        "It is packed in a way that can't be unpacked here. Pack it as a plain zip."
    )


def test_a_deep_or_large_member_is_left_out(zipped, into):
    result = extract(
        zipped(("a/b/c/d.jpg", b"1"), ("a/large.tif", bytes(3_000_000)), ("a/1.jpg", b"1")),
        into,
        Limits(depth=2, member_bytes=2_000_000),
    )
    assert rels(result) == ["a/1.jpg"]
    assert result.left_out == (
        LeftOut("a/b/c/d.jpg", "It lies more than 2 folders deep."),
        LeftOut("a/large.tif", "It is larger than 2 MB, too large for one picture."),
    )


def test_a_member_that_lies_about_its_size_is_left_out(zipped, into):
    path = zipped(("a/1.jpg", bytes(5_000_000)), compression=zipfile.ZIP_DEFLATED)
    size = struct.pack("<L", 5_000_000)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<L", 1_000)))
    result = extract(path, into)
    assert result.left_out == (LeftOut("a/1.jpg", "It is damaged in the zip. Pack it again."),)


def test_a_bomb_is_stopped_and_cleared_away(zipped, into):
    path = zipped(
        ("a/0.jpg", b"honest"),
        *((f"a/{n}.bmp", bytes(10_000_000)) for n in range(1, 4)),
        compression=zipfile.ZIP_DEFLATED,
    )
    assert path.stat().st_size < 40_000
    assert refusal(path, into, limits=Limits(ratio_from_bytes=20_000_000)) == (
        "The zip unpacks to over 20 MB: too much for a zip of pictures. "
        "Choose the folder itself, or a zip with fewer pictures."
    )


def test_total_bytes_are_bounded(zipped, into):
    path = zipped(("a/1.jpg", bytes(700_000)), ("a/2.jpg", bytes(700_000)))
    assert "over 1 MB" in refusal(path, into, limits=Limits(total_bytes=1_000_000))


def test_too_many_members(zipped, into):
    path = zipped(*((f"{n}.jpg", b"") for n in range(11)))
    assert refusal(path, into, limits=Limits(entries=10)) == (
        "“photos.zip” holds more than 10 files. "
        "Choose fewer pictures: a few hundred for each class are plenty."
    )


def test_a_huge_listing_is_refused_before_it_is_read(zipped, into, monkeypatch):
    path = zipped(*((f"{n}.jpg", b"") for n in range(11)))
    monkeypatch.setattr(zipfile, "ZipFile", None)  # not even opened
    assert "holds more than 1 files" in refusal(path, into, limits=Limits(entries=1))


def test_a_password_is_named(zipped, into):
    path = zipped(("cats/1.jpg", b"secret"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    data[data.index(b"PK\3\4") + 6] |= 1
    path.write_bytes(data)
    assert refusal(path, into) == (
        "“photos.zip” is locked with a password. Unpack it on your computer and choose the folder, "
        "or pack it without a password."
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "“x.zip” is not a zip. Choose the folder itself, or pack it as a zip."),
        (b"hello" * 99, "“x.zip” is not a zip. Choose the folder itself, or pack it as a zip."),
        (
            b"Rar!\x1a\7\0" + bytes(99),
            "“x.zip” is not a zip but a RAR archive. "
            "Choose the folder itself, or pack it as a zip.",
        ),
        (
            b"PK\3\4" + bytes(99),
            "The zip “x.zip” is damaged or cut off. Copy or download it again.",
        ),
    ],
)
def test_what_is_no_zip_says_so(data, sentence, tmp_path, into):
    (tmp_path / "x.zip").write_bytes(data)
    assert refusal(tmp_path / "x.zip", into) == sentence


def test_a_missing_zip_says_so(tmp_path, into):
    assert refusal(tmp_path / "x.zip", into).startswith("“x.zip” is not a zip.")


def test_any_damage_ends_in_a_result_or_a_sentence(zipped, tmp_path):
    path = zipped(*((f"a/{n}.jpg", bytes([n]) * 50) for n in range(3)))
    whole = path.read_bytes()
    for number, place in enumerate(range(0, len(whole), 5)):
        for value in (0, 255):
            data = bytearray(whole)
            data[place] = value
            path.write_bytes(data)
            into = tmp_path / f"out{number}-{value}"
            try:
                result = extract(path, into)
            except ArchiveError:
                assert not into.exists()
            else:
                assert len(list(into.iterdir())) == len(result.entries)


def test_the_reserve_of_the_disk_is_kept(zipped, into, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 0, 1_000_000_100))
    path = zipped(("a/1.jpg", bytes(60)), ("a/2.jpg", bytes(150)))
    with pytest.raises(DiskFull) as caught:
        extract(path, into)
    assert str(caught.value) == (
        "Less than 1 GB is left on the disk, which stays free. "
        "Free some space, for example by deleting old trainings, or choose a smaller zip."
    )
    assert not into.exists()


def test_a_disk_that_is_really_full(zipped, into):
    into.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(into)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk can't be made here")
    try:
        path = zipped(("a/1.jpg", bytes(900_000)), ("a/2.jpg", bytes(900_000)))
        with pytest.raises(DiskFull):
            extract(path, into, Limits(reserve_bytes=0))
        with pytest.raises(DiskFull):
            extract(path, into, Limits(reserve_bytes=-10_000_000))  # only the system notices
        assert list(into.iterdir()) == []
    finally:
        subprocess.run(["umount", str(into)], check=True)


def test_stopping_in_the_middle_leaves_nothing(zipped, into):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(zipped(("a/1.jpg", b"1"), ("a/2.jpg", b"2")), into, progress=stop)
    assert not into.exists()


def test_a_folder_with_other_files_is_not_touched(zipped, into):
    into.mkdir()
    (into / "000000").write_bytes(b"mine")
    with pytest.raises(ValueError, match="into must be empty"):
        extract(zipped(("a/1.jpg", b"1")), into)
    assert (into / "000000").read_bytes() == b"mine"


def test_the_messages_give_the_name_that_the_person_knows(zipped, into):
    whole = zipped(("a/1.jpg", b"x"), ("a/2.jpg", b"x"))
    locked = bytearray(whole.read_bytes())
    locked[locked.index(b"PK\1\2") + 8] |= 1
    for content, words, limits in (
        (whole.read_bytes(), "“My pets.zip” holds more than 1 files.", Limits(entries=1)),
        (bytes(locked), "“My pets.zip” is locked with a password.", Limits()),
        (b"PK\3\4 damaged", "The zip “My pets.zip” is damaged or cut off.", Limits()),
        (b"text", "“My pets.zip” is not a zip.", Limits()),
    ):
        whole.write_bytes(content)
        told = refusal(whole, into, limits=limits, shown_name="My pets.zip")
        assert told.startswith(words)
        assert "photos.zip" not in told
        assert "“photos.zip”" in refusal(whole, into, limits=limits)
