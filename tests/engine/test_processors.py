import os

import pytest
import tensorflow as tf

from gui.engine import processors


@pytest.fixture
def free(monkeypatch, tmp_path):
    """Eight processors by affinity, no other limit; ``free(quota="...")`` writes a cpu.max."""
    monkeypatch.delenv("CPU_CORES", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(processors, "Path", lambda _: tmp_path / "cpu.max")

    def limit(quota: str = "", cores: str = "") -> int:
        if quota:
            (tmp_path / "cpu.max").write_text(quota)
        if cores:
            monkeypatch.setenv("CPU_CORES", cores)
        return processors.usable()

    return limit


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
def test_the_smallest_limit_counts(free, quota: str, cores: str, count: int) -> None:
    assert free(quota, cores) == count


def test_tensorflow_is_told() -> None:
    assert tf.config.threading.get_intra_op_parallelism_threads() == processors.usable()
    # Source: tensorflow/python/framework/config.py, the getter beside enable_op_determinism.
    from tensorflow.python.framework import config

    assert config.is_op_determinism_enabled()
