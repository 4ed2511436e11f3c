"""The table of classes: read, renamed, left out, added to."""

import re

import pytest
from playwright.sync_api import expect

from gui.widgets.class_table import class_table

pytestmark = pytest.mark.browser


def make():
    return class_table("Classes")


def row(name, *, included=True, thumbnails=(), note=""):
    return {
        "name": name,
        "count": 40,
        "train": 32,
        "validation": 8,
        "thumbnails": list(thumbnails),
        "included": included,
        "note": note,
    }


@pytest.fixture
def value(pixel):
    colors = ["#2f7fc1", "#d9622b", "#6aaee6", "#f08a55", "#7a8", "#a87", "#78a", "#aa7"]
    pictures = [pixel(color) for color in colors]
    few = "Few pictures: the model will know this class least."
    return {
        "classes": [
            row("cat", thumbnails=pictures),
            row("dog", thumbnails=pictures[2:5], note=few),
            row("screenshots", included=False, thumbnails=pictures[4:]),
        ],
        "totals": "80 pictures in 2 classes, 64 to learn from and 16 to check with.",
    }


@pytest.fixture
def on(stage, value):
    on = stage(make, event="edited")
    on.send(value)
    expect(on.page.locator("tbody tr")).to_have_count(3)
    return on


def test_it_is_a_table_with_counts_pictures_and_totals(on, value):
    table = on.page.get_by_role("table", name="Classes")
    assert table.get_by_role("columnheader").all_inner_texts() == [
        "Class",
        "Pictures",
        "Examples",
        "Change",
    ]
    cat = table.get_by_role("row", name="cat").first
    expect(cat).to_contain_text("40 pictures")
    expect(cat).to_contain_text("32 to learn from, 8 to check with")
    expect(cat.get_by_role("img")).to_have_count(8)
    expect(cat.get_by_alt_text("cat, picture 1", exact=True)).to_have_attribute("loading", "lazy")
    expect(table).to_contain_text("Few pictures: the model will know this class least.")
    expect(table.get_by_role("row", name="screenshots")).to_contain_text("left out")
    expect(on.page.locator(".totals")).to_have_text(value["totals"])


def test_enter_renames_and_the_page_waits_for_python(on, value):
    on.page.get_by_role("button", name="Rename cat").click()
    field = on.page.get_by_label("New name for cat")
    expect(field).to_be_focused()
    expect(field).to_have_value("cat")
    field.fill("  lion ")
    field.press("Enter")
    told = on.told()
    assert (told["kind"], told["name"], told["to"]) == ("rename", "cat", "lion")
    assert on.told("data") == told
    expect(on.page.locator(".name").first).to_have_text("cat")
    value["classes"][0]["name"] = "lion"
    on.send(value)
    expect(on.page.locator(".name").first).to_have_text("lion")


@pytest.mark.parametrize("how", ["Escape", "empty", "unchanged", "button"])
def test_what_renames_nothing_tells_python_nothing(on, how):
    on.page.get_by_role("button", name="Rename cat").click()
    field = on.page.get_by_label("New name for cat")
    field.fill({"empty": "  ", "unchanged": "cat"}.get(how, "lion"))
    if how == "button":
        on.page.get_by_role("button", name="Cancel").click()
    else:
        field.press("Escape" if how == "Escape" else "Enter")
    expect(field).not_to_be_visible()
    expect(on.page.locator(".name").first).to_have_text("cat")
    expect(on.page.get_by_role("button", name="Rename cat")).to_be_focused()
    assert on.has_told_nothing()


def test_a_name_being_typed_survives_an_update(on, value):
    on.page.get_by_role("button", name="Rename dog").click()
    on.page.get_by_label("New name for dog").fill("half a na")
    value["totals"] = "something else"
    on.send(value)
    expect(on.page.locator(".totals")).to_have_text("something else")
    expect(on.page.get_by_label("New name for dog")).to_have_value("half a na")


def test_leave_out_and_take_back(on, value):
    on.page.get_by_role("button", name="Leave out: dog").click()
    told = on.told()
    assert (told["kind"], told["name"], told["included"]) == ("include", "dog", False)
    value["classes"][1]["included"] = False
    on.send(value)
    on.page.get_by_role("button", name="Take back in: dog").click()
    on.page.wait_for_function(
        """() => [...document.querySelectorAll("textarea")].some((t) =>
                   t.value.includes('"included": true'))"""
    )


def test_add_pictures_twice_is_heard_twice(on):
    button = on.page.get_by_role("button", name="Add pictures: cat")
    button.click()
    first = on.told()
    assert (first["kind"], first["name"]) == ("add", "cat")
    button.click()
    heard = on.page.get_by_label("heard by value", exact=True)
    expect(heard).not_to_have_value(re.compile(re.escape(str(first["nonce"]))))
    assert on.told()["nonce"] != first["nonce"]


def test_a_table_that_only_tells_has_no_buttons(on, value):
    on.send(value | {"editable": False})
    expect(on.page.locator("tbody button")).to_have_count(0)
    expect(on.page.get_by_role("columnheader")).to_have_count(3)


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read(stage, value, look, width):
    on = stage(make, event="edited", width=width)
    on.send(value)
    expect(on.page.locator("tbody tr")).to_have_count(3)
    first, second = (on.page.locator("tbody td").nth(i).bounding_box() for i in (0, 1))
    assert (first["y"] == second["y"]) == (width > 600), "rows are cards on a phone"
    assert on.page.get_by_role("table").count() == 1, "and still a table for screen readers"
    look(on, "classes")


def test_nasty_names_stay_text_and_fit_a_phone(stage, value, nasty):
    on = stage(make, event="edited", width=390)
    value["classes"][0].update(name=nasty, note=nasty)
    on.send(value)
    expect(on.page.locator(".name").first).to_have_text(nasty)
    assert on.fits()
    on.page.locator(".pencil").first.click()
    expect(on.page.locator(".rename input")).to_have_value(nasty)
    on.page.locator(".rename input").press("End")
    on.page.keyboard.type("!")
    on.page.keyboard.press("Enter")
    assert on.told()["to"] == nasty + "!"
    assert on.is_unharmed()
