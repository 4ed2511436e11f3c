"""How good the kept model is, measured on the pictures themselves."""

from collections.abc import Callable

import numpy as np

from gui.engine.job import Part
from gui.engine.model import Model

_BATCH = 16


def evaluate(
    model: Model, part: Part, progress: Callable[[int], None] = lambda _: None
) -> tuple[float, float]:
    """Mean cross-entropy and share of right answers of the whole model, without any cache.

    Args:
        model: From RGB 0–255 pictures to probabilities.
        part: The pictures and their labels.
        progress: Called with the number of pictures that have just been answered.

    Returns:
        Loss (nats, 0 or more) and accuracy (0 to 1).
    """
    found = []
    for start in range(0, len(part.images), _BATCH):
        batch = part.images[start : start + _BATCH].astype(np.float32)
        found.append(model.predict_on_batch(batch))
        progress(len(batch))
    answers = np.concatenate(found)  # float32 (n, classes)
    truth = answers[np.arange(len(answers)), part.labels]
    # Source: keras.losses clips at this epsilon before the logarithm.
    loss = -np.log(np.clip(truth, 1e-7, 1.0)).mean()
    return float(loss), float((answers.argmax(axis=1) == part.labels).mean())
