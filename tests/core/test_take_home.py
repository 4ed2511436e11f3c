"""What is known of the forms of a training: as it was recorded, or nothing, never half of it."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gui.core import take_home
from gui.core.errors import DiskFull, RunError
from gui.core.events import Evaluated, Failed, Finished, Queued, Started
from gui.core.runs import Run
from gui.core.take_home import Check, Made
from gui.core.workspace import Workspace, new_token
from tests.core.project_files import finished_run

ROOT = Path(__file__).resolve().parents[2]
CHECK = Check("ONNX Runtime 1.32.0", 20, 19, 0.0004)
WHOLE = {
    "version": 1, "form": "onnx", "of": 4.0, "size_bytes": 7, "refused": None,
    "check": {"runtime": "It 1", "pictures": 20, "same": 19, "largest_difference": 0.1},
}  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    made = finished_run(Workspace(tmp_path_factory.mktemp("work")).owner(new_token()))
    made.exports.mkdir()
    return made


@pytest.fixture
def run(finished, tmp_path):
    return Run(shutil.copytree(finished.path, tmp_path / "run"))


def put(run, form, content=b"a whole file"):
    take_home.file(run, form).write_bytes(content)


def stored(run, **changes) -> None:
    """A record as someone else may have left it."""
    check = {**WHOLE["check"], **changes.pop("check", {})}
    text = json.dumps({**WHOLE, "check": check, **changes})
    (run.exports / "onnx.json").write_text(text)


def test_what_was_recorded_is_told_in_the_order_of_the_forms(run) -> None:
    of = take_home.stamp(run)
    page = Made("page", of, 12, CHECK)
    onnx = Made("onnx", of, 12, Check("ONNX Runtime 1", 1, 1, 0.0))
    card = Made("card", of, 12)
    for told in (card, page, onnx):
        put(run, told.form)
        take_home.record(run, told)
    assert list(take_home.made(run).items()) == [("onnx", onnx), ("page", page), ("card", card)]


def test_the_model_itself_needs_no_file_of_its_own(run) -> None:
    """Its check is recorded beside the others; its file is the run's."""
    told = Made("keras", take_home.stamp(run), 3, CHECK)
    take_home.record(run, told)
    assert take_home.file(run, "keras") == run.model
    assert take_home.made(run) == {"keras": told}
    run.model.unlink()
    assert take_home.made(run) == {}


def test_a_refusal_is_told_without_a_file(run) -> None:
    told = Made("litert", take_home.stamp(run), 0, CHECK, "In LiteRT 1 it gave other answers.")
    take_home.record(run, told)
    assert take_home.made(run) == {"litert": told}


def test_a_file_without_record_and_a_record_without_file_are_nothing(run) -> None:
    put(run, "onnx")
    assert take_home.made(run) == {}
    take_home.record(run, Made("page", take_home.stamp(run), 12, CHECK))
    assert take_home.made(run) == {}
    take_home.file(run, "page").mkdir()
    assert take_home.made(run) == {}


def test_of_another_model_is_nothing(run) -> None:
    put(run, "onnx")
    old = Made("onnx", take_home.stamp(run), 12, CHECK)
    take_home.record(run, old)
    run.append(Queued(6.0, 3))
    assert take_home.made(run) == {}
    with pytest.raises(RunError, match="isn't finished yet"):
        take_home.stamp(run)
    run.append(Evaluated(8.0, 1, 0.5, 0.5, 2))
    with pytest.raises(RunError, match="isn't finished yet"):
        take_home.stamp(run)
    run.append(Finished(9.0, "epochs"))
    assert take_home.stamp(run) == 8.0
    assert take_home.made(run) == {}
    put(run, "onnx", b"anew")
    anew = Made("onnx", 8.0, 4, CHECK)
    take_home.record(run, anew)
    assert take_home.made(run) == {"onnx": anew}


def test_a_training_that_failed_has_no_model_unless_it_never_began(run) -> None:
    put(run, "onnx")
    told = Made("onnx", take_home.stamp(run), 12, CHECK)
    take_home.record(run, told)
    run.append(Queued(6.0, 3))
    run.append(Failed(7.0, "No room.", "Make some."))
    assert take_home.made(run) == {"onnx": told}  # that of before is as it was
    run.append(Started(8.0, 3, "x", "ab" * 32, True, 6, 2, 1))
    run.append(Failed(9.0, "It broke.", "Try again."))
    with pytest.raises(RunError, match="isn't finished yet"):
        take_home.stamp(run)
    assert take_home.made(run) == {}


def test_a_whole_record_of_someone_else_is_read(run) -> None:
    put(run, "onnx")
    stored(run)
    assert take_home.made(run) == {"onnx": Made("onnx", 4.0, 7, Check("It 1", 20, 19, 0.1))}


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"form": "page"},
        {"form": 3},
        {"of": "yesterday"},
        {"of": None},
        {"of": 4.1},
        {"of": float("nan")},
        {"size_bytes": "many"},
        {"size_bytes": float("inf")},
        {"size_bytes": -1},
        {"refused": ""},
        {"refused": ["no"]},
        {"check": {"pictures": 0, "same": 0}},
        {"check": {"pictures": 5, "same": 6}},
        {"check": {"same": -1}},
        {"check": {"runtime": ""}},
        {"check": {"largest_difference": "small"}},
        {"check": {"largest_difference": float("nan")}},
        {"check": {"largest_difference": -0.1}},
    ],
)
def test_a_damaged_record_is_no_record(run, changes) -> None:
    put(run, "onnx")
    stored(run, **changes)
    assert take_home.made(run) == {}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"version": 1}', b"\xff", b"[" * 100_000]
)
def test_a_record_that_is_none_is_no_record(run, content) -> None:
    put(run, "onnx")
    put(run, "page")
    take_home.record(run, Made("page", take_home.stamp(run), 12, CHECK))
    (run.exports / "onnx.json").write_bytes(content)
    assert list(take_home.made(run)) == ["page"]


def test_a_full_disk_leaves_the_old_record(run, full) -> None:
    put(run, "onnx")
    old = Made("onnx", take_home.stamp(run), 12, CHECK)
    take_home.record(run, old)
    full()
    with pytest.raises(DiskFull):
        take_home.record(run, Made("onnx", take_home.stamp(run), 0, CHECK, "It disagrees."))
    full.over()
    assert take_home.made(run) == {"onnx": old}
    assert {each.name for each in run.exports.iterdir()} == {"model.onnx", "onnx.json"}


HOLD = """
import sys
from pathlib import Path
from gui.core import take_home
from gui.core.runs import Run
with take_home.alone(Run(Path(sys.argv[1]))):
    print("alone", flush=True)
    sys.stdin.read()
"""


def test_one_makes_forms_at_a_time_even_if_one_dies(run) -> None:
    run.exports.rmdir()
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, run.path],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    entered = threading.Event()

    def enter() -> None:
        with take_home.alone(run):
            entered.set()

    try:
        assert held.stdout.readline() == "alone\n"
        waiting = threading.Thread(target=enter, daemon=True)
        waiting.start()
        assert not entered.wait(0.3)
    finally:
        held.kill()
        held.communicate()
    assert entered.wait(20)
    waiting.join(20)
    assert not run.worked_on  # it is another lock than that of a training
