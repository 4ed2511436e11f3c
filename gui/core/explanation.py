"""Where in a picture a model found what it answered: a map of heat, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

from gui.core import pixels, vgg16

Heat = npt.NDArray[np.float32]
Where = Literal["last_convolution", "freeze_point"]

SHOWN_PX: Final = 320  # long side of the shown picture
_LAST: Final = [layer.name for layer in vgg16.LAYERS if layer.kind == "conv"][-1]
# From violet over red to yellow, each lighter than the one before: whoever can't tell red from
# green sees the order by the lightness. Transparent where nothing spoke for the answer.
_COLOURS: Final = np.array([(59, 15, 112), (183, 55, 95), (240, 120, 60), (255, 230, 110)], float)
_SOLID_FROM: Final = 0.6  # heat from which nothing of the picture shines through


@dataclass(frozen=True)
class Explanation:
    """Where the model found what it answered in one picture, or why nobody can say.

    Attributes:
        name: The picture's name for the person.
        answer: The class that is explained; "" when there is a problem.
        probability: What the model gives it, 0 to 1.
        thumbnail: The whole picture, small, as a ``data:`` URI; "" when there is a problem.
        heat: The overlay of the same shape, as a ``data:`` URI of a WebP with alpha; "" when no
            part of the picture spoke for the class.
        problem: A sentence for the person, or None.
    """

    name: str
    answer: str = ""
    probability: float = 0.0
    thumbnail: str = ""
    heat: str = ""
    problem: str | None = None


def from_json(stored: Mapping[str, Any]) -> Explanation:
    """An explanation as a worker wrote it, with ``dataclasses.asdict``.

    Raises:
        ValueError, LookupError or TypeError: When it is anything else.
    """
    problem = stored["problem"]
    return Explanation(
        str(stored["name"]),
        str(stored["answer"]),
        float(stored["probability"]),
        str(stored["thumbnail"]),
        str(stored["heat"]),
        None if problem is None else str(problem),
    )


def layer(where: Where, freeze_point: str) -> str:
    """The VGG16 layer whose output is looked at: "block5_conv3", or the first that has learned.

    Where only the head has learned, both are the last convolution.
    """
    first = vgg16.first_learning(freeze_point)
    return _LAST if where == "last_convolution" or first == vgg16.HEAD_ONLY else first


def overlay(heat: Heat, size: tuple[int, int]) -> str:
    """Heat as a picture to lay over another.

    Args:
        heat: float32 (rows, columns), 0 to 1; it covers the whole picture.
        size: Width and height of that picture, px.

    Returns:
        A ``data:`` URI of a WebP with alpha; "" when there is no heat at all.
    """
    if not heat.any():
        return ""
    fine = Image.fromarray(heat).resize(size, Image.Resampling.LANCZOS)
    values = np.asarray(fine, np.float64).clip(0, 1)
    steps = np.linspace(0, 1, len(_COLOURS))
    bands = [np.interp(values, steps, channel) for channel in _COLOURS.T]
    bands.append(255 * np.minimum(values / _SOLID_FROM, 1))
    return pixels.address(np.rint(np.stack(bands, axis=-1)).astype(np.uint8))
