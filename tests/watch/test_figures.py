"""The figures as Prometheus reads them: its own parser, over HTTP."""

import logging
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator

import httpx
import pytest

from gui.core import notices
from gui.core.errors import RunError
from gui.core.events import Epoch, Queued, Started, to_line
from gui.core.notices import Departed, Expired, SignInRefused, Swept
from gui.core.workspace import Workspace
from tests.core.players import settle, wait_until

pytest.importorskip("prometheus_client")
from prometheus_client.parser import text_string_to_metric_families

from gui.watch.figures import Figures
from gui.watch.meter import Meter
from gui.watch.serving import serve

Look = Callable[..., float]
LABELS = {"phase", "state", "error", "reason", "worker", "result", "why", "version"}


@pytest.fixture
def watched(desk, port, tmp_path) -> Iterator[tuple[object, Look, int]]:
    """Jobs with playing workers, a look at one figure of theirs, and the port."""
    jobs, number = desk.jobs(), port()
    logger = logging.getLogger(notices.LOGGER)
    before = logger.handlers[:], logger.level
    shut = serve(Figures(Workspace(tmp_path), jobs), number)

    http = httpx.Client(verify=False)

    def look(name: str, **labels: str) -> float:
        told = http.get(f"http://127.0.0.1:{number}/metrics").raise_for_status().text
        (found,) = (
            sample.value
            for family in text_string_to_metric_families(told)
            for sample in family.samples
            if sample.name == f"freezepoint_{name}" and sample.labels == labels
        )
        return found

    yield jobs, look, number
    http.close()
    shut()
    logger.handlers[:], level = before
    logger.setLevel(level)


def test_trainings_are_seen_waiting_running_and_over(desk, watched) -> None:
    jobs, look, _ = watched
    first, second = desk.run("a", 400), desk.run("b", 3)
    jobs.train(first, 400)
    jobs.train(second, 3)
    assert (look("queue_length"), look("jobs", state="running")) == (2, 0)
    jobs.open()
    settle(first, "running")
    wait_until(lambda: len(first.history.epochs) > 2)
    assert (look("queue_length"), look("jobs", state="waiting")) == (1, 1)
    assert (look("jobs", state="running"), look("places")) == (1, 1)
    seen, told = look("pictures_total", phase="head"), len(first.history.epochs)
    assert 0 < seen <= 2 * told  # while it runs: two pictures an epoch
    jobs.stop(first)
    settle(second, "finished")
    wait_until(lambda: look("jobs", state="running") == 0)
    assert look("jobs_ended_total", state="stopped") == 1
    assert look("jobs_ended_total", state="finished") == 1
    epochs = len(first.history.epochs) + len(second.history.epochs)
    assert look("pictures_total", phase="head") == 2 * epochs
    spent = sum(run.history.last_at - run.history.started.at for run in (first, second))
    assert look("phase_seconds_total", phase="head") == pytest.approx(spent, abs=1e-3)


def test_what_went_wrong_what_was_deleted_and_who_was_refused(desk, watched, tmp_path) -> None:
    jobs, look, _ = watched
    for notice in (
        Swept(10),
        Swept(5),
        Expired(tmp_path, 1, 1, 7),
        Departed(tmp_path, 3, 0),
        SignInRefused("wrong", "x"),
    ):
        notices.tell(notice)
    deleted = [look("deleted_bytes_total", why=why) for why in ("abandoned", "expired", "asked")]
    assert deleted == [15, 7, 3]
    assert look("sign_ins_refused_total", reason="wrong") == 1
    assert look("sign_ins_refused_total", reason="too_often") == 0
    run = desk.run("a", 400)
    jobs.open()
    jobs.train(run, 400)
    wait_until(lambda: run.history.epochs)
    os.kill(jobs.pids[0], signal.SIGKILL)
    settle(run, "failed")
    wait_until(lambda: look("jobs_ended_total", state="failed") == 1)
    assert look("job_errors_total", error="OutOfMemory") == 1
    assert look("workers_died_total", worker="worker") == 1


def test_what_prometheus_reads_and_that_nothing_else_is_there(watched) -> None:
    """Every figure has help and a name by the rules; other addresses and names aren't answered."""
    _, _, number = watched
    with httpx.Client(base_url=f"http://127.0.0.1:{number}", verify=False) as http:
        told = http.get("/metrics")
        assert [http.get(path).status_code for path in ("/", "/secret")] == [404, 404]
        assert http.post("/metrics").status_code == 405
        for name, status in (("evil.example", 421), (f"localhost:{number}", 200), ("[::1]:1", 421)):
            assert http.get("/metrics", headers={"Host": name}).status_code == status
    with pytest.raises(OSError, match="refused"), socket.socket() as other:
        other.connect(("127.0.0.2", number))  # this computer by another number: not even there
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    own = [
        each
        for each in text_string_to_metric_families(told.text)
        if each.name.startswith("freezepoint_")
    ]
    assert len(own) > 15
    for family in own:
        assert family.documentation
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter")
            assert set(sample.labels) <= LABELS
    disk = shutil.disk_usage(tempfile.gettempdir())
    (size,) = (each for each in own if each.name == "freezepoint_disk_size_bytes")
    assert size.samples[0].value == disk.total


def test_what_was_read_is_not_read_again(desk) -> None:
    """However long a training is: what it has told already can't be counted anew, or cost more."""
    run, meter = desk.run("a"), Meter()
    run.append(Queued(1.0, 9))
    run.append(Started(2.0, 9, "x", "y", True, 100, 2, 1))
    run.append(Epoch(3.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0))
    meter.begin(run)
    assert meter.look().pictures["head"] == 100
    told = run.path / "events.jsonl"
    told.write_bytes(b"#" * told.stat().st_size)
    line = to_line(Epoch(4.5, 2, "head", 0.5, 0.5, 0.5, 0.5, 1.0))
    with told.open("a") as file:
        file.write(line[:20])
        file.flush()
        assert meter.look().pictures["head"] == 100  # half a line isn't one yet
        file.write(line[20:])
    work = meter.look()
    assert (work.pictures["head"], work.seconds["head"]) == (200, 2.5)
    told.unlink()
    meter.end(run)
    assert meter.look() == work


@pytest.mark.parametrize(
    ("number", "why"), [(0, "1 to 65535"), (65536, "1 to 65535"), (None, "another program has it")]
)
def test_a_port_that_cannot_be_had_is_told_in_one_sentence(number, why, desk, tmp_path) -> None:
    figures = Figures(Workspace(tmp_path), desk.jobs())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1] if number is None else number
        with pytest.raises(RunError, match=f"Port {taken} .*: .*{why}") as told:
            serve(figures, taken)
    assert told.value.hint == "Try another one with --metrics."
