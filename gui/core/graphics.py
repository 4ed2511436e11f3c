"""The graphics processors that this process may use, as the system tells without any library."""

import os
from pathlib import Path


def graphics(root: Path = Path("/")) -> list[str]:
    """What changes when another one is put in, taken out or hidden; not how many there are.

    Source: NVIDIA's driver has a folder for each, named after its place, see "/proc/driver/nvidia"
    in its README; CUDA_VISIBLE_DEVICES in the CUDA C++ Programming Guide says which may be used.
    """
    names = sorted(each.name for each in (root / "proc/driver/nvidia/gpus").glob("*"))
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    return names if chosen is None else [*names, f"of these {chosen}"]
