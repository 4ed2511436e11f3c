"""What the blocks of a network see, as a person sees it."""

import pytest
from playwright.sync_api import expect

from gui.widgets.block_sights import block_sights

pytestmark = pytest.mark.browser


def make():
    return block_sights("What the blocks see")


@pytest.fixture
def sights(pixel):
    """Two blocks that look at two pictures, three maps each."""

    def look(name, maps=3):
        colors = ["#123", "#a47", "#fd8"]
        return {"name": name, "thumbnail": pixel("#3aa"), "maps": [pixel(c) for c in colors[:maps]]}

    def value(first="crab/1.jpg", maps=3):
        names = (first, "fish/2.jpg")
        return {
            "blocks": [
                {
                    "block": block,
                    "tells": tells,
                    "facts": f"3 of {filters} filters",
                    "looks": [look(name, maps) for name in names],
                }
                for block, tells, filters in [(1, "Block 1 sees edges.", 64), (5, "Things.", 512)]
            ]
        }

    return value


def test_each_block_tells_what_it_sees_beside_its_maps(stage, sights):
    on = stage(make)
    expect(on.page.locator(".fp-sights")).to_be_hidden()
    on.send(sights())
    rows = on.page.locator(".sight")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Block 1 sees edges.")
    expect(rows.last).to_contain_text("3 of 512 filters")
    name = "crab/1.jpg, and where 3 filters of block 1 answer in it"
    look = on.page.get_by_role("img", name=name, exact=True)
    expect(look).to_be_visible()
    expect(look.locator("img")).to_have_count(4)
    sizes = [each.bounding_box() for each in look.locator("img").all()]
    assert len({(round(each["width"]), round(each["height"])) for each in sizes}) == 1
    assert [each["x"] for each in sizes] == sorted(each["x"] for each in sizes)
    expect(on.page.locator(".key")).to_contain_text("bright: the filter answers here")


def test_where_no_filter_differs_it_says_so(stage, sights):
    on = stage(make)
    on.send(sights(maps=0))
    text = "Here no filter answers more in one place than in another."
    expect(on.page.locator(".look").first).to_have_text(text)
    on.send(sights(maps=1))
    one = "crab/1.jpg, and where one filter of block 5 answers in it"
    expect(on.page.get_by_role("img", name=one, exact=True)).to_be_visible()


def test_it_goes_when_there_is_nothing_to_show(stage, sights):
    on = stage(make)
    on.send(sights())
    expect(on.page.locator(".sight")).to_have_count(2)
    on.send({"blocks": []})
    expect(on.page.locator(".fp-sights")).to_be_hidden()


def test_nasty_names_stay_text(stage, sights, nasty):
    on = stage(make)
    on.send(sights(first=nasty))
    expect(on.page.locator(".look").first).to_have_attribute("title", nasty)
    assert on.is_unharmed()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read(stage, sights, look, width):
    on = stage(make, width=width)
    on.send(sights())
    for each in on.page.locator(".look").all():
        box = each.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    look(on, "sights")
