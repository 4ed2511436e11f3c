"""Make the small web app and the offline page of a finished run, each with its model checked.

Both carry the model as an ONNX file. Before one is written, that very file answers validation
pictures in ONNX Runtime, and what it says is held against what the app itself says.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gui.core import demo, leaflet, npm, offline_page
from gui.core.runs import Run
from gui.core.take_home import Check
from gui.engine import agreement, graph
from gui.engine.agreement import Sample
from gui.engine.loaded import Loaded

Progress = Callable[[int, int], None]  # done, in all


def write_demo(run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
    """Write the zip of the small web app; its model has all its precision.

    Args:
        run: A finished run.
        loaded: Its model.
        path: Where to.
        progress: Called with the number of pictures that have been checked, of how many.

    Returns:
        How its model agrees; the zip is written, whatever that says.

    Raises:
        RunError: When the run isn't finished or its pictures are gone.
        DiskFull: When there is no room.
    """
    asked = agreement.sample(run, loaded)
    model = graph.build(loaded.model, loaded.labels, loaded.image_size, "float32")
    check = _check(model, asked, progress)
    demo.write(path, leaflet.of(run), model)
    return check


def write_page(run: Run, loaded: Loaded, path: Path, progress: Progress) -> Check:
    """Write the offline page; its model's numbers are as short as they can be and still agree.

    Arguments, result and mistakes are those of :func:`write_demo`.

    Raises:
        DownloadError: When what runs the model in a browser can't be fetched from npm's registry.
    """
    runtime = npm.obtain(offline_page.RUNTIME, npm.cache_folder())
    asked = agreement.sample(run, loaded)
    model = graph.build(loaded.model, loaded.labels, loaded.image_size, "int8")
    check = _check(model, asked, progress)
    if agreement.refusal("page", check):
        model = graph.build(loaded.model, loaded.labels, loaded.image_size, "float16")
        check = _check(model, asked, progress)
    offline_page.write(path, leaflet.of(run), model, runtime)
    return check


def _check(model: bytes, asked: Sample, progress: Progress) -> Check:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    given: list[NDArray[np.float32]] = []
    for place, pixels in enumerate(asked.pixels, start=1):
        given += session.run(None, {"pictures": pixels[None]})
        progress(place, len(asked.pixels))
    return agreement.compare(
        f"ONNX Runtime {onnxruntime.__version__}", np.concatenate(given), asked
    )
