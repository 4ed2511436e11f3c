import re

import pytest
from playwright.sync_api import expect

from gui.core import evaluation
from gui.core.errors import RunError
from gui.sharing import report

DRAWN = "document.querySelectorAll('.chart .main-svg').length >= 1"


@pytest.fixture(scope="module")
def nasty(nasty_run, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    report.write(nasty_run, path)
    return path


@pytest.fixture
def opens(browser):
    """Opens a file as a person does, with every other request refused; problems fail the test."""
    contexts, problems = [], []

    def go(path, width=1280, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.on("dialog", lambda dialog: problems.append(dialog.message))

        def look(request):
            if not request.url.startswith((path.as_uri(), "data:")):
                problems.append(request.url)

        page.on("request", look)
        page.goto(path.as_uri())
        page.wait_for_function(DRAWN)
        return page

    yield go
    for context in contexts:
        context.close()
    assert problems == []


def test_it_opens_by_itself_and_shows_everything(nasty, nasty_run, opens):
    page = opens(nasty)
    charts = page.locator(".chart .main-svg:first-of-type")
    expect(charts).to_have_count(7)  # loss, accuracy, two an evaluation, more pictures
    for name in ("Loss: how wrong it is", "What was taken for what", "instead of 6 to learn from"):
        expect(page.get_by_text(name).first).to_be_visible()
    expect(page.get_by_text("On the 6 test pictures, which no choice has seen")).to_have_count(2)
    expect(page.get_by_text("The first 10 of VGG16's 13 layers")).to_have_count(1)
    expect(page.locator(".strip .learns")).to_have_count(5)  # of block 5, and the head
    shown = page.locator(".pictures img")
    loaded = shown.evaluate_all("all => all.every((one) => one.naturalWidth >= 96)")
    told = [evaluation.load(nasty_run.evaluation(side)) for side in ("validation", "test")]
    wrong = sum(len(each.mistakes) for each in told)
    assert loaded
    assert shown.count() == 3 * 4 + wrong
    assert page.locator("h2").count() >= 8
    # Names stay text.
    assert page.title() == nasty_run.about.title
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("main script, main a").count() == 0
    for label in nasty_run.split.labels:
        assert page.locator("td:first-child").get_by_text(label, exact=True).count() >= 3
    assert page.locator(".chart a").count() == 0


def test_it_fits_a_phone_in_both_themes_and_prints_dark_on_light(nasty, opens, output):
    page = opens(nasty, width=390)
    light, behind = "rgb(255, 255, 255)", "getComputedStyle(document.body).backgroundColor"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert (page.evaluate(behind) == light) == (scheme == "light")
        tick = page.locator(".chart .xtick text").first
        ink = tick.evaluate("node => getComputedStyle(node).fill")
        assert (sum(map(int, re.findall(r"\d+", ink)[:3])) > 400) == (scheme == "dark")
        page.screenshot(path=output / f"report-390-{scheme}.png", full_page=True)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(behind) == light
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(behind) != light


def test_a_picture_that_is_gone_or_another_is_said_to_be_gone(make_run, opens, tmp_path):
    run = make_run(("one", "two"), tested=False)
    chosen = run.split.train[0]
    (run.pictures_root / chosen.path).unlink()
    other = run.split.train[1]
    (run.pictures_root / other.path).write_bytes(b"another picture")
    path = tmp_path / "report.html"
    report.write(run, path)
    expect(opens(path).locator(".gone")).to_have_count(2)


def test_it_is_small_enough_and_names_no_place_of_this_computer(nasty, nasty_run):
    content = nasty.read_text()
    assert 4_800_000 < len(content) < 5_500_000
    assert str(nasty_run.path) not in content
    assert str(nasty_run.pictures_root) not in content
    assert not re.search(r'(src|href)="(?!data:)', content.split("</main>")[0])


def test_what_is_not_evaluated_has_no_report(unevaluated, tmp_path):
    with pytest.raises(RunError, match="hasn't been evaluated yet"):
        report.write(unevaluated, tmp_path / "never.html")
    assert not (tmp_path / "never.html").exists()
