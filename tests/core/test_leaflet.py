"""What goes with a model that leaves."""

import shutil

import pytest

from gui.core import evaluation, leaflet, new_run
from gui.core.config import Config
from gui.core.errors import RunError
from gui.core.evaluation import Answered, Evaluation
from gui.core.events import Evaluated
from gui.core.metrics import ClassScore, Metrics
from gui.words import speaking
from tests.core.run_folders import SPLIT, made, refusal

KEPT = Evaluated(1_795_507_645.0, 4, 0.25, 0.95, 40)


def answers_of_test(epoch: int) -> Evaluation:
    """An evaluation of ten test pictures, nine of them right."""
    cats = ClassScore("cat", 9, 5, 5, 5, 1.0, 1.0, 1.0)
    dogs = ClassScore("dog", 9, 5, 5, 4, 0.8, 0.8, 0.8)
    answered = Answered("cat/1.jpg", "a" * 64, "cat/1.jpg", 0, (0.9, 0.1))
    measures = Metrics(9, 10, 0.3, (cats, dogs), ((5, 0), (1, 4)), ())
    return Evaluation("test", epoch, ("cat", "dog"), (answered,), measures)


@pytest.fixture
def run(tmp_path):
    run = made(tmp_path / "run", tmp_path, title="<b>cats</b>")
    yield run
    shutil.rmtree(run.path)


def test_it_tells_how_good_the_model_is_on_what_and_when_it_was_made(run) -> None:
    run.append(KEPT)
    told = leaflet.of(run)
    assert (told.title, told.labels, told.trained) == ("<b>cats</b>", ("cat", "dog"), "2026-11-24")
    assert told.size_px == run.config.model.image_size
    assert told.trust == (
        "38 of 40 right (95.0 %); on many more such pictures it is most likely right for 83.4 % "
        "to 98.7 %. The best epoch was chosen on these pictures, so it may do a little worse on "
        "others.",
    )


def test_its_name_says_the_freeze_point_as_the_page_does(tmp_path) -> None:
    run = new_run.create(
        tmp_path / "named", Config(), SPLIT, tmp_path, new_run.title(Config(), SPLIT.labels), 12.5
    )
    run.append(KEPT)
    assert leaflet.of(run).title == "cat, dog · head only"
    with speaking("zh-Hant"):
        assert leaflet.of(run).title == "cat, dog · 只有分類頭"


def test_test_pictures_count_when_they_were_asked_of_this_model(run) -> None:
    run.append(KEPT)
    evaluation.save(answers_of_test(epoch=3), run.evaluation("test"))
    assert len(leaflet.of(run).trust) == 1
    evaluation.save(answers_of_test(epoch=4), run.evaluation("test"))
    said = leaflet.of(run).trust[1]
    assert said.startswith("On pictures that no choice ever saw: 9 of 10 right (90.0 %); ")


def test_an_unfinished_training_has_none(run) -> None:
    assert "isn't finished yet. Wait" in refusal(leaflet.of, run)
    with pytest.raises(RunError):
        leaflet.of(type(run)(run.path / "nowhere"))


def test_it_is_told_in_the_language_it_is_asked_for_in(run) -> None:
    run.append(KEPT)
    evaluation.save(answers_of_test(epoch=4), run.evaluation("test"))
    with speaking("zh-Hant"):
        kept, tested = leaflet.of(run).trust
    assert "很可能會答對 83.4 % 到 98.7 %。最好的一輪" in kept
    assert tested.startswith("在做任何選擇時都沒用過的圖片上：")
