"""A process of a computer of the cluster: ``python -m gui.cluster.worker``.

It is ``gui.engine.worker``, but for two things: the frozen part of a training is shared out, and it
ends with the ``dask worker`` that has started it. That one is dead or cut off then, and another
computer goes on.
"""

import sys
from pathlib import Path

from gui.cluster import orphaned
from gui.cluster.shares import Shares
from gui.engine import worker


def main() -> None:
    """Answer on standard input and output until nobody is there any more."""
    kind, scheduler, where, name, *weights = sys.argv[1:]
    orphaned.end_with_parent()
    shares = Shares(scheduler, where, name)
    if kind == "training":
        shares.connect()
    worker.main(Path(weights[0]) if weights else None, shares)


if __name__ == "__main__":
    main()
