"""Two answers to each picture, as a person sees them."""

import pytest
from playwright.sync_api import expect

from gui.widgets.answer_pairs import answer_pairs

pytestmark = pytest.mark.browser


def make():
    return answer_pairs("Both answers")


def row(name, first, second, **other):
    answers = [{"label": label, "probability": p} for label, p in (first, second)]
    base = {"name": name, "thumbnail": "", "answers": answers, "truth": None, "problem": None}
    return {**base, **other}


@pytest.fixture
def value(pixel, nasty):
    return {
        "names": ["head only · 160 px", nasty],
        "rows": [
            row("1.jpg", ("cat", 0.9), ("cat", 0.99999), thumbnail=pixel("#678"), truth="cat"),
            row("2.jpg", ("cat", 0.6), ("dog", 0.7), truth="dog"),
            row(nasty, ("cat", 0.6), ("cat", 0.7)),
            {**row("4.txt", ("", 0), ("", 0)), "answers": [], "problem": "No picture. Choose one."},
        ],
        "note": "They say the same of 2 of 3 pictures.",
    }


def test_both_answers_stand_side_by_side(stage, value, look):
    on = stage(make, width=390)
    expect(on.page.locator(".fp-pairs")).not_to_be_visible()
    on.send(value)
    lines = on.page.locator("tbody tr")
    expect(lines).to_have_count(4)
    expect(on.page.locator(".note")).to_have_text(value["note"])
    expect(lines.nth(0)).to_contain_text(">99.9 %")
    expect(lines.nth(0).locator(".mark")).to_have_text(["✓ right", "✓ right"])
    expect(lines.nth(1).locator(".mark")).to_have_text(["✗ wrong", "✓ right"])
    expect(on.page.locator("td.same")).to_have_text(["the same", "differ", "the same"])
    expect(lines.nth(2).locator(".mark")).to_have_count(0)
    expect(lines.nth(3)).to_contain_text("No picture. Choose one.")
    look(on, "pairs")
    assert on.is_unharmed()
    on.send(None)
    expect(on.page.locator(".fp-pairs")).not_to_be_visible()


def test_many_rows_are_shown_in_parts(stage):
    on = stage(make)
    rows = [row(f"{n}.jpg", ("cat", 0.9), ("cat", 0.9)) for n in range(130)]
    on.send({"names": ["a", "b"], "rows": rows, "note": ""})
    expect(on.page.locator("tbody tr")).to_have_count(100)
    on.page.get_by_role("button", name="Show more (30 left)").click()
    expect(on.page.locator("tbody tr")).to_have_count(130)
