"""What Prometheus is told, read when it asks; names and units as it has them.

Source: https://prometheus.io/docs/practices/naming. No label names a person, a run or a class.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric

from gui import __version__
from gui.core import usage
from gui.core.jobs import Jobs
from gui.core.usage import Usage
from gui.core.workspace import Workspace
from gui.watch.counts import Counts
from gui.watch.meter import Meter
from gui.watch.work import LOOKED_AT, PHASES, RESULTS

_COUNTED_S: Final = 300.0  # what everybody keeps isn't counted more often
_PREFIX: Final = "freezepoint"


class Figures:
    """Collects every figure; ``prometheus_client`` calls it at each look.

    Args:
        workspace: Where everything is kept.
        jobs: What waits and runs.
        clock: Seconds that never go back.
    """

    def __init__(
        self, workspace: Workspace, jobs: Jobs, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._workspace, self._jobs, self._clock = workspace, jobs, clock
        self._meter = Meter()
        self._counts = Counts(self._meter)
        self._counts.listen()
        self._counting = threading.Lock()
        self._kept: tuple[float, Usage, int] | None = None

    def collect(self) -> Iterator[Metric]:
        """Every figure as it is now."""
        yield InfoMetricFamily(_PREFIX, "What runs.", value={"version": __version__})
        yield from self._trainings()
        yield from self._work()
        yield from self._disk()
        yield _counter("sign_ins_refused", "Sign-ins refused.", "reason", self._counts.refused)
        yield _counter(
            "workers_died",
            "Worker processes that ended though nobody had ended them, by what they do.",
            "worker",
            self._counts.died,
        )

    def _trainings(self) -> Iterator[Metric]:
        load = self._jobs.load
        states = {"waiting": load.waiting, "running": load.running}
        yield _gauge("queue_length", "Trainings that wait for a free place.", load.waiting)
        yield _gauge("places", "Trainings that can run at the same time.", load.places)
        yield _by("jobs", "Trainings that aren't over, by state.", "state", states)
        yield _counter(
            "jobs_ended",
            "Trainings that are over, by what became of them.",
            "state",
            self._counts.ended,
        )
        yield _counter(
            "job_errors", "Trainings that failed, by kind of error.", "error", self._counts.errors
        )

    def _work(self) -> Iterator[Metric]:
        taken = self._meter.look()
        yield _counter(
            "phase_seconds",
            "Seconds that trainings have spent, by phase.",
            "phase",
            {name: taken.seconds[name] for name in PHASES},
        )
        yield _counter(
            "pictures",
            "Pictures that trainings have read, passed through the frozen part (each view counts), "
            "learned from, or checked, by phase.",
            "phase",
            {name: taken.pictures[name] for name in LOOKED_AT},
        )
        yield _counter(
            "cache_passes",
            "Passes through the frozen part that were stored already (hit), or had to be done.",
            "result",
            {name: taken.passes[name] for name in RESULTS},
        )

    def _disk(self) -> Iterator[Metric]:
        root = self._workspace.root
        disk = shutil.disk_usage(root)
        kept, people = self._everybody()
        yield _gauge("disk_size_bytes", "Size of the disk that everything is kept on.", disk.total)
        yield _gauge("disk_free_bytes", "What is free of it.", disk.free)
        yield _gauge("kept_bytes", "What people keep, counted every five minutes.", kept.size_bytes)
        yield _gauge("kept_pictures", "Pictures that people keep, counted so.", kept.pictures)
        yield _gauge("kept_trainings", "Trainings that people keep, counted so.", kept.runs)
        yield _gauge("people", "People who keep something, counted so.", people)
        yield _counter(
            "deleted_bytes",
            "Bytes deleted: abandoned, expired, or as their owner asked.",
            "why",
            self._counts.deleted_bytes,
        )

    def _everybody(self) -> tuple[Usage, int]:
        with self._counting:
            now = self._clock()
            if self._kept is None or now - self._kept[0] >= _COUNTED_S:
                owners = self._workspace.owners
                people = len([*owners.iterdir()]) if owners.is_dir() else 0
                self._kept = now, usage.everybody(owners), people
            return self._kept[1:]


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}_{name}", told, value=value)


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"{_PREFIX}_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _counter(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    """One that only ever grows; "_total" is put behind its name."""
    family = CounterMetricFamily(f"{_PREFIX}_{name}", told, labels=[label])
    for key, value in dict(values).items():
        family.add_metric([key], value)
    return family
