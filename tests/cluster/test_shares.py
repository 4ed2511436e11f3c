"""Shares of the frozen part on a real scheduler, whose computers are threads of this process."""

import time
from collections import Counter
from pathlib import Path

import pytest
from distributed import LocalCluster, get_worker

from gui.cluster.host import Answer, Host
from gui.cluster.shares import Shares
from gui.core.errors import FreezepointError
from gui.core.runs import Run
from gui.engine import network
from gui.engine import shares as engine_shares
from gui.engine.computing import Stopped
from tests.engine.conftest import (  # noqa: F401 - fixtures
    _threads,
    photos,
    prepare,
    weights,
)
from tests.engine.test_shares import begun


@pytest.fixture
def shares(weights, monkeypatch):  # noqa: F811
    """What has the passes done by two computers, and how many each has done."""
    done, trouble = Counter(), []
    opened = network.open_network(weights.arrays)

    async def setup(self, worker) -> None:
        del self, worker

    def teardown(self, worker) -> None:
        del self, worker

    def answer(self, kind, request) -> Answer:
        del self
        assert (kind, request["do"]) == ("frozen", "compute")
        if trouble:
            return Answer((), "It is lost.", "Look for it.", "RunError")
        time.sleep(0.2)
        run = Run(Path(request["run"]))
        count = engine_shares.compute(run, weights, lambda: opened, request["passes"])
        done[get_worker().address] += count
        return Answer((count,))

    monkeypatch.setattr(Host, "setup", setup)
    monkeypatch.setattr(Host, "teardown", teardown)
    monkeypatch.setattr(Host, "answer", answer)
    monkeypatch.setattr(engine_shares, "_SMALLEST", 10)
    host = Host(None, "")
    cluster = LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        protocol="tcp://",
        silence_logs=50,
    )
    with cluster, cluster.get_client() as client:
        client.register_plugin(host)
        made = Shares(cluster.scheduler_address, "", host.name)
        made.done, made.trouble, made.cluster = done, trouble, cluster
        yield made
        made._client.close()


def test_every_computer_does_some_and_progress_is_told(prepare, weights, shares) -> None:  # noqa: F811
    told = []

    def compute(run, features, passes, progress) -> None:
        shares(run, features, passes, lambda count: (told.append(count), progress(count)))

    job = begun(prepare(views=2), weights, compute)
    expected = 2 * len(job.train.pictures) + len(job.validation.pictures)
    assert sum(told) == sum(shares.done.values()) == expected
    assert len(shares.done) == 2
    assert min(shares.done.values()) > expected / 4
    assert not job.features.missing([(each, 1) for each in job.train.pictures], ["head"])


def test_a_stop_leaves_the_rest_undone(prepare, weights, shares) -> None:  # noqa: F811
    run = prepare(views=3)
    calls = []

    def compute(run, features, passes, progress) -> None:
        def count(amount) -> None:
            calls.append(amount)
            run.request_stop()
            progress(amount)

        shares(run, features, passes, count)

    with pytest.raises(Stopped):
        begun(run, weights, compute)
    assert len(calls) == 1
    time.sleep(1)
    assert sum(shares.done.values()) < 50


def test_what_a_lost_computer_has_done_stays_done(prepare, weights, shares) -> None:  # noqa: F811
    told = []

    def compute(run, features, passes, progress) -> None:
        def count(amount) -> None:
            told.append(amount)
            if sum(told) >= 60 and len(shares.cluster.workers) == 2:
                lost = shares.cluster.workers.pop(1)
                assert shares.done[lost.address] >= 20
                shares.cluster.sync(lost.close)
            progress(amount)

        shares(run, features, passes, count)

    job = begun(prepare(views=4, epochs=4), weights, compute)
    expected = 4 * len(job.train.pictures) + len(job.validation.pictures)
    assert len(shares.cluster.workers) == 1
    assert sum(told) == expected
    assert sum(shares.done.values()) <= expected + 10  # the share that it was at


def test_what_went_wrong_elsewhere_is_told_here(prepare, weights, shares) -> None:  # noqa: F811
    shares.trouble.append(True)
    with pytest.raises(FreezepointError) as caught:
        begun(prepare(), weights, shares)
    assert (caught.value.what, caught.value.hint) == ("It is lost.", "Look for it.")


def test_a_few_pictures_are_not_worth_the_way(prepare, weights, shares, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr(engine_shares, "_SMALLEST", 1000)
    begun(prepare(), weights, shares)
    assert not shares.done
