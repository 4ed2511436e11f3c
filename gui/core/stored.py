"""What the feature store holds, told from its lists; the rows themselves are never read here.

``engine.store`` writes them: ``<store>/<kind>/<place>-<view>/<segment>.json`` names the digests of
the pictures in a segment, and a checksum of its rows.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gui.core import files
from gui.core.caching import places, views
from gui.core.config import Config, ModelSettings
from gui.core.split import Split

# What made a row of a picture's file, apart from what the names of its folders say: how a picture
# is decoded and scaled (core.pictures, core.scaled), how a view is drawn (core.views), how and
# where a value is rounded on its way (engine.network, caching.PLACES). Count it up when one of them
# changes: what is stored by then is never read again, and goes when room is needed.
_DRAWN = 1


def kind(size: int, weights_sha256: str = "") -> str:
    """The folder of everything at this picture size.

    Args:
        size: Side of the pictures, in px.
        weights_sha256: Hex digest of the weights that made the features; "" for the pictures
            themselves, which no weights have seen.
    """
    return "-".join(filter(None, (str(size), f"v{_DRAWN}", weights_sha256[:16])))


def is_of(kind_name: str, size: int) -> bool:
    """Whether a folder of the store holds things at this picture size, in px."""
    return f"{kind_name}-".startswith(f"{kind(size)}-")


def view_key(view: int, settings: ModelSettings) -> str:
    """A short name for a view under these settings; two with the same name are the same view."""
    switches = {"f": settings.flip, "r": settings.rotation, "z": settings.zoom}
    return f"{view}-{''.join(name for name, on in switches.items() if on)}" if view else "0"


@dataclass(frozen=True)
class Listed:
    """What a segment's list says.

    Attributes:
        digests: Of the pictures, in the order of the rows.
        crc32: Checksum of all the rows' bytes, 0 to 2**32 - 1.
    """

    digests: list[str]
    crc32: int


def read(path: Path) -> Listed:
    """A segment's list.

    Raises:
        OSError: When it can't be read now, or is gone.
        ValueError: When it is damaged, or of another version.
    """
    content = path.read_bytes()
    try:
        stored = files.version_1(json.loads(content))
        digests = [files.digest(each) for each in stored["digests"]]
        return Listed(digests, int(stored["crc32"]))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"“{path.name}” is damaged") from error


def share(
    store: Path,
    config: Config,
    divided: Split,
    *,
    weights_sha256: str = "",
    points: tuple[str, ...] = (),
) -> float:
    """Share of the passes through the frozen part that need not be done again, 0 to 1.

    Args:
        store: Folder of the features.
        config: Every setting.
        divided: Which picture learns, in every view, and which checks or tests, in the plain one.
        weights_sha256: Hex digest of VGG16's weights; "" when it isn't known, then what any
            weights have made counts.
        points: The freeze points of a ladder, for the passes of all its rungs together; without
            them the one in ``config`` counts.
    """
    ends = places(config, points)
    learning = {each.sha256 for each in divided.train}
    wanted = {view: set(learning) for view in range(views(config))}
    wanted[0] |= {each.sha256 for each in (*divided.validation, *divided.test)}
    total = sum(len(each) for each in wanted.values())
    if not ends or not total:
        return 0.0
    made_by = kind(config.model.image_size, weights_sha256 or "*")
    there = 0
    for view, sought in wanted.items():
        for end in ends:
            sought &= _listed(store, f"{made_by}/{end}-{view_key(view, config.model)}")
        there += len(sought)
    return there / total


def _listed(store: Path, shelf: str) -> set[str]:
    found: set[str] = set()
    for path in store.glob(f"{shelf}/*.json"):
        try:
            found |= _known(path, path.stat().st_mtime_ns)
        except (OSError, ValueError):
            continue  # thrown out at this moment, or damaged: it counts for nothing
    return found


@lru_cache(maxsize=512)  # asked at each change of a setting
def _known(path: Path, changed_ns: int) -> frozenset[str]:
    del changed_ns
    return frozenset(read(path).digests)
