"""What takes longer with a finished training, asked as the page asks: of a process of its own."""

from collections.abc import Iterator

import pytest

from gui.core import evaluation
from gui.core.answers import Answers
from gui.core.errors import FreezepointError
from gui.core.given import File
from gui.core.processes import WorkerProcess
from gui.core.runs import Run
from gui.core.workshop import Workshop


@pytest.fixture(scope="module")
def workshop(tmp_path_factory) -> Iterator[Workshop]:
    log = tmp_path_factory.mktemp("logs") / "workshop.log"
    opened = Workshop(Answers(lambda: WorkerProcess(log, None)))
    yield opened
    opened.close()


def test_evaluations_and_curves_are_made_by_another_process(
    workshop, trained, copied, prepare, tmp_path
) -> None:
    run, told = copied(trained), []
    run.evaluation("validation").unlink()
    workshop.evaluate(run, lambda *each: told.append(each))
    kept = evaluation.load(trained.evaluation("validation"))
    assert evaluation.load(run.evaluation("validation")) == kept
    assert told[-1] == (len(kept.answers),) * 2

    told.clear()
    files = [*_listed(run), File("moon/1.png", tmp_path / "1.png", "moon")]
    found = workshop.evaluate_given(run, files, lambda *each: told.append(each))
    assert found.unknown == ("moon",)
    assert found.checking == len(kept.answers)
    assert [each.answer for each in found.evaluation.answers] == [
        each.answer for each in kept.answers
    ]
    assert told[-1] == (len(kept.answers),) * 2

    told.clear()
    curve = workshop.learning_curve(run, lambda *each: told.append(each))
    assert curve.points[-1].right[0] == tuple(each.right for each in kept.answers)
    assert run.learning_curve.exists()
    assert told[-1] == (20, 20)

    with pytest.raises(FreezepointError, match="hasn't finished an epoch"):
        workshop.evaluate(prepare(), lambda *_: None)


def _listed(run: Run) -> list[File]:
    return [
        File(each.name, run.pictures_root / each.path, run.split.labels[each.label])
        for each in run.split.validation
    ]
