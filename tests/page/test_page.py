"""The page by its own door: real Gradio events, called with gradio_client as a browser would.

The engine isn't started here: what a training does is told in a run's events.
"""

import hashlib
import html
import json
import re
import shutil
import socket
from collections.abc import Iterable, Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import httpx
import pytest

from gui.core import take_home, trial
from gui.core.events import Epoch, Evaluated, Finished, Measured, Started
from gui.core.explanation import Explanation
from gui.core.given import Given
from gui.core.novelty import Look, Neighbour
from gui.core.prediction import Prediction
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.split import Labelled
from gui.core.take_home import Check, Made
from gui.core.trial import Trial
from gui.core.workspace import new_token
from tests.core.evaluations import evaluated
from tests.core.test_plan import SPEEDS
from tests.page.visitors import Visitor, fetch, refusal, settings, told_in, train

NO_ROOM = (
    "There is not enough room on the disk for this upload. "
    "Free some space, for example by deleting old trainings, then try again."
)
SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
SCORED = "38 of 40 right (95.0 %, most likely 83.4–98.7 %)"


def test_samples_become_classes_with_counts_and_pictures(visitor) -> None:
    someone = visitor()
    shown = someone.does(someone.page.pictures.samples, "click")
    table = shown[someone.page.pictures.table]
    assert [row["name"] for row in table["classes"]] == sorted(p.name for p in SAMPLES.iterdir())
    first = table["classes"][0]
    assert (first["count"], first["train"], first["validation"]) == (40, 32, 8)
    assert len(first["thumbnails"]) == 8
    ready = told_in(shown[someone.page.pictures.ready])
    assert ready.startswith("**Ready:** 5 classes with 200 pictures: 160 to learn from, 40 kept")
    assert shown[someone.page.pictures.drop] == {"slim": True}
    bar = {step["id"]: step["state"] for step in shown[someone.page.bar]["steps"]}
    assert bar["pictures"] == "done"
    assert bar["model"] == bar["train"] == "open"
    assert bar["test"] == bar["home"] == "locked"


def test_the_freeze_point_tells_what_is_frozen_at_once(visitor, site: Site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    part = someone.page.model.settings["freeze_point"]
    shown = someone.does(part, "change", "block4_pool", "classic", 256)
    counts = shown[someone.page.model.counts]
    assert "10 of 13 layers of VGG16, 7,635,264 parameters" in counts
    assert "158,103,045 parameters" in counts
    assert "the same numbers learn as with `block5_conv1`" in counts
    layers = shown[someone.page.model.strip]["layers"]
    frozen = [layer["name"] for layer in layers if layer["frozen"]]
    assert frozen[-1] == "block4_conv3"
    assert len(frozen) == 13


@pytest.fixture
def measured(site: Site) -> Iterator[None]:
    """This computer is measured, and is as fast as the one in the tests of the plan."""
    site.jobs.speeds = SPEEDS
    yield
    site.jobs.speeds = None


def planned(someone: Visitor, **changed: object) -> str:
    """What the page says a training with these settings takes."""
    shown = someone.does(someone.page.plan.timer, "tick", *settings(someone, **changed))
    near_freeze_point, near_start = someone.page.model.plan, someone.page.train.plan
    assert shown[near_freeze_point] == shown[near_start]
    return shown[near_start]


def test_what_it_takes_is_told_before_anyone_presses_start(visitor, site: Site, measured) -> None:
    someone = visitor()
    assert planned(someone) == ""  # no pictures yet
    site.take_samples(someone.owner, lambda *_: None)
    text = planned(someone)
    assert re.match(
        r"\*\*About \d+ s, 1\.1 GB of memory\*\*<details><summary>Why\?</summary>", text
    )
    assert "s to pass 2 views of each picture through the frozen part, once" in text
    assert "(the second view costs 7 s)" in text
    assert re.search(r"leaves \d+ MB on the disk", text)
    assert "60 s" not in text
    deeper = planned(someone, freeze_point="block5_conv1")
    assert re.search(r"for each of the 15 epochs in which VGG16 learns, too", deeper)
    direct = planned(someone, freeze_point="block1_conv1")
    assert "every epoch begins with the pictures" in direct


def test_until_the_computer_is_measured_the_page_says_so(visitor, site: Site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    assert planned(someone).startswith("This computer is being measured")


def test_what_does_not_fit_is_refused_with_what_does(
    visitor, site: Site, measured, monkeypatch
) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    monkeypatch.setattr("gui.core.machine.free_memory_bytes", lambda: 2_000_000_000)
    large = {"head": "classic", "image_size": 256}
    sentence = (
        "This training needs about 3.2 GB of memory, and 2.0 GB are free. "
        "Choose pictures of 160 px or the compact head."
    )
    assert html.unescape(planned(someone, **large)) == f"⚠ {sentence}"
    told = refusal(someone.does, someone.page.train.start, "click", *settings(someone, **large))
    assert sentence in told.replace("<br>", " ")
    assert someone.owner.runs() == []


def test_a_run_remembers_what_was_planned_and_what_it_took(trained, site, measured) -> None:
    someone, run = trained
    site.jobs.stop(run)  # no worker has ever taken it out of the queue
    someone.does(someone.page.train.more, "click")
    assert run.history.planned.head_epochs == 5
    run.append(Started(7.0, 7, "somewhere", "ab", True, 160, 40, 2))
    for number in range(3, 8):
        run.append(Epoch(7.0, number, "head", 0.5, 0.8, 0.6, 0.95, 1.0))
    run.append(Measured(8.0, 44.0, 5, 10**9))
    run.append(Finished(9.0, "epochs"))
    card = someone.does(someone.page.train.timer, "tick")[someone.page.runs.list]["runs"][0]
    told = r"epoch 2\. For the last 5 epochs, \d+ s were planned; it took 44 s\.$"
    assert re.search(told, card["summary"])


def test_a_new_training_is_offered_below_the_result_of_the_last_one(trained, site: Site) -> None:
    someone, run = trained
    step = someone.page.train
    site.jobs.stop(run)  # no worker has ever taken it out of the queue
    shown = step.show(someone.owner)
    assert [shown[part]["visible"] for part in (step.start, step.planned)] == [False, False]
    assert shown[step.anew]["visible"]
    order = [part._id for part in (step.line, step.anew, step.next)]
    assert order == sorted(order)
    someone.does(step.more, "click")  # under way, it would be told of that one
    assert step.show(someone.owner)[step.anew]["visible"] is False
    site.jobs.stop(run)
    shown = someone.does(step.start_anew, "click", *settings(someone, epochs=3))
    assert shown[step.line]["state"] == "waiting"
    site.jobs.stop(someone.owner.open_run)


def test_start_pressed_twice_is_one_training(visitor, site: Site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    shown = someone.does(someone.page.train.start, "click", *settings(someone))
    assert shown[someone.page.train.line]["state"] == "waiting"
    told = refusal(someone.does, someone.page.train.start, "click", *settings(someone))
    assert "You have a training under way already." in told
    assert len(someone.owner.runs()) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"epochs": 0}, "Epochs can't be 0.*Choose a number from 1 to 500"),
        ({"epochs": "many"}, "can't be used for “epochs”"),
        ({"freeze_point": "block9_conv1"}, "freeze point|Freeze point"),
        ({"image_size": 4096}, "greater than maximum value 256"),
    ],
)
def test_a_setting_out_of_bounds_starts_nothing(visitor, site, changed, sentence) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    told = refusal(someone.does, someone.page.train.start, "click", *settings(someone, **changed))
    assert re.search(sentence, told) or "is not in the list of choices" in told
    assert someone.owner.runs() == []


def test_a_done_run_shows_its_curves_result_and_files(trained) -> None:
    someone, run = trained
    shown = someone.does(someone.page.train.timer, "tick")
    curve = shown[someone.page.train.curves.accuracy]["data"][1]
    assert curve["y"] == [0.6, 0.95]
    assert shown[someone.page.train.line]["text"].startswith(SCORED)
    card = shown[someone.page.runs.list]["runs"][0]
    assert card["id"] == run.id
    assert card["summary"] == f"{SCORED}, epoch 2"
    bar = {step["id"]: step["state"] for step in shown[someone.page.bar]["steps"]}
    assert bar["test"] == bar["home"] == "open"


def test_the_curves_are_sent_again_only_when_they_changed(trained) -> None:
    someone, run = trained
    loss = someone.page.train.curves.loss
    assert someone.does(someone.page.train.timer, "tick")[loss]["data"]
    assert "data" not in (someone.does(someone.page.train.timer, "tick")[loss] or {})
    run.append(Epoch(7.0, 3, "head", 0.4, 0.9, 0.3, 0.95, 1.0))
    grown = someone.does(someone.page.train.timer, "tick")[loss]
    assert [points["x"] for points in grown["more"]] == [[3], [3]]
    whole = someone.does(loss, "behind")[loss]  # as a page does that has missed something
    assert whole["data"][1]["x"] == [1, 2, 3]
    assert whole["version"] == grown["version"]


# Comparing freeze points -------------------------------------------------------------------------

POINTS = ["head", "block5_conv3", "block5_conv1"]


def compared(someone: Visitor, points: list[str], **changed: object) -> list[object]:
    """Values in the order the button under Compare sends them."""
    step = someone.page.ladder
    return [*(changed.get(name, part.value) for name, part in step._settings.items()), points]


def climb(run: Run, right: int, *, seconds: float = 3.0, reason: Any = "epochs") -> None:
    """A rung is trained, and gets so many of 40 pictures right."""
    phase = "head" if run.config.model.freeze_point == "head" else "fine"
    run.append(Started(1.0, 2, "somewhere", "ab", True, 160, 40, 2))
    run.append(Epoch(2.0, 1, phase, 0.9, 0.5, 1 - right / 40, right / 40, 1.0))
    run.append(Evaluated(2.5, 1, 0.4, right / 40, 40))
    run.append(Finished(1.0 + seconds, reason))


@pytest.fixture
def climbing(visitor, site: Site) -> tuple[Visitor, list[Run], dict]:
    """A visitor who compares three freeze points, and what the page shows first."""
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    values = compared(someone, POINTS, epochs=2, image_size=64)
    shown = someone.does(someone.page.ladder.start, "click", *values)
    return someone, [someone.owner.run(each) for each in someone.owner.open_ladder.runs], shown


def test_comparing_trains_each_with_the_settings_of_the_other_steps(climbing) -> None:
    someone, made, shown = climbing
    step = someone.page.ladder
    assert [run.config.model.freeze_point for run in made] == POINTS
    assert {(run.config.model.image_size, run.config.train.epochs) for run in made} == {(64, 2)}
    assert shown[step.line]["text"].startswith("Freeze point 1 of 3, head only: ")
    rows = shown[step.table]["rungs"]
    assert [(row["name"], row["state"]) for row in rows] == [
        ("head only", "waiting"), ("block5_conv3", "waiting"), ("block5_conv1", "waiting")
    ]  # fmt: skip
    assert [row["amount"] for row in rows] == ["132,613", "2,492,421", "7,212,037"]
    assert len(shown[someone.page.runs.list]["runs"]) == 3


def test_a_comparison_is_watched_to_its_verdict(climbing) -> None:
    someone, made, _ = climbing
    step = someone.page.ladder
    climb(made[0], 20)
    shown = someone.does(step.timer, "tick")
    lines = [each for each in shown[step.accuracy]["data"] if "lines" in each["mode"]]
    assert [line["name"] for line in lines] == ["head only"]
    assert "as soon as two freeze points are done" in told_in(shown[step.verdict])
    climb(made[1], 40)
    climb(made[2], 22)
    shown = someone.does(step.timer, "tick")
    assert shown[step.line]["text"] == "All 3 freeze points are done"
    text = told_in(shown[step.verdict])
    assert text.startswith("block5_conv3 is the best of these: 40 of 40 right (100.0 %)")
    rows = shown[step.table]["rungs"]
    assert [row["best"] for row in rows] == [False, True, False]
    assert rows[0]["result"]["text"] == "20 of 40 right (50.0 %)"
    assert (rows[0]["result"]["low_text"], rows[0]["result"]["high_text"]) == ("35.1 %", "64.9 %")
    assert rows[0]["seconds"] == "3 s"
    assert sum("lines" in each["mode"] for each in shown[step.loss]["data"]) == 3
    assert shown[step.table]["notes"] == ["Settings of all of them: 64 px, 2 epochs, compact head."]
    bar = {each["id"]: each["state"] for each in shown[someone.page.bar]["steps"]}
    assert bar["compare"] == "done"
    assert "data" not in (someone.does(step.timer, "tick")[step.loss] or {})  # nothing new


def test_a_comparison_is_stopped_and_goes_on(climbing) -> None:
    someone, made, _ = climbing
    step = someone.page.ladder
    shown = someone.does(step.stop, "click")
    buttons = step.show(someone.owner)
    assert {run.history.state for run in made} == {"stopped"}
    assert shown[step.line]["text"] == (
        "You stopped the comparison: 0 of 3 freeze points were trained to their end."
    )
    assert (buttons[step.go_on]["visible"], buttons[step.stop]["visible"]) == (True, False)
    climb(made[0], 30)
    someone.does(step.go_on, "click")
    buttons = step.show(someone.owner)
    assert [run.history.state for run in made] == ["finished", "waiting", "waiting"]
    assert (buttons[step.go_on]["visible"], buttons[step.stop]["visible"]) == (False, True)


def test_what_was_cut_off_is_no_result_and_can_go_on(climbing, site: Site) -> None:
    someone, made, _ = climbing
    step = someone.page.ladder
    someone.does(step.stop, "click")
    climb(made[0], 30)
    climb(made[1], 38, reason="stopped")
    shown, buttons = someone.does(step.timer, "tick"), step.show(someone.owner)
    assert (shown[step.line]["state"], shown[step.line]["fraction"]) == ("stopped", None)
    assert shown[step.line]["text"].startswith("You stopped the comparison: 1 of 3")
    assert "Take" not in told_in(shown[step.verdict])
    assert "block5_conv3 was stopped after epoch 1, with 38 of 40" in told_in(shown[step.verdict])
    row = shown[step.table]["rungs"][1]
    assert row["note"] == "stopped after epoch 1 of 2; epoch 1 kept"
    assert (buttons[step.go_on]["visible"], buttons[step.take]["visible"]) == (True, False)
    bar = {each["id"]: each["state"] for each in shown[someone.page.bar]["steps"]}
    assert bar["compare"] == "open"
    someone.does(step.go_on, "click")
    assert [run.history.state for run in made] == ["finished", "waiting", "waiting"]
    someone.does(step.stop, "click")


def test_the_advised_one_is_taken_and_tested(climbing) -> None:
    someone, made, _ = climbing
    step = someone.page.ladder
    for run, right in zip(made, (20, 40, 22), strict=True):
        assert step.show(someone.owner)[step.take]["visible"] is False
        climb(run, right)
    button = step.show(someone.owner)[step.take]
    assert (button["value"], button["visible"]) == ("Take block5_conv3 and test it", True)
    shown = someone.does(step.take, "click")
    assert someone.owner.open_run == made[1]
    assert "block5_conv3" in told_in(shown[someone.page.test.title])


def foretold(someone: Visitor, points: list[str], **changed: object) -> tuple[str, bool]:
    """What the page says of comparing these freeze points, and whether it can start."""
    step, values = someone.page.ladder, compared(someone, points, **changed)
    shown = someone.does(step.points, "change", *values)
    given = dict(zip(step._settings, values, strict=False))
    button = step._tell(someone.owner, points, **given)[step.start]  # not told to programs
    return told_in(shown[step.plan]), button["interactive"]


def test_what_a_comparison_takes_is_told_before_it_starts(visitor, site: Site, measured) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    text, ready = foretold(someone, POINTS)
    assert ready
    assert re.match(r"\*\*About \d+ (s|min) in all, 1\.\d GB of memory\*\*, with 160 px, 20", text)
    assert "20 epochs, compact head, as chosen under Model and Train." in text
    assert "epochs, classic head" in foretold(someone, POINTS, head="classic")[0]
    step = someone.page.ladder
    shown = someone.does(someone.page.plan.timer, "tick", *settings(someone))
    assert shown  # the first that listens tells the plan of one training
    told = step._tell_all(someone.owner, POINTS)
    words = [text for text, _ in told[step.points]["choices"]]
    assert re.fullmatch(r"head only: 13 of 13 layers frozen, the quickest · about \d+ s", words[0])
    assert words[1].startswith("block5_conv3: 12 of 13 layers frozen, 1 learns · about ")
    assert words[-1].startswith("block1_conv1: 0 of 13 layers frozen, by far the slowest · about ")


@pytest.mark.parametrize("points", [[], ["head"]])
def test_fewer_than_two_points_cannot_be_started(visitor, site: Site, points) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    assert foretold(someone, points) == ("Tick at least two freeze points.", False)


def test_a_comparison_that_does_not_fit_says_so_before_it_starts(
    visitor, site: Site, measured, monkeypatch
) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    monkeypatch.setattr("gui.core.machine.free_memory_bytes", lambda: 2_000_000_000)
    text, ready = foretold(someone, POINTS, head="classic", image_size=256)
    assert not ready
    assert text.startswith("⚠ head only: This training needs about 3.2 GB of memory, and 2.0 GB")
    large = compared(someone, POINTS, head="classic", image_size=256)
    assert "needs about 3.2 GB" in refusal(someone.does, someone.page.ladder.start, "click", *large)
    assert someone.owner.runs() == []


def test_while_a_comparison_runs_train_says_so(climbing) -> None:
    someone, made, shown = climbing
    gate = someone.page.train.gate
    assert "freeze point 1 of 3" in told_in(shown[gate.note])
    climb(made[0], 30)
    shown = someone.does(someone.page.ladder.timer, "tick")
    text = "A comparison is running (freeze point 2 of 3): see Compare."
    assert told_in(shown[gate.note]) == text
    step = someone.page.train
    for button in (step.start, step.more):
        assert step.show(someone.owner)[button]["interactive"] is False
    someone.does(someone.page.ladder.stop, "click")
    assert step.show(someone.owner)[step.start]["interactive"] is True
    assert gate.show(someone.owner)[gate.note]["visible"] is False


def test_a_card_says_which_comparison_it_is_from(climbing) -> None:
    someone, _, shown = climbing
    cards = shown[someone.page.runs.list]["runs"]
    assert [card["title"].split(" · ")[1] for card in cards] == [
        "block5_conv1", "block5_conv3", "head only"
    ]  # fmt: skip
    about = r"64 px, 2 epochs, compact head; from the comparison of \d\d:\d\d"
    assert all(re.fullmatch(about, card["about"]) for card in cards)


def test_a_rung_opens_as_a_training(climbing) -> None:
    someone, made, _ = climbing
    climb(made[1], 30)
    told = someone.picks(someone.page.ladder.table, kind="open", id=made[1].id)
    assert told["success"]
    assert someone.owner.open_run == made[1]
    assert someone.owner.open_ladder is not None


def test_a_deleted_rung_leaves_its_row(climbing, site: Site) -> None:
    someone, made, _ = climbing
    someone.does(someone.page.ladder.stop, "click")
    site.delete_run(someone.owner, made[0].id)
    rows = someone.does(someone.page.ladder.timer, "tick")[someone.page.ladder.table]["rungs"]
    assert (rows[0]["state"], rows[0]["id"]) == ("deleted", "")


@pytest.mark.parametrize("points", [[], ["head"]])
def test_one_freeze_point_is_not_compared(visitor, site: Site, points) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    told = refusal(someone.does, someone.page.ladder.start, "click", *compared(someone, points))
    assert "Choose two or more that differ" in told
    assert someone.owner.runs() == []


def test_a_forged_freeze_point_is_not_compared(visitor, site: Site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    values = compared(someone, ["head", "<script>"])
    refusal(someone.does, someone.page.ladder.start, "click", *values)
    assert someone.owner.runs() == []


def test_nobody_opens_another_person_s_rung(climbing, visitor) -> None:
    _, made, _ = climbing
    other = visitor()
    told = other.picks(other.page.ladder.table, kind="open", id=made[0].id)
    assert not told["success"]
    assert "You have no training of that name." in told["output"]["error"]
    assert other.owner.desk.run == ""


# Testing -----------------------------------------------------------------------------------------


@pytest.fixture
def answering(trained, site: Site, monkeypatch) -> tuple[Visitor, Run]:
    """A visitor whose training is done, and a worker that calls everything a crab."""
    someone, run = trained
    site.jobs.stop(run)  # no worker has ever taken it out of the queue
    labels = run.split.labels

    def predict(asked: Run, files: list[tuple[str, Path]]) -> list[Prediction]:
        del asked
        shares = tuple((each, 0.92 if each == "crab" else 0.02) for each in labels)
        look = Look(2.0, 1.0, (Neighbour("crab/01.jpg", "crab", "data:near"),))
        return [
            Prediction(name, shares, "data:picture", look=look if "odd" in name else None)
            for name, path in files
            if path.is_file()
        ]

    def explain(asked: Run, files: list[tuple[str, Path]], where: str) -> list[Explanation]:
        del asked
        return [Explanation(name, "crab", 0.92, "data:whole", f"data:{where}") for name, _ in files]

    monkeypatch.setattr(site.jobs.questions, "predict", predict)
    monkeypatch.setattr(site.jobs.questions, "explain", explain)
    return someone, run


def drop(someone: Visitor, site: Site, *rels: str) -> dict[Any, Any]:
    """Drop pictures of one crab under these names under Test; what the page shows at the end."""
    crab = (SAMPLES / "crab" / "01.jpg").read_bytes()
    new = {rel: crab + rel.encode() for rel in rels}  # no picture of the samples, byte for byte
    return drop_files(someone, site, new)


def drop_files(someone: Visitor, site: Site, given: dict[str, bytes]) -> dict[Any, Any]:
    """Drop these files under Test; what the page shows at the end."""
    files = []
    for number, (rel, content) in enumerate(given.items()):
        path = someone.owner.uploads / f"drop{number}" / "a.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files.append({"rel": rel, "path": str(path), "size": 1})
    skipped = [{"rel": "big.jpg", "reason": "larger than the limit"}]
    step = someone.page.test
    shown = someone.does(step.drop, "uploaded", {"files": files, "skipped": skipped})
    assert not list(someone.owner.uploads.glob("drop*/*"))
    return shown


def test_a_dropped_folder_is_answered_as_cards_and_a_table(answering, site: Site) -> None:
    someone, run = answering
    rels = [
        "new/crab/1.jpg",
        "new/fish/2.jpg",
        "odd.jpg",
        "=x.jpg",
        *(f"{n}.jpg" for n in range(20)),
    ]
    shown = drop(someone, site, *rels)
    value = shown[someone.page.test.answers]
    answers = json.loads(value["answers"])
    assert [each["name"] for each in answers] == [*rels, "big.jpg"]
    assert answers[0]["truth"] == "crab"
    assert [each.get("unlike") for each in answers[:3]] == [None, None, True]
    assert answers[-1]["problem"] == "larger than the limit"
    assert shown[someone.page.test.drop] == {"slim": True}
    bar = {each["id"]: each for each in someone.page.show(someone.owner)[someone.page.bar]["steps"]}
    read = sum(not each["problem"] for each in answers)
    assert (bar["test"]["state"], bar["test"]["result"]) == ("done", True)
    assert bar["test"]["told"] == f"{read} pictures tried"
    assert value["note"] == (
        "1 of 2 right (50.0 %, most likely 9.4–90.6 %). 1 of 24 looks like none of the classes."
    )
    lines = value["csv"].splitlines()
    assert lines[0] == f"file,label,probability,{','.join(run.split.labels)},none_of_these"
    assert lines[3].startswith("odd.jpg,crab,0.92,")
    assert lines[3].endswith(",yes")
    assert lines[4].startswith("'=x.jpg,crab")
    button = someone.page.test.scores.offer(someone.owner, latest(someone))
    assert button[someone.page.test.scores.ask]["value"] == (
        "Evaluate these: 2 pictures in 2 classes"
    )


def own_pictures(run: Run, side: Iterable[Labelled]) -> dict[str, bytes]:
    return {each.name: (run.pictures_root / each.path).read_bytes() for each in side}


def test_pictures_that_it_has_learned_from_are_not_counted(answering, site: Site) -> None:
    someone, run = answering
    learned, checked = run.split.train[:2], run.split.validation[:3]
    shown = drop_files(someone, site, own_pictures(run, learned))
    assert shown[someone.page.test.answers]["note"] == (
        "2 pictures are not counted: it has learned from them, so they tell nothing about new ones."
    )
    crab = (SAMPLES / "crab" / "01.jpg").read_bytes() + b"new"
    given = {**own_pictures(run, [*learned, *checked]), "fish/new.jpg": crab}
    shown = drop_files(someone, site, given)
    assert shown[someone.page.test.answers]["note"] == (
        "3 of 4 right (75.0 %, most likely 30.0–95.5 %). The epoch that is kept was chosen on 3 of "
        "these pictures, so expect a little less on new ones. 2 pictures are not counted: it has "
        "learned from them, so they tell nothing about new ones."
    )


def latest(someone: Visitor) -> Trial:
    (folder,) = (someone.owner.path / "trials").iterdir()
    return trial.load(someone.owner, folder.name)


def test_a_card_asks_where_it_looked(answering, site: Site, visitor) -> None:
    someone, _ = answering
    drop(someone, site, "1.jpg", "2.jpg")
    taken = latest(someone)
    asked = {"kind": "explain", "id": taken.id, "places": [1]}
    told = someone.picks(
        someone.page.test.answers, event="asked", values=["last_convolution"], **asked
    )
    (value,) = told["output"]["data"]
    assert json.loads(value["explained"]) == [
        {
            "place": 1,
            "answer": "crab",
            "thumbnail": "data:whole",
            "heat": "data:last_convolution",
            "layer": "Layer that was asked: The last convolution (block5_conv3)",
        }
    ]
    other = visitor()
    told = other.picks(other.page.test.answers, event="asked", values=["freeze_point"], **asked)
    assert not told["success"]
    for forged in ({"id": 7, "places": [0]}, {"id": taken.id, "places": "all"}):
        told = someone.picks(
            someone.page.test.answers, event="asked", values=["freeze_point"], **forged
        )
        assert not told["success"]
        assert "pictures that aren't there" in html.unescape(told["output"]["error"])


def test_another_layer_is_asked_anew_and_each_overlay_names_its_own(answering, site: Site) -> None:
    someone, run = answering
    settings = json.loads((run.path / "config.json").read_text())
    settings["model"]["freeze_point"] = "block5_conv1"
    (run.path / "config.json").write_text(json.dumps(settings))
    drop(someone, site, "1.jpg")
    step, taken = someone.page.test, latest(someone)
    chosen = step._choose(someone.owner, "freeze_point", taken.id)[step.answers]
    assert chosen == {"id": taken.id, "layer": "freeze_point"}
    asked = {"kind": "explain", "id": taken.id, "places": [0]}
    told = someone.picks(step.answers, event="asked", values=["freeze_point"], **asked)
    (value,) = told["output"]["data"]
    assert value["layer"] == "freeze_point"
    (seen,) = json.loads(value["explained"])
    assert seen["layer"] == (
        "Layer that was asked: The first layer that has learned (block5_conv1)"
    )


def test_where_one_layer_can_be_asked_it_is_the_one_that_is_chosen(answering) -> None:
    someone, _ = answering
    shown = someone.page.test.show(someone.owner)[someone.page.test.where]
    assert shown["value"] == "last_convolution"
    assert len(shown["choices"]) == 1


@pytest.fixture
def scored(answering, site: Site, monkeypatch) -> tuple[Visitor, Run, dict[Any, Any]]:
    """A visitor who has had a dropped folder evaluated; what the page shows then."""
    someone, run = answering
    labels = run.split.labels
    fish = labels.index("fish")

    def evaluate_given(asked: Run, files: Any, progress: Any) -> Given:
        del asked, progress
        pictures = tuple(
            Labelled(
                each.name,
                hashlib.sha256(each.path.read_bytes()).hexdigest(),
                each.name,
                labels.index(each.folder),
            )
            for each in files
        )
        told = [(fish, 0.6 + place / 10) for place in range(len(pictures))]
        return Given(evaluated(pictures, told, labels, "given"), (), (), checking=2)

    monkeypatch.setattr(site.jobs.workshop, "evaluate_given", evaluate_given)
    drop(someone, site, "new/crab/1.jpg", "new/crab/2.jpg", "new/fish/3.jpg")
    scores = someone.page.test.scores
    return someone, run, scores.work_out(someone.owner, latest(someone).id, lambda *_: None)


def test_a_dropped_folder_is_evaluated_in_full(scored) -> None:
    someone, run, shown = scored
    scores = someone.page.test.scores
    assert "1 of 3 pictures that you gave were right" in told_in(shown[scores.sentence])
    assert "With only 3 pictures" in told_in(shown[scores.sentence])
    assert "chosen on 2 of these pictures" in told_in(shown[scores.sentence])
    assert shown[scores.sureness.chart]["data"]
    assert "% sure of its answers" in shown[scores.sureness.words]
    grid = shown[scores.mistakes.grid]
    assert [(each["name"], each["truth"], each["answer"]) for each in grid["pictures"]] == [
        ("crab/2.jpg", "crab", "fish"), ("crab/1.jpg", "crab", "fish")
    ]  # fmt: skip
    assert all(each["thumbnail"].startswith("data:image/webp") for each in grid["pictures"])
    assert (grid["classes"], grid["asks"]) == ([], True)
    crab, fish = (run.split.labels.index(each) for each in ("crab", "fish"))
    cells = shown[scores.mistakes.cells]
    assert (cells["counts"][crab][fish], cells["counts"][fish][fish]) == (2, 1)

    asked = {"truth": fish, "answer": fish, "of": cells["of"]}
    told = someone.picks(scores.mistakes.cells, kind="cell", **asked)
    grid = grid_in(told)
    assert grid["title"] == "“fish” that it got right, the surest first"
    (picture,) = grid["pictures"]
    look = {"kind": "look", "id": picture["id"], "view": grid["view"], "first": 0}
    told = someone.picks(scores.mistakes.grid, **look)
    grid = grid_in(told)
    assert grid["pictures"][0]["look"]["heat"] == "data:last_convolution"
    assert not list(someone.owner.path.glob("trials/**/*.webp")), "nothing of them is kept"


def grid_in(told: dict[str, Any]) -> dict[str, Any]:
    """The value of a grid of pictures among what an event came to."""
    (grid,) = (
        each for each in told["output"]["data"] if isinstance(each, dict) and "pictures" in each
    )
    return grid


def test_nobody_is_shown_pictures_that_another_person_dropped(scored, visitor, site: Site) -> None:
    someone, _, shown = scored
    scores = someone.page.test.scores
    grid, of = shown[scores.mistakes.grid], shown[scores.mistakes.cells]["of"]
    other = visitor()
    site.jobs.stop(train(other, site))
    asked = {**grid["view"], "run": other.owner.open_run.id}
    for place in (of, "../../x", "validation", 7):
        told = other.picks(scores.mistakes.cells, truth=0, answer=1, of=place)
        assert not told["success"]
        for kind in ("turn", "look"):
            look = {"id": grid["pictures"][0]["id"], "first": 0, "view": {**asked, "of": place}}
            assert not other.picks(scores.mistakes.grid, kind=kind, **look)["success"]
    trial.forget(someone.owner)
    told = someone.picks(scores.mistakes.cells, truth=0, answer=1, of=of)
    assert "Those pictures are gone." in told["output"]["error"]


def test_kept_pictures_say_how_many_are_right(answering) -> None:
    someone, _ = answering
    shown = someone.does(someone.page.test.kept, "click")
    note = shown[someone.page.test.answers]["note"]
    assert re.fullmatch(
        r"\d of 12 right \(\d+\.\d %, most likely .+ %\)\. The epoch that is kept was chosen on "
        r"these same pictures, so expect a little less on new ones\. It never learned from these.+",
        note,
    )


def test_two_trainings_are_compared_on_what_was_dropped(answering, site: Site) -> None:
    someone, run = answering
    drop(someone, site, "crab/1.jpg", "fish/2.jpg")
    other = Run(shutil.copytree(run.path, someone.owner.new_run_folder()))
    step = someone.page.test.versus
    (told,) = [
        each[step.table]
        for each in step.compare(someone.owner, latest(someone).id, other.id)
        if step.table in each
    ]
    assert told["note"] == (
        "They say the same of 2 of 2 pictures. Both: 1 of 2 right (50.0 %, most likely 9.4–90.6 %)."
    )
    assert [row["truth"] for row in told["rows"]] == ["crab", "fish"]
    drop_files(someone, site, own_pictures(run, [run.split.train[0], *run.split.validation[:1]]))
    (told,) = [
        each[step.table]
        for each in step.compare(someone.owner, latest(someone).id, other.id)
        if step.table in each
    ]
    assert told["note"].endswith(
        "Both: 1 of 1 right (100.0 %, most likely 20.6–100.0 %). On 1 of these pictures the epoch "
        "of one training or of both was chosen, so expect a little less on new ones. 1 picture is "
        "not counted: one training or both have learned from it, so it tells nothing about new "
        "ones."
    )
    shutil.rmtree(other.path)


def test_nobody_reaches_another_persons_run(trained, visitor) -> None:
    someone, run = trained
    other = visitor()
    for kind in ("open", "delete"):
        told = other.picks(other.page.runs.list, kind=kind, id=run.id)
        assert not told["success"]
        assert "You have no training of that name." in told["output"]["error"]
        assert str(run.path) not in str(told)
    assert other.owner.desk.run == ""
    assert run.path.exists()
    assert someone.owner.open_run == run


@pytest.mark.parametrize("token", ["", "short", "../../etc/passwd-and-more-text", None])
def test_without_a_token_nothing_is_shown(visitor, token) -> None:
    someone = visitor()
    index, _ = someone._event(someone.page.pictures.samples, "click")
    told = refusal(someone.client.predict, token, fn_index=index)
    assert "lost its connection to your work" in told


def test_a_forged_upload_is_refused(visitor, site: Site) -> None:
    someone = visitor()
    secret = site.workspace.root / "secret.jpg"
    secret.write_bytes((SAMPLES / "crab" / "01.jpg").read_bytes())
    for path in ("/etc/passwd", str(secret)):
        manifest = {"files": [{"rel": "a/1.jpg", "path": path, "size": 1}], "skipped": []}
        told = refusal(someone.does, someone.page.pictures.drop, "uploaded", manifest)
        assert "A file didn't arrive whole." in told
    assert secret.exists()


def test_bad_sets_get_one_clear_sentence(visitor, site: Site, tmp_path: Path) -> None:
    someone = visitor()
    loose = tmp_path / "loose.jpg"
    loose.write_bytes((SAMPLES / "crab" / "01.jpg").read_bytes())
    uploaded = someone.owner.uploads / "abc" / "loose.jpg"
    uploaded.parent.mkdir(parents=True, exist_ok=True)
    uploaded.write_bytes(loose.read_bytes())
    manifest = {"files": [{"rel": "loose.jpg", "path": str(uploaded)}], "skipped": []}
    told = refusal(someone.does, someone.page.pictures.drop, "uploaded", manifest)
    assert "folder" in told
    assert "Traceback" not in told


def test_no_event_is_offered_to_programs(visitor) -> None:
    someone = visitor()
    offered = someone.client.view_api(return_format="dict", print_info=False)
    assert not offered["named_endpoints"]


def test_a_model_is_handed_to_its_owner_alone(page, trained, visitor) -> None:
    someone, run = trained
    run.exports.mkdir(exist_ok=True)
    take_home.record(run, Made("keras", take_home.stamp(run), 5, Check("Keras 3", 6, 6, 0.0)))
    files = someone.does(page.train.timer, "tick")[page.home.groups["model"]]
    assert files["forms"][0]["files"] == ["model.keras", "labels.txt"]
    got = fetch(page, **files["fields"], file="model.keras")
    assert got.content == b"model"
    assert 'filename="model.keras"' in got.headers["content-disposition"]
    other = visitor()
    assert fetch(page, token=other.token, run=run.id, file="model.keras").status_code == 404
    for name in ("run.json", "../run.json", "/etc/passwd", ""):
        told = fetch(page, token=someone.token, run=run.id, file=name)
        assert told.status_code in (404, 422)
    assert fetch(page, token=someone.token, run=f"../{run.id}", file="model.keras").is_error


def test_an_upload_that_would_fill_the_disk_is_refused(page, site: Site, monkeypatch) -> None:
    sent = {"files": ("a.jpg", b"x" * 1000)}
    address = f"{page.blocks.local_url}gradio_api/upload"
    headers = {"X-Freezepoint-Key": new_token()}
    assert httpx.post(address, files=sent, headers=headers).status_code == 200
    usage = shutil.disk_usage(site.workspace.root)
    monkeypatch.setattr(
        "gui.server.shutil.disk_usage", lambda _: usage._replace(free=500 * 10**6 + 500)
    )
    told = httpx.post(address, files=sent, headers=headers)
    assert (told.status_code, told.json()["detail"]) == (507, NO_ROOM)


def test_an_upload_that_says_it_is_vast_is_refused_in_the_reader_s_words(page) -> None:
    host = httpx.URL(page.blocks.local_url)
    asked = (
        "POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-TW\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000000000\r\n\r\n"
    )
    with socket.create_connection((host.host, host.port), timeout=60) as line:
        line.sendall(asked.encode())
        told = HTTPResponse(line)
        told.begin()
        assert (told.status, json.loads(told.read())["detail"][:2]) == (413, "這超")


def test_an_upload_for_which_the_room_runs_out_is_refused_and_leaves_nothing(
    page, site: Site, monkeypatch
) -> None:
    """Others fill the disk meanwhile, and how large it is isn't told beforehand."""
    usage = shutil.disk_usage(site.workspace.root)
    frees = iter([600, 600, 600])
    monkeypatch.setattr(
        "gui.server.shutil.disk_usage", lambda _: usage._replace(free=next(frees, 500) * 10**6)
    )
    sender = site.workspace.owner(new_token())
    sender.uploads.mkdir(parents=True)
    before = set(site.workspace.uploads.rglob("*"))
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
    told = httpx.post(
        f"{page.blocks.local_url}gradio_api/upload",
        content=(each for each in [part, *[b"x" * 1_000_000] * 3, b"\r\n--x--\r\n"]),
        headers={
            "Content-Type": "multipart/form-data; boundary=x",
            "X-Freezepoint-Key": sender.token,
        },
        timeout=60,
    )
    assert (told.status_code, told.json()["detail"]) == (507, NO_ROOM)
    assert set(site.workspace.uploads.rglob("*")) == before
