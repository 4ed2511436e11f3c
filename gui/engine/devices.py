"""The devices that compute: which there are, and how work is given to all of them at once.

Nearly every machine has one, and then nothing here does anything: every step is computed as it
would be without this module. Where TensorFlow sees several graphics processors, each has a copy of
every weight that learns (``tf.distribute.MirroredStrategy``) and of the frozen part, and an equal
share of every batch; what comes out is the same, see ``engine.together``.

There was no machine with two of them to test it on. A processor that TensorFlow was told to treat
as two devices takes the very same way, so that is what the tests do.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any, TypeVar

import keras
import tensorflow as tf

from gui.engine.model import Model

T = TypeVar("T")


@cache  # TensorFlow settles them when it first computes
def found() -> tuple[str, ...]:
    """Names of the graphics processors that TensorFlow sees, or else of the processor."""
    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    return tuple(each.name for each in tf.config.list_logical_devices(kind))


def several() -> bool:
    """Whether work is shared."""
    return len(found()) > 1


@cache  # a second one would number its messages between the devices as the first one does
def mirrored() -> Any:
    """TensorFlow's strategy for all the devices, if there are several."""
    return tf.distribute.MirroredStrategy(list(found()))


def scope() -> AbstractContextManager[object]:
    """Where variables are made of which each device is to have a copy."""
    return mirrored().scope() if several() else nullcontext()


def built(build: Callable[[], Model]) -> Model:
    """What ``build`` makes, with a copy of each variable on each device.

    Asked as a whole, for example with ``predict_on_batch``, it answers on the first device alone.
    """
    if not several():
        return build()
    with scope():
        model = build()
    # A model that is made inside would have every device answer the whole batch.
    return keras.Model(model.input, model.output, name=model.name)


def copies(variable: Any) -> tuple[Any, ...]:
    """TensorFlow's own variables behind one of Keras's: one for each device that has it."""
    if isinstance(variable.value, tf.distribute.DistributedValues):
        return tuple(mirrored().experimental_local_results(variable.value))
    return (variable.value,)


def on_each(work: Callable[[int], T]) -> list[T]:
    """What ``work`` gives on each device, called with its number; all are at it at once."""
    names = found()
    if len(names) == 1:
        return [work(0)]

    def there(number: int) -> T:
        with tf.device(names[number]):
            return work(number)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(there, range(len(names))))
