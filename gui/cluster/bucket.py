"""What is in a bucket of one training, as long as it is under way. See ``cluster.storage``."""

import itertools
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gui.cluster.copies import Copies, below, opened_at, reached
from gui.core import events, files, stored
from gui.core.errors import DiskFull, RunError
from gui.core.events import Failed, Finished
from gui.core.runs import Run
from gui.core.split import Labelled
from gui.words import mark

_LOOK_S = 1.0
_STAY = ("lock", "worker", "stop")  # of one computer alone
_FOR_SHARES = ("run.json", "config.json", "split.json")


class Bucket:
    """One training's part of a bucket.

    Every method raises RunError when the bucket can't be reached.
    """

    def __init__(self, where: str, run_id: str) -> None:
        with reached():
            self._files, root = opened_at(where)
        self._run_id, self._root = run_id, f"{root}/{run_id}"
        self._copies = Copies(self._files, f"{self._root}/files")
        self._attempt = secrets.token_hex(8)

    # --- On the page's computer -------------------------------------------------------------------

    @reached()
    def send(self, run: Run) -> None:
        """Put in all that a computer needs to train it; what was left of a break comes back."""
        self.bring(run)
        self.delete()
        top = _top(run)
        pictures = {run.pictures_root / each.path: None for each in _pictures(run)}
        self._copies.put(top, [*_files_of(run), *pictures])
        told = {"version": 1, "run": run.path.relative_to(top).as_posix()}
        self._files.pipe_file(f"{self._root}/manifest.json", json.dumps(told).encode())

    @reached()
    def bring(self, run: Run) -> None:
        """Have a run's folder as it is in the bucket by now; what was told here since stays."""
        remote = self._remote(run)
        told = run.path / "events.jsonl"
        here = told.read_bytes() if told.exists() else b""
        self._copies.get(self._copies.find(remote), lambda each: run.path / below(each, remote))
        there = told.read_bytes() if told.exists() else b""
        if (whole := _joined(there, here)) != there:
            files.write_bytes(told, whole)

    @reached()
    def follow(self, run: Run) -> None:
        """Have a run's events as they are by now; but that it is over only when all has come."""
        with suppress(FileNotFoundError):
            lines = self._files.cat_file(f"{self._remote(run)}/events.jsonl").splitlines(True)
            while lines and (not lines[-1].endswith(b"\n") or _ends(lines[-1])):
                lines.pop()
            told = run.path / "events.jsonl"
            if sum(map(len, lines)) > told.stat().st_size:
                files.write_bytes(told, b"".join(lines))

    @reached()
    def ask_to_stop(self) -> None:
        """Say that someone asked to stop."""
        self._files.pipe_file(f"{self._root}/stop", b"1")

    @reached()
    def delete(self) -> None:
        """Leave nothing of it."""
        with suppress(FileNotFoundError):
            self._files.rm(self._root, recursive=True)

    @property
    def exists(self) -> bool:
        """Whether there is anything of it."""
        with reached():
            return bool(self._files.exists(f"{self._root}/manifest.json"))

    # --- On a computer of the cluster -------------------------------------------------------------

    @reached()
    def fetch(self, folder: Path) -> Run:
        """Have a run here, with all its pictures, and nothing of an earlier time.

        Raises:
            RunError: When it is gone: nobody waits for it any more.
        """
        run, remote = self._located(folder)
        shutil.rmtree(run.path, ignore_errors=True)
        self._fetch_files(run, remote, self._copies.find(remote))
        self._fetch_pictures(run, _pictures(run))
        return run

    @reached()
    def fetch_share(self, folder: Path, digests: Sequence[str]) -> Run:
        """Have a run here as far as a share needs it, with the pictures of these digests.

        Raises:
            RunError: When it is gone: nobody waits for it any more.
        """
        run, remote = self._located(folder)
        self._fetch_files(run, remote, [f"{remote}/{name}" for name in _FOR_SHARES])
        wanted = set(digests)
        self._fetch_pictures(run, [each for each in _pictures(run) if each.sha256 in wanted])
        return run

    @reached()
    def fetch_features(self, run: Run) -> None:
        """Have here what is stored for a run and lacks; a segment's list comes last."""
        store, size = run.store, run.config.model.image_size
        remote = f"{self._copies.root}/{os.path.relpath(store, _top(run))}"
        there = {each: store / below(each, remote) for each in self._copies.find(remote)}
        wanted = [
            each
            for each, path in there.items()
            if stored.is_of(path.relative_to(store).parts[0], size) and not path.exists()
        ]
        for suffix in (".npy", ".json"):
            self._copies.get([each for each in wanted if each.endswith(suffix)], there.__getitem__)
        self._copies.know(there.values())

    @reached()
    def send_features(self, run: Run) -> None:
        """Put in what this computer has stored for a run; a segment's list comes last."""
        for kind in run.store.iterdir():
            if stored.is_of(kind.name, run.config.model.image_size):
                listed = [path for path in kind.rglob("*.json") if not path.name.startswith(".")]
                self._copies.put(_top(run), [each.with_suffix(".npy") for each in listed])
                self._copies.put(_top(run), listed)

    @contextmanager
    def mirrored(self, run: Run, end: Callable[[], None]) -> Iterator[None]:
        """Put in what changes of a run, and hear of a wish to stop, as long as it is worked on.

        Args:
            run: Which.
            end: Called when another computer is at it, or nobody waits for it any more.
        """
        with reached():
            self._files.pipe_file(f"{self._root}/attempt", self._attempt.encode())
        over, lost = threading.Event(), threading.Event()

        def mirror() -> None:
            while not over.wait(_LOOK_S):
                with suppress(RunError, DiskFull):  # the next look may reach it, or find room
                    if not self._is_ours():
                        lost.set()
                        end()
                        return
                    self._mirror(run)

        thread = threading.Thread(target=mirror, name="mirror", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            if not lost.is_set() and self._is_ours():
                self._mirror(run)

    @reached()
    def _mirror(self, run: Run) -> None:
        if self._files.exists(f"{self._root}/stop"):
            run.request_stop()
        self._copies.put(_top(run), _files_of(run))

    @reached()
    def _is_ours(self) -> bool:
        try:
            return bool(self._files.cat_file(f"{self._root}/attempt") == self._attempt.encode())
        except FileNotFoundError:
            return False

    def _located(self, folder: Path) -> tuple[Run, str]:
        """Where a run is to be here, in a folder of its own, and where it is in the bucket."""
        try:
            told = files.version_1(json.loads(self._files.cat_file(f"{self._root}/manifest.json")))
        except FileNotFoundError as error:
            raise RunError(
                mark("This training isn't in the storage of the cluster any more."),
                mark("Press “Go on”."),
            ) from error
        where = files.below(told["run"])
        return Run(folder / self._run_id / where), f"{self._copies.root}/{where}"

    def _fetch_files(self, run: Run, remote: str, chosen: Sequence[str]) -> None:
        self._copies.get(chosen, lambda each: run.path / below(each, remote))

    def _fetch_pictures(self, run: Run, pictures: Sequence[Labelled]) -> None:
        root = run.pictures_root
        lacking = {each.path for each in pictures if not (root / each.path).exists()}
        at = f"{self._copies.root}/{os.path.relpath(root, _top(run))}"
        self._copies.get(
            [f"{at}/{path}" for path in sorted(lacking)], lambda each: root / below(each, at)
        )

    def _remote(self, run: Run) -> str:
        return f"{self._copies.root}/{run.path.relative_to(_top(run)).as_posix()}"


def _joined(there: bytes, here: bytes) -> bytes:
    """The lines that were written there, and those that only stand here, after them."""
    own, others = here.splitlines(keepends=True), there.splitlines(keepends=True)
    same = itertools.takewhile(lambda each: each[0] == each[1], zip(own, others, strict=False))
    return there + b"".join(own[len(list(same)) :])


def _ends(line: bytes) -> bool:
    return isinstance(events.from_line(line.decode("utf-8", "replace")), Finished | Failed)


def _top(run: Run) -> Path:
    """The folder that the run, its pictures and its store are all in."""
    return Path(os.path.commonpath([run.path, run.pictures_root, run.store]))


def _pictures(run: Run) -> list[Labelled]:
    split = run.split
    return [*split.train, *split.validation, *split.test]


def _files_of(run: Run) -> list[Path]:
    """A run's files that are sent."""
    return [
        path
        for path in run.path.rglob("*")
        if path.is_file() and path.name not in _STAY and not path.name.startswith(".")
    ]
