"""The cards with the model's answers, as a person sees them."""

import json

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
    on = stage(make, event="asked")
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
    on = stage(make, event="asked")
    expect(on.page.locator(".fp-answers")).not_to_be_visible()
    on.send(value)
    expect(on.page.locator(".card")).to_have_count(4)
    on.send(None)
    expect(on.page.locator(".card")).to_have_count(0)
    expect(on.page.locator(".fp-answers")).not_to_be_visible()


def test_nasty_names_stay_text_and_fit_a_phone(stage, value, nasty, look):
    on = stage(make, event="asked", width=390)
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


# None of these, where it looked, many at once -----------------------------------------------------


@pytest.fixture
def strange(pixel):
    """One picture that looks unlike all that was learned from, and one that doesn't."""
    near = [{"name": f"cat/{n}.jpg", "label": "cat", "thumbnail": pixel("#6aaee6")} for n in (1, 2)]
    near.append({"name": "dog/3.jpg", "label": "dog", "thumbnail": ""})
    answers = [
        {
            **answer("=car.jpg", [0.97, 0.03], thumbnail=pixel("#222")),
            "unlike": True,
            "nearest": near,
        },
        {**answer("cat.jpg", [0.8, 0.2], thumbnail=pixel("#999")), "unlike": False, "nearest": []},
        answer("other.jpg", [0.6, 0.4], thumbnail=pixel("#555")),
    ]
    return {"id": "one", "start": 0, "answers": answers, "note": "", "csv": "file,label\n"}


def test_none_of_these_is_said_first_with_the_nearest_pictures(stage, strange, look):
    on = stage(make, event="asked", width=390)
    on.send(strange)
    card = on.page.locator(".card").first
    expect(card.locator(".verdict .label")).to_have_text("None of these, most likely")
    expect(card.locator(".forced")).to_have_text("If it had to be one of them: cat, 97.0 %.")
    expect(card).to_contain_text("It looks unlike all pictures it has learned from.")
    expect(card.locator(".nearest li")).to_have_text(["cat", "cat", "?dog"])
    expect(card.locator(".bars")).not_to_be_visible()
    expect(on.page.locator(".card").nth(1).locator(".verdict .label")).to_have_text("cat")
    look(on, "answers-none")


def test_a_press_asks_where_it_looked_and_the_overlay_has_a_slider(stage, strange, pixel, look):
    on = stage(make, event="asked")
    on.send(strange)
    page = on.page
    page.locator(".look").nth(1).click()
    told = on.told("data")
    assert (told["kind"], told["id"], told["places"]) == ("explain", "one", [1])
    expect(page.locator(".look").nth(1)).to_have_text("Looking …")
    expect(page.locator(".look").nth(1)).to_be_disabled()
    heat = {"place": 1, "answer": "cat", "thumbnail": pixel("#999"), "heat": pixel("#f90")}
    none = {**heat, "place": 2, "heat": ""}
    on.send({"id": "one", "explained": json.dumps([heat, none])})
    seen = page.locator(".card").nth(1).locator(".looked")
    expect(seen).to_contain_text("Bright is what spoke most for “cat”:")
    boxes = [seen.locator(".heat-figure").nth(n).bounding_box() for n in (0, 1)]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]  # beside the plain picture
    overlay = seen.locator(".heat-overlay")
    expect(overlay).to_have_css("opacity", "0.7")
    slider = seen.get_by_label("Colours")
    slider.fill("25")
    expect(overlay).to_have_css("opacity", "0.25")
    expect(page.locator(".card").nth(2)).to_contain_text("No part of the picture spoke for it")
    look(on, "answers-looked")
    expect(page.locator(".explain-all")).not_to_be_visible()  # only one is left
    assert on.is_unharmed()


def test_another_layer_can_be_asked_and_the_first_comes_back(stage, strange, pixel):
    on = stage(make, event="asked")
    on.send(strange)
    heat = {"place": 1, "answer": "cat", "thumbnail": pixel("#999"), "heat": pixel("#f90")}
    last = [{**heat, "layer": "Layer that was asked: the last"}]
    on.send({"id": "one", "layer": "last", "explained": json.dumps(last)})
    seen = on.page.locator(".card").nth(1)
    expect(seen.locator(".layer")).to_have_text("Layer that was asked: the last")
    on.send({"id": "one", "layer": "first"})  # chosen
    expect(seen.locator(".heat-pair")).to_have_count(0)
    seen.get_by_role("button", name="Where did it look?").click()
    assert on.told("data")["places"] == [1]
    late = [{**heat, "place": 2}]  # asked of the layer before
    on.send({"id": "one", "layer": "last", "explained": json.dumps(late)})
    expect(on.page.locator(".heat-pair")).to_have_count(0)
    expect(seen.locator(".look")).to_be_disabled()
    first = [{**heat, "layer": "Layer that was asked: the first"}]
    on.send({"id": "one", "layer": "first", "explained": json.dumps(first)})
    expect(seen.locator(".layer")).to_have_text("Layer that was asked: the first")
    on.send({"id": "one", "layer": "last"})
    expect(on.page.locator(".heat-pair")).to_have_count(2)
    expect(seen.locator(".layer")).to_have_text("Layer that was asked: the last")


def test_parts_are_added_and_keep_their_pictures(stage, pixel):
    on = stage(make, event="asked")
    page = on.page
    many = [
        answer(f"{n}.jpg", [0.5 + n / 200, 0.5 - n / 200], thumbnail=pixel("#456"))
        for n in range(30)
    ]
    for start in (0, 16):
        part = json.dumps(many[start : start + 16])
        on.send({"id": "two", "start": start, "answers": part, "note": ""})
        expect(page.locator(".card")).to_have_count(min(24, start + 16))
    again = json.dumps([{**each, "thumbnail": ""} for each in many])
    on.send({"id": "two", "start": 0, "answers": again, "note": "30 pictures.", "csv": "a\n"})
    expect(page.locator(".note")).to_have_text("30 pictures.")
    expect(page.locator(".card img.picture")).to_have_count(24)
    page.get_by_role("button", name="Show more (6 left)").click()
    expect(page.locator(".card img.picture")).to_have_count(30)
    on.send({"id": "three", "start": 0, "answers": many[:2], "note": ""})
    expect(page.locator(".card")).to_have_count(2)


def test_the_table_is_sorted_and_downloaded(stage, strange, look):
    on = stage(make, event="asked", width=390)
    on.send(strange)
    page = on.page
    page.get_by_role("button", name="Table", exact=True).click()
    names = page.locator("tbody td.file")
    expect(names).to_have_text(["=car.jpg", "cat.jpg", "other.jpg"])
    expect(page.locator("td.unlike-cell")).to_have_text(["yes", "no", "not known"])
    head = page.get_by_role("columnheader", name="How sure")
    head.get_by_role("button").click()
    expect(names).to_have_text(["=car.jpg", "cat.jpg", "other.jpg"])
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.get_by_role("button").click()
    expect(names).to_have_text(["other.jpg", "cat.jpg", "=car.jpg"])
    look(on, "answers-table")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the table (CSV)").click()
    assert download.value.suggested_filename == "answers.csv"
    assert download.value.path().read_text(encoding="utf-8-sig") == "file,label\n"
    page.get_by_role("button", name="Cards", exact=True).click()
    expect(page.locator(".card")).to_have_count(3)
