import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from gui.core import thumbnails
from gui.core.desk import Desk
from gui.core.errors import NotYours, RunError
from gui.core.workspace import Workspace, new_token
from tests.core.visitors import make_dataset, make_run, refusal

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "token",
    [
        None, "", "short", "a" * 19, "a" * 101, 12345678901234567890, ["a" * 30], "a" * 20 + " ",
        "a" * 20 + "\n", "../" * 10, "é" * 30, "a" * 20 + "/",
    ],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(space, token):
    assert refusal(NotYours, space.owner, token) == (
        "This page has lost its connection to your work. Reload the page."
    )
    assert not space.root.exists()


def test_tokens_are_unguessable_and_always_accepted(space):
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(token) == 32 for token in tokens)  # 24 bytes
    assert len({space.owner(token).path for token in tokens}) == 200
    assert space.owner("a" * 20).path != space.owner("a" * 100).path


def test_only_the_token_s_digest_is_on_disk(space):
    token = new_token()
    owner = space.owner(token)
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    owner.open(Desk(dataset_id, run.id))
    thumbnails.thumbnail(owner.open_dataset, owner.open_dataset.classes[0].pictures[0])
    assert owner.path.name == hashlib.sha256(token.encode()).hexdigest()[:32]
    everything = list(space.root.rglob("*"))
    assert len(everything) > 12
    for path in everything:
        assert token not in str(path)
        assert path.is_dir() or token.encode() not in path.read_bytes()
    assert space.owner(token) == owner


HOLDING = """
import sys
from pathlib import Path
from gui.core.errors import RunError
from gui.core.workspace import Workspace
try:
    with Workspace(Path(sys.argv[1])).hold():
        print("held")
except RunError as error:
    print(error)
"""


def hold_elsewhere(space):
    done = subprocess.run(
        [sys.executable, "-c", HOLDING, str(space.root)],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.strip()


def test_one_page_at_a_time_is_open_on_a_workspace(space):
    sentence = (
        f"Freezepoint is open on “{space.root}” already. "
        "Use that page, close it first, or name another folder with --workspace."
    )
    with space.hold():
        assert hold_elsewhere(space) == sentence
        assert refusal(RunError, Workspace(space.root).hold().__enter__) == sentence
        with Workspace(space.root.with_name("another")).hold():
            pass
    assert hold_elsewhere(space) == "held"
    with pytest.raises(KeyError), space.hold():
        raise KeyError
    with space.hold():
        pass


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    for root, why in (
        (tmp_path / "file", "File exists"),
        (tmp_path / "file" / "x", "Not a directory"),
    ):
        assert refusal(RunError, Workspace(root).hold().__enter__) == (
            f"The folder “{root}” can't be used ({why}). Name another folder with --workspace."
        )


def test_uploads_and_logs_lie_in_the_workspace_and_outside_everybody_s_work(space, owner):
    for folder in (space.uploads, space.logs):
        assert folder.parent == space.root
        assert not owner.path.is_relative_to(folder)


def test_what_a_killed_page_left_is_cleared_unless_its_worker_is_at_it_still(tmp_path):
    space = Workspace(tmp_path)
    owner = space.owner(new_token())
    run = make_run(owner, make_dataset(owner))
    with space.hold():
        (space.temp / "worker-1-x").mkdir()
        (space.temp / "worker-1-x" / "left.py").touch()
        (space.temp / "left").touch()
        with run.hold():  # by a worker that outlived the page
            space.clear_temp()
            assert len(list(space.temp.iterdir())) == 2
        space.clear_temp()
        assert list(space.temp.iterdir()) == []


def test_who_signs_in_with_a_name_has_one_token_and_no_other_opens_anything(tmp_path):
    place = Workspace(tmp_path)
    anna = place.token_of("anna")
    assert anna == Workspace(tmp_path).token_of("anna")  # on another device, after a restart
    assert anna != place.token_of("ben")
    assert anna != Workspace(tmp_path / "another").token_of("anna")
    assert place.owner(anna, "anna") == place.owner(anna)
    for token in (place.token_of("ben"), new_token(), "", None):
        with pytest.raises(NotYours):
            place.owner(token, "anna")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
