"""How a training's folder comes to a computer of the cluster, and what comes of it back.

Either every computer sees the workspace at the same path: then there is nothing to do. Or the page
puts what a training needs into a bucket, anything that fsspec has an address for, as ``s3://…``::

    <bucket>/<run id>/manifest.json   where the run's folder is, below "files"
    <bucket>/<run id>/attempt         the computer that is at it; another one gives up
    <bucket>/<run id>/stop            someone asked to stop
    <bucket>/<run id>/files/…         the run, its pictures and the feature store, as they lie
                                      around each other on the page's computer

It is there as long as the training is under way, as is what the computers have fetched of it.
Before and after that, the folder on the page's computer is the only truth.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gui.cluster.bucket import Bucket
from gui.core.errors import RunError
from gui.core.runs import Run
from gui.words import mark


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
        run = bucket.fetch_share(folder, [digest for digest, *_ in request["passes"]])
        bucket.fetch_features(run)
        yield Place(run, lambda: bucket.send_features(run))


def fetch_features(where: str, run: Run) -> None:
    """Have here what other computers have stored for a run."""
    if where:
        Bucket(where, run.id).fetch_features(run)


def forget(run_id: str, folder: Path) -> None:
    """Leave nothing here of what was fetched of a run."""
    shutil.rmtree(folder / run_id, ignore_errors=True)
