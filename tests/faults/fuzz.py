"""Fuzzing of all that strangers send and all that lies on the disk: a value or a told mistake.

Every example ends in a value or in a FreezepointError, within five seconds of processor time and
within 2 GB of memory; anything else is an error, and is kept under ``.test-output/fuzz/``.

    python tests/faults/fuzz.py --minutes 60 --seed 1
    python tests/faults/fuzz.py --only zip,page --minutes 5
    python tests/faults/fuzz.py --engine atheris --minutes 10     where atheris is installed

Each target runs in a process of its own, a slice of time after another. Prints for each how many
examples there were, how many of them ended in a value, the errors, the slowest and the most
memory; exits 1 when there was an error. ``tests/faults/targets.py`` holds the targets.
"""

import argparse
import faulthandler
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
KEPT = ROOT / ".test-output" / "fuzz"

PATIENCE_S = 5.0  # of processor time, for one example
STUCK_S = 180  # of wall time: a lock that nobody opens, or C code that never comes back
MOST_BYTES = 2 * 2**30  # resident
_SLICE_S = 30.0
_ROUND = 400  # examples with one seed of hypothesis


class TooSlow(BaseException):
    """An example has taken its processor time."""


class Watch:
    """Runs examples and remembers how they ended."""

    def __init__(self, target: str, allowed: tuple[type[BaseException], ...], until: float) -> None:
        self.target, self.allowed, self.until = target, allowed, until
        self.examples = self.values = 0
        self.slowest_s, self.errors = 0.0, Counter[str]()

    def run(self, check: Callable[[Any], object], example: Any) -> bool:
        """One example; whether it was still time for it."""
        if time.monotonic() > self.until:
            return False
        self.examples += 1
        began = time.process_time()
        try:
            with _limited():
                check(example)
            self.values += 1
        except self.allowed:
            pass
        except (Exception, TooSlow) as error:
            self._keep(error, example)
        self.slowest_s = max(self.slowest_s, time.process_time() - began)
        return True

    def report(self) -> dict[str, Any]:
        """As plain values."""
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if most > MOST_BYTES:
            self.errors[f"MemoryBound: {most / 1e9:.1f} GB"] += 1
        return {
            "examples": self.examples,
            "values": self.values,
            "errors": dict(self.errors),
            "slowest_s": self.slowest_s,
            "memory_bytes": most,
        }

    def _keep(self, error: BaseException, example: Any) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if "/gui/" in each.filename] or frames
        where = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
        name = f"{type(error).__name__} at {where}"
        self.errors[name] += 1
        if self.errors[name] > 3:
            return
        KEPT.mkdir(parents=True, exist_ok=True)
        text = "".join(traceback.format_exception(error))
        file = KEPT / f"{self.target}-{name.replace(' ', '-').replace(':', '-')}"
        number = self.errors[name]
        Path(f"{file}-{number}.txt").write_text(
            f"{text}\n{example!r}\n", encoding="utf-8", errors="backslashreplace"
        )
        if isinstance(example, bytes):
            Path(f"{file}-{number}.bin").write_bytes(example)


@contextmanager
def _limited() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, PATIENCE_S)
    faulthandler.dump_traceback_later(STUCK_S, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def _too_slow(number: int, frame: object) -> None:
    raise TooSlow


def work(name: str, seed: int, seconds: float) -> dict[str, Any]:
    """Fuzz one target in this process with hypothesis."""
    from tests.faults.targets import TARGETS

    signal.signal(signal.SIGPROF, _too_slow)
    # So that a bomb is an error here and not the end of the machine.
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    with tempfile.TemporaryDirectory(prefix="freezepoint-fuzz-") as folder:
        target = TARGETS[name](Path(folder))
        watch = Watch(name, target.allowed, time.monotonic() + seconds)
        number = seed * 1_000_003
        while time.monotonic() < watch.until:
            number += 1
            one_round(target, watch, number)
            target.between()
        return watch.report()


def one_round(target: Any, watch: Watch, number: int, examples: int = _ROUND) -> None:
    """So many examples of a target, those that hypothesis makes of this seed."""
    from hypothesis import HealthCheck, Phase, given, seed, settings

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.examples)
    def each(example: Any) -> None:
        watch.run(target.check, example)

    each()


def work_atheris(name: str, seed: int, seconds: float) -> dict[str, Any]:
    """Fuzz one target of bytes in this process, led by the branches that an example takes."""
    import atheris

    with atheris.instrument_imports(include=["gui", "PIL", "zipfile", "tarfile", "json"]):
        from tests.faults.targets import TARGETS

    signal.signal(signal.SIGPROF, _too_slow)
    folder = Path(tempfile.mkdtemp(prefix="freezepoint-fuzz-"))
    target = TARGETS[name](folder)
    (folder / "seeds").mkdir()
    for number, content in enumerate(target.wholes):
        (folder / "seeds" / f"{number:03d}").write_bytes(content)
    watch = Watch(name, target.allowed, time.monotonic() + 1e9)
    told = folder / "told.json"

    def one(data: bytes) -> None:
        watch.run(target.check, data)
        if watch.examples % 200 == 0:
            target.between()
            told.write_text(json.dumps(watch.report()), encoding="utf-8")

    import os
    import shutil

    if pid := os.fork():  # libFuzzer ends its process by itself
        os.waitpid(pid, 0)
        report: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        shutil.rmtree(folder, ignore_errors=True)
        return report
    options = [f"-max_total_time={seconds:.0f}", f"-seed={seed}", "-max_len=20000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, "-rss_limit_mb=4000", str(folder / "seeds")], one)
    atheris.Fuzz()
    raise SystemExit


def main() -> int:
    """Fuzz all targets in turns; returns the exit code."""
    chosen = _arguments()
    if chosen.target:
        how = work_atheris if chosen.engine == "atheris" else work
        print(json.dumps(how(chosen.target, chosen.seed, chosen.seconds)), flush=True)
        return 0
    from tests.faults.targets import BYTES, TARGETS

    known = BYTES if chosen.engine == "atheris" else tuple(TARGETS)
    names = chosen.only.split(",") if chosen.only else known
    until, seed = time.monotonic() + 60 * chosen.minutes, chosen.seed
    slice_s = min(_SLICE_S, 60 * chosen.minutes / len(names))
    totals = {name: _nothing() for name in names}
    while time.monotonic() < until:
        for name in names:
            if (left := until - time.monotonic()) > 1:
                _add(totals[name], _slice(name, chosen.engine, seed, min(slice_s, left)))
        seed += 1
    return _tell(totals, chosen.minutes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fuzz all that comes from outside.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="targets, with commas between them")
    parser.add_argument("--engine", choices=["hypothesis", "atheris"], default="hypothesis")
    parser.add_argument("--target", default="", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=10, help=argparse.SUPPRESS)
    return parser.parse_args()


def _slice(name: str, engine: str, seed: int, seconds: float) -> dict[str, Any]:
    asked = [sys.executable, __file__, "--target", name, "--engine", engine]
    asked += ["--seed", str(seed), "--seconds", f"{seconds:.1f}"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith('{"examples"')]
    if done.returncode == 0 and told:
        report: dict[str, Any] = json.loads(told[-1])
        return report
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}-died-{seed}.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return {**_nothing(), "errors": {f"the process ended with {done.returncode}": 1}}


def _nothing() -> dict[str, Any]:
    return {"examples": 0, "values": 0, "errors": {}, "slowest_s": 0.0, "memory_bytes": 0}


def _add(total: dict[str, Any], more: dict[str, Any]) -> None:
    total["examples"] += more["examples"]
    total["values"] += more["values"]
    total["errors"] = dict(Counter(total["errors"]) + Counter(more["errors"]))
    total["slowest_s"] = max(total["slowest_s"], more["slowest_s"])
    total["memory_bytes"] = max(total["memory_bytes"], more["memory_bytes"])


def _tell(totals: dict[str, dict[str, Any]], minutes: float) -> int:
    print(f"{'target':12} {'examples':>9} {'values':>8} {'errors':>6} {'slowest':>8} {'memory':>8}")
    for name, each in totals.items():
        print(
            f"{name:12} {each['examples']:9,} {each['values']:8,} {sum(each['errors'].values()):6}"
            f" {each['slowest_s']:6.2f} s {each['memory_bytes'] / 1e6:5.0f} MB"
        )
        for error, count in each["errors"].items():
            print(f"    {count} x {error}")
    examples = sum(each["examples"] for each in totals.values())
    errors = sum(sum(each["errors"].values()) for each in totals.values())
    print(f"{examples:,} examples in {minutes:g} minutes, {errors} unhandled errors")
    return 1 if errors or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
