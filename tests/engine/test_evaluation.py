import numpy as np
import pytest

from gui.core.config import ModelSettings
from gui.engine.evaluation import evaluate
from gui.engine.job import Part
from gui.engine.model import build_functional


class Answers:
    """A model that gives prepared answers, in order."""

    def __init__(self, *answers: list[float]):
        self.answers = [np.array(each, np.float32) for each in answers]

    def predict_on_batch(self, batch: np.ndarray) -> np.ndarray:
        taken, self.answers = self.answers[: len(batch)], self.answers[len(batch) :]
        return np.stack(taken)


def part(*labels: int) -> Part:
    pictures = np.random.default_rng(0).integers(0, 256, (len(labels), 64, 64, 3), dtype=np.uint8)
    return Part("validation", pictures, np.array(labels))


def test_by_hand() -> None:
    loss, accuracy = evaluate(Answers([0.5, 0.5], [0.25, 0.75], [0.9, 0.1]), part(0, 1, 1))
    assert accuracy == pytest.approx(2 / 3)
    assert loss == pytest.approx(-(np.log(0.5) + np.log(0.75) + np.log(0.1)) / 3)


def test_a_certain_mistake_has_a_finite_loss() -> None:
    loss, accuracy = evaluate(Answers([1, 0]), part(1))
    assert (loss, accuracy) == (pytest.approx(-np.log(1e-7), rel=1e-4), 0)


@pytest.mark.parametrize("count", [1, 17])
def test_it_agrees_with_keras_for_any_number_of_pictures(count: int) -> None:
    model = build_functional(ModelSettings(image_size=64), 3)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    chosen = part(*(number % 3 for number in range(count)))
    expected = model.evaluate(
        chosen.images.astype(np.float32), chosen.labels, verbose=0, return_dict=True
    )
    loss, accuracy = evaluate(model, chosen)
    assert loss == pytest.approx(expected["loss"], rel=1e-4)
    assert accuracy == pytest.approx(expected["accuracy"], abs=1e-6)
