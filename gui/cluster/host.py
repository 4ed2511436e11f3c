"""What a computer of the cluster does, inside of its ``dask worker``.

It keeps two processes ready: one trains, one does shares of frozen parts, also for trainings on
other computers. Dask itself never loads TensorFlow: a process that crashes, runs out of memory or
is ended takes nothing with it, and says so as on the page's own computer.
"""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from distributed import Worker, WorkerPlugin, get_worker, secede

from gui.cluster import storage
from gui.core import machine
from gui.core.errors import FreezepointError, OutOfMemory, RunError, WorkerError
from gui.core.processes import WorkerProcess
from gui.core.runs import Run
from gui.words import mark

Kind = Literal["training", "frozen"]

# One training at a time: it uses all the processors that there are. Dask counts them.
TRAINING: Final = {"FREEZEPOINT_TRAINING": 1}
_KINDS_OF_WORK: Final[tuple[Kind, ...]] = ("training", "frozen")
# Dask looks a hundred times a second at what its threads do, here waiting: 3 % of a core.
_PROFILES: Final = ("profile", "profile-cycle")
_WEARS_OUT: Final = ("train", "calibrate")  # a process that has done it is replaced
_MODULE: Final = "gui.cluster.worker"
_FREED_S: Final = 60.0  # a shared disk notices late that a computer which held a lock is gone
_LOOK_S: Final = 0.2
_KINDS: Final = {each.__name__: each for each in (FreezepointError, OutOfMemory, WorkerError)}


@dataclass(frozen=True)
class Answer:
    """What came of a request: parts, or what went wrong and what to do, in English."""

    parts: tuple[Any, ...] = ()
    what: str = ""
    hint: str = ""
    kind: str = ""

    def unpacked(self) -> list[Any]:
        """The parts.

        Raises:
            FreezepointError: What went wrong.
        """
        if self.kind:
            error = _KINDS.get(self.kind, FreezepointError)(self.what, self.hint)
            error.kind = self.kind
            raise error
        return list(self.parts)


class Host(WorkerPlugin):  # type: ignore[misc]  # distributed is not typed
    """Sets a computer up when it joins, or when the page does.

    Attributes:
        name: Tells pages apart that want it set up differently.
    """

    idempotent = True  # a page that is started again changes nothing

    def __init__(self, weights: str | None, where: str) -> None:
        """Say what every computer needs to know.

        Args:
            weights: A file with VGG16's weights, the same on each; None to have each look for one.
            where: The address of the bucket that runs come in; "" for folders that all see.
        """
        self._given_weights, self._where = weights, where
        wanted = json.dumps([weights, where]).encode()
        self.name = f"freezepoint-{hashlib.sha256(wanted).hexdigest()[:12]}"

    async def setup(self, worker: Worker) -> None:
        """Have one place for a training, and make the processes ready before anyone asks."""
        self._scheduler = str(worker.scheduler.address)
        self._folder = Path(worker.local_directory) / self.name
        self._turns = {kind: threading.Lock() for kind in _KINDS_OF_WORK}
        self._choosing = threading.Lock()
        self._processes: dict[Kind, WorkerProcess] = {}
        self._asked: dict[Kind, str] = {}
        self._told: tuple[WorkerProcess, list[Any]] | None = None  # of the one that trains
        self._ended = False
        for name in _PROFILES:
            if callback := worker.periodic_callbacks.pop(name, None):  # else it starts them again
                callback.stop()
        await worker.set_resources(**TRAINING)
        for kind in _KINDS_OF_WORK:
            threading.Thread(target=self._warm, args=(kind,), daemon=True).start()

    def teardown(self, worker: Worker) -> None:
        """End the processes; a training goes on elsewhere."""
        del worker
        with self._choosing:
            self._ended = True
        for process in self._processes.values():
            process.end()

    def answer(self, kind: Kind, request: Mapping[str, Any]) -> Answer:
        """Have a request answered; its "run" is where the folder is on the page's computer."""
        try:
            with self._turns[kind]:
                return Answer(tuple(self._ask(kind, dict(request))))
        except FreezepointError as error:
            return Answer((), error.what, error.hint, error.kind)
        finally:
            if request["do"] in _WEARS_OUT and not self._ended:
                threading.Thread(target=self._renew, daemon=True).start()

    def end(self, run_id: str) -> None:
        """End a training at once, if this computer is at it."""
        if self._asked.get("training") == run_id:
            threading.Thread(target=self._processes["training"].end, daemon=True).start()

    def forget(self, run_id: str) -> None:
        """Leave nothing here of a training that is over."""
        storage.forget(run_id, self._folder)

    @property
    def memory_bytes(self) -> int | None:
        """What is free here, and what the process that trains has already."""
        free, process = machine.free_memory_bytes(), self._processes.get("training")
        return free and free + (machine.resident_bytes(process.pid) if process else 0)

    def _ask(self, kind: Kind, request: dict[str, Any]) -> list[Any]:
        process = self._living(kind)
        if kind == "training" and request["do"] == "hello":
            return self._greeted(process)
        if "run" not in request:
            return process.ask(**request)
        path = Path(request["run"])
        self._asked[kind] = path.name
        try:
            with storage.opened(self._where, path, self._folder, request, process.end) as place:
                if kind == "training":
                    _wait_until_free(place.run)
                told = process.ask(**{**request, "run": str(place.run.path)})
                place.keep()
                return told
        finally:
            self._asked.pop(kind, None)

    def _greeted(self, process: WorkerProcess) -> list[Any]:
        """What a process says of itself; it is asked once."""
        if self._told is None or self._told[0] is not process:
            self._told = process, process.ask("hello", ready=True)
        return self._told[1]

    def _renew(self) -> None:
        """Have a new process for the next training, as on the page's computer, and ready."""
        with self._turns["training"]:
            self._processes["training"].end()
        self._warm("training")

    def _living(self, kind: Kind) -> WorkerProcess:
        with self._choosing:
            if self._ended:
                raise WorkerError(
                    mark("This computer has left the cluster."), mark("Press “Go on”.")
                )
            process = self._processes.get(kind)
            if process is None or not process.alive:
                if process:
                    process.end()  # what it has left lying goes
                weights = Path(self._given_weights) if self._given_weights else None
                start = (_MODULE, kind, self._scheduler, self._where, self.name)
                log = self._folder / f"{kind}.log"
                process = self._processes[kind] = WorkerProcess(log, weights, start)
            return process

    def _warm(self, kind: Kind) -> None:
        self.answer(kind, {"do": "hello", "ready": True})


def answer(name: str, kind: Kind, request: Mapping[str, Any]) -> Answer:
    """A task: have this computer answer. While it trains, shares can be done here, too."""
    host: Host = get_worker().plugins[name]
    if request["do"] == "train":
        secede()
    return host.answer(kind, request)


def end(name: str, run_id: str, dask_worker: Worker) -> None:
    """Have a computer end a training at once, if it is at it."""
    dask_worker.plugins[name].end(run_id)


def forget(name: str, run_id: str, dask_worker: Worker) -> None:
    """Have a computer leave nothing of a training that is over."""
    dask_worker.plugins[name].forget(run_id)


def memory_bytes(name: str, dask_worker: Worker) -> int | None:
    """What a training could have on a computer."""
    host: Host = dask_worker.plugins[name]
    return host.memory_bytes


def _wait_until_free(run: Run) -> None:
    """Wait until a computer that was lost isn't at it any more.

    Raises:
        RunError: When it still is.
    """
    until = time.monotonic() + _FREED_S
    while run.worked_on:
        if time.monotonic() > until:
            raise RunError(
                mark("Another computer is still at this training."),
                mark("Wait a minute, then press “Go on”."),
            )
        time.sleep(_LOOK_S)
