"""What VGG16's blocks see in some of a person's pictures, computed once and kept beside them."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from gui.core import activations, files, split
from gui.core.activations import Seen
from gui.core.dataset import Dataset
from gui.core.errors import DiskFull, PicturesError, disk_full
from gui.core.jobs import Jobs
from gui.core.owner import Owner
from gui.core.split import Labelled, Split

PICTURES: Final = 3  # that are looked at, each of another class
_VERSION: Final = 1  # of how maps are chosen and drawn; another number computes them anew


def look(owner: Owner, jobs: Jobs, size_px: int) -> tuple[Seen, ...]:
    """What the blocks see in some of the open pictures that are learned from.

    Args:
        owner: Whose pictures.
        jobs: Whose answering worker computes it, unless it is known already.
        size_px: Side of the square that pictures are scaled to.

    Raises:
        PicturesError: When the pictures aren't ready.
        FreezepointError: What the worker says went wrong.
    """
    opened = owner.dataset(owner.desk.dataset)
    chosen = choose(learned_from(owner, opened))
    kept = opened.root.parent / "seen" / f"{_key(chosen, size_px, jobs.weights_sha256)}.json"
    known = _load(kept)
    if known is None or len(known) != len(chosen):
        known = jobs.questions.see(
            [(each.name, opened.root / each.path) for each in chosen], size_px
        )
        if not any(each.problem for each in known):
            _save(kept, known)
    return tuple(
        replace(seen, name=picture.name) for seen, picture in zip(known, chosen, strict=True)
    )


def learned_from(owner: Owner, opened: Dataset) -> Split:
    """The person's pictures divided as their desk says.

    Raises:
        PicturesError: When they aren't ready.
    """
    desk = owner.desk
    return split.divide(opened, desk.validation_share, desk.seed, desk.test_share)


def choose(divided: Split) -> tuple[Labelled, ...]:
    """The first picture to learn from of each of the first classes."""
    first: dict[int, Labelled] = {}
    for each in divided.train:
        first.setdefault(each.label, each)
    return tuple(first[label] for label in sorted(first)[:PICTURES])


def _key(chosen: Sequence[Labelled], size_px: int, weights_sha256: str) -> str:
    """A name that hangs on all that the maps hang on, and on no name of a picture."""
    digests = [each.sha256 for each in chosen]
    told = json.dumps([_VERSION, size_px, weights_sha256, digests])
    return hashlib.sha256(told.encode()).hexdigest()


def _load(path: Path) -> list[Seen] | None:
    """What is kept; None when nothing is, or something else."""
    with suppress(PicturesError), files.checked():
        stored = files.version_1(files.read_json(path))
        return [activations.from_json(each) for each in stored["seen"]]
    return None


def _save(path: Path, seen: Sequence[Seen]) -> None:
    """Keep it when there is room."""
    with suppress(DiskFull), disk_full():
        path.parent.mkdir(exist_ok=True)
        stored = [asdict(replace(each, name="")) for each in seen]
        files.write_json(path, {"version": 1, "seen": stored})
