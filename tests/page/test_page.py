"""The page by its own door: real Gradio events, called with gradio_client as a browser would.

The engine isn't started here: what a training does is told in a run's events.
"""

import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from gui.core import workspace
from gui.core.events import Epoch, Evaluated, Finished, PhaseChanged, Started
from gui.core.jobs import Jobs
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.workspace import Owner, Workspace

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"


class Visitor:
    """Somebody whose browser calls the page's events."""

    def __init__(self, page: Any, client: Client, site: Site) -> None:
        self.page = page
        self.client = client
        self.token = workspace.new_token()
        self.owner: Owner = site.workspace.owner(self.token)

    def does(self, part: Any, event: str, *values: object, token: str | None = None) -> dict:
        """Call the event of a part; its outputs by part, without those that stay as they are."""
        index, outputs = self._event(part, event)
        told = self.client.predict(token or self.token, *values, fn_index=index)
        told = told if isinstance(told, list | tuple) else (told,)
        return dict(zip(outputs, told, strict=True))

    def _event(self, part: Any, event: str) -> tuple[int, list[Any]]:
        for index, function in self.page.blocks.fns.items():
            if (part._id, event) in function.targets:
                outputs = [each for each in function.outputs if not _kept_from_programs(each)]
                return index, outputs
        raise LookupError(event)


def _kept_from_programs(part: Any) -> bool:
    """Whether gradio_client leaves a part out of what an event returns."""
    return getattr(part, "skip_api", True)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    root = tmp_path_factory.mktemp("workspace")
    jobs = Jobs(root / "logs", None, 1, lambda: 100.0)  # its queue works without workers
    return Site(Workspace(root), jobs, SAMPLES, lambda: 100.0)


@pytest.fixture(scope="module")
def page(site: Site, port) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(site.workspace.uploads))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        from gui.page import Page, launch_options

        made = Page(site)
        made.blocks.queue(api_open=False)
        options = launch_options(site.workspace.uploads)
        app, _, _ = made.blocks.launch(server_port=port(), prevent_thread_lock=True, **options)
        made.serve_downloads(app)
        yield made
        made.blocks.close(verbose=False)


@pytest.fixture
def visitor(page, site: Site) -> Callable[[], Visitor]:
    return lambda: Visitor(page, Client(page.blocks.local_url, verbose=False), site)


@pytest.fixture
def trained(visitor, site: Site) -> tuple[Visitor, Run]:
    """A visitor with the sample pictures and a run that is done."""
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    someone.does(someone.page.train.start, "click", *settings(someone, epochs=2))
    run = someone.owner.open_run
    run.append(Started(1.0, 2, "somewhere", "ab", True, 160, 40, 3))
    run.append(PhaseChanged(2.0, "head", 1, 1e-3, 99))
    run.append(Epoch(3.0, 1, "head", 0.9, 0.5, 0.8, 0.6, 1.0))
    run.append(Epoch(4.0, 2, "head", 0.5, 0.8, 0.4, 0.95, 1.0))
    run.append(Evaluated(5.0, 2, 0.4, 0.95, 40))
    run.model.write_bytes(b"model")
    run.labels.write_text("crab\n", encoding="utf-8")
    run.append(Finished(6.0, "epochs"))
    return someone, run


def settings(someone: Visitor, **changed: object) -> list[object]:
    """Values of every control, in the order the Start button sends them."""
    controls = {**someone.page.model.settings, **someone.page.train.settings}
    return [changed.get(name, part.value) for name, part in controls.items()]


def refusal(call: Callable[..., object], *arguments: object, **options: object) -> str:
    with pytest.raises(AppError) as caught:
        call(*arguments, **options)
    return html.unescape(str(caught.value))


def test_samples_become_classes_with_counts_and_pictures(visitor) -> None:
    someone = visitor()
    shown = someone.does(someone.page.pictures.samples, "click")
    table = shown[someone.page.pictures.table]
    assert [row["name"] for row in table["classes"]] == sorted(p.name for p in SAMPLES.iterdir())
    first = table["classes"][0]
    assert (first["count"], first["train"], first["validation"]) == (40, 32, 8)
    assert len(first["thumbnails"]) == 8
    assert table["totals"].startswith("5 classes with 200 pictures: 160 to learn from, 40 kept")
    bar = {step["id"]: step["state"] for step in shown[someone.page.bar]["steps"]}
    assert bar["pictures"] == "done"
    assert bar["model"] == bar["train"] == "open"
    assert bar["test"] == bar["home"] == "locked"


def test_the_freeze_point_tells_what_is_frozen_at_once(visitor, site: Site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    part = someone.page.model.settings["freeze_point"]
    shown = someone.does(part, "change", "block4_pool", "classic", 256)
    counts = shown[someone.page.model.counts]
    assert "13 of 18 layers of VGG16, 7,635,264 parameters" in counts
    assert "158,103,045 parameters" in counts
    assert "the same numbers learn as with `block5_conv1`" in counts
    layers = shown[someone.page.model.strip]["layers"]
    frozen = [layer["name"] for layer in layers if layer["frozen"]]
    assert frozen[-1] == "block4_conv3"
    assert len(frozen) == 13


def test_start_pressed_twice_is_one_training(visitor, site: Site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    shown = someone.does(someone.page.train.start, "click", *settings(someone))
    assert shown[someone.page.train.line]["state"] == "waiting"
    told = refusal(someone.does, someone.page.train.start, "click", *settings(someone))
    assert "You have a training under way already." in told
    assert len(someone.owner.runs()) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"epochs": 0}, "Epochs can't be 0.*Choose a number from 1 to 500"),
        ({"epochs": "many"}, "can't be used for “epochs”"),
        ({"freeze_point": "block9_conv1"}, "freeze point|Freeze point"),
        ({"image_size": 4096}, "greater than maximum value 256"),
    ],
)
def test_a_setting_out_of_bounds_starts_nothing(visitor, site, changed, sentence) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    told = refusal(someone.does, someone.page.train.start, "click", *settings(someone, **changed))
    assert re.search(sentence, told) or "is not in the list of choices" in told
    assert someone.owner.runs() == []


def test_a_done_run_shows_its_curves_result_and_files(trained) -> None:
    someone, run = trained
    shown = someone.does(someone.page.train.timer, "tick")
    curve = shown[someone.page.train.accuracy]["data"][1]
    assert curve["y"] == [0.6, 0.95]
    assert shown[someone.page.train.line]["text"].startswith("38 of 40 right (95.0 %)")
    card = shown[someone.page.runs.list]["runs"][0]
    assert card["id"] == run.id
    assert card["summary"] == "38 of 40 right (95.0 %), epoch 2"
    bar = {step["id"]: step["state"] for step in shown[someone.page.bar]["steps"]}
    assert bar["test"] == bar["home"] == "open"


def test_the_curves_are_sent_again_only_when_they_changed(trained) -> None:
    someone, run = trained
    loss = someone.page.train.loss
    assert someone.does(someone.page.train.timer, "tick")[loss]["data"]
    assert "data" not in (someone.does(someone.page.train.timer, "tick")[loss] or {})
    run.append(Epoch(7.0, 3, "head", 0.4, 0.9, 0.3, 0.95, 1.0))
    assert someone.does(someone.page.train.timer, "tick")[loss]["data"][1]["x"] == [1, 2, 3]


def test_nobody_reaches_another_persons_run(trained, visitor) -> None:
    someone, run = trained
    other = visitor()
    picked = other.page.runs.list
    index, _ = other._event(picked, "picked")
    told = refusal(
        other.client.predict, other.token, {"kind": "open", "id": run.id}, fn_index=index
    )
    assert str(run.path) not in told
    assert other.owner.desk.run == ""
    assert run.path.exists()
    assert someone.owner.open_run == run


@pytest.mark.parametrize("token", ["", "short", "../../etc/passwd-and-more-text", None])
def test_without_a_token_nothing_is_shown(visitor, token) -> None:
    someone = visitor()
    index, _ = someone._event(someone.page.pictures.samples, "click")
    told = refusal(someone.client.predict, token, fn_index=index)
    assert "lost its connection to your work" in told


def test_a_forged_upload_is_refused(visitor, site: Site) -> None:
    someone = visitor()
    secret = site.workspace.root / "secret.jpg"
    secret.write_bytes((SAMPLES / "crab" / "01.jpg").read_bytes())
    for path in ("/etc/passwd", str(secret)):
        manifest = {"files": [{"rel": "a/1.jpg", "path": path, "size": 1}], "skipped": []}
        told = refusal(someone.does, someone.page.pictures.drop, "uploaded", manifest)
        assert "A file didn't arrive whole." in told
    assert secret.exists()


def test_bad_sets_get_one_clear_sentence(visitor, site: Site, tmp_path: Path) -> None:
    someone = visitor()
    loose = tmp_path / "loose.jpg"
    loose.write_bytes((SAMPLES / "crab" / "01.jpg").read_bytes())
    uploaded = site.workspace.uploads / "abc" / "loose.jpg"
    uploaded.parent.mkdir(parents=True, exist_ok=True)
    uploaded.write_bytes(loose.read_bytes())
    manifest = {"files": [{"rel": "loose.jpg", "path": str(uploaded)}], "skipped": []}
    told = refusal(someone.does, someone.page.pictures.drop, "uploaded", manifest)
    assert "folder" in told
    assert "Traceback" not in told


def test_no_event_is_offered_to_programs(visitor) -> None:
    someone = visitor()
    offered = someone.client.view_api(return_format="dict", print_info=False)
    assert not offered["named_endpoints"]


def fetch(page, **fields: str) -> httpx.Response:
    return httpx.post(f"{page.blocks.local_url}freezepoint/download", data=fields)


def test_a_model_is_handed_to_its_owner_alone(page, trained, visitor) -> None:
    someone, run = trained
    files = someone.does(page.train.timer, "tick")[page.home.download]
    assert files["files"] == ["model.keras", "labels.txt"]
    got = fetch(page, **files["fields"], file="model.keras")
    assert got.content == b"model"
    assert 'filename="model.keras"' in got.headers["content-disposition"]
    other = visitor()
    assert fetch(page, token=other.token, run=run.id, file="model.keras").status_code == 404
    for name in ("run.json", "../run.json", "/etc/passwd", ""):
        told = fetch(page, token=someone.token, run=run.id, file=name)
        assert told.status_code in (404, 422)
    assert fetch(page, token=someone.token, run=f"../{run.id}", file="model.keras").is_error


def test_an_upload_that_would_fill_the_disk_is_refused(page, site: Site, monkeypatch) -> None:
    sent = {"files": ("a.jpg", b"x" * 1000)}
    address = f"{page.blocks.local_url}gradio_api/upload"
    assert httpx.post(address, files=sent).status_code == 200
    usage = shutil.disk_usage(site.workspace.root)
    monkeypatch.setattr(
        "gui.server.shutil.disk_usage", lambda _: usage._replace(free=500 * 10**6 + 500)
    )
    told = httpx.post(address, files=sent)
    assert told.status_code == 507
    assert told.text == "There is not enough room on the disk for this upload."
