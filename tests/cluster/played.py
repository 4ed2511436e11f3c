"""Loaded into a computer of the cluster (``dask worker --preload``): its processes only play."""

import os
from pathlib import Path

from gui.core import processes

processes._ROOT = Path(os.environ["FREEZEPOINT_PLAYED"])
