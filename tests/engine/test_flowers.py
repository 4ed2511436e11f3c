"""Keras's own download against a server on this computer, and the worker that does it."""

import socket
import threading
import time

import pytest

from gui.core.archive import Limits
from gui.core.errors import ArchiveError, DiskFull, DownloadError, StoppedEarly
from gui.core.flowers import CLASSES, Flowers
from gui.core.jobs import Jobs
from gui.core.workspace import Workspace, new_token
from gui.engine import flowers
from tests.flower_archive import LICENCE, members, pack, serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("served")
    pack(made / "flower_photos.tgz", members(25))
    pack(made / "other.tgz", members(2, CLASSES[:3]))
    whole = (made / "flower_photos.tgz").read_bytes()
    (made / "cut.tgz").write_bytes(whole[: len(whole) // 2])
    (made / "page.tgz").write_text("<html>Please sign in to the wireless network</html>")
    return made


@pytest.fixture
def server(folder):
    with serving(folder) as running:
        yield running


@pytest.fixture
def place(tmp_path):
    """``place.bring(address)``; ``place.told`` is what was told, ``place.kept`` where they go."""

    class Place:
        kept, stop, told = tmp_path / "flowers", tmp_path / "stop", []

        def bring(self, address):
            flowers.bring(address, self.kept, self.stop, lambda *each: self.told.append(each))

        @property
        def left(self):
            return sorted(path.name for path in tmp_path.iterdir())

    return Place()


def test_they_come_once_and_stay(server, folder, place):
    server.pause_s = 0.005  # Keras tells how far it is twenty times a second
    place.bring(server.address("flower_photos.tgz"))
    size = (folder / "flower_photos.tgz").stat().st_size
    done = {phase: [each[0] for each in place.told if each[2] == phase] for phase in
            ("download", "unpack")}  # fmt: skip
    for phase, steps in done.items():
        assert steps == sorted(steps), phase
        assert len(set(steps)) > 3
    assert {each[1] for each in place.told} == {size}
    assert done["download"][-1] == done["unpack"][-1] == size
    assert place.left == ["flowers"]
    assert len(list(place.kept.iterdir())) == 127
    assert server.asked == ["/flower_photos.tgz"]

    place.told.clear()
    place.bring(server.address("flower_photos.tgz"))
    assert (server.asked, place.told) == (["/flower_photos.tgz"], [])


def test_what_a_killed_process_left_is_no_obstacle(server, place):
    for half in (place.kept, place.kept.with_name(".flowers.part")):
        half.mkdir()
        (half / "flowers.tgz").write_bytes(b"half")
    place.bring(server.address("flower_photos.tgz"))
    assert place.left == ["flowers"]
    assert len(list(place.kept.iterdir())) == 127


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("other.tgz", "What was downloaded isn't the flowers: five folders of JPEGs"),
        ("cut.tgz", "The archive is damaged, cut off, or no archive at all."),
        ("page.tgz", "The archive is damaged, cut off, or no archive at all."),
    ],
)
def test_a_wrong_archive_is_refused_and_nothing_stays(server, place, name, what):
    with pytest.raises(ArchiveError) as caught:
        place.bring(server.address(name))
    assert caught.value.what.startswith(what)
    assert caught.value.hint.split()[0] == "Try"
    assert place.left == []


def test_a_download_that_breaks_off_is_told(server, place):
    server.promise = 10_000
    with pytest.raises(DownloadError) as caught:
        place.bring(server.address("flower_photos.tgz"))
    assert caught.value.what.startswith("The flowers can't be downloaded from 127.0.0.1 (retrieval")
    assert place.left == []


def test_without_a_network_one_sentence_names_a_remedy(place):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(DownloadError) as caught:
        place.bring(f"http://127.0.0.1:{port}/flower_photos.tgz")
    assert caught.value.what == (
        "The flowers can't be downloaded from 127.0.0.1 ([Errno 111] Connection refused)."
    )
    assert caught.value.hint == (
        "Connect this computer to the internet and try again, or use the sample pictures, which "
        "need none."
    )
    assert place.left == []


def test_a_file_that_is_not_there_is_told(server, place):
    with pytest.raises(DownloadError, match=r"from 127\.0\.0\.1 \(Not Found\)"):
        place.bring(server.address("gone.tgz"))


def test_a_server_that_falls_silent_is_given_up(place, monkeypatch):
    monkeypatch.setattr(flowers, "_SILENCE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(DownloadError, match="timed out"):
            place.bring(f"http://127.0.0.1:{port}/flower_photos.tgz")
    assert socket.getdefaulttimeout() is None


def test_a_far_larger_file_is_refused_before_it_is_here(server, place, monkeypatch):
    monkeypatch.setattr(flowers, "_LIMITS", Limits(total_bytes=10_000, reserve_bytes=0))
    with pytest.raises(DownloadError, match="far larger than the flowers are"):
        place.bring(server.address("flower_photos.tgz"))
    assert place.left == []


def test_the_disk_s_reserve_stays_free(server, place, monkeypatch):
    monkeypatch.setattr(flowers, "_LIMITS", Limits(reserve_bytes=10**18))
    with pytest.raises(DiskFull):
        place.bring(server.address("flower_photos.tgz"))
    assert place.left == []


def test_it_stops_in_the_middle_of_the_download(server, place):
    server.pause_s = 0.05  # five seconds in all
    begun = time.monotonic()
    threading.Timer(0.5, place.stop.touch).start()
    with pytest.raises(StoppedEarly):
        place.bring(server.address("flower_photos.tgz"))
    assert time.monotonic() - begun < 3
    assert place.told[-1][0] < place.told[-1][1]
    assert place.left == ["stop"]


def test_a_person_has_them_by_way_of_the_worker(server, tmp_path):
    """The whole way: a process of its own, its words, a second time without the server."""
    workspace = Workspace(tmp_path / "work")
    owner, told = workspace.owner(new_token()), []
    jobs = Jobs(workspace.logs, None, 1, time.time)
    try:
        missing = Flowers(jobs.downloads, server.address("gone.tgz"), workspace.root / "none")
        with pytest.raises(Exception, match=r"from 127\.0\.0\.1 \(Not Found\)"):
            missing.open(owner, 20, lambda *_: None)
        address = server.address("flower_photos.tgz")
        known = Flowers(jobs.downloads, address, workspace.root / "flowers")
        for _ in range(2):
            known.open(owner, 20, lambda *each: told.append(each))
            assert sum(len(each.pictures) for each in owner.open_dataset.classes) == 100
        assert list(dict.fromkeys(each[2] for each in told)) == ["download", "unpack", "read"]
        assert known.licence == LICENCE
        assert server.asked == ["/gone.tgz", "/flower_photos.tgz"]
        log = (workspace.logs / "downloads.log").read_text()
        assert "Traceback" not in log
    finally:
        jobs.close()
