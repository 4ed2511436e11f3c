"""A cluster whose processes only play, and a desk with runs."""

import time
from pathlib import Path

import pytest

from gui.cluster.executor import Cluster
from gui.core import orphans, processes
from gui.core.jobs import Jobs
from tests.cluster.computers import Computers
from tests.core.players import FAKE, ROOT, Desk

PLAYED = str(Path(__file__).with_name("played.py"))


ENDS = "from gui.cluster import orphaned\norphaned.end_with_parent()\n"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A program whose processes only play."""
    root = tmp_path_factory.mktemp("played")
    for name, content in (("engine", FAKE), ("cluster", ENDS + FAKE)):
        package = root / "gui" / name
        package.mkdir(parents=True)
        inside = [str(package), str(ROOT / "gui" / name)]
        (package / "__init__.py").write_text(f"__path__ = {inside!r}")
        (package / "worker.py").write_text(content)
    inside = [str(root / "gui"), str(ROOT / "gui")]
    (root / "gui" / "__init__.py").write_text(f"__path__ = {inside!r}")
    return root


@pytest.fixture(scope="module")
def computers(played, tmp_path_factory, port):
    """A cluster of two computers."""
    made = Computers(tmp_path_factory.mktemp("cluster"), port(), FREEZEPOINT_PLAYED=str(played))
    with made:
        made.open()
        for _ in range(2):
            made.join("--preload", PLAYED)
        made.wait_for(2)
        yield made


@pytest.fixture
def desk(tmp_path, played, monkeypatch):
    """Makes runs; what the page's own computer answers is played, too."""
    monkeypatch.setattr(processes, "_ROOT", played)
    monkeypatch.setattr(orphans, "_WATCH_S", 0.05)
    made = Desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(desk, computers):
    """``opened(where, known)``: jobs on the cluster."""

    def begin(where="", known=()):
        cluster = Cluster(computers.address, where)
        jobs = Jobs(desk.folder / "logs", None, 1, time.time, 0, cluster)
        desk.opened.append(jobs)
        jobs.open(known)
        return jobs

    return begin
