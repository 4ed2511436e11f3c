"""A chart that is updated in place: what a person zoomed to stays."""

import importlib.util
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gui.widgets.live_plot import live_plot

pytestmark = pytest.mark.browser

SCRIPT = Path(importlib.util.find_spec("plotly").origin).parent / "package_data" / "plotly.min.js"
WITH_PLOTLY = {
    "head": f'<script src="/gradio_api/file={SCRIPT}"></script>',
    "allowed_paths": [str(SCRIPT.parent)],
}
RANGE = "document.querySelector('.chart').layout.xaxis.range.map(Number)"


def make():
    return live_plot("Learning curves", "The curves appear with the first epoch.")


def make_without_script():
    return live_plot("Learning curves")


def figure(points, **layout):
    xs = list(range(1, points + 1))
    return {
        "data": [
            {"x": xs, "y": [1 / x for x in xs], "name": "loss", "line": {"color": "#d9622b"}},
            {"x": xs, "y": [1 - 0.8 / x for x in xs], "name": "accuracy"},
        ],
        "layout": {"xaxis": {"title": {"text": "epoch"}}, "yaxis": {"rangemode": "tozero"}}
        | layout,
    }


@pytest.fixture
def on(stage):
    on = stage(make, event="behind", **WITH_PLOTLY)
    on.send(figure(20))
    expect(on.page.locator(".chart .scatterlayer .trace")).to_have_count(2)
    return on


def zoom(page):
    """Drag over the middle of the chart, as a person does."""
    box = page.locator(".chart .nsewdrag").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
    page.mouse.up()
    page.wait_for_function(f"{RANGE}[1] < 18")
    return page.evaluate(RANGE)


def points_drawn(page):
    return page.evaluate("document.querySelector('.chart').data[0].x.length")


def test_zoom_and_node_survive_updates(on):
    on.page.evaluate("document.querySelector('.chart').mark = 'the same node'")
    zoomed = zoom(on.page)
    for points in (21, 22, 23, 24, 25):
        on.send(figure(points))
        on.page.wait_for_function(f"document.querySelector('.chart').data[0].x.length == {points}")
    assert on.page.evaluate(RANGE) == zoomed
    assert on.page.evaluate("document.querySelector('.chart').mark") == "the same node"


def growth(before, points, **changed):
    """The points behind ``before``, for a figure of that many that is called "v<before>"."""
    xs = list(range(before + 1, points + 1))
    more = [{"x": xs, "y": [1 / x for x in xs]}, {"x": xs, "y": [1 - 0.8 / x for x in xs]}]
    value = {"after": f"v{before}", "version": f"v{points}", "more": more, "data": [], "layout": {}}
    return value | changed


@pytest.fixture
def growing(stage):
    on = stage(make, event="behind", **WITH_PLOTLY)
    on.send(figure(20) | {"version": "v20"})
    on.page.wait_for_function("document.querySelector('.chart').data?.[0].x.length == 20")
    return on


def test_it_grows_by_what_is_new_and_keeps_the_zoom(growing):
    on = growing
    zoomed = zoom(on.page)
    star = {"x": [21], "y": [0.04], "mode": "markers", "name": "best so far: 21"}
    on.send(growth(20, 21, data=[star]))
    on.page.wait_for_function("document.querySelector('.chart').data[1].x.length == 21")
    line = {"type": "line", "x0": 9, "x1": 9, "y0": 0, "y1": 1, "yref": "paper"}
    on.send(growth(21, 23, data=[star | {"name": "best: 21"}], layout={"shapes": [line]}))
    on.page.wait_for_function("document.querySelector('.chart').data[1].x.length == 23")
    names, xs, title = on.page.evaluate(
        "(({data, layout}) => [data.map((t) => t.name), data[0].x, layout.xaxis.title.text])"
        "(document.querySelector('.chart'))"
    )
    assert names == ["loss", "accuracy", "best: 21"]
    assert xs == list(range(1, 24))
    assert title == "epoch"
    expect(on.page.locator(".chart .shapelayer path")).to_have_count(1)
    assert on.page.evaluate(RANGE) == zoomed
    assert on.has_told_nothing()
    on.page.evaluate("document.body.classList.toggle('dark')")  # drawn anew, whole
    expect(on.page.locator(".chart .shapelayer path")).to_have_count(1)
    assert points_drawn(on.page) == 23


def test_after_a_missed_value_it_asks_for_the_whole_figure(growing):
    on = growing
    on.send(growth(21, 22))
    assert on.told("data") == {}
    assert points_drawn(on.page) == 20
    on.send(figure(22) | {"version": "v22"})
    on.page.wait_for_function("document.querySelector('.chart').data[0].x.length == 22")
    on.send(growth(22, 23))
    on.page.wait_for_function("document.querySelector('.chart').data[0].x.length == 23")


def test_what_is_drawn_already_is_not_added_again(growing):
    on = growing
    on.send(growth(19, 20))
    on.send(growth(20, 21))
    on.page.wait_for_function("document.querySelector('.chart').data[0].x.length == 21")
    assert on.has_told_nothing()


def test_a_page_that_has_nothing_yet_asks_too(stage):
    on = stage(make, event="behind", **WITH_PLOTLY)
    on.send(growth(20, 21))
    assert on.told("data") == {}
    expect(on.page.locator(".placeholder")).to_be_visible()


def test_a_new_uirevision_forgets_the_zoom(on):
    zoomed = zoom(on.page)
    on.send(figure(20, uirevision="another run"))
    on.page.wait_for_function(f"{RANGE}[1] > 18")
    assert on.page.evaluate(RANGE) != zoomed


def test_a_hidden_curve_stays_hidden(on):
    on.page.locator(".chart .legendtoggle").first.click()
    expect(on.page.locator(".chart .scatterlayer .trace")).to_have_count(1)
    on.send(figure(21))
    on.page.wait_for_function("document.querySelector('.chart').data[0].x.length == 21")
    expect(on.page.locator(".chart .scatterlayer .trace")).to_have_count(1)


def test_without_a_value_there_is_a_quiet_sentence(stage):
    on = stage(make, event="behind", **WITH_PLOTLY)
    expect(on.page.locator(".placeholder")).to_have_text("The curves appear with the first epoch.")
    on.send(figure(3))
    expect(on.page.locator(".placeholder")).not_to_be_visible()
    on.send(None)
    expect(on.page.locator(".placeholder")).to_be_visible()
    expect(on.page.locator(".chart")).not_to_be_visible()
    on.send(figure(4))
    expect(on.page.locator(".chart .scatterlayer .trace")).to_have_count(2)


def test_the_chart_follows_the_theme(on):
    def color():
        return on.page.locator(".chart .xtick text").first.evaluate("n => getComputedStyle(n).fill")

    light = color()
    zoomed = zoom(on.page)
    on.page.evaluate("document.body.classList.toggle('dark')")
    expect(on.page.locator(".chart .xtick text").first).not_to_have_css("fill", light)
    assert sum(map(int, color()[4:-1].split(","))) > 3 * 180, "light ink on a dark page"
    assert on.page.evaluate(RANGE) == zoomed
    on.page.evaluate("document.body.classList.toggle('dark')")
    expect(on.page.locator(".chart .xtick text").first).to_have_css("fill", light)


def test_only_zoom_reset_and_download_are_offered(on):
    on.page.locator(".chart").hover()
    titles = on.page.locator(".chart .modebar-btn").evaluate_all(
        "buttons => buttons.map((b) => b.dataset.title ?? b.getAttribute('aria-label'))"
    )
    assert len(titles) == 3, titles
    with on.page.expect_download() as download:
        on.page.locator(".chart .modebar-btn").first.click()
    assert download.value.suggested_filename == "Learning-curves.png"


def test_a_missing_script_is_said_in_words_after_twenty_seconds(stage):
    on = stage(make_without_script, fresh=True)
    on.page.clock.install()
    on.send(figure(3))
    expect(on.page.locator(".placeholder")).to_have_text("Loading the chart")
    on.page.clock.fast_forward(21_000)
    expect(on.page.locator(".placeholder")).to_contain_text("plotly.min.js")


def test_it_fits_a_narrowing_page(stage, look):
    on = stage(make, event="behind", **WITH_PLOTLY)
    on.send(figure(12))
    expect(on.page.locator(".chart .scatterlayer .trace")).to_have_count(2)
    look(on, "plot")
    on.page.set_viewport_size({"width": 390, "height": 900})
    on.page.wait_for_function("document.querySelector('.chart svg').clientWidth < 390")
    on.page.wait_for_timeout(500)  # plotly draws once more when the window has come to rest
    assert on.page.locator(".chart").bounding_box()["height"] > 300
    look(on, "plot")


def test_html_in_a_figure_runs_nothing(on, nasty):
    on.send(figure(3, title={"text": nasty}))
    expect(on.page.locator(".chart .gtitle")).to_have_count(1)
    assert on.is_unharmed()
