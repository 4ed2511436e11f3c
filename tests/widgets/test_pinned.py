"""Pinned pictures: what they are, what they are called, and how that changed."""

import pytest
from playwright.sync_api import expect

from gui.widgets.pinned import pinned

pytestmark = pytest.mark.browser

LABELS = ["crab", "fish", "turtle"]


def make():
    return pinned("Pictures it never learns from")


@pytest.fixture
def pictures(pixel):
    colors = ["#a33", "#c84", "#276", "#47a", "#737", "#999"] * 2
    return [
        {"name": f"{LABELS[n // 4]}/{n}.jpg", "truth": n // 4, "thumbnail": pixel(color)}
        for n, color in enumerate(colors)
    ]


def rounds(*rights: int) -> list:
    """Epochs after which so many pictures, from the first on, are right."""
    truths = [n // 4 for n in range(12)]
    return [
        {
            "epoch": epoch,
            "answers": [t if n < right else (t + 1) % 3 for n, t in enumerate(truths)],
            "confidences": [1.0 if n < right else 0.456 for n in range(12)],
        }
        for epoch, right in enumerate(rights, 1)
    ]


def value(pictures, *rights, version="one", kept=0):
    """All of it."""
    return {
        "version": version, "rounds": rounds(*rights), "shown": kept or len(rights),
        "kept": bool(kept), "pictures": pictures, "labels": LABELS,
    }  # fmt: skip


def more(*rights, after="one", version="two", first=1):
    """The rounds from one on, to be added."""
    new = rounds(*rights)[first - 1 :]
    return {
        "version": version, "after": after, "rounds": new, "shown": len(rights), "kept": False,
    }  # fmt: skip


def card(on, place):
    return on.page.locator(".card").nth(place)


def test_a_picture_turns_from_wrong_to_right(stage, pictures):
    on = stage(make, event="behind")
    expect(on.page.locator(".fp-pinned")).to_be_hidden()
    on.send(value(pictures, 4, 6))
    expect(on.page.locator(".title")).to_have_text("12 pictures it never learns from")
    expect(on.page.locator(".score")).to_have_text("After epoch 2 it has 6 of these 12 right.")
    sixth = card(on, 6)
    expect(sixth.locator(".truth")).to_have_text("fish")
    expect(sixth.locator(".answer")).to_have_text("says turtle")
    expect(sixth.locator(".sure")).to_have_text("45 % sure")
    expect(sixth.locator(".mark")).to_have_text("✕wrong")
    expect(sixth.get_by_role("img", name="Right after 0 of 2 epochs")).to_have_count(1)

    on.page.evaluate("document.querySelectorAll('img').forEach((each) => (each.mine = true))")
    on.send(more(4, 6, 9, first=3))
    on.send(more(4, 6, 9, first=3))  # once more changes nothing
    expect(on.page.locator(".score")).to_have_text("After epoch 3 it has 9 of these 12 right.")
    expect(sixth.locator(".answer")).to_have_text("says fish")
    expect(sixth.locator(".sure")).to_have_text("99 % sure")
    expect(sixth.locator(".mark")).to_have_text("✓right")
    expect(sixth.locator(".dot")).to_have_count(3)
    expect(sixth.locator(".dot.right")).to_have_count(1)
    expect(card(on, 4).get_by_role("img", name="Right after 2 of 3 epochs")).to_have_count(1)
    same = "[...document.querySelectorAll('.card img')].every((each) => each.mine)"
    assert on.page.evaluate(same), "the pictures were drawn anew"
    assert on.has_told_nothing()


def test_at_the_end_the_kept_epoch_stands_there(stage, pictures):
    on = stage(make, event="behind")
    on.send(value(pictures, 4, 10, 7, kept=2))
    expect(on.page.locator(".score")).to_have_text(
        "The epoch that is kept, number 2, has 10 of these 12 right."
    )
    expect(on.page.locator(".card.right")).to_have_count(10)


def test_it_asks_for_what_it_has_missed_and_forgets_another_run(stage, pictures):
    on = stage(make, event="behind")
    on.send(more(4, after="none"))
    on.told("data")
    expect(on.page.locator(".fp-pinned")).to_be_hidden()
    on.send(value(pictures[:5], 4))
    expect(on.page.locator(".card")).to_have_count(5)
    expect(on.page.locator(".fp-pinned")).to_be_visible()
    on.send(more(4, 5, 5, first=3, after="another", version="third"))
    on.told("data")
    expect(on.page.locator(".fp-pinned")).to_be_hidden()
    on.send(value(pictures, 2, version="other"))
    expect(on.page.locator(".card.right")).to_have_count(2)
    on.send(None)
    expect(on.page.locator(".fp-pinned")).to_be_hidden()


def test_a_training_that_ends_shows_the_kept_epoch_and_adds_nothing(stage, pictures):
    on = stage(make, event="behind")
    on.send(value(pictures, 4, 10, 7))
    on.send(more(after="one", version="end") | {"shown": 2, "kept": True})
    expect(on.page.locator(".score")).to_have_text(
        "The epoch that is kept, number 2, has 10 of these 12 right."
    )
    expect(card(on, 0).locator(".dot")).to_have_count(3)


def test_many_epochs_show_the_last_of_them(stage, pictures):
    on = stage(make, event="behind")
    on.send(value(pictures, *[0] * 40, *[12] * 20))
    expect(card(on, 0).locator(".dot")).to_have_count(30)
    expect(card(on, 0).locator(".dot.right")).to_have_count(20)
    expect(card(on, 0).get_by_role("img", name="Right after 20 of 60 epochs")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1280])
def test_nasty_names_stay_text_and_fit(stage, pictures, nasty, look, width):
    on = stage(make, event="behind", width=width)
    pictures[0] |= {"name": nasty, "thumbnail": ""}
    rights = [3, 4, 4, 6, 7, 8, 8, 9, 10, 9, 10, 11, 10, 11]
    on.send(value(pictures, *rights) | {"labels": [nasty, "fish", "turtle"]})
    expect(card(on, 0).locator(".truth")).to_have_text(nasty)
    look(on, "pinned")
    assert on.is_unharmed()
