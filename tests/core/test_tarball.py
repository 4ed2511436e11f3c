import gzip
import io
import random
import tarfile
from collections import namedtuple

import pytest

from gui.core import tarball
from gui.core.archive import Limits
from gui.core.errors import ArchiveError, DiskFull
from tests.flower_archive import pack

FREE = Limits(reserve_bytes=0)


def quiet(done, total):
    """A progress that nobody watches."""


def unpacked(path, into, limits=FREE, progress=quiet):
    return [
        (each.rel, each.path.read_bytes()) for each in tarball.unpack(path, into, limits, progress)
    ]


@pytest.fixture
def into(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def packed(tmp_path):
    return lambda *files: pack(tmp_path / "some.tgz", files)


def test_files_come_out_in_order_under_numbers(packed, into):
    told = []
    path = packed(("a/1.jpg", b"one"), ("a/.hidden", b"no"), ("b/1.jpg", b"two" * 10**6))
    assert unpacked(path, into, progress=lambda *each: told.append(each)) == [
        ("a/1.jpg", b"one"), ("b/1.jpg", b"two" * 10**6),
    ]  # fmt: skip
    assert sorted(path.name for path in into.iterdir()) == ["000000", "000001"]
    assert told[-1][1] == path.stat().st_size
    assert [each[0] for each in told] == sorted(each[0] for each in told)


def test_names_lead_nowhere_and_links_are_passed_over(tmp_path, into):
    path = tmp_path / "evil.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, kind in [
            ("../../up", tarfile.REGTYPE), ("/etc/passwd", tarfile.REGTYPE),
            ("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE),
        ]:  # fmt: skip
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            member.size = 4 if kind == tarfile.REGTYPE else 0
            tar.addfile(member, io.BytesIO(b"evil"))
    assert unpacked(path, into) == [("up", b"evil"), ("etc/passwd", b"evil")]
    assert {each.parent for each in tmp_path.rglob("0*")} == {into}


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_off_archive_is_refused_wherever_it_ends(packed, into, share):
    noise = random.Random(1).randbytes(200_000)
    path = packed(("a/1.jpg", noise), ("b/1.jpg", noise))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ArchiveError, match="damaged, cut off, or no archive at all"):
        unpacked(path, into)


def test_one_changed_byte_is_noticed(packed, into):
    path = packed(("a/1.jpg", random.Random(1).randbytes(200_000)))
    content = bytearray(path.read_bytes())
    content[100_000] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="damaged"):
        unpacked(path, into)


# No hour in the packed one: a test's name is made of it, and both processes must find the same.
@pytest.mark.parametrize(
    "content", [b"", b"<html>Sign in</html>", gzip.compress(b"x" * 5000, mtime=0)]
)
def test_something_else_is_refused(tmp_path, into, content):
    path = tmp_path / "page.tgz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="no archive at all"):
        unpacked(path, into)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(reserve_bytes=0, entries=2),
        Limits(reserve_bytes=0, member_bytes=1_500_000),
        Limits(reserve_bytes=0, total_bytes=3_000_000),
    ],
)
def test_too_much_is_refused(packed, into, limits):
    zeros = bytes(2 * 10**6)  # packs to 2 kB
    path = packed(("a/1.jpg", zeros), ("b/1.jpg", zeros), ("c/1.jpg", zeros))
    assert len(unpacked(path, into)) == 3
    with pytest.raises(ArchiveError, match="more than pictures could need"):
        unpacked(path, into.with_name("again"), limits)


def test_a_header_that_claims_gigabytes_takes_no_memory(tmp_path, into):
    """The extended header is read whole by Python's own module."""
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.XHDTYPE, 3 * 10**9
    path = tmp_path / "evil.tgz"
    path.write_bytes(gzip.compress(member.tobuf() + bytes(10**6)))
    with pytest.raises(ArchiveError, match="more than pictures could need"):
        unpacked(path, into)


def test_the_disk_s_reserve_stays_free(packed, into, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(tarball.shutil, "disk_usage", lambda _: usage(9, 9, 1_000_000_002))
    with pytest.raises(DiskFull):
        unpacked(packed(("a/1.jpg", b"three")), into, Limits())
