"""Freezepoint's command line on a processor that TensorFlow takes for several devices.

``python tests/bench/on_devices.py 2 train FOLDER --run RUN …`` is ``python -m gui train …`` as it
is with two graphics processors: the frozen part runs in TensorFlow, never in ncnn. With 1 it is as
with one of them, to compare. A program of its own: TensorFlow has to be told before it first
computes.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # for gui


def split(count: int) -> None:
    """Let TensorFlow take the processor for so many devices."""
    import tensorflow as tf

    (processor,) = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * count
    tf.config.set_logical_device_configuration(processor, parts)
    sys.modules["ncnn"] = None  # as if it weren't installed


def main() -> int:
    from gui import __main__ as program
    from gui.engine import devices

    count = int(sys.argv[1])
    split(count)
    code = program.main(sys.argv[2:])
    if len(devices.found()) != count:
        raise SystemExit(f"There are {len(devices.found())} devices, not {count}.")
    return code


if __name__ == "__main__":
    sys.exit(main())
