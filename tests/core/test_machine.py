"""What the machine says of itself, read from a copy of the files that Linux has."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from gui.core import machine
from tests.core.test_plan import SPEEDS

GB = 2**30


@pytest.fixture
def linux(tmp_path):
    """``linux({path: content})`` writes files of a system and gives its root."""

    def write(content: dict[str, str]) -> Path:
        (tmp_path / "proc").mkdir(exist_ok=True)
        for name, text in {"proc/meminfo": MEMINFO, **content}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


MEMINFO = "MemTotal:       16777216 kB\nMemFree:         1000 kB\nMemAvailable:    8388608 kB\n"
UNIFIED = "0::/app/worker\n"
OLDER = "4:memory:/docker/ab\n1:cpu:/docker/ab\n0::/\n"


@pytest.mark.parametrize(
    ("quota", "cores", "count"),
    [
        ("", "", 8),
        ("", "2", 2),  # Hugging Face Spaces
        ("", "16", 8),  # never more than there are
        ("", "many", 8),
        ("max 100000\n", "", 8),
        ("150000 100000\n", "", 2),
        ("300000 100000\n", "2", 2),
        ("20000 100000\n", "", 1),  # a fifth of one is still one
    ],
)
def test_the_smallest_limit_of_processors_counts(
    linux, monkeypatch, quota: str, cores: str, count: int
) -> None:
    monkeypatch.delenv("CPU_CORES", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    if cores:
        monkeypatch.setenv("CPU_CORES", cores)
    root = linux({"sys/fs/cgroup/cpu.max": quota} if quota else {})
    assert machine.processors(root) == count


def test_available_memory_counts_where_nothing_limits_it(linux) -> None:
    assert machine.free_memory_bytes(linux({})) == 8 * GB


@pytest.mark.parametrize(
    ("content", "free"),
    [
        ({"sys/fs/cgroup/memory.max": "max\n"}, 8 * GB),
        (  # in a container, the group's own path isn't there
            {
                "proc/self/cgroup": UNIFIED,
                "sys/fs/cgroup/memory.max": f"{4 * GB}\n",
                "sys/fs/cgroup/memory.current": f"{3 * GB}\n",
                "sys/fs/cgroup/memory.stat": f"anon 5\ninactive_file {GB}\n",
            },
            2 * GB,
        ),
        (  # a limit of a group around it
            {
                "proc/self/cgroup": UNIFIED,
                "sys/fs/cgroup/app/worker/memory.max": "max\n",
                "sys/fs/cgroup/app/worker/memory.current": "5\n",
                "sys/fs/cgroup/app/memory.max": f"{2 * GB}\n",
                "sys/fs/cgroup/app/memory.current": f"{GB}\n",
            },
            GB,
        ),
        (
            {
                "proc/self/cgroup": OLDER,
                "sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes": f"{3 * GB}\n",
                "sys/fs/cgroup/memory/docker/ab/memory.usage_in_bytes": f"{GB}\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            },
            2 * GB,
        ),
        (
            {
                "sys/fs/cgroup/memory.max": f"{GB}\n",
                "sys/fs/cgroup/memory.current": f"{2 * GB}\n",
            },
            0,
        ),
    ],
)
def test_the_tightest_group_counts(linux, content: dict[str, str], free: int) -> None:
    assert machine.free_memory_bytes(linux(content)) == free


def test_elsewhere_nobody_can_say(tmp_path) -> None:
    assert machine.free_memory_bytes(tmp_path) is None
    assert machine.resident_bytes(1, tmp_path) == 0


def test_a_process_knows_its_memory() -> None:
    assert 10**7 < machine.resident_bytes(os.getpid()) < 10**11


def test_the_most_memory_is_counted_from_now_on() -> None:
    held = bytearray(300 * 10**6)
    high = machine.peak_bytes()
    assert high >= len(held)
    del held
    machine.forget_peak()
    assert machine.peak_bytes() < high - 10**8


def test_a_folder_that_is_not_there_yet_has_its_disks_room(tmp_path) -> None:
    assert machine.free_disk_bytes(tmp_path / "not" / "yet") > 0


def test_a_measurement_beside_busy_programs_is_known_as_such() -> None:
    assert SPEEDS.alone
    assert not replace(SPEEDS, share=0.3).alone


def test_speeds_are_remembered_for_a_week(tmp_path) -> None:
    path = tmp_path / "machine.json"
    assert machine.recall(path, 0.0) is None
    machine.remember(path, SPEEDS, 1000.0)
    assert machine.recall(path, 1000.0 + 6 * 86400) == SPEEDS
    assert machine.recall(path, 1000.0 + 8 * 86400) is None
    assert machine.recall(path, 0.0) is None  # told by a clock that was wrong


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"processors": 1000},
        {"measured_at": "yesterday"},
        {"speeds": {}},
        {"speeds": None},
    ],
)
def test_other_speeds_are_measured_again(tmp_path, changed: dict) -> None:
    path = tmp_path / "machine.json"
    machine.remember(path, SPEEDS, 1000.0)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    assert machine.recall(path, 1000.0) is None


@pytest.mark.parametrize(
    "value", [0.0, -1.0, float("nan"), float("inf"), 1e300, 10**400, "fast", None, (1.0, 2.0)]
)
def test_what_is_no_speed_is_never_used(tmp_path, value: object) -> None:
    path = tmp_path / "machine.json"
    for name in ("step_s", "forward_macs"):
        machine.remember(path, replace(SPEEDS, **{name: value}), 1000.0)
        assert machine.recall(path, 1000.0) is None
