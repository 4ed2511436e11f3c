"""How a run folder is made, and what it is called."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path

from gui.core import files, split, vgg16
from gui.core.config import Config
from gui.core.errors import RunError, disk_full
from gui.core.ladder_mark import LadderMark
from gui.core.runs import Run
from gui.core.split import Split
from gui.words import again, mark, say


def create(
    path: Path,
    config: Config,
    divided: Split,
    pictures: Path,
    title: str,
    now: float,
    store: Path | None = None,
    ladder: LadderMark | None = None,
    retrained_from: str | None = None,
) -> Run:
    """Make a run folder, whole or not at all.

    Args:
        path: The folder to make; it must not hold a run yet.
        config: Every setting.
        divided: Which picture learns and which checks.
        pictures: The folder that the split's paths start from.
        title: A few words for the list of runs.
        now: Seconds since 1970.
        store: Folder of features that it shares with other runs; None for one of its own.
        ladder: The ladder that it is a rung of.
        retrained_from: Id of the run whose pictures were mended for this one.

    Raises:
        RunError: When there is a run already.
        DiskFull: When there is no room.
    """
    if (path / "run.json").exists():
        raise RunError(
            say("There is a run in “{path}” already.", path=path), say("Choose another folder.")
        )
    made = not path.exists()
    about: dict[str, object] = {
        "version": 1,
        "title": title,
        "created_at": now,
        # Relative, so that all of it can move together.
        "pictures": os.path.relpath(pictures.resolve(), path.resolve()),
        "store": os.path.relpath((store or path / "features").resolve(), path.resolve()),
    }
    if ladder:
        about["ladder"] = asdict(ladder)
    if retrained_from:
        about["retrained_from"] = retrained_from
    try:
        with disk_full():
            path.mkdir(parents=True, exist_ok=True)
        files.write_json(path / "config.json", config.to_json())
        split.save(divided, path / "split.json")
        files.write_json(path / "run.json", about)  # last: it makes the folder a run
    except BaseException:
        if made:
            shutil.rmtree(path, ignore_errors=True)
        raise
    return Run(path)


def title(config: Config, labels: tuple[str, ...]) -> str:
    """A few words for the list of runs: the classes and the freeze point."""
    return f"{classes(labels)} · {config.model.freeze_point}"


def title_of(run: Run) -> str:
    """A run's title with its freeze point for a person: "crab, fish · head only"."""
    kept, point = run.about.title, run.config.model.freeze_point
    plain = kept.removesuffix(f" · {point}")
    return again(kept) if plain == kept else f"{again(plain)} · {vgg16.spoken(point)}"


def classes(labels: tuple[str, ...]) -> str:
    """The first classes by name and how many more there are."""
    names = ", ".join(labels[:3])
    return mark("{names} and {n} more", names=names, n=len(labels) - 3) if labels[3:] else names
