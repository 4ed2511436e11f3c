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
from typing import Final

from distributed import Client, Scheduler

from gui.cluster import host
from gui.cluster.asker import Asker, key, look_after, understood
from gui.cluster.bucket import Bucket
from gui.cluster.copies import opened_at
from gui.cluster.host import Host
from gui.core.errors import DiskFull, FreezepointError, RunError, SettingError
from gui.core.executor import Ask, Worker
from gui.core.runs import Run
from gui.words import mark

_CONNECT_S: Final = 15.0
_FRESH_S: Final = 5.0


class Cluster:
    """What trains on the computers that a Dask scheduler knows."""

    fixed = False
    remembered = "computers.json"

    def __init__(self, scheduler: str, where: str = "", weights: Path | None = None) -> None:
        """Connect.

        Args:
            scheduler: Its address, "tcp://computer:8786".
            where: The address of a bucket; "" for a workspace that all computers see at its path.
            weights: A file with VGG16's weights that all computers see; None to look for one.

        Raises:
            SettingError: When the scheduler or the bucket can't be reached.
        """
        self._scheduler, self.where = scheduler, where
        self._plugin = Host(str(weights.resolve()) if weights else None, where)
        self.name = self._plugin.name
        self._connecting = threading.Lock()
        self._choosing = threading.Lock()
        self._taken: list[str] = []  # computers that this page has given something to
        if where:
            _check_bucket(where)
        self._client: Client | None = None
        self.client()
        self._memory_bytes: int | None = None
        self._heard_at = 0.0
        self._hearing = threading.Lock()
        self._hear()

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

    def start(self, name: str) -> Asker:
        """Somebody who has a computer of the cluster do what is asked."""
        del name
        return Asker(self)

    def measured(self, answering: Ask) -> Ask:
        """A computer of the cluster; they are taken to be alike."""
        del answering
        return Asker(self).ask

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
        if self.where:
            with suppress(RunError, DiskFull):  # the next look may reach it, or find room
                bucket = Bucket(self.where, run.id)
                if under_way:
                    look_after(bucket, run)
                elif bucket.exists:
                    self.take_back(bucket, run)
        return under_way

    def take_back(self, bucket: Bucket, run: Run) -> None:
        """Have a training that is over here again, and nowhere else.

        Raises:
            RunError: When the bucket can't be reached; what is in there stays.
        """
        bucket.bring(run)
        bucket.delete()
        with suppress(FreezepointError, OSError):  # a computer that isn't there has deleted it
            self.client().run(host.forget, self.name, run.id, on_error="ignore")

    def end(self, run: Run) -> None:
        """End a training at once, wherever it is.

        Raises:
            FreezepointError: When the scheduler can't be reached.
        """
        with understood():
            self.client().run(host.end, self.name, run.id)

    def memory_bytes(self, workers: list[Worker]) -> int | None:
        """What the computer has free that has least: as last heard, so that no page waits."""
        del workers
        if time.monotonic() - self._heard_at > _FRESH_S and not self._hearing.locked():
            threading.Thread(target=self._hear, daemon=True).start()
        return self._memory_bytes

    def _hear(self) -> None:
        with self._hearing:
            told: dict[str, int | None] = {}
            with suppress(FreezepointError, OSError):
                told = self.client().run(host.memory_bytes, self.name, on_error="ignore")
            self._memory_bytes = min((each for each in told.values() if each), default=None)
            self._heard_at = time.monotonic()

    def close(self) -> None:
        """Disconnect; what is under way goes on."""
        if self._client is not None:
            self._client.close()

    def _has_task(self, run: Run) -> bool:
        prefix = key(run)

        def look(dask_scheduler: Scheduler) -> bool:
            over = ("memory", "erred", "forgotten", "released")
            tasks = dask_scheduler.tasks.items()
            return any(
                str(name).startswith(prefix) and task.state not in over for name, task in tasks
            )

        try:
            return bool(self.client().run_on_scheduler(look))
        except (SettingError, OSError):
            return True  # as far as anybody can tell: it is asked again


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
    except Exception as error:  # each kind of storage has a library with errors of its own
        raise SettingError(
            mark("The storage at {address} can't be used ({error}).", address=where, error=error),
            mark("Check its address, that it exists, and your rights to it."),
        ) from error
