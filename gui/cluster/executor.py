"""The cluster, seen from the page: an executor whose workers are tasks.

Who is next is decided here, by ``core.queue``, as it is for processes of this computer: a task is
only given to Dask when a place is free. Dask finds a computer for it, and another one when that is
lost.
"""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from distributed import CancelledError, Client, Future, KilledWorker, Scheduler, fire_and_forget

from gui.cluster import host
from gui.cluster.host import Answer, Host
from gui.cluster.storage import Bucket, opened_at
from gui.core.errors import FreezepointError, SettingError, WorkerError, disk_full
from gui.core.executor import Worker
from gui.core.processes import AT_ONCE
from gui.core.runs import Run
from gui.words import mark

_CONNECT_S: Final = 15.0
_LOOK_S: Final = 0.05
_FOLLOW_S: Final = 1.0  # between two looks into the bucket
_FRESH_S: Final = 5.0
_KEY: Final = "freezepoint-train-"


class Cluster:
    """What trains on the computers that a Dask scheduler knows."""

    fixed = False

    def __init__(self, scheduler: str, where: str = "", weights: Path | None = None) -> None:
        """Connect.

        Args:
            scheduler: Its address, "tcp://computer:8786".
            where: The address of a bucket; "" for a workspace that all computers see at its path.
            weights: A file with VGG16's weights that all computers see; None to look for one.

        Raises:
            SettingError: When the scheduler or the bucket can't be reached.
        """
        self._scheduler, self._where = scheduler, where
        self._plugin = Host(str(weights.resolve()) if weights else None, where)
        self.name = self._plugin.name
        self._connecting = threading.Lock()
        self._choosing = threading.Lock()
        self._taken: list[str] = []  # computers that this page has given something to
        self._known_memory: tuple[float, int | None] = (0.0, None)
        if where:
            _check_bucket(where)
        self._client: Client | None = None
        self.client()

    @property
    def places(self) -> int:
        """One for each computer that is there; one for those to come."""
        return max(1, self.computers)

    @property
    def computers(self) -> int:
        """How many are there; 0 when the scheduler can't be reached."""
        with suppress(SettingError, OSError):
            return len(self.client().scheduler_info(n_workers=-1)["workers"])
        return 0

    def client(self) -> Client:
        """A connection to the scheduler, made anew when it was lost.

        Raises:
            SettingError: When it can't be reached.
        """
        with self._connecting:
            if self._client is None or self._client.status in ("closed", "closing"):
                try:
                    self._client = Client(
                        self._scheduler,
                        timeout=_CONNECT_S,
                        name="freezepoint",
                        set_as_default=False,
                    )
                    self._client.register_plugin(self._plugin)
                except (OSError, ValueError) as error:
                    raise SettingError(
                        mark("No scheduler answers at {address}.", address=self._scheduler),
                        mark("Start it with: dask scheduler --port 8786"),
                    ) from error
            return self._client

    def start(self, name: str) -> "Asker":
        """Somebody who has a computer of the cluster do what is asked."""
        del name
        return Asker(self, self._where)

    @contextmanager
    def chosen(self) -> Iterator[str]:
        """The address of a computer that trains nothing, or least; "" when there is none yet.

        Dask would give two trainings to one computer and none to another, and have the second wait.
        """

        def look(dask_scheduler: Scheduler) -> dict[str, float]:
            computers = dask_scheduler.workers.values()
            return {each.address: sum(each.used_resources.values()) for each in computers}

        with self._choosing:
            used = self.client().run_on_scheduler(look)
            taken = Counter(self._taken)
            computer = min(used, key=lambda each: (max(used[each], taken[each]), each), default="")
            self._taken.append(computer)
        try:
            yield computer
        finally:
            with self._choosing:
                self._taken.remove(computer)

    def is_at(self, run: Run) -> bool:
        """Whether a task of the run isn't over yet; what has come of it is fetched."""
        under_way = run.worked_on or self._has_task(run)
        if self._where:
            bucket = Bucket(self._where, run.id)
            if under_way:
                _tell_stop(bucket, run)
                bucket.follow(run)
            elif bucket.exists:
                bucket.bring(run)
                bucket.delete()
        return under_way

    def end(self, run: Run) -> None:
        """End a training at once, wherever it is."""
        self.client().run(host.end, self.name, run.id)

    def memory_bytes(self, workers: list[Worker]) -> int | None:
        """What the computer has free that has least."""
        del workers
        known_at, known = self._known_memory
        if time.monotonic() - known_at > _FRESH_S:
            with suppress(FreezepointError, OSError):
                told = self.client().run(host.memory_bytes, self.name, on_error="ignore").values()
                known = min((each for each in told if each), default=None)
            self._known_memory = time.monotonic(), known
        return known

    def close(self) -> None:
        """Disconnect; what is under way goes on."""
        if self._client is not None:
            self._client.close()

    def _has_task(self, run: Run) -> bool:
        prefix = _key(run)

        def look(dask_scheduler: Scheduler) -> bool:
            """Sent to the scheduler as it stands here: it needs no Freezepoint."""
            over = ("memory", "erred", "forgotten", "released")
            tasks = dask_scheduler.tasks.items()
            return any(key.startswith(prefix) and task.state not in over for key, task in tasks)

        try:
            return bool(self.client().run_on_scheduler(look))
        except (SettingError, OSError):
            return True  # as far as anybody can tell: it is asked again


class Asker:
    """Has a computer of the cluster do one thing after another; a worker like a process here."""

    pid = 0

    def __init__(self, cluster: Cluster, where: str) -> None:
        self._cluster, self._where = cluster, where
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
        with self._at_hand(about) as bucket, _understood(self), self._cluster.chosen() as computer:
            future = self._cluster.client().submit(
                host.answer,
                self._cluster.name,
                "training",
                asked,
                workers=computer or None,
                allow_other_workers=True,  # when this one is lost
                resources=host.TRAINING,
                key=f"{_key(about) if about else 'freezepoint-'}{secrets.token_hex(4)}",
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
        if run is None or not self._where:
            yield None
            return
        bucket = Bucket(self._where, run.id)
        with disk_full():
            bucket.send(run)
            try:
                yield bucket
            finally:
                if not self._left:
                    bucket.bring(run)
                    bucket.delete()

    def _wait(self, future: Future, run: Run | None, bucket: Bucket | None) -> Answer:
        looked_at = time.monotonic()
        while not future.done():
            time.sleep(_LOOK_S)
            if run and bucket and time.monotonic() - looked_at > _FOLLOW_S:
                _tell_stop(bucket, run)
                with suppress(OSError):  # the next look may reach it
                    bucket.follow(run)
                looked_at = time.monotonic()
        answer: Answer = future.result()
        return answer


@contextmanager
def _understood(asker: Asker) -> Iterator[None]:
    try:
        yield
    except KilledWorker as error:
        raise WorkerError(
            mark("This training ended one computer of the cluster after another."),
            mark("Choose smaller pictures or the compact head, then press “Go on”."),
        ) from error
    except (RuntimeError, ImportError) as error:  # Dask's own, and of what is sent
        raise WorkerError(
            mark("A computer of the cluster doesn't know Freezepoint, or another version of it."),
            mark(
                "Start the scheduler and every “dask worker” in the folder of the same Freezepoint."
            ),
        ) from error
    except (CancelledError, OSError) as error:
        if not asker.alive:
            raise WorkerError(*AT_ONCE) from error
        raise WorkerError(
            mark("The scheduler of the cluster can't be reached any more."),
            mark("Press “Go on” when it is there again."),
        ) from error


def _key(run: Run) -> str:
    return f"{_KEY}{run.id}-"


def _tell_stop(bucket: Bucket, run: Run) -> None:
    if run.stop_requested:
        with suppress(OSError):
            bucket.ask_to_stop()


def _check_bucket(where: str) -> None:
    """Write and delete something in a bucket.

    Raises:
        SettingError: When that fails.
    """
    try:
        files, folder = opened_at(where)
        path = f"{folder}/freezepoint-{secrets.token_hex(4)}"
        files.pipe_file(path, b"")
        files.rm(path)
    except (OSError, ValueError, ImportError) as error:
        raise SettingError(
            mark("The storage at {address} can't be used ({error}).", address=where, error=error),
            mark("Check its address, that it exists, and your rights to it."),
        ) from error
