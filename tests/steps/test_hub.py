"""A person uploads a model to the Hub, and opens a project file, in a real browser."""

import time
import zipfile
from dataclasses import replace

import gradio as gr
import pytest
from playwright.sync_api import expect

from gui.core import project
from gui.core.jobs import Jobs
from gui.core.site import Site
from gui.core.workspace import Workspace, new_token
from gui.pages import launch_options
from gui.steps.hub import HubPart
from gui.steps.runs import RunsStep
from gui.steps.wires import Wires
from tests.core.project_files import changed, finished_run, quiet
from tests.sharing.stand_in import TOKEN, StandIn


@pytest.fixture(scope="module")
def place(tmp_path_factory, port):
    """A page with the two parts, its owner's run, and a Hub on this computer."""
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    site = Site(workspace, Jobs(workspace.logs, None, 1, time.time), workspace.root, time.time)
    token, server = new_token(), StandIn()
    owner = workspace.owner(token)
    run = finished_run(owner)
    run.labels.write_text("cat\ndog\n")
    owner.open(replace(owner.desk, run=run.id))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(workspace.uploads))
        with gr.Blocks() as blocks:
            told = gr.State(token)
            part, runs = HubPart(site, server.address), RunsStep(site)
            wires = Wires(site, told)
            part.wire(wires)
            runs.wire(wires, [])
            wires.on(blocks.load, lambda _: None, [part, runs])
        options = launch_options(site)
        blocks.launch(server_port=port(), prevent_thread_lock=True, **options)
        yield blocks.local_url, server, run, owner
        blocks.close(verbose=False)
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(place, browser):
    context = browser.new_context(viewport={"width": 390, "height": 900})
    shown = context.new_page()
    shown.goto(place[0])
    drawn = shown.get_by_role("button", name="Choose a project file")
    expect(drawn).to_be_visible(timeout=60_000)  # on a busy machine it takes its time
    shown.evaluate("key => { window.freezepointKey = key; }", place[3].token)  # as the page does
    yield shown
    context.close()


@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_a_person_uploads_a_model_and_the_token_is_gone(page, place):
    _, server, _, _ = place
    page.get_by_role("button", name="Put it on the Hugging Face Hub").click()
    expect(page.get_by_text("None of your pictures is uploaded.")).to_be_visible()
    field = page.get_by_label("Your access token")
    expect(field).to_have_attribute("type", "password")
    expect(page.get_by_label("Private: only I can see it")).to_be_checked()
    page.get_by_label("Name of the repository").fill("my animals")
    field.fill(TOKEN)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("“my animals” can't be the name of a repository.")).to_be_visible()
    assert server.asked == []
    page.get_by_label("Name of the repository").fill("my-animals")
    page.get_by_role("button", name="Upload", exact=True).click()
    told = page.get_by_text(f"It is on the Hub: {server.address}/ada/my-animals")
    expect(told).to_be_visible(timeout=20_000)
    expect(field).to_have_value("")
    assert server.repositories["ada/my-animals"]["visibility"] == "private"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.reload()
    assert TOKEN not in page.content()


def test_a_tampered_project_file_is_refused_on_the_page(page, place, tmp_path):
    _, _, run, owner = place
    project.pack(run, tmp_path / "cats.zip", quiet)
    forged = changed(tmp_path / "cats.zip", tmp_path / "forged.zip", split_json={"version": 1})
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as pets:
        pets.writestr("cat/1.jpg", "...")
    choose = page.locator("input.zip-input")
    expect(page.get_by_role("button", name="Choose a project file")).to_be_visible()
    for path, sentence in (
        (forged, "“forged.zip” has been changed or damaged since it was made"),
        (tmp_path / "pets.zip", "“pets.zip” is no project file of Freezepoint"),
    ):
        choose.set_input_files(path)
        expect(page.get_by_text(sentence)).to_be_visible(timeout=15_000)
        expect(page.get_by_role("button", name="Choose a project file")).to_be_visible()
    assert [each.id for each in owner.runs()] == [run.id]
    assert len(list((owner.path / "datasets").iterdir())) == 1
