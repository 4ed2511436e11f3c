"""How much of what a training needs is in the feature store already, from the store's lists.

``engine.store`` writes them: ``<store>/<size>-<weights>/<place>-<view>/<segment>.json`` names the
digests of the pictures in a segment. Only the lists are read here, never the rows.
"""

import json
from functools import lru_cache
from pathlib import Path

from gui.core.caching import places, views
from gui.core.config import Config, ModelSettings
from gui.core.split import Split


def share(store: Path, config: Config, divided: Split) -> float:
    """Share of the passes through the frozen part that need not be done again, 0 to 1.

    Args:
        store: Folder of the features.
        config: Every setting.
        divided: Which picture learns, in every view, and which checks, in the plain one.
    """
    ends = places(config)
    learning, checking = (
        {each.sha256 for each in side} for side in (divided.train, divided.validation)
    )
    wanted = {view: set(learning) for view in range(views(config))}
    wanted[0] |= checking
    total = sum(len(each) for each in wanted.values())
    if not ends or not total:
        return 0.0
    there = 0
    for view, digests in wanted.items():
        for end in ends:
            digests &= _listed(store, config.model, end, view)
        there += len(digests)
    return there / total


def _listed(store: Path, model: ModelSettings, place: str, view: int) -> set[str]:
    name = f"{place}-{view_key(view, model)}"
    found: set[str] = set()
    for path in store.glob(f"{model.image_size}-*/{name}/*.json"):
        try:
            told = path.stat()
        except OSError:
            continue  # thrown out at this moment
        found |= _digests(path, told.st_mtime_ns)
    return found


def view_key(view: int, settings: ModelSettings) -> str:
    """A short name for a view under these settings; two with the same name are the same view."""
    switches = {"f": settings.flip, "r": settings.rotation, "z": settings.zoom}
    return f"{view}-{''.join(name for name, on in switches.items() if on)}" if view else "0"


@lru_cache(maxsize=512)  # asked at each change of a setting
def _digests(path: Path, changed_ns: int) -> frozenset[str]:
    del changed_ns
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return frozenset(str(each) for each in stored["digests"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return frozenset()
