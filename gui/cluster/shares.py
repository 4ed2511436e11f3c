"""The frozen part of a training, shared out over the computers of a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from queue import Empty, SimpleQueue

from distributed import CancelledError, Client, Future, KilledWorker

from gui.cluster import host, storage
from gui.cluster.asker import unreachable
from gui.core.errors import RunError, WorkerError
from gui.core.runs import Run
from gui.engine import shares
from gui.engine.features import Features, Progress
from gui.engine.passes import Pass
from gui.words import mark

_LOOK_S = 0.5  # between two looks at whether someone said stop


class Shares:
    """Has the passes done on all computers; one that is lost leaves its share to another."""

    def __init__(self, scheduler: str, where: str, name: str) -> None:
        """Connect when there is something to do, or when told to.

        Args:
            scheduler: Its address.
            where: The address of the bucket that runs come in; "" for folders that all see.
            name: Of the ``host.Host`` that every computer has.
        """
        self._scheduler, self._where, self._name = scheduler, where, name

    def __call__(
        self, run: Run, features: Features, passes: Sequence[Pass], progress: Progress, /
    ) -> None:
        """Do them all; see ``engine.computing.Compute``.

        Raises:
            RunError: When a share ended one computer after another.
            FreezepointError: What another computer says went wrong.
        """
        divided = shares.divide(passes)
        if len(divided) < 2 or len(self._client.scheduler_info(n_workers=-1)["workers"]) < 2:
            features.compute(passes, progress)
            return
        features.make_room()
        done: SimpleQueue[Future] = SimpleQueue()
        with self._asked(run, divided, done) as asked:
            while asked:
                share = _next(done, progress)
                _unpack(share)
                # Nobody holds it any more. Dask would have it done again, were its computer lost.
                progress(asked.pop(share))
                del share
        storage.fetch_features(self._where, run)

    def connect(self) -> None:
        """Connect before anyone waits for it; where that fails it is tried again when it counts."""
        with suppress(WorkerError):
            _ = self._client

    @cached_property
    def _client(self) -> Client:
        try:
            return Client(self._scheduler, name="freezepoint-shares", set_as_default=False)
        except OSError as error:
            raise unreachable() from error

    @contextmanager
    def _asked(
        self, run: Run, divided: Sequence[Sequence[Pass]], done: "SimpleQueue[Future]"
    ) -> Iterator[dict[Future, int]]:
        """Tasks, each with its number of passes; what isn't begun when it breaks off never is.

        Those that are seen to be done are taken out.
        """
        client = self._client
        asked = {
            client.submit(
                host.answer,
                self._name,
                "frozen",
                {"do": "compute", "run": str(run.path), "passes": shares.to_json(share)},
                pure=False,
            ): len(share)
            for share in divided
        }
        for each in asked:
            each.add_done_callback(done.put)
        try:
            yield asked
        finally:
            client.cancel(list(asked))


def _next(done: "SimpleQueue[Future]", progress: Progress) -> Future:
    """The next that is done; whether someone said stop is looked at meanwhile."""
    while True:
        try:
            return done.get(timeout=_LOOK_S)
        except Empty:
            progress(0)


def _unpack(done: Future) -> None:
    try:
        done.result().unpacked()
    except KilledWorker as error:
        raise RunError(
            mark("The same pictures ended one computer of the cluster after another."),
            mark("Look into the logs of the computers, then press “Go on”."),
        ) from error
    except (CancelledError, OSError) as error:
        raise unreachable() from error
