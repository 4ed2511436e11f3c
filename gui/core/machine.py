"""This machine: how many processors, how much memory, how fast.

Speeds are measured by ``gui.engine.calibration`` and kept in the workspace's ``machine.json``.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from gui.core import files
from gui.core.errors import PicturesError
from gui.core.graphics import graphics

_VERSION = 1
_ALONE = 0.6  # share of the processors; measured 0.2 to 0.3 beside other busy programs
_KEPT_S = 7 * 24 * 3600.0  # machines are repaired, upgraded, moved to another host
_BLOCKS = 5
_BY_BLOCK = ("frozen_fixed_s", "frozen_pixel_s", "forward_macs", "backward_macs")
_UNLIMITED = 2**60  # bytes; cgroup v1 writes a number like this where there is no limit
_ABSURD = 1e15  # no machine is as fast, or as slow
_ROOT = Path("/")


@dataclass(frozen=True)
class Speeds:
    """How fast this machine computes. Tuples have one number for each block of VGG16.

    Attributes:
        frozen_fixed_s: Seconds that a picture takes in a block of the frozen part, whatever its
            size.
        frozen_pixel_s: Seconds more for each pixel of the picture (not of the block's own input).
        forward_macs: Multiply-adds a second on the way forward, where layers learn.
        backward_macs: Multiply-adds a second on the way back.
        weight_s: Seconds a step for each weight that learns: gradient, moments, correction.
        step_s: Seconds that any step takes, however little there is to compute.
        reading_s: Seconds to read a picture of no size.
        reading_byte_s: Seconds more for each byte of its file.
        building_s: Seconds to build a small model and take its first step.
        share: How much of the processors the measurement had; less when others computed, too.
        gpu: Whether a graphics processor computes.
    """

    frozen_fixed_s: tuple[float, ...]
    frozen_pixel_s: tuple[float, ...]
    forward_macs: tuple[float, ...]
    backward_macs: tuple[float, ...]
    weight_s: float
    step_s: float
    reading_s: float
    reading_byte_s: float
    building_s: float
    share: float = 1.0
    gpu: bool = False

    @property
    def alone(self) -> bool:
        """Whether hardly anything else computed meanwhile."""
        return self.share >= _ALONE


@dataclass(frozen=True)
class Machine:
    """What a training has to itself.

    Attributes:
        memory_bytes: Memory that its worker may use in all; None when nobody can say.
        disk_bytes: Free on the disk it writes to; None when nobody can say.
        speeds: None until they are measured.
    """

    memory_bytes: int | None
    disk_bytes: int | None
    speeds: Speeds | None


def processors(root: Path = _ROOT) -> int:
    """Processors that this process may use: the least of CPU_CORES, cgroup quota and affinity.

    Source: CPU_CORES is what Hugging Face Spaces sets; the quota is Linux's cgroup v2 ``cpu.max``.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    counts = [len(affinity(0)) if affinity else os.cpu_count() or 1]
    if os.environ.get("CPU_CORES", "").isdigit():
        counts.append(int(os.environ["CPU_CORES"]))
    quota = root / "sys/fs/cgroup/cpu.max"
    if quota.is_file():
        share, _, period = quota.read_text().partition(" ")
        if share.isdigit():
            counts.append(round(int(share) / int(period)))
    return max(1, min(counts))


def free_memory_bytes(root: Path = _ROOT) -> int | None:
    """Memory that a process can still get: the least of what is available and what cgroups allow.

    Source: ``MemAvailable`` in proc(5); ``memory.max`` and ``memory.current`` in the kernel's
    cgroup-v2.rst; ``memory.limit_in_bytes`` and ``memory.usage_in_bytes`` in cgroup-v1/memory.rst.

    Returns:
        None where there is no such file, as on macOS and Windows.
    """
    with suppress(OSError, ValueError, LookupError):
        lines = (root / "proc/meminfo").read_text().splitlines()
        (available,) = (int(each.split()[1]) * 1024 for each in lines if "MemAvailable:" in each)
        return max(0, min([available, *_left_in_cgroups(root)]))
    return None


def resident_bytes(pid: int, root: Path = _ROOT) -> int:
    """Memory that a process has now; 0 when nobody can say.

    Source: the second number of ``/proc/<pid>/statm`` in proc(5) is in pages.
    """
    with suppress(OSError, ValueError, LookupError, AttributeError):
        pages = int((root / f"proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def peak_bytes(root: Path = _ROOT) -> int:
    """Most memory that this process has had since :func:`forget_peak`; 0 when nobody can say.

    Source: ``VmHWM`` in proc(5), in kB.
    """
    with suppress(OSError, ValueError):
        lines = (root / "proc/self/status").read_text().splitlines()
        (peak,) = (int(each.split()[1]) for each in lines if each.startswith("VmHWM:"))
        return peak * 1024
    return 0


def forget_peak(root: Path = _ROOT) -> None:
    """Let :func:`peak_bytes` count from now on: a worker may train several runs.

    Source: writing 5 to ``/proc/<pid>/clear_refs`` in proc(5).
    """
    with suppress(OSError):
        (root / "proc/self/clear_refs").write_text("5")


def free_disk_bytes(folder: Path) -> int | None:
    """Free room on the disk of a folder, which need not exist yet."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def is_full(folder: Path) -> bool:
    """Whether the disk of a folder takes nothing at all: it is full, or can only be read."""
    with suppress(OSError):
        if not hasattr(os, "statvfs"):
            return shutil.disk_usage(folder).free == 0
        told = os.statvfs(folder)
        return told.f_bavail == 0 or bool(told.f_flag & os.ST_RDONLY)
    return False


def remember(path: Path, speeds: Speeds, now: float) -> None:
    """Write measured speeds.

    Raises:
        DiskFull: When there is no room.
    """
    stored = {"version": _VERSION, "measured_at": now, "processors": processors()}
    files.write_json(path, {**stored, "graphics": graphics(), "speeds": asdict(speeds)})


def recall(path: Path, now: float) -> Speeds | None:
    """The speeds that :func:`remember` wrote; None when they are missing, old or of other days.

    Measured again: after a week, with other processors or graphics processors, by another version.
    """
    try:
        stored: Any = files.read_json(path)
        asked = (stored["version"], stored["processors"], stored.get("graphics", []))
        recent = 0 <= now - stored["measured_at"] <= _KEPT_S
        if asked != (_VERSION, processors(), graphics()) or not recent:
            return None
        return speeds_from(stored["speeds"])
    except (PicturesError, LookupError, TypeError, ValueError, OverflowError):
        return None


def speeds_from(stored: Any) -> Speeds:  # noqa: ANN401 - what JSON holds
    """Speeds from plain values.

    Raises:
        ValueError, LookupError or TypeError: When they are anything else.
    """
    values: dict[str, Any] = {}
    for each in fields(Speeds):
        value = stored[each.name]
        if each.name == "gpu":
            values[each.name] = value is True
        elif each.name in _BY_BLOCK:
            values[each.name] = tuple(_above_zero(number) for number in value)
            if len(value) != _BLOCKS:
                raise ValueError(f"{each.name} has {len(value)} numbers")
        else:
            values[each.name] = _above_zero(value)
    return Speeds(**values)


def _above_zero(value: object) -> float:
    if not isinstance(value, int | float) or not 0 < value < _ABSURD:
        raise ValueError(f"{value!r} is no speed")
    return float(value)


def _left_in_cgroups(root: Path) -> Iterator[int]:
    """What each memory limit that this process lives under leaves."""
    places = {each.split(":", 2)[1]: each.split(":", 2)[2] for each in _cgroups(root)}
    unified = root / "sys/fs/cgroup"
    yield from _left(unified, places.get("", "/"), "memory.max", "memory.current")
    older = unified / "memory"
    names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
    yield from _left(older, places.get("memory", "/"), *names)


def _cgroups(root: Path) -> list[str]:
    try:
        return (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []


def _left(top: Path, own: str, limit_name: str, used_name: str) -> Iterator[int]:
    """The limit less what is used, of a group and of every group around it."""
    group = top / own.strip("/")
    while True:
        with suppress(OSError, ValueError):  # "max", or no such group in this container
            limit = int((group / limit_name).read_text())
            if limit < _UNLIMITED:
                used = int((group / used_name).read_text())
                yield limit - used + _droppable(group / "memory.stat")
        if group == top or top not in group.parents:
            return
        group = group.parent


def _droppable(stat: Path) -> int:
    """Cache of files, which counts as used but makes room when it is needed."""
    with suppress(OSError, ValueError):
        told = dict(line.split(" ", 1) for line in stat.read_text().splitlines())
        return int(told.get("total_inactive_file", told.get("inactive_file", 0)))
    return 0
