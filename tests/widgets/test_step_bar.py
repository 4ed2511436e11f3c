"""The bar of steps: where one is, what is done, what is not yet open."""

import re

import pytest
from playwright.sync_api import expect

from gui.widgets.step_bar import step_bar

pytestmark = pytest.mark.browser

STEPS = [
    {"id": "pictures", "name": "Pictures", "state": "done"},
    {"id": "train", "name": "Train", "state": "open"},
    {"id": "test", "name": "Test", "state": "locked"},
]


def make():
    return step_bar("Steps")


def test_each_step_tells_its_state_in_words_and_where_one_is(stage) -> None:
    shown = stage(make, event="chosen")
    shown.send({"steps": STEPS, "current": "train"})
    bar = shown.page.get_by_role("navigation", name="Steps")
    expect(bar.get_by_role("button")).to_have_text(
        ["✓Picturesdone", "Trainopen", "Testnot yet open"]
    )
    expect(bar.get_by_role("button", name="Train")).to_have_attribute("aria-current", "step")
    expect(bar.locator("[aria-current]")).to_have_count(1)


def number(shown, step: str) -> str:
    """What stands in the circle of a step."""
    mark = shown.page.get_by_role("button", name=step).locator(".mark")
    counted = mark.evaluate(
        """mark => {
          const style = getComputedStyle(mark, "::before").content;
          const seen = [...document.querySelectorAll(".step")].filter((each) => each.offsetParent);
          return style.includes("counter") ? String(seen.indexOf(mark.closest(".step")) + 1) : "";
        }"""
    )
    return mark.inner_text() or counted


def test_steps_that_are_hidden_are_not_counted(stage) -> None:
    shown = stage(make, event="chosen", fresh=True)
    steps = [STEPS[0], {**STEPS[1], "id": "compare", "name": "Compare", "more": True}, STEPS[1]]
    shown.send({"steps": steps, "current": "pictures"})
    assert [number(shown, each["name"]) for each in steps] == ["✓", "2", "3"]
    shown.page.add_style_tag(content=".more { display: none !important; }")
    assert [number(shown, name) for name in ("Pictures", "Train")] == ["✓", "2"]


def test_finished_steps_before_this_one_fold_into_a_line_each(stage, nasty) -> None:
    shown = stage(make, event="chosen")
    done = [
        {**STEPS[0], "told": "5 classes"},
        {**STEPS[1], "state": "done", "told": nasty, "result": True},
    ]
    last = {**STEPS[2], "told": "never said"}
    shown.send({"steps": [*done, last], "current": "pictures"})
    lines = shown.page.get_by_role("list", name="What you have chosen so far")
    expect(lines).to_be_hidden()
    shown.send({"steps": [*done, last], "current": "test"})
    expect(lines.get_by_role("listitem")).to_have_count(2)
    expect(lines.get_by_role("listitem").first).to_contain_text("Pictures: 5 classes")
    expect(lines.get_by_role("listitem").last.get_by_role("button")).to_have_text("Back to it")
    lines.get_by_role("button", name="Change Pictures: 5 classes").click()
    assert shown.told("data")["id"] == "pictures"
    assert shown.is_unharmed()
    assert shown.fits()


def test_choosing_a_step_by_mouse_or_keyboard_tells_python(stage) -> None:
    shown = stage(make, event="chosen")
    shown.send({"steps": STEPS, "current": "train"})
    bar = shown.page.get_by_role("navigation", name="Steps")
    bar.get_by_role("button", name="Pictures").click()
    assert shown.told("data")["id"] == "pictures"
    bar.get_by_role("button", name="Test").focus()
    shown.page.keyboard.press("Enter")
    expect(shown.page.get_by_label("heard by data", exact=True)).to_have_value(
        re.compile('"id": "test"')
    )


def test_a_value_without_current_leaves_one_where_one_is(stage) -> None:
    shown = stage(make, event="chosen")
    shown.send({"steps": STEPS, "current": "test"})
    bar = shown.page.get_by_role("navigation", name="Steps")
    expect(bar.get_by_role("button", name="Test")).to_have_attribute("aria-current", "step")
    shown.send({"steps": [{**step, "state": "done"} for step in STEPS]})
    expect(bar.get_by_role("button", name="Train")).to_contain_text("✓")
    expect(bar.get_by_role("button", name="Test")).to_have_attribute("aria-current", "step")


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_can_be_read(stage, look, width) -> None:
    shown = stage(make, event="chosen", width=width)
    names = ["Pictures", "Model", "Train", "Test", "Take home", "Runs"]
    steps = [{"id": name, "name": name, "state": "open"} for name in names]
    steps[3]["state"] = "locked"
    shown.send({"steps": steps, "current": "Train"})
    expect(shown.page.get_by_role("button", name="Take home")).to_be_visible()
    look(shown, "step_bar")
