"""The cards with the model's answers, as a person sees them."""

import pytest
from playwright.sync_api import expect

from gui.widgets.answers import answers

pytestmark = pytest.mark.browser

CLASSES = ["cat", "dog", "lion", "tiger", "wolf", "fox", "bear"]


def answer(name, shares, *, thumbnail="", problem=None):
    pairs = [{"label": c, "probability": p} for c, p in zip(CLASSES, shares, strict=False)]
    best = max(pairs, key=lambda pair: pair["probability"], default={"label": "", "probability": 0})
    return {
        "name": name,
        "thumbnail": thumbnail,
        **best,
        "probabilities": pairs,
        "problem": problem,
    }


def make():
    return answers("Answers")


@pytest.fixture
def on(stage, value):
    """The wide page with the cards on it."""
    on = stage(make)
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(4)
    return on


@pytest.fixture
def value(pixel):
    return {
        "answers": [
            answer("IMG_1.jpg", [0.93, 0.07], thumbnail=pixel("#6aaee6")),
            answer("IMG_2.jpg", [0.99996, 0.00004], thumbnail=pixel("#d9622b")),
            answer("IMG_3.jpg", [0.1, 0.3, 0.05, 0.25, 0.15, 0.05, 0.1], thumbnail=pixel("#555")),
            answer("notes.pdf", [], problem="This is a PDF, not a picture. Save it as JPEG first."),
        ],
        "note": "4 pictures, 3 answers.",
    }


def test_a_card_says_class_percentage_and_all_shares_sorted(on):
    page = on.page
    cards = page.locator(".card")
    expect(cards).to_have_count(4)
    expect(cards.nth(0).locator(".verdict")).to_contain_text("cat")
    expect(cards.nth(0).locator(".verdict .share")).to_have_text("93.0 %")
    expect(cards.nth(0).get_by_alt_text("The picture IMG_1.jpg")).to_be_visible()
    third = cards.nth(2)
    expect(third.locator(".verdict .label")).to_have_text("dog")
    shown = third.locator(".bars >> nth=0").locator("li span:first-child:not(.track)")
    assert shown.all_inner_texts() == ["dog", "tiger", "wolf", "cat", "bear"]
    expect(third.get_by_text("fox")).not_to_be_visible()
    third.get_by_text("Show all 7 classes").click()
    expect(third.get_by_text("fox")).to_be_visible()


def test_percentages_never_claim_more_than_the_model_said(on):
    page = on.page
    second = page.locator(".card").nth(1)
    expect(second.locator(".verdict .share")).to_have_text(">99.9 %")
    expect(second.locator(".bars")).to_contain_text("<0.1 %")
    expect(page.locator(".fp-answers")).not_to_contain_text("100")


def test_where_the_truth_is_known_a_card_says_whether_it_is_right(on, value):
    expect(on.page.locator(".mark")).to_have_count(0)
    for card, truth in zip(value["answers"], ("cat", "dog", None, "fox"), strict=True):
        card["truth"] = truth
    on.send(value)
    expect(on.page.locator(".mark")).to_have_text(["✓ right", "✗ it is “dog”"])


def test_a_problem_is_a_sentence_in_place_of_an_answer(on, value):
    card = on.page.locator(".card").nth(3)
    expect(card.locator(".problem")).to_have_text(value["answers"][3]["problem"])
    expect(card.locator(".verdict")).to_have_count(0)


def test_python_replaces_and_clears_the_cards(stage, value):
    on = stage(make)
    expect(on.page.locator(".fp-answers")).not_to_be_visible()
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(4)
    on.send(None)
    expect(on.page.locator(".card")).to_have_count(0)
    expect(on.page.locator(".fp-answers")).not_to_be_visible()


def test_nasty_names_stay_text_and_fit_a_phone(stage, value, nasty, look):
    on = stage(make, width=390)
    bad = answer(nasty, [0.9])
    bad.update(truth=f"{nasty}!", label=nasty, probabilities=[{"label": nasty, "probability": 0.9}])
    value["answers"].append(bad)
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(5)
    expect(on.page.locator(".card").last.locator(".bars")).to_contain_text("<img src=x")
    look(on, "answers")
    assert on.is_unharmed()


def test_cards_stand_side_by_side_on_a_wide_page(on, look):
    first, second = (on.page.locator(".card").nth(i).bounding_box() for i in (0, 1))
    assert first["y"] == second["y"]
    look(on, "answers")


def test_a_first_value_is_there_when_the_page_opens(stage, value):
    page = stage(lambda: answers("Answers", value=value)).page
    expect(page.locator(".card")).to_have_count(4)
