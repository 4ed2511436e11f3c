"""What the benchmarks share: the machine, commands with their seconds and memory, both sides."""

import argparse
import importlib.metadata
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # a script's own folder is there; gui is not

LIBRARIES = ("tensorflow", "keras", "ncnn", "pillow")
SIDE = "used by the script itself, to run one side in a process of its own"


def arguments(promise: str | None) -> argparse.ArgumentParser:
    """A parser whose help is the script's docstring."""
    return argparse.ArgumentParser(
        description=promise, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def machine() -> str:
    """Processor, usable cores, memory, system, Python and libraries, in one line."""
    told = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.+)", told.read_text()) if told.exists() else None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{each} {_version(each)}" for each in LIBRARIES)
    return (
        f"{model[1] if model else platform.machine()}, {cores} cores, {memory_gb:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}, {versions}"
    )


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def begin(promise: str | None) -> None:
    """Print what is measured and on what."""
    print((promise or "").strip().split("\n")[0])
    print(f"machine: {machine()}", flush=True)


@dataclass(frozen=True)
class Measured:
    """A command that has ended well."""

    seconds: float
    peak_mb: float  # the largest resident set of the process
    printed: str
    began_at: float  # seconds since 1970
    ended_at: float


def run(
    command: Sequence[str | Path],
    most_s: float = 36_000,
    environment: Mapping[str, str] | None = None,
) -> Measured:
    """Run a command to its end, from the repository's root; the script ends if it fails."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        began_at, started = time.time(), time.perf_counter()
        process = subprocess.Popen(
            [*map(str, command)],
            cwd=ROOT, stdout=printed, stderr=said, env={**os.environ, **(environment or {})},
        )  # fmt: skip
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        seconds, ended_at = time.perf_counter() - started, time.time()
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (printed, said):
            file.seek(0)
        if process.returncode:
            sys.exit(f"{command} failed:\n{said.read().decode(errors='replace')[-3000:]}")
        text = printed.read().decode()
    return Measured(seconds, used.ru_maxrss * 1024 / 1e6, text, began_at, ended_at)


def python(*rest: str | Path) -> Measured:
    """Run this Python with these arguments."""
    return run([sys.executable, *rest])


def side(
    script: str, name: str, *rest: str | Path, environment: Mapping[str, str] | None = None
) -> tuple[dict, Measured]:
    """Run one side of a script in a process of its own; what it printed as its last line."""
    command = [sys.executable, script, "--side", name, *rest]
    done = run(command, environment=environment)
    return json.loads(done.printed.strip().split("\n")[-1]), done


def train(pictures: Path, into: Path, *flags: object) -> Measured:
    """Freezepoint itself, by its command line."""
    return python("-m", "gui", "train", pictures, "--run", into, *map(str, flags))


def accuracy(done: Measured) -> tuple[float, int]:
    """The validation accuracy that ``python -m gui train`` printed, and on how many pictures."""
    found = re.search(r"val_accuracy: ([\d.]+) \((\d+) pictures", done.printed)
    if not found:
        sys.exit(f"No accuracy in:\n{done.printed}")
    return float(found[1]), int(found[2])


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="freezepoint-bench-") as folder:
        yield Path(folder)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios, each of two figures that were measured one after the other."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def spread(values: Sequence[float]) -> str:
    """The median, and between what the values lie."""
    middle = statistics.median(values)
    if len(values) == 1:
        return f"{middle:.4g}"
    return f"{middle:.4g} ({min(values):.4g} to {max(values):.4g}, n={len(values)})"


def verdict(what: str, value: float, aim: float, *, unit: str = "x", most: bool = False) -> None:
    """Print a figure and whether it reaches what is promised."""
    reached = value <= aim if most else value >= aim
    sign = "<=" if most else ">="
    told = "reached" if reached else "NOT REACHED"
    print(f"{what}: {value:.3g}{unit} (promised {sign} {aim:g}{unit}: {told})", flush=True)


_EXPORT = """
import sys
import gui.engine
import keras
from gui.engine import weights

base = keras.applications.VGG16(include_top=False, weights=None)
for name, arrays in weights.find().arrays.items():
    base.get_layer(name).set_weights(arrays)
base.save_weights(sys.argv[1])
"""


def weights_for_keras(folder: Path) -> Path:
    """VGG16's weights as a file that plain Keras loads, written before any clock runs."""
    path = folder / "vgg16.weights.h5"
    if not path.exists():
        python("-c", _EXPORT, path)
    return path
