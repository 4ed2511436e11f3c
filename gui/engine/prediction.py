"""Answer what a picture shows, with the best weights of a run."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from gui.core import scaled, vgg16
from gui.core.errors import UnreadablePicture
from gui.core.prediction import Prediction
from gui.core.runs import Run
from gui.engine.loaded import Loaded, Models
from gui.engine.network import PICTURES
from gui.engine.novelty import Familiar, Judge
from gui.engine.weights import Weights

_BATCH = 16
_SHOWN_PX = 208  # side of the picture beside the answer, twice as many as it is shown with

Files = Sequence[tuple[str, Path]]


class Predictor:
    """Answers with the models that it keeps ready.

    Attributes:
        models: Those models; who explains an answer asks them, too.
    """

    def __init__(self, find_weights: Callable[[], Weights]) -> None:
        self.models = Models(find_weights)
        self._familiar = Familiar()

    def predict(self, run: Run, files: Files) -> Iterator[Prediction]:
        """Answer for each file, in order; one that can't be read gets a sentence instead.

        Args:
            run: A run with at least one whole epoch.
            files: Each picture's name for the person, and where it is.

        Raises:
            RunError: When the run has no whole epoch yet or its files are damaged.
        """
        loaded = self.models.load(run)
        judge = self._familiar.judge(run, loaded)
        for start in range(0, len(files), _BATCH):
            yield from _answer(loaded, judge, files[start : start + _BATCH])


def _answer(loaded: Loaded, judge: Judge | None, files: Files) -> Iterator[Prediction]:
    read: dict[int, tuple[np.ndarray, bytes]] = {}
    found: dict[int, Prediction] = {}
    for place, (name, path) in enumerate(files):
        try:
            read[place] = scaled.read(path, loaded.image_size, _SHOWN_PX)
        except UnreadablePicture as error:
            found[place] = Prediction(name, problem=f"{error.what} {error.hint}")
    if read:
        batch = np.stack([pixels for pixels, _ in read.values()])
        seen = loaded.network.run(PICTURES, batch, [vgg16.HEAD_ONLY])[vgg16.HEAD_ONLY]
        answers = loaded.head.predict_on_batch(seen)
        judged = judge.judge(seen) if judge else [None] * len(read)
        for place, answer, look in zip(read, answers, judged, strict=True):
            found[place] = Prediction(
                files[place][0],
                tuple(zip(loaded.labels, map(float, answer), strict=True)),
                scaled.data_uri(read[place][1]),
                look=look,
            )
    yield from (found[place] for place in range(len(files)))
