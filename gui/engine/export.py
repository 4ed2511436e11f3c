"""Write the finished model so that anyone can use it with plain Keras."""

import zipfile
from collections.abc import Sequence
from dataclasses import replace

import keras

from gui.core import files, inside, vgg16
from gui.core.config import ModelSettings
from gui.core.errors import disk_full
from gui.core.runs import Run
from gui.engine.model import Model, preparation


def save(run: Run, model: Model, settings: ModelSettings, labels: Sequence[str]) -> None:
    """Write ``model.keras``, with the class names inside it, and ``labels.txt``.

    The saved model has no augmentation (Keras's layers would act when the model is simply called)
    and no optimizer. It takes RGB 0–255 pictures of any size.

    Raises:
        DiskFull: When there is no room.
    """
    lines = inside.labels(tuple(labels))
    temporary = run.path / ".part.model.keras"  # Keras wants the ending
    try:
        with disk_full():
            _plain(model, settings).save(temporary)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(inside.LABELS, lines)
                archive.writestr(inside.FACTS, inside.facts(run, "any size in"))
            files.write_bytes(run.labels, lines.encode())
            temporary.replace(run.model)
    finally:
        temporary.unlink(missing_ok=True)


def _plain(model: Model, settings: ModelSettings) -> Model:
    """The same layers behind a preparation without augmentation."""
    plain = replace(settings, flip=False, rotation=False, zoom=False)
    inputs = keras.Input((None, None, 3), name="pictures")
    outputs = preparation(plain, seed=0)(inputs)
    for layer in model.layers:
        if layer.name not in (vgg16.PREPARATION, "pictures"):
            outputs = layer(outputs)
    return keras.Model(inputs, outputs, name="freezepoint")
