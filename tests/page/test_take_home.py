"""Take home by the page's own door: what is made, what is refused, what others can't reach."""

import shutil
import threading
import time
from typing import Any

import pytest
from gradio_client import Client

from gui.core import take_home, workspace
from gui.core.events import Evaluated, Finished, Queued
from gui.core.forms import FORMS
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.take_home import Check, Made
from gui.core.wish import Wish
from gui.steps import forms
from tests.page.test_results import judge
from tests.page.visitors import Visitor, fetch, train

TOLD = "allowed are 0.001 and no other answer."


@pytest.fixture(scope="module")
def known(page: Any, site: Site) -> tuple[Visitor, Run]:
    """Somebody with a finished run, for all tests here."""
    someone = Visitor(page, Client(page.blocks.local_url, verbose=False), site)
    return someone, train(someone, site)


@pytest.fixture
def trained(known: tuple[Visitor, Run]) -> tuple[Visitor, Run]:
    """The same, with nothing made of it and not evaluated."""
    _, run = known
    shutil.rmtree(run.exports, ignore_errors=True)
    run.evaluation("validation").unlink(missing_ok=True)
    return known


def card(someone: Visitor, form: str) -> dict[str, Any]:
    """What the page shows of a form."""
    step = someone.page.home
    shown = step.show(someone.owner)
    part = step.groups[FORMS[form].group]
    found: dict[str, Any] = next(each for each in shown[part]["forms"] if each["id"] == form)
    return found


def ask(someone: Visitor, form: str) -> dict[str, Any]:
    """Press a card's button and wait until nothing is under way; how the press ended."""
    step = someone.page.home
    told = someone.picks(step.groups[FORMS[form].group], kind="make", id=form)
    deadline = time.monotonic() + 30
    while step.show(someone.owner)[step.timer]["active"]:
        assert time.monotonic() < deadline, f"{form} is still being made"
        time.sleep(0.05)
    return told


def put(run: Run, form: str, check: Check | None = None, refused: str | None = None) -> None:
    """As if a form had been made."""
    run.exports.mkdir(exist_ok=True)
    if not refused and form != "keras":
        take_home.file(run, form).write_bytes(b"x" * 7_100_000)
    take_home.record(run, Made(form, take_home.stamp(run), 7_100_000, check, refused))


def test_before_a_training_nothing_is_offered(page, site: Site) -> None:
    step = page.home
    shown = step.show(site.workspace.owner(workspace.new_token()))
    assert shown[step.missing]["value"].startswith("No model yet")
    assert not any(shown[part] for part in step.groups.values())


def test_nothing_is_offered_unchecked(trained) -> None:
    someone, run = trained
    keras, onnx = card(someone, "keras"), card(someone, "onnx")
    assert (keras["state"], keras["ask"], keras["files"]) == ("new", "check", [])
    assert (onnx["state"], onnx["ask"], onnx["files"]) == ("new", "make", [])
    asked = {"token": someone.token, "run": run.id, "file": "model.keras"}
    assert fetch(someone.page, **asked).status_code == 404
    put(run, "keras", Check("Keras 3", 32, 32, 0.0))
    keras = card(someone, "keras")
    assert (keras["state"], keras["ask"], keras["main"]) == ("ready", "", True)
    assert keras["files"] == ["model.keras", "labels.txt"]
    assert fetch(someone.page, **asked).content == b"model"


def test_going_there_has_the_model_checked_once(trained, monkeypatch) -> None:
    someone, run = trained
    step, placed = someone.page.home, []
    monkeypatch.setattr(step._orders, "place", lambda _run, form: placed.append(form))
    assert someone.picks(someone.page.bar, "chosen", id="results")["success"]
    assert placed == []
    assert someone.picks(someone.page.bar, "chosen", id="home")["success"]
    assert placed == ["keras"]
    put(run, "keras", Check("Keras 3", 32, 32, 0.0))
    assert someone.picks(someone.page.bar, "chosen", id="home")["success"]
    assert placed == ["keras"]


def test_a_card_and_a_program_are_made_and_handed_out(trained) -> None:
    someone, run = trained
    judge(run)
    for form, again in (("card", "again"), ("program-functional", "")):
        assert ask(someone, form)["success"]
        shown = card(someone, form)
        assert (shown["state"], shown["ask"]) == ("ready", again), shown["told"]
        assert shown["size"].endswith(" kB")
        fields = someone.page.home.show(someone.owner)[someone.page.home.groups["about"]]["fields"]
        got = fetch(someone.page, **fields, file=shown["files"][0])
        assert got.content == take_home.file(run, form).read_bytes()


def test_a_form_under_way_can_be_stopped(trained, monkeypatch) -> None:
    someone, _ = trained
    step, began = someone.page.home, threading.Event()

    class Slow:
        def make(self, _run: Run, _form: str, _progress: object, wish: Wish) -> None:
            ended = threading.Event()
            with wish.ends(ended.set):
                began.set()
                assert ended.wait(30)
            wish.check()

    monkeypatch.setattr(step._orders, "_engine", Slow())
    group = step.groups["other"]
    assert someone.picks(group, kind="make", id="onnx")["success"]
    assert began.wait(30)
    assert (card(someone, "onnx")["state"], card(someone, "onnx")["ask"]) == ("making", "stop")
    time.sleep(1.1)  # sooner, it would be a double click
    assert someone.picks(group, kind="stop", id="onnx")["success"]
    deadline = time.monotonic() + 30
    while card(someone, "onnx")["state"] != "new":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_cant_be_made_says_why_and_can_be_tried_again(trained) -> None:
    someone, run = trained
    assert ask(someone, "report")["success"]  # it isn't evaluated
    shown = card(someone, "report")
    assert (shown["state"], shown["ask"], shown["files"]) == ("failed", "retry", [])
    assert shown["told"].startswith("This model hasn't been evaluated yet. Open the step Results")
    judge(run)
    ask(someone, "report")
    assert card(someone, "report")["state"] == "ready"


def test_what_a_check_found_is_told_in_words(trained) -> None:
    someone, run = trained
    put(run, "litert", Check("LiteRT 2.3", 32, 32, 0.00021))
    put(run, "litert-int8", Check("LiteRT 2.3", 32, 31, 0.0312))
    assert card(someone, "litert")["told"] == (
        "Ran in LiteRT 2.3 on 32 checking pictures: the same answer for all 32; probabilities "
        "differ by 0.0003 at most."
    )
    assert "for 31; probabilities differ by 0.0312 at most" in card(someone, "litert-int8")["told"]
    assert (card(someone, "litert")["size"], card(someone, "litert")["ask"]) == ("7 MB", "")
    one = forms.found(Check("Keras 3", 1, 1, 3e-8))
    assert one.endswith(
        "1 checking picture: the same answer; probabilities differ by less than 0.0001."
    )


def test_a_refused_form_is_not_to_be_had(trained) -> None:
    someone, run = trained
    for form in ("onnx", "keras"):
        put(run, form, Check("x", 32, 7, 0.9), f"It differs; {TOLD}")
        shown = card(someone, form)
        assert (shown["state"], shown["ask"], shown["files"]) == ("refused", "retry", [])
        assert TOLD in shown["told"]
        name = FORMS[form].file
        assert fetch(someone.page, token=someone.token, run=run.id, file=name).status_code == 404


def test_a_form_of_an_older_model_is_asked_for_anew(trained) -> None:
    someone, run = trained
    put(run, "onnx", Check("x", 32, 32, 0.0))
    assert card(someone, "onnx")["state"] == "ready"
    run.append(Queued(7.0, 4))
    step = someone.page.home
    shown = step.show(someone.owner)
    assert shown[step.missing]["value"].startswith("The model isn't finished")
    assert not any(shown[part] for part in step.groups.values())
    assert not ask(someone, "card")["success"]
    run.append(Evaluated(8.0, 3, 0.4, 0.95, 40))
    run.append(Finished(9.0, "epochs"))
    assert (card(someone, "onnx")["state"], card(someone, "keras")["state"]) == ("new", "new")


def test_an_unknown_form_is_refused(trained) -> None:
    someone, run = trained
    step = someone.page.home
    told = someone.picks(step.groups["model"], kind="make", id="../run.json")
    assert "There is no form called" in told["output"]["error"]
    assert not run.exports.exists()
