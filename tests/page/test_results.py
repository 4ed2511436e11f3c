"""Results by the page's own door: what a person sees, fixes, and cannot reach."""

import json
from dataclasses import replace
from typing import Any

import pytest

from gui.core import evaluation, retraining, split
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Started
from gui.core.explanation import Explanation
from gui.core.runs import Run
from tests.core.evaluations import evaluated
from tests.page.visitors import Visitor, refusal, told_in


def judge(run: Run, wrong: int = 3) -> None:
    """The run is evaluated; the first pictures of its validation part are answered wrong."""
    divided = run.split
    told = [
        ((each.label + (place < wrong)) % len(divided.labels), 0.9 - place / 1000)
        for place, each in enumerate(divided.validation)
    ]
    made = evaluated(divided.validation, told, divided.labels, learned_from=32)
    evaluation.save(made, run.evaluation("validation"))


def does(someone: Visitor, part: Any, event: str, **event_data: object) -> dict[str, Any]:
    """What an event of a part with data came to, by the parts that it changes; or its error."""
    told = someone.picks(part, event, **event_data)
    if not told["success"]:
        return told["output"]
    return dict(zip(someone.changes(part, event), told["output"]["data"], strict=True))


@pytest.fixture
def judged(trained) -> tuple[Visitor, Run]:
    someone, run = trained
    judge(run)
    return someone, run


def view(run: Run, **others: object) -> dict[str, object]:
    return {"run": run.id, "kind": "mistakes", "truth": 0, "answer": 0, **others}


def test_before_a_training_is_finished_results_say_what_is_missing(visitor) -> None:
    someone = visitor()
    step = someone.page.results
    shown = step.show(someone.owner)
    assert shown[step.missing]["value"].startswith("No results yet")
    assert (shown[step.body]["visible"], shown[step.ask]["visible"]) == (False, False)


def test_an_older_run_is_worked_out_when_asked(trained) -> None:
    someone, _ = trained
    step = someone.page.results
    shown = step.show(someone.owner)
    assert (shown[step.missing]["visible"], shown[step.ask]["visible"]) == (False, True)
    assert shown[step.mistakes.grid] is None


def test_results_tell_how_good_it_is_and_what_is_wrong(judged) -> None:
    someone, _ = judged
    step = someone.page.results
    shown = step.show(someone.owner)
    sentence = told_in(shown[step.sentence])
    assert "92.5 %, most likely 80.1–97.5 %: 37 of 40 pictures" in sentence
    assert "chosen on these same pictures" in sentence
    assert [row["learned"] for row in shown[step.mistakes.classes]["scores"]] == [32] * 5
    assert sum(map(sum, shown[step.mistakes.cells]["counts"])) == 40
    grid = shown[step.mistakes.grid]
    assert [each["confidence"] for each in grid["pictures"]] == [0.9, 0.899, 0.898]
    assert all(each["thumbnail"].startswith("data:image/webp") for each in grid["pictures"])
    assert shown[step.sureness.chart]["data"]
    bar = {each["id"]: each["state"] for each in shown_bar(someone)["steps"]}
    assert bar["results"] == "done"
    lines = {each["id"]: each["told"] for each in shown_bar(someone)["steps"]}
    assert lines["train"] == "2 epochs, of which epoch 2 is kept"
    assert lines["results"].startswith("38 of 40 right")
    assert (bar["test"], lines["test"]) == ("open", "")


def shown_bar(someone: Visitor) -> dict[str, Any]:
    shown: dict[str, Any] = someone.page.show(someone.owner)[someone.page.bar]
    return shown


def test_what_no_choice_has_seen_comes_first(judged) -> None:
    someone, run = judged
    keeps_apart(run)
    step = someone.page.results
    shown = step.show(someone.owner)
    sentence = told_in(shown[step.sentence])
    assert sentence.index("On the 10 test pictures") < sentence.index("90.0 %")
    assert (shown[step.side]["visible"], shown[step.side]["value"]) == (True, "validation")


def keeps_apart(run: Run) -> None:
    """Ten pictures become test pictures, two of which are called wrong; the others are checked."""
    before = run.split
    kept, test = before.validation[10:], before.validation[:10]
    split.save(replace(before, validation=kept, test=test), run.path / "split.json")
    judge(run)
    told = [((each.label + (place < 2)) % 5, 0.9) for place, each in enumerate(test)]
    evaluation.save(evaluated(test, told, before.labels, "test"), run.evaluation("test"))


def test_test_pictures_have_their_own_mistakes_that_nobody_can_mend(judged) -> None:
    someone, run = judged
    plain = someone.page.results.show(someone.owner)[someone.page.results.side]
    assert plain["visible"] is False, "without a test part there is no choice"
    keeps_apart(run)
    step = someone.page.results
    shown = someone.does(step.side, "input", "test")
    assert sum(map(sum, shown[step.mistakes.cells]["counts"])) == 10
    assert shown[step.mistakes.classes]["opens"] is False
    assert "80.0 % of them were right" in told_in(shown[step.sureness.words])
    grid = shown[step.mistakes.grid]
    assert grid["note"] == (
        "2 of 10 were wrong. The surer it was of a wrong answer, the higher it stands."
    )
    assert (len(grid["pictures"]), grid["classes"]) == (2, [])
    first, other = run.split.labels[:2]
    shown = does(someone, step.mistakes.cells, "picked", truth=0, answer=1, of="test")
    grid = shown[step.mistakes.grid]
    assert grid["title"] == f"“{first}” that it called “{other}”, the surest first"
    wrong = run.split.test[0].sha256
    assert wrong in [each["id"] for each in grid["pictures"]]
    for asked in (grid["view"], view(run)):
        told = does(
            someone, step.mistakes.grid, "fixed", kind="leave_out", id=wrong, view=asked, first=0
        )
        assert told["error"]
    assert someone.owner.open_dataset.edits == ()
    shown = does(someone, step.mistakes.cells, "picked", truth=0, answer=1, of="validation")
    assert shown[step.mistakes.grid]["classes"] == list(run.split.labels)


def test_a_fix_brings_the_pictures_kept_for_checking_back(judged) -> None:
    someone, run = judged
    keeps_apart(run)
    step = someone.page.results
    someone.does(step.side, "input", "test")
    asked = {"kind": "leave_out", "id": run.split.validation[0].sha256, "view": view(run)}
    shown = does(someone, step.mistakes.grid, "fixed", first=0, **asked)
    assert shown[step.side] == "validation"
    assert "90.0 % of them were right" in told_in(shown[step.sureness.words])
    assert sum(map(sum, shown[step.mistakes.cells]["counts"])) == 30


def test_before_and_after_are_left_out_where_the_training_before_is_not(judged) -> None:
    someone, run = judged
    told = json.loads((run.path / "run.json").read_text())
    (run.path / "run.json").write_text(json.dumps({**told, "retrained_from": "f" * 16}))
    step = someone.page.results
    shown = step.show(someone.owner)
    assert shown[step.changes.body]["visible"] is False
    assert shown[step.body]["visible"] is True


def test_results_of_before_more_training_are_not_shown(judged) -> None:
    someone, run = judged
    run.append(Evaluated(7.0, 1, 0.4, 0.95, 40))
    step = someone.page.results
    assert step.show(someone.owner)[step.ask]["visible"] is True


def test_a_cell_opens_its_pictures(judged) -> None:
    someone, run = judged
    step = someone.page.results.mistakes
    shown = does(someone, step.cells, "picked", kind="cell", truth=0, answer=1)
    labels = run.split.labels
    assert (
        shown[step.grid]["title"] == f"“{labels[0]}” that it called “{labels[1]}”, the surest first"
    )
    assert shown[step.grid]["total"] == 3
    assert shown[step.cells]["chosen"] == [0, 1]
    shown = does(someone, step.classes, "picked", kind="class", id=1)
    assert (shown[step.grid]["total"], len(shown[step.grid]["pictures"])) == (32, 12)
    asked = view(run, kind="class", truth=1, answer=1)
    shown = does(someone, step.grid, "picked", kind="turn", view=asked, first=24)
    assert (shown[step.grid]["first"], len(shown[step.grid]["pictures"])) == (24, 8)


def test_a_mistake_is_explained_by_the_layer_that_is_asked(judged, site, monkeypatch) -> None:
    someone, run = judged
    settings = json.loads((run.path / "config.json").read_text())
    settings["model"]["freeze_point"] = "block5_conv1"
    (run.path / "config.json").write_text(json.dumps(settings))

    def explain(asked, files, where) -> list[Explanation]:
        return [Explanation(name, "crab", 0.9, "data:whole", f"data:{where}") for name, _ in files]

    monkeypatch.setattr(site.jobs.questions, "explain", explain)
    grid = someone.page.results.mistakes.grid
    last, first = someone.page.results.show(someone.owner)[grid]["layers"]
    assert first["name"] == "The first layer that has learned (block5_conv1)"
    wrong = run.split.validation[0].sha256
    for layer in (first, last):
        asked = {"kind": "look", "id": wrong, "view": view(run), "first": 0, "layer": layer["id"]}
        shown = does(someone, grid, "picked", **asked)[grid]
        look = next(each["look"] for each in shown["pictures"] if each["id"] == wrong)
        assert (look["heat"], look["layer"]) == (f"data:{layer['id']}", layer["id"])
        assert look["note"].endswith(f"Layer that was asked: {layer['name']}")


def test_fixes_are_collected_undone_and_learned_again(judged, site) -> None:
    someone, run = judged
    step, labels = someone.page.results, run.split.labels
    wrong, out = (each.sha256 for each in run.split.validation[:2])
    asked = {"view": view(run), "first": 0}
    grid = step.mistakes.grid
    does(someone, grid, "fixed", kind="move", id=wrong, to=labels[2], **asked)
    shown = does(someone, grid, "fixed", kind="leave_out", id=out, **asked)
    assert [each["text"] for each in shown[step.mending.list]["fixes"]] == [
        f"It is really “{labels[2]}”", "Left out"
    ]  # fmt: skip
    assert [each["fix"] for each in shown[grid]["pictures"]][:2] != ["", ""]
    button = step.show(someone.owner)[step.mending.again]
    assert button["value"].startswith("Retrain with 2 fixes")
    does(someone, step.mending.list, "fixed", kind="undo", id=out, **asked)
    assert step.show(someone.owner)[step.mending.again]["value"].startswith("Retrain with 1 fix")

    someone.does(step.mending.again, "click")
    made = someone.owner.open_run
    assert retraining.retrained_from(made) == run.id
    moved = next(each for each in made.split.validation if each.sha256 == wrong)
    assert made.split.labels[moved.label] == labels[2]
    assert "still learning" in step.show(someone.owner)[step.missing]["value"]

    for event in (
        Started(11.0, 2, "somewhere", "ab", True, 160, 40, 3),
        PhaseChanged(12.0, "head", 1, 1e-3, 99),
        Epoch(13.0, 1, "head", 0.9, 0.5, 0.8, 0.6, 1.0),
        Epoch(14.0, 2, "head", 0.5, 0.8, 0.4, 0.95, 1.0),
        Evaluated(15.0, 2, 0.4, 1.0, 40),
        Finished(16.0, "epochs"),
    ):
        made.append(event)
    judge(made, wrong=0)
    shown = someone.does(step.timer, "tick")  # Train was not opened since
    pair = shown[step.changes.pair]
    assert [each["name"] for each in pair["shares"]] == ["Before", "After your fixes"]
    assert pair["shares"][1]["text"] == "40 of 40 right (100.0 %)"
    assert "may be chance" in pair["note"]
    assert len(shown[step.changes.mended]["pictures"]) == 3
    site.jobs.stop(made)


def test_a_forged_fix_changes_nothing(judged) -> None:
    someone, run = judged
    whole = {
        "kind": "move",
        "id": run.split.validation[0].sha256,
        "to": run.split.labels[1],
        "view": view(run),
        "first": 0,
    }
    for forged in (
        {"id": "f" * 64},
        {"id": None},
        {"to": "no such class"},
        {"to": None},
        {"kind": "delete"},
        {"view": {**view(run), "run": "f" * 16}},
    ):
        told = does(someone, someone.page.results.mistakes.grid, "fixed", **{**whole, **forged})
        assert told["error"], forged
        assert someone.owner.open_dataset.edits == ()


def test_other_peoples_results_are_out_of_reach(judged, visitor) -> None:
    _, run = judged
    other = visitor()
    asked = {"kind": "look", "id": run.split.validation[0].sha256, "view": view(run), "first": 0}
    told = does(other, other.page.results.mistakes.grid, "picked", **asked)
    assert "There are no results to show." in told["error"]


def test_without_fixes_nothing_is_trained(judged) -> None:
    someone, _ = judged
    told = refusal(someone.does, someone.page.results.mending.again, "click")
    assert "Nothing was put right yet." in told
    assert len(someone.owner.runs()) == 1


def test_with_other_pictures_open_nothing_can_be_mended(judged, site) -> None:
    someone, run = judged
    site.take_samples(someone.owner, lambda *_: None)
    step = someone.page.results
    shown = step.show(someone.owner)
    assert shown[step.mending.others]["visible"] is True
    assert shown[step.mistakes.grid]["classes"] == []
    asked = {"kind": "leave_out", "id": run.split.validation[0].sha256, "first": 0}
    told = does(someone, step.mistakes.grid, "fixed", view=view(run), **asked)
    assert "Other pictures are open now." in told["error"]
