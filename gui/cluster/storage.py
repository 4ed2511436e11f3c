"""How a training's folder comes to a computer of the cluster, and what comes of it back.

Either every computer sees the workspace at the same path: then there is nothing to do. Or the page
puts what a training needs into a bucket, anything that fsspec has an address for, as ``s3://…``::

    <bucket>/<run id>/manifest.json   where the run's folder is, below "files"
    <bucket>/<run id>/attempt         the computer that is at it; another one gives up
    <bucket>/<run id>/stop            someone asked to stop
    <bucket>/<run id>/files/…         the run, its pictures and the feature store, as they lie
                                      around each other on the page's computer

It is there as long as the training is under way. Before and after that, the folder on the page's
computer is the only truth.
"""

import itertools
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import fsspec

from gui.core import events, files, stored
from gui.core.errors import RunError
from gui.core.events import Failed, Finished
from gui.core.runs import Run
from gui.words import mark

_LOOK_S = 1.0
# The order in which a training writes: whatever breaks off in between, they fit each other.
_FIRST, _LAST = ("better.npz",), ("events.jsonl", "best.npz", "checkpoint.npz")
_STAY = ("lock", "worker", "stop")  # of one computer alone
_TOGETHER = 64  # files that are sent or fetched at once

_File = TypeVar("_File")
Stamp = tuple[int, int]  # size in bytes, time of the last change in ns


@dataclass(frozen=True)
class Place:
    """A training's folder on this computer."""

    run: Run
    keep: Callable[[], None] = lambda: None  # send what has come of it


@contextmanager
def opened(
    where: str, path: Path, folder: Path, request: dict[str, Any], end: Callable[[], None]
) -> Iterator[Place]:
    """Have a run here as long as it is worked on.

    Args:
        where: The address of the bucket; "" for folders that all computers see.
        path: The run's folder on the page's computer.
        folder: Where this computer puts what it fetches.
        request: What is asked; see ``gui.engine.worker``.
        end: Ends the process that is at it: another computer is, meanwhile.

    Raises:
        RunError: When it isn't here.
    """
    if not where:
        if not (path / "run.json").is_file():
            raise RunError(
                mark("A computer of the cluster doesn't see the folder of this training."),
                mark("Give all computers the same disk at the same path, or use --storage."),
            )
        yield Place(Run(path))
        return
    bucket = Bucket(where, path.name)
    if request["do"] == "train":
        run = bucket.fetch(folder)
        bucket.fetch_features(run)
        with bucket.mirrored(run, end):
            yield Place(run)
    else:
        run = bucket.fetch(folder, [digest for digest, *_ in request["passes"]])
        bucket.fetch_features(run)
        yield Place(run, lambda: bucket.send_features(run))


def fetch_features(where: str, run: Run) -> None:
    """Have here what other computers have stored for a run."""
    if where:
        Bucket(where, run.id).fetch_features(run)


def opened_at(where: str) -> tuple[Any, str]:
    """The file system at an address, and the folder in it, without a slash at its end.

    Raises:
        ValueError: When the address is of an unknown kind.
        ImportError: When that kind needs a package that isn't installed.
    """
    fresh = {"use_listings_cache": False}  # others change what is in there
    options = {"file": {"auto_mkdir": True}, "s3": fresh}.get(where.partition(":")[0], {})
    opened_files, folder = fsspec.core.url_to_fs(where, **options)
    return opened_files, str(folder).rstrip("/")


class Bucket:
    """What is in a bucket of one run."""

    def __init__(self, where: str, run_id: str) -> None:
        self._files, root = opened_at(where)
        self._root = f"{root}/{run_id}"
        self._sent: dict[Path, Stamp] = {}
        self._attempt = secrets.token_hex(8)

    # --- On the page's computer -------------------------------------------------------------------

    def send(self, run: Run) -> None:
        """Put in all that a computer needs to train it."""
        self.delete()
        top, split = _top(run), run.split
        sides = (*split.train, *split.validation, *split.test)
        pictures = [run.pictures_root / path for path in dict.fromkeys(each.path for each in sides)]
        self._put(top, [*_files_of(run), *pictures])
        told = {"version": 1, "run": run.path.relative_to(top).as_posix()}
        self._files.pipe_file(f"{self._root}/manifest.json", json.dumps(told).encode())

    def bring(self, run: Run) -> None:
        """Have a run's folder as it is in the bucket by now."""
        remote = self._remote(run)
        with suppress(FileNotFoundError):
            self._get(self._files.find(remote), lambda each: run.path / _below(each, remote))

    def follow(self, run: Run) -> None:
        """Have a run's events as they are by now; but that it is over only when all has come."""
        with suppress(FileNotFoundError):
            lines = self._files.cat_file(f"{self._remote(run)}/events.jsonl").splitlines(True)
            while lines and (not lines[-1].endswith(b"\n") or _ends(lines[-1])):
                lines.pop()
            told = run.path / "events.jsonl"
            if sum(map(len, lines)) > told.stat().st_size:
                files.write_bytes(told, b"".join(lines))

    def ask_to_stop(self) -> None:
        """Say that someone asked to stop."""
        self._files.pipe_file(f"{self._root}/stop", b"1")

    def delete(self) -> None:
        """Leave nothing of it."""
        with suppress(FileNotFoundError):
            self._files.rm(self._root, recursive=True)

    @property
    def exists(self) -> bool:
        """Whether there is anything of it."""
        return bool(self._files.exists(f"{self._root}/manifest.json"))

    # --- On a computer of the cluster -------------------------------------------------------------

    def fetch(self, folder: Path, digests: Sequence[str] | None = None) -> Run:
        """Have a run here.

        Args:
            folder: Where.
            digests: The pictures that are needed; None for all.

        Raises:
            RunError: When it is gone: nobody waits for it any more.
        """
        try:
            told = files.version_1(json.loads(self._files.cat_file(f"{self._root}/manifest.json")))
        except FileNotFoundError as error:
            raise RunError(
                mark("This training isn't in the storage of the cluster any more."),
                mark("Press “Go on”."),
            ) from error
        top = folder / self._root.rpartition("/")[2]
        below = files.below(told["run"])
        run, remote = Run(top / below), f"{self._root}/files/{below}"
        whole = digests is None
        there = self._files.find(remote)
        if not whole:
            there = [each for each in there if each.endswith((".json", "/events.jsonl"))]
        self._get(there, lambda each: run.path / _below(each, remote))
        split = run.split
        sides = (*split.train, *split.validation, *split.test)
        needed = {each.path for each in sides if digests is None or each.sha256 in set(digests)}
        root = run.pictures_root
        lacking = [path for path in sorted(needed) if not (root / path).exists()]
        at = f"{self._root}/files/{os.path.relpath(root, top)}"
        self._get([f"{at}/{path}" for path in lacking], lambda each: root / _below(each, at))
        return run

    def fetch_features(self, run: Run) -> None:
        """Have here what is stored for a run and lacks; a segment's list comes last."""
        store, size = run.store, run.config.model.image_size
        remote = f"{self._root}/files/{os.path.relpath(store, _top(run))}"
        with suppress(FileNotFoundError):
            there = {each: store / _below(each, remote) for each in self._files.find(remote)}
        wanted = [
            each
            for each, path in there.items()
            if stored.is_of(path.relative_to(store).parts[0], size) and not path.exists()
        ]
        for suffix in (".npy", ".json"):
            self._get([each for each in wanted if each.endswith(suffix)], there.__getitem__)
            # What came from there needs not be sent there again.
            self._sent.update((path, _stamp(path)) for path in there.values() if path.exists())

    def send_features(self, run: Run) -> None:
        """Put in what this computer has stored for a run; a segment's list comes last."""
        for kind in run.store.iterdir():
            if stored.is_of(kind.name, run.config.model.image_size):
                listed = [path for path in kind.rglob("*.json") if not path.name.startswith(".")]
                self._put(_top(run), [each.with_suffix(".npy") for each in listed])
                self._put(_top(run), listed)

    @contextmanager
    def mirrored(self, run: Run, end: Callable[[], None]) -> Iterator[None]:
        """Put in what changes of a run, and hear of a wish to stop, as long as it is worked on.

        Args:
            run: Which.
            end: Called when another computer is at it, or nobody waits for it any more.
        """
        self._files.pipe_file(f"{self._root}/attempt", self._attempt.encode())
        over, lost = threading.Event(), threading.Event()

        def mirror() -> None:
            while not over.wait(_LOOK_S):
                with suppress(OSError):  # the next look may reach it
                    if not self._is_ours():
                        lost.set()
                        end()
                        return
                    if self._files.exists(f"{self._root}/stop"):
                        run.request_stop()
                    self._put(_top(run), _files_of(run))

        thread = threading.Thread(target=mirror, name="mirror", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            if not lost.is_set() and self._is_ours():
                self._put(_top(run), _files_of(run))

    def _remote(self, run: Run) -> str:
        return f"{self._root}/files/{run.path.relative_to(_top(run)).as_posix()}"

    def _is_ours(self) -> bool:
        try:
            return bool(self._files.cat_file(f"{self._root}/attempt") == self._attempt.encode())
        except FileNotFoundError:
            return False

    # --- Files ------------------------------------------------------------------------------------

    def _put(self, top: Path, chosen: Iterable[Path]) -> None:
        """Put in those of the files that have changed since."""
        changed = []
        for path in chosen:
            with suppress(FileNotFoundError):  # replaced or deleted just now
                stamp = _stamp(path)
                if self._sent.get(path) != stamp:
                    changed.append((path, stamp))
        for batch in _batches(changed, lambda each: each[0].name):
            remote = [f"{self._root}/files/{path.relative_to(top).as_posix()}" for path, _ in batch]
            with suppress(FileNotFoundError):  # then the next look finds what has come for it
                self._files.put([str(path) for path, _ in batch], remote)
                self._sent.update(batch)

    def _get(self, chosen: Sequence[str], to: Callable[[str], Path]) -> None:
        """Fetch files; each is whole or not there."""
        for some in _batches(chosen, lambda each: each):
            targets = [to(each) for each in some]
            parts = [path.with_name(f".{path.name}.{secrets.token_hex(4)}") for path in targets]
            for path in targets:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._files.get(some, [str(part) for part in parts])
            for part, path in zip(parts, targets, strict=True):
                part.replace(path)


def _stamp(path: Path) -> Stamp:
    told = path.stat()
    return told.st_size, told.st_mtime_ns


def _ends(line: bytes) -> bool:
    return isinstance(events.from_line(line.decode("utf-8", "replace")), Finished | Failed)


def _top(run: Run) -> Path:
    """The folder that the run, its pictures and its store are all in."""
    return Path(os.path.commonpath([run.path, run.pictures_root, run.store]))


def _files_of(run: Run) -> list[Path]:
    """A run's files that are sent."""
    return [
        path
        for path in run.path.rglob("*")
        if path.is_file() and path.name not in _STAY and not path.name.startswith(".")
    ]


def _rank(name: str) -> int:
    name = name.rpartition("/")[2]
    if name in _FIRST:
        return 0
    return 2 + _LAST.index(name) if name in _LAST else 1


def _batches(files: Iterable[_File], name: Callable[[_File], str]) -> Iterator[list[_File]]:
    """Files that may be copied at once, in the order of those that have one."""
    ordered = sorted(files, key=lambda each: _rank(name(each)))
    for _, alike in itertools.groupby(ordered, key=lambda each: _rank(name(each))):
        while batch := list(itertools.islice(alike, _TOGETHER)):
            yield batch


def _below(path: str, folder: str) -> str:
    return path.removeprefix(folder).lstrip("/")
