"""Small, easy pictures and runs made of them; TensorFlow in this process, VGG16's real weights."""

import errno
import functools
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import h5py
import numpy as np
import pytest
from PIL import Image

from gui.core import ingest, new_run, split
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.events import Event
from gui.core.ladder_mark import LadderMark
from gui.core.runs import Run
from gui.engine import network, processors, training
from gui.engine import weights as sources
from gui.engine.weights import Weights

SIZE_PX = 64


@pytest.fixture(scope="session", autouse=True)
def _threads() -> None:
    processors.limit_threads()


@pytest.fixture(scope="session")
def weights() -> Weights:
    """VGG16's ImageNet weights, as this machine has them."""
    return sources.find(download=False)


@pytest.fixture(scope="session")
def photos(tmp_path_factory) -> Path:
    """Three classes of twelve pictures each, alike enough to be learned in epochs, not at once."""
    colors = {"leaf": (90, 140, 90), "sand": (150, 140, 110), "sea": (80, 110, 160)}
    return draw(tmp_path_factory.mktemp("photos"), colors, spread=22)


@pytest.fixture(scope="session")
def easy_photos(tmp_path_factory) -> Path:
    """Three classes that even a small head tells apart."""
    colors = {"leaf": (60, 150, 70), "sand": (200, 180, 120), "sea": (40, 80, 190)}
    return draw(tmp_path_factory.mktemp("easy"), colors, spread=5)


def draw(folder: Path, colors: dict[str, tuple[int, int, int]], spread: float) -> Path:
    """Twelve noisy, striped pictures of each color; the color varies by ``spread``."""
    chance = np.random.default_rng(7)
    for label, color in colors.items():
        (folder / label).mkdir()
        for number in range(12):
            color_here = np.array(color) + chance.normal(0, spread, 3)
            pixels = color_here + chance.normal(0, 40, (72, 90, 3))
            pixels[:: 3 + number % 4] += 40
            picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            picture.save(folder / label / f"{number:02}.png")
    return folder


@pytest.fixture(scope="session")
def prepare(photos, tmp_path_factory) -> Callable[..., Run]:
    """``prepare(epochs=3, freeze_point="head")`` is a new run with these settings.

    ``folder`` holds the pictures, ``each`` is how many of a class are used; ``store`` is shared
    with other runs, and ``ladder`` says that it is a rung.
    """

    def make(
        folder: Path = photos,
        each: int = 12,
        store: Path | None = None,
        ladder: LadderMark | None = None,
        **settings: object,
    ) -> Run:
        chosen = {"image_size": SIZE_PX, "views": 1, "epochs": 3, "batch_size": 8, **settings}
        config = Config(ModelSettings.read(chosen), TrainSettings.read(chosen))
        used = [entry for entry in ingest.walk(folder) if int(entry.path.stem) < each]
        data = ingest.read(used, folder)
        divided = split.by(config.train, data)
        path = tmp_path_factory.mktemp("run")
        about = ("small", 1_700_000_000.0)
        return new_run.create(path, config, divided, folder, *about, store=store, ladder=ladder)

    return make


@pytest.fixture(scope="session")
def train(weights) -> Callable[..., list[Event]]:
    """``train(run)`` trains it, on a clock that ticks a second a look, and lists what was told.

    The frozen part is made ready once for all of them, as a worker has it ready for its training.
    """
    opened = functools.cache(lambda: network.open_network(weights.arrays))

    def go(run: Run, tell: Callable[[Event], None] = lambda _: None, by=weights) -> list[Event]:
        told: list[Event] = []
        ready = {"open_network": lambda _: opened()} if by is weights else {}
        ticks = itertools.count(1_700_000_000)

        def listen(event: Event) -> None:
            told.append(event)
            tell(event)

        training.train(run, lambda: by, lambda: float(next(ticks)), listen, **ready)
        return told

    return go


@pytest.fixture(scope="session")
def trained(prepare, train) -> Run:
    """A finished run: head only, three epochs. Not to be changed."""
    run = prepare(epochs=3, views=2, head_rate=0.003)
    train(run)
    return run


@pytest.fixture(scope="session")
def fine(prepare, train) -> Run:
    """A finished run of two phases: two epochs of the head, two from block5_conv3 on."""
    run = prepare(epochs=4, head_epochs=2, freeze_point="block5_conv3", head_rate=0.003)
    train(run)
    return run


@pytest.fixture
def copied(tmp_path) -> Callable[[Run], Run]:
    """``copied(run)`` is the same run in a folder of this test, free to be changed."""

    def copy(run: Run) -> Run:
        return Run(shutil.copytree(run.path, run.path.with_name(f"{run.id}-{tmp_path.name}")))

    return copy


@pytest.fixture(scope="session")
def keras_file(weights, tmp_path_factory) -> Path:
    """The weights in the layout of the file that Keras publishes."""
    name = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
    path = tmp_path_factory.mktemp("published") / name
    with h5py.File(path, "w") as file:
        for layer, (kernel, bias) in weights.arrays.items():
            file[f"{layer}/{layer}_W_1:0"] = kernel
            file[f"{layer}/{layer}_b_1:0"] = bias
            file[layer].attrs["weight_names"] = [f"{layer}_W_1:0", f"{layer}_b_1:0"]
        file.attrs["layer_names"] = list(weights.arrays)
    return path


@pytest.fixture(scope="session")
def full_disk() -> Callable[..., AbstractContextManager[None]]:
    """``with full_disk():`` archives can't be saved; ``room`` is left for rows, in bytes."""
    full_error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    opened = Path.open

    def write_array(file, *_: object, **__: object) -> None:
        file.write(b"half of it")
        raise full_error

    class Filling:
        """A file on a disk with so much room."""

        def __init__(self, file: BinaryIO, left: list[int]):
            self._file, self._left = file, left

        def write(self, content: bytes) -> int:
            self._left[0] -= memoryview(content).nbytes
            if self._left[0] < 0:
                raise full_error
            return self._file.write(content)

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

    @contextmanager
    def full(room: int = 0) -> Iterator[None]:
        left = [room]

        def open_filling(path: Path, mode: str = "r", **options: object) -> object:
            file = opened(path, mode, **options)
            return Filling(file, left) if mode == "wb" else file

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("gui.engine.arrays.np.lib.format.write_array", write_array)
            patch.setattr(Path, "open", open_filling)
            yield

    return full
