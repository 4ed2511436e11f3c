"""The network as a strip of layers, seen, read aloud and pressed."""

import itertools
import re

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
                    "side": size,
                    "depth": filters,
                    "block": block,
                }
            )
            channels = filters
        size //= 2
        name = f"block{block}_pool"
        pool = {"name": name, "kind": "pool", "label": "halves the picture", "parameters": 0}
        shape = {"size": f"{size}x{size}", "side": size, "depth": channels}
        layers.append(pool | shape | {"block": block})
    head = {"name": "head", "kind": "head", "label": "256 units", "size": "", "parameters": 1}
    layers.append(head | {"block": 6, "side": 1, "depth": 1})
    names = [layer["name"] for layer in layers]
    for i, layer in enumerate(layers):
        layer["frozen"] = i < names.index(point)
    blocks = [
        {
            "block": n,
            "size": f"{320 >> n} × {320 >> n}",
            "sees": sees,
            "tells": f"Block {n}: {sees}.",
        }
        for n, sees in enumerate(["edges", "corners", "patterns", "parts", "things", "names"], 1)
    ]
    return {"layers": layers, "point": point, "caption": caption, "blocks": blocks}


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
    layer = on.page.get_by_role("radio", name=text, exact=True)
    expect(layer).to_have_attribute("title", text)
    layer.hover()
    expect(on.page.locator(".about")).to_have_text(text.replace(": 64", " · 64"))


def test_pointing_at_a_layer_tells_what_its_block_sees(on):
    on.page.locator("[data-key=block3_conv2]").hover()
    expect(on.page.locator(".tells")).to_have_text("Block 3: patterns.")
    on.page.locator("[data-key=block4_pool]").focus()
    expect(on.page.locator(".tells")).to_have_text("Block 4: parts.")
    foot = on.page.locator(".foot").nth(1)
    expect(foot).to_contain_text("block 2")
    expect(foot).to_contain_text("corners")
    expect(foot).to_contain_text("80 × 80")


def test_boxes_have_the_shapes_of_the_layers(on):
    """Later ones are lower, as the picture shrinks, and thicker, as filters become more."""

    def box(name):
        return on.page.locator(f"[data-key={name}]").bounding_box()

    last = ["block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3"]
    boxes = [box(name) for name in last]
    for before, after in itertools.pairwise(boxes):
        assert after["height"] == pytest.approx(before["height"] / 2**0.5, rel=0.03)
        assert after["width"] == pytest.approx(before["width"] * 2**0.5, rel=0.03)
    assert box("block1_pool")["height"] == pytest.approx(boxes[1]["height"], rel=0.03)
    assert box("block5_conv1")["width"] == pytest.approx(boxes[3]["width"], rel=0.03)
    feet = [each["y"] + each["height"] for each in boxes]
    assert max(feet) - min(feet) < 1, "all stand on one line"


def test_the_line_stands_between_the_last_frozen_and_the_first_learning_layer(on):
    before = on.page.locator("[data-key=block4_conv3]").bounding_box()
    after = on.page.locator("[data-key=block4_pool]").bounding_box()
    line = on.page.locator(".point")
    at = line.bounding_box()
    assert before["x"] + before["width"] <= at["x"] <= after["x"]
    expect(line).to_contain_text("freeze point")
    expect(line).to_have_attribute("title", "freeze point: learning starts at block4_pool")
    chosen = on.page.get_by_role("radiogroup", name="The network").get_by_role(
        "radio", checked=True
    )
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-key", "block4_pool")


def test_a_click_is_seen_at_once_and_told_to_python(on):
    on.page.locator("[data-key=block3_conv1]").click()
    expect(on.page.locator(".layer.frozen")).to_have_count(6)
    expect(on.page.locator("[data-key=block3_conv1]")).to_have_attribute("aria-checked", "true")
    told = on.told()
    assert (told["kind"], told["name"]) == ("choose", "block3_conv1")
    assert on.told("data") == told


def test_what_python_chooses_is_marked_here(on):
    on.send(network("block2_conv1", caption="Another."))
    expect(on.page.locator(".caption")).to_have_text("Another.")
    expect(on.page.locator("[data-key=block2_conv1]")).to_have_attribute("aria-checked", "true")
    expect(on.page.locator(".layer.frozen")).to_have_count(3)


def test_arrow_keys_go_from_layer_to_layer_and_choose(on):
    radios = on.page.get_by_role("radio")
    on.page.locator(".layer[tabindex='0']").focus()
    expect(on.page.locator("[data-key=block4_pool]")).to_be_focused()
    for key, name in [
        ("ArrowRight", "block5_conv1"), ("ArrowDown", "block5_conv2"),
        ("ArrowLeft", "block5_conv1"), ("ArrowUp", "block4_pool"),
        ("End", "head"), ("ArrowRight", "block1_conv1"),
        ("ArrowLeft", "head"), ("Home", "block1_conv1"),
    ]:  # fmt: skip
        on.page.keyboard.press(key)
        expect(on.page.locator(f"[data-key={name}]")).to_be_focused()
        expect(on.page.locator("[aria-checked=true]")).to_have_attribute("data-key", name)
    expect(on.page.locator(".layer[tabindex='0']")).to_have_count(1)
    expect(on.page.locator(".layer.learning")).to_have_count(radios.count())
    expect(on.page.get_by_label("heard by data", exact=True)).to_have_value(
        re.compile("block1_conv1")
    )


def test_a_held_key_tells_only_where_it_rests(on):
    on.page.locator("[data-key=block4_pool]").focus()
    for _ in range(3):
        on.page.keyboard.press("ArrowLeft")
    assert on.has_told_nothing()
    assert on.told()["name"] == "block4_conv1"


def test_the_keyboard_keeps_its_place_when_python_answers(on):
    on.page.locator("[data-key=block5_conv1]").focus()
    on.page.keyboard.press("Space")
    assert on.told()["name"] == "block5_conv1"
    on.send_quietly(network("block5_conv1", caption="Now so."))
    expect(on.page.locator(".caption")).to_have_text("Now so.")
    expect(on.page.locator("[data-key=block5_conv1]")).to_be_focused()
    other = network("block5_conv1")
    other["layers"][0]["size"] = "64x64"  # another picture size: the boxes are made anew
    on.send_quietly(other)
    expect(on.page.locator("[data-key=block1_conv1]")).to_have_attribute(
        "title", re.compile("64x64")
    )
    expect(on.page.locator("[data-key=block5_conv1]")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("head", ["compact", "精簡型"])
def test_no_word_below_a_block_is_broken(on, head, language):
    """Each stands in one line, or goes on at a space: none is taller than it has words."""
    on.page.evaluate("code => { document.documentElement.lang = code; }", language)
    value = network("block5_conv1")
    value["blocks"][-1].update(sees=head, size=f"5 {head}")
    on.send(value)
    expect(on.page.locator(".fp-strip .block").last).to_contain_text(head)
    tall = """() => [...document.querySelectorAll(".foot > *")].map((each) => {
      const lines = each.getBoundingClientRect().height / (12.5 * 1.35);
      return [each.textContent, Math.round(lines), each.textContent.split(/[ ,]+/).length];
    }).filter(([, lines, words]) => lines > words)"""
    for width in (360, 390, 430, 640):
        on.page.set_viewport_size({"width": width, "height": 900})
        assert on.page.evaluate(tall) == [], width
        assert on.fits()
    on.page.evaluate("() => { document.documentElement.lang = 'en'; }")


@pytest.mark.parametrize("width", [1280, 390, 340])
@pytest.mark.parametrize("point", ["block1_conv1", "head"])
def test_nothing_and_everything_frozen(stage, point, width):
    on = stage(make, event="chosen", width=width)
    on.send(network(point))
    frozen = 0 if point == "block1_conv1" else 18
    expect(on.page.locator(".layer.frozen")).to_have_count(frozen)
    label = on.page.locator(".point span").bounding_box()
    assert label["x"] >= 0, "the label stays on the page"
    assert label["x"] + label["width"] <= width
    assert on.fits()


def test_the_label_stays_on_the_page_where_the_head_begins_a_row(stage):
    on = stage(make, event="chosen")
    on.send(network("head"))
    first = """() => {
      const heads = [...document.querySelectorAll(".block")];
      const tops = heads.map((each) => each.offsetTop);
      return tops.at(-1) > tops.at(-2);
    }"""
    began = 0
    for width in range(560, 300, -20):
        on.page.set_viewport_size({"width": width, "height": 900})
        on.page.wait_for_timeout(60)  # it is looked at anew when the page has another width
        label = on.page.locator(".point span").bounding_box()
        strip = on.page.locator(".fp-strip").bounding_box()
        assert label["x"] >= strip["x"] - 3, width
        assert label["x"] + label["width"] <= width, width
        began += on.page.evaluate(first)
    assert began, "at some width the head stands alone"


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
