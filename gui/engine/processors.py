"""How many processors this process may use, told to TensorFlow before its first computation."""

import os
from pathlib import Path

import tensorflow as tf


def usable() -> int:
    """Processors that this process may use: the least of CPU_CORES, cgroup quota and affinity.

    Source: CPU_CORES is what Hugging Face Spaces sets; the quota is Linux's cgroup v2 ``cpu.max``.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    counts = [len(affinity(0)) if affinity else os.cpu_count() or 1]
    if os.environ.get("CPU_CORES", "").isdigit():
        counts.append(int(os.environ["CPU_CORES"]))
    quota = Path("/sys/fs/cgroup/cpu.max")
    if quota.is_file():
        share, _, period = quota.read_text().partition(" ")
        if share.isdigit():
            counts.append(round(int(share) / int(period)))
    return max(1, min(counts))


def limit_threads() -> None:
    """Let TensorFlow use as many threads as there are usable processors, always computing alike.

    Raises:
        RuntimeError: When TensorFlow has computed something already.
    """
    tf.get_logger().setLevel("ERROR")  # warns of a second batch size, which every last batch has
    tf.config.threading.set_intra_op_parallelism_threads(usable())
    tf.config.threading.set_inter_op_parallelism_threads(2)
    tf.config.experimental.enable_op_determinism()  # same seed, same curve
