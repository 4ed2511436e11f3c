import json
from dataclasses import asdict

import pytest

from gui.core.prediction import Prediction, from_json

ANSWER = Prediction("a cat.jpg", (("cat", 0.75), ("dog", 0.25)), "data:image/webp;base64,AA")
PROBLEM = Prediction("notes.txt", problem="This is not a picture. Choose another file.")


@pytest.mark.parametrize("prediction", [ANSWER, PROBLEM])
def test_an_answer_comes_back_from_the_worker_s_json(prediction):
    assert from_json(json.loads(json.dumps(asdict(prediction)))) == prediction


def test_the_best_is_the_most_probable_class_wherever_it_stands():
    assert ANSWER.best == ("cat", 0.75)
    assert Prediction("x", (("a", 0.2), ("b", 0.7), ("c", 0.1))).best == ("b", 0.7)


def test_a_problem_has_no_best():
    with pytest.raises(ValueError, match="empty"):
        _ = PROBLEM.best
    assert (PROBLEM.probabilities, PROBLEM.thumbnail) == ((), "")
