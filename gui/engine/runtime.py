"""Run a model file in the program that it is meant for; nothing of Freezepoint is loaded.

``python runtime.py RUNTIME MODEL PICTURES.npy ANSWERS.npy`` lets a model answer pictures, float32
(n, rows, columns, 3), RGB 0-255, writes its probabilities, float32 (n, classes), and prints what
ran it. It is a program of its own, not a part of the package: a check in a process that had loaded
TensorFlow already would prove little.
"""

import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.float32]
Answers = tuple[str, Iterator[Any]]  # what ran it; probabilities (1, classes) for each picture


def keras(model: Path, pictures: Pictures) -> Answers:
    """A ``.keras`` file in plain Keras, in its safe mode."""
    import keras as library

    loaded = library.models.load_model(model)
    return f"Keras {library.__version__}", (
        loaded.predict_on_batch(each) for each in _ones(pictures)
    )


def tensorflow(model: Path, pictures: Pictures) -> Answers:
    """A zipped SavedModel in TensorFlow."""
    import tensorflow as library

    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(model) as archive:
            archive.extractall(folder)
        (saved,) = Path(folder).rglob("saved_model.pb")
        loaded = library.saved_model.load(saved.parent)
    answers = (loaded.serve(each).numpy() for each in _ones(pictures))
    return f"TensorFlow {library.__version__}", answers


def litert(model: Path, pictures: Pictures) -> Answers:
    """A LiteRT file in LiteRT's interpreter."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(model), num_threads=os.cpu_count())
    interpreter.allocate_tensors()
    (given,), (told,) = interpreter.get_input_details(), interpreter.get_output_details()

    def answer(picture: Pictures) -> Any:
        interpreter.set_tensor(given["index"], picture)
        interpreter.invoke()
        return interpreter.get_tensor(told["index"])

    return f"LiteRT {version('ai-edge-litert')}", map(answer, _ones(pictures))


def onnx(model: Path, pictures: Pictures) -> Answers:
    """An ONNX file in ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    (name,) = [each.name for each in session.get_inputs()]
    answers = (session.run(None, {name: each})[0] for each in _ones(pictures))
    return f"ONNX Runtime {onnxruntime.__version__}", answers


RUNTIMES: dict[str, Callable[[Path, Pictures], Answers]] = {
    each.__name__: each for each in (keras, tensorflow, litert, onnx)
}


def _ones(pictures: Pictures) -> Iterator[Pictures]:
    return (pictures[place : place + 1] for place in range(len(pictures)))


def main() -> None:
    """Answer, and say what answered."""
    for unused in ("pandas", "sklearn"):  # Keras imports them where they are: a second and a half
        sys.modules[unused] = None  # type: ignore[assignment]
    runtime, model, pictures, answers = sys.argv[1:]
    name, found = RUNTIMES[runtime](Path(model), np.load(pictures))
    np.save(answers, np.concatenate([*found]).astype(np.float32))
    print(name)  # noqa: T201 - its result


if __name__ == "__main__":
    main()
