"""Who owns a run gets the files that are whole and checked, by their exact names, and no others."""

import pytest

from gui.core import downloads, take_home
from gui.core.errors import RunError
from gui.core.events import Evaluated, Finished, Queued
from gui.core.forms import FORMS
from gui.core.take_home import Check, Made
from gui.core.workspace import Workspace, new_token
from tests.core.project_files import finished_run

CHECK = Check("ONNX Runtime 1", 2, 2, 1e-6)


@pytest.fixture
def run(tmp_path):
    made = finished_run(Workspace(tmp_path).owner(new_token()))
    made.labels.write_text("cat\ndog\n")
    made.exports.mkdir()
    return made


def make(run, form, refused=None):
    path = take_home.file(run, form)
    if not refused:
        path.write_bytes(b"a whole file")
    take_home.record(run, Made(form, take_home.stamp(run), 12, CHECK, refused))
    return path


def test_every_form_that_was_made_is_offered_under_its_file_s_name(run) -> None:
    assert not downloads.offered(run)
    paths = {make(run, form) for form in FORMS}
    offered = downloads.offered(run)
    assert set(offered.values()) == {*paths, run.labels}
    assert all(path.name == name for name, path in offered.items())


def test_what_isn_t_checked_or_is_refused_isn_t_offered(run) -> None:
    assert run.model.exists()
    assert run.labels.exists()
    take_home.file(run, "onnx").write_bytes(b"written, but not checked")
    make(run, "litert", refused="It answered differently.")
    (run.exports / "onnx.json.part").write_bytes(b"")
    make(run, "keras", refused="It answered differently.")
    assert not downloads.offered(run)


def test_after_more_training_what_was_made_before_isn_t_offered(run) -> None:
    make(run, "onnx")
    make(run, "keras")
    assert set(downloads.offered(run)) == {"model.onnx", "model.keras", "labels.txt"}
    run.append(Queued(6.0, 3))
    assert not downloads.offered(run)  # nor while it is trained
    run.append(Evaluated(8.0, 1, 0.5, 0.5, 2))
    run.append(Finished(9.0, "epochs"))
    assert not downloads.offered(run)
    make(run, "keras")
    assert set(downloads.offered(run)) == {"model.keras", "labels.txt"}


@pytest.mark.parametrize(
    "name", ["run.json", "onnx.json", "lock", "../run.json", "exports/model.onnx", "/etc/hosts", ""]
)
def test_no_other_name_leads_anywhere(run, name) -> None:
    make(run, "onnx")
    (run.exports / "lock").write_text("")
    with pytest.raises(RunError, match="There is no such file"):
        downloads.find(run, name)
    assert downloads.find(run, "model.onnx").read_bytes() == b"a whole file"
