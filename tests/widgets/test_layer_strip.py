"""The network as a strip of layers, seen, read aloud and pressed."""

import pytest
from playwright.sync_api import expect

from gui.widgets.layer_strip import layer_strip

pytestmark = pytest.mark.browser

CONVS = {1: (2, 64), 2: (2, 128), 3: (3, 256), 4: (3, 512), 5: (3, 512)}


def make():
    return layer_strip("The network")


def make_silent():
    return layer_strip("The network", choosable=False)


def network(point, caption="7.6 of 165.7 million numbers are frozen."):
    layers = []
    size, channels = 160, 3
    for block, (convs, filters) in CONVS.items():
        for i in range(convs):
            layers.append(
                {
                    "name": f"block{block}_conv{i + 1}",
                    "kind": "conv",
                    "label": f"{filters} filters",
                    "size": f"{size}x{size}",
                    "parameters": (channels * 9 + 1) * filters,
                    "block": block,
                }
            )
            channels = filters
        size //= 2
        name = f"block{block}_pool"
        pool = {"name": name, "kind": "pool", "label": "halves the picture", "parameters": 0}
        layers.append(pool | {"size": f"{size}x{size}", "block": block})
    head = {"name": "head", "kind": "head", "label": "256 units", "size": "", "parameters": 1}
    layers.append(head | {"block": 6})
    names = [layer["name"] for layer in layers]
    for i, layer in enumerate(layers):
        layer["frozen"] = i < names.index(point)
    return {"layers": layers, "point": point, "caption": caption}


@pytest.fixture
def on(stage):
    on = stage(make, event="chosen")
    on.send(network("block4_pool"))
    expect(on.page.locator(".layer")).to_have_count(19)
    return on


def test_what_is_frozen_and_what_learns_is_said_in_words_and_pattern(on):
    expect(on.page.locator(".legend")).to_contain_text("frozen: keeps what it knows")
    expect(on.page.locator(".legend")).to_contain_text("learns from your pictures")
    expect(on.page.locator(".layer.frozen")).to_have_count(13)
    expect(on.page.locator(".layer.learning")).to_have_count(6)
    patterns = {
        state: on.page.locator(f".layer.{state}").first.evaluate(
            "node => getComputedStyle(node).backgroundImage"
        )
        for state in ("frozen", "learning")
    }
    assert "repeating-linear-gradient" in patterns["frozen"]
    assert "radial-gradient" in patterns["learning"]
    expect(on.page.locator(".caption")).to_have_text("7.6 of 165.7 million numbers are frozen.")


def test_each_layer_has_a_name_that_tells_everything(on):
    text = "block1_conv1: 64 filters · 160x160 · 1,792 parameters · frozen: keeps what it knows"
    layer = on.page.get_by_role("button", name=text, exact=True)
    expect(layer).to_have_attribute("title", text)
    layer.hover()
    expect(on.page.locator(".about")).to_have_text(text.replace(": 64", " · 64"))


def test_the_line_stands_between_the_last_frozen_and_the_first_learning_layer(on):
    line = on.page.get_by_role("separator", name="freeze point: learning starts at block4_pool")
    before = on.page.locator("[data-key=block4_conv3]").bounding_box()
    after = on.page.locator("[data-key=block4_pool]").bounding_box()
    at = line.bounding_box()
    assert before["x"] + before["width"] <= at["x"] <= after["x"]
    expect(line).to_contain_text("freeze point")


def test_a_click_tells_python_which_layer_and_changes_nothing_itself(on):
    on.page.locator("[data-key=block3_conv1]").click()
    told = on.told()
    assert (told["kind"], told["name"]) == ("choose", "block3_conv1")
    assert on.told("data") == told
    expect(on.page.locator(".layer.frozen")).to_have_count(13)


def test_enter_tells_python_and_the_keyboard_keeps_its_place(on):
    on.page.locator("[data-key=block5_conv1]").focus()
    on.page.keyboard.press("Enter")
    assert on.told()["name"] == "block5_conv1"
    on.send(network("block5_conv1"))
    expect(on.page.locator(".layer.frozen")).to_have_count(14)
    on.page.locator("[data-key=block5_conv2]").focus()
    on.send_quietly(network("block5_conv3"))
    expect(on.page.locator(".layer.frozen")).to_have_count(16)
    expect(on.page.locator("[data-key=block5_conv2]")).to_be_focused()


@pytest.mark.parametrize("point", ["block1_conv1", "head"])
def test_nothing_and_everything_frozen(on, point):
    on.send(network(point))
    frozen = 0 if point == "block1_conv1" else 18
    expect(on.page.locator(".layer.frozen")).to_have_count(frozen)
    label = on.page.locator(".point span").bounding_box()
    assert label["x"] >= 0, "the label stays on the page"
    assert on.fits()


def test_a_strip_that_only_tells_has_no_buttons(stage):
    on = stage(make_silent)
    on.send(network("head"))
    expect(on.page.locator(".layer")).to_have_count(19)
    expect(on.page.locator(".layer").first).to_have_attribute("role", "img")
    expect(on.page.locator("button.layer")).to_have_count(0)


def test_nasty_names_stay_text(on, nasty):
    value = network("block4_pool", caption=nasty)
    value["layers"][0].update(name=nasty, label=nasty)
    on.send(value)
    expect(on.page.locator(".caption")).to_have_text(nasty)
    on.page.locator(".layer").first.hover()
    expect(on.page.locator(".about")).to_contain_text(nasty)
    assert on.is_unharmed()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read(stage, look, width):
    on = stage(make, event="chosen", width=width)
    on.send(network("block4_pool"))
    expect(on.page.locator(".layer")).to_have_count(19)
    for layer in on.page.locator(".layer").all():
        box = layer.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    look(on, "strip")
