"""Has a computer of a cluster do what a worker process does here."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from distributed import CancelledError, Future, KilledWorker, fire_and_forget

from gui.cluster import host
from gui.cluster.bucket import Bucket
from gui.cluster.host import Answer
from gui.core.errors import DiskFull, FreezepointError, RunError, WorkerError
from gui.core.obituary import AT_ONCE
from gui.core.runs import Run
from gui.words import mark

if TYPE_CHECKING:
    from gui.cluster.executor import Cluster

_LOOK_S: Final = 0.05
_FOLLOW_S: Final = 1.0  # between two looks into the bucket
_KEY: Final = "freezepoint-train-"


class Asker:
    """Has a computer of the cluster do one thing after another; a worker like a process here."""

    pid = 0

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster
        self._under_way: tuple[Run, Future] | None = None
        self._closed = self._left = False

    @property
    def alive(self) -> bool:
        """Whether it can be asked: Dask finds another computer for one that is lost."""
        return not self._closed

    def ask(self, do: str, *, run: str = "", ready: bool = False) -> list[Any]:
        """Have a request answered; see ``core.executor.Worker``.

        Raises:
            FreezepointError: What the computer says went wrong.
            WorkerError: When no computer could bring it to an end.
        """
        about = Run(Path(run)) if run else None
        asked = {"do": do, "ready": ready, **({"run": run} if run else {})}
        with self._at_hand(about) as bucket, understood(self), self._cluster.chosen() as computer:
            future = self._cluster.client().submit(
                host.answer,
                self._cluster.name,
                "training",
                asked,
                workers=computer or None,
                allow_other_workers=True,  # when this one is lost
                resources=host.TRAINING,
                key=f"{key(about) if about else 'freezepoint-'}{secrets.token_hex(4)}",
                pure=False,
            )
            if about:
                self._under_way = about, future
                fire_and_forget(future)  # it outlives the page
            try:
                return self._wait(future, about, bucket).unpacked()
            finally:
                self._under_way = None

    def end(self) -> None:
        """End what it is at, at once."""
        self._closed = True
        if self._under_way:
            run, future = self._under_way
            self._cluster.end(run)
            future.cancel(force=True)  # also one that no computer has begun yet

    def leave(self) -> None:
        """Let it go on: the cluster does, without anybody who waits for it."""
        self._left = True

    @contextmanager
    def _at_hand(self, run: Run | None) -> Iterator[Bucket | None]:
        """Have the run where the computers find it, and back afterwards."""
        if run is None or not self._cluster.where:
            yield None
            return
        bucket = Bucket(self._cluster.where, run.id)
        bucket.send(run)
        try:
            yield bucket
        finally:
            if not self._left:
                self._cluster.take_back(bucket, run)

    def _wait(self, future: Future, run: Run | None, bucket: Bucket | None) -> Answer:
        looked_at = time.monotonic()
        while not future.done():
            time.sleep(_LOOK_S)
            if run and bucket and time.monotonic() - looked_at > _FOLLOW_S:
                with suppress(RunError, DiskFull):  # the next look may reach it, or find room
                    look_after(bucket, run)
                looked_at = time.monotonic()
        answer: Answer = future.result()
        return answer


def look_after(bucket: Bucket, run: Run) -> None:
    """Pass a wish to stop on, and have here what was told meanwhile.

    Raises:
        RunError: When the bucket can't be reached.
    """
    if run.stop_requested:
        bucket.ask_to_stop()
    bucket.follow(run)


@contextmanager
def understood(asker: Asker | None = None) -> Iterator[None]:
    """Turn what goes wrong in Dask into a message.

    Raises:
        WorkerError: With what happened, and what to do.
    """
    try:
        yield
    except FreezepointError:
        raise
    except KilledWorker as error:
        raise WorkerError(
            mark("This training ended one computer of the cluster after another."),
            mark("Choose smaller pictures or the compact head, then press “Go on”."),
        ) from error
    except (CancelledError, OSError) as error:
        if asker and not asker.alive:
            raise WorkerError(*AT_ONCE) from error
        raise unreachable() from error
    except Exception as error:  # whatever a computer raised that isn't a message already
        kind = type(error).__name__
        raise WorkerError(
            mark("A computer of the cluster knows no Freezepoint, or another ({kind}).", kind=kind),
            mark(
                "Start the scheduler and every “dask worker” in the folder of the same Freezepoint."
            ),
        ) from error


def unreachable() -> WorkerError:
    """What is told where the scheduler was there and isn't any more."""
    return WorkerError(
        mark("The scheduler of the cluster can't be reached any more."),
        mark("Press “Go on” when it is there again."),
    )


def key(run: Run) -> str:
    """How the names of a run's tasks begin."""
    return f"{_KEY}{run.id}-"
