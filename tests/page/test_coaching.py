"""What stands below the curves, by the page's own door: advice, its remedies, pinned pictures."""

from typing import Any

import pytest
from gradio_client import Client

from gui.core import pinned
from gui.core.events import Epoch, Evaluated, Finished, Queued, Started
from gui.core.runs import Run
from tests.page.test_results import does
from tests.page.visitors import Visitor, train

# From the third epoch on it learns its own pictures by heart.
LOSSES = [(0.9, 0.8), (0.5, 0.5), (0.3, 0.52), (0.2, 0.6), (0.1, 0.75), (0.06, 0.9), (0.03, 1.05)]


def learns(run: Run, first: int = 1, last: int = len(LOSSES)) -> None:
    """The run goes on from one epoch to another; pinned pictures turn right one by one."""
    truths = [run.split.validation[place].label for place in pinned.places(run.split)]
    for number, (loss, val_loss) in enumerate(LOSSES[first - 1 : last], first):
        answers = tuple(
            truth if place <= number else (truth + 1) % 5 for place, truth in enumerate(truths)
        )
        shown = (loss, 0.9, val_loss, 0.8, 1.0, answers, (0.75,) * len(truths))
        run.append(Epoch(20.0 + number, number, "head", *shown))


@pytest.fixture(scope="module")
def memorising(page, site) -> tuple[Visitor, Run]:
    """A visitor and a finished training. The tests in order: only the last two change it."""
    someone = Visitor(page, Client(page.blocks.local_url, verbose=False), site)
    run = train(someone, site)
    site.jobs.stop(run)  # else it waits in the queue still
    run.append(Started(10.0, 7, "somewhere", "ab", True, 160, 40, 3))
    learns(run)
    run.append(Evaluated(40.0, 2, 0.5, 0.8, 40))
    run.append(Finished(41.0, "early_stopping"))
    return someone, run


def coach(shown: dict[Any, Any], someone: Visitor) -> dict[str, Any]:
    told: dict[str, Any] = shown[someone.page.train.coaching.coach]
    return told


def test_the_coach_speaks_below_the_curves(memorising) -> None:
    someone, _ = memorising
    told = coach(someone.does(someone.page.train.timer, "tick"), someone)
    (advice,) = told["advice"]
    assert advice["title"] == "It begins to memorise"
    assert "went up from 0.54 to 0.90" in advice["seen"]
    assert [(each["text"], each["does"]) for each in advice["remedies"]] == [
        ("Vary the pictures more", "change"),
        ("Add pictures", "go"),
    ]
    assert told["told"] == ""


def test_a_remedy_is_put_into_the_controls_and_told(memorising) -> None:
    someone, _ = memorising
    step = someone.page.train
    shown = does(someone, step.coaching.coach, "changed", advice="memorising", remedy="augment")
    controls = {**someone.page.model.settings, **step.settings}
    assert (shown[controls["views"]], shown[controls["zoom"]]) == (4, True)
    kept = {"__type__": "update"}  # no other control is touched
    assert shown[controls["freeze_point"]] == shown[controls["flip"]] == kept
    told = coach(shown, someone)
    assert told["told"] == (
        "Turning and zooming are on, and each picture has 4 views. Press “Start a new training” to "
        "learn with it."
    )
    assert told["advice"][0]["id"] == "memorising"


def test_a_remedy_leads_to_its_step(memorising) -> None:
    someone, _ = memorising
    shown = does(someone, someone.page.train.coaching.coach, "chosen", id="pictures")
    assert shown[someone.page.tabs]["selected"] == "pictures"
    assert shown[someone.page.bar]["current"] == "pictures"


@pytest.mark.parametrize("asked", [("memorising", "burn"), ("few", "add"), ("memorising", "add")])
def test_what_the_coach_does_not_offer_changes_nothing(memorising, asked) -> None:
    someone, _ = memorising
    advice, remedy = asked
    widget = someone.page.train.coaching.coach
    refused = does(someone, widget, "changed", advice=advice, remedy=remedy)
    assert "The training has gone on since" in refused["error"]


def test_pinned_pictures_are_sent_once_and_then_only_their_answers(trained) -> None:
    someone, run = trained
    tick, strip = someone.page.train.timer, someone.page.train.pinned.strip
    shown = someone.does(tick, "tick")
    assert shown[strip] is None  # a training of before they were told
    learns(run, last=3)
    whole = someone.does(strip, "behind")[strip]
    assert len(whole["pictures"]) == 12
    assert all(each["thumbnail"].startswith("data:image/webp") for each in whole["pictures"])
    assert {whole["labels"][each["truth"]] for each in whole["pictures"]} == set(run.split.labels)
    assert [each["epoch"] for each in whole["rounds"]] == [1, 2, 3]
    assert [each["epoch"] for each in whole["rounds"] if each["epoch"] == whole["shown"]] == [2]
    assert whole["kept"] is True

    before = someone.does(tick, "tick")[strip]["version"]
    run.append(Queued(30.0, 9))
    run.append(Started(31.0, 9, "somewhere", "ab", True, 160, 40, 3))
    learns(run, first=4, last=4)
    grown = someone.does(tick, "tick")[strip]
    assert "pictures" not in grown
    assert grown["after"] == before
    assert (grown["shown"], grown["kept"]) == (4, False)
    truths = [each["truth"] for each in whole["pictures"]]
    right = [
        sum(answer == truth for answer, truth in zip(each["answers"], truths, strict=True))
        for each in grown["rounds"]
    ]
    assert right == [5]


def test_training_more_is_one_press(memorising, site) -> None:
    someone, run = memorising
    shown = someone.does(someone.page.train.coaching.coach, "continued")
    assert run.history.epochs_planned == len(LOSSES) + 5
    assert shown[someone.page.train.line]["state"] == "waiting"
    site.jobs.stop(run)


def test_while_it_runs_a_remedy_says_that_it_is_for_the_next_training(memorising) -> None:
    someone, run = memorising
    run.append(Queued(50.0, 12))
    run.append(Started(51.0, 12, "somewhere", "ab", True, 160, 40, 3))
    widget = someone.page.train.coaching.coach
    shown = does(someone, widget, "changed", advice="memorising", remedy="augment")
    assert "This counts for the next training" in coach(shown, someone)["told"]
