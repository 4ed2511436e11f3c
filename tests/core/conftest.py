"""What several tests of core share: a site with a visitor, workers that only play, a full disk."""

import errno
import os
import shutil

import pytest
from PIL import Image

from gui.core import files, orphans, processes
from gui.core.jobs import Jobs
from gui.core.site import Site
from gui.core.workspace import Workspace, new_token
from tests.core.players import FAKE, ROOT, Desk
from tests.core.run_folders import made
from tests.core.visitors import Sender, draw


@pytest.fixture
def space(tmp_path):
    return Workspace(tmp_path / "work")


@pytest.fixture
def site(tmp_path, space):
    """A site whose jobs are real, but never opened: what is queued stays queued."""
    samples = tmp_path / "samples"
    for number, rel in enumerate(["fern/1.jpg", "fern/2.jpg", "moss/1.jpg", "moss/2.jpg"], 200):
        draw(samples / rel, number - 150)
    (samples / "LICENSE").write_text("mine")
    times = iter(range(100, 1000))
    jobs = Jobs(space.logs, None, 1, lambda: 7.0)
    return Site(space, jobs, samples, lambda: float(next(times)))


@pytest.fixture
def send(site):
    return Sender(site.workspace.uploads)


@pytest.fixture
def owner(space):
    return space.owner(new_token())


@pytest.fixture
def full(monkeypatch):
    """``full(n)``: from now on ``n`` more files are whole, then the disk is full."""

    def begin(whole=0):
        left, fsync, link, copyfile = [whole], os.fsync, os.link, shutil.copyfile

        def spend():
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

        def sync(descriptor):
            spend()
            fsync(descriptor)

        def make_link(source, target):
            spend()
            link(source, target)

        def copy(source, target):
            copyfile(source, target)
            spend()

        monkeypatch.setattr(files.os, "fsync", sync)
        monkeypatch.setattr(os, "link", make_link)
        monkeypatch.setattr(shutil, "copyfile", copy)

    begin.over = monkeypatch.undo
    return begin


@pytest.fixture
def desk(tmp_path, monkeypatch):
    package = tmp_path / "root" / "gui" / "engine"
    package.mkdir(parents=True)
    real = ROOT / "gui"
    (package.parent / "__init__.py").write_text(
        f"__path__ = [{str(package.parent)!r}, {str(real)!r}]"
    )
    (package / "__init__.py").touch()
    (package / "worker.py").write_text(FAKE)
    monkeypatch.setattr(processes, "_ROOT", tmp_path / "root")
    monkeypatch.setattr(orphans, "_WATCH_S", 0.05)
    made = Desk(tmp_path)
    made.engine = package
    yield made
    made.close()
    assert made.alive() == []


@pytest.fixture
def folder(tmp_path):
    """A folder to put pictures in: ``put("cats/1.jpg")``; each has bytes of its own."""
    root, numbers = tmp_path / "given", iter(range(1, 1000))

    def put(*rels, like=None):
        for rel in rels:
            path = root / rel
            path.parent.mkdir(parents=True, exist_ok=True)
            if like is not None:
                path.write_bytes(like if isinstance(like, bytes) else (root / like).read_bytes())
                continue
            number = next(numbers)
            with path.open("wb") as file:
                kind = {".png": "PNG", ".gif": "GIF"}.get(path.suffix.lower(), "JPEG")
                Image.new("RGB", (9, number)).save(file, kind)
        return root

    root.mkdir()
    put.root = root
    return put


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "owner" / "datasets" / "1" / "pictures"
    folder.mkdir(parents=True)
    (folder / "000000").write_bytes(b"cat")
    return folder


@pytest.fixture
def run(tmp_path, pictures):
    return made(tmp_path / "owner" / "runs" / "first", pictures)
