import errno
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from gui.core import files, ingest, runs, split, workspace
from gui.core.config import Config
from gui.core.dataset import Picture
from gui.core.errors import DiskFull, NotYours, PicturesError, RunError
from gui.core.events import Queued
from gui.core.jobs import Jobs
from gui.core.workspace import Desk, Workspace, new_token

ROOT = Path(__file__).resolve().parents[2]
NO_TRAINING = "You have no training of that name. Choose one under Runs."
NO_PICTURES = "You have no pictures of that name. Choose your pictures again."


@pytest.fixture
def space(tmp_path):
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def owner(space):
    return space.owner(new_token())


def make_dataset(owner, count=3):
    """A saved data set of two classes of tiny pictures; returns its id."""
    dataset_id = owner.new_dataset()
    root = owner.path / "datasets" / dataset_id / "pictures"
    for number in range(2 * count):
        path = root / ("cat" if number < count else "dog") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 9 + number)).save(path)
    owner.save_dataset(dataset_id, ingest.read(ingest.walk(root), root))
    return dataset_id


def make_run(owner, dataset_id, now=1.0, title="cats"):
    opened = owner.dataset(dataset_id)
    path = owner.new_run_folder()
    return runs.create(path, Config(), split.divide(opened), opened.root, title, now)


def refusal(call, *arguments, error=NotYours):
    with pytest.raises(error) as caught:
        call(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    "token",
    [
        None, "", "short", "a" * 19, "a" * 101, 12345678901234567890, ["a" * 30], "a" * 20 + " ",
        "a" * 20 + "\n", "../" * 10, "é" * 30, "a" * 20 + "/",
    ],
)  # fmt: skip
def test_what_is_no_token_opens_nothing(space, token):
    assert refusal(space.owner, token) == (
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
    owner.thumbnail(owner.open_dataset, owner.open_dataset.classes[0].pictures[0])
    assert owner.path.name == hashlib.sha256(token.encode()).hexdigest()[:32]
    everything = list(space.root.rglob("*"))
    assert len(everything) > 12
    for path in everything:
        assert token not in str(path)
        assert path.is_dir() or token.encode() not in path.read_bytes()
    assert space.owner(token) == owner


def test_nobody_reaches_what_is_not_theirs(space, owner):
    other = space.owner(new_token())
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    make_dataset(other)
    assert owner.run(run.id) == run
    assert owner.dataset(dataset_id).labels == ("cat", "dog")
    assert refusal(other.run, run.id) == NO_TRAINING
    assert refusal(other.dataset, dataset_id) == NO_PICTURES
    assert refusal(other.dataset_folder, dataset_id) == NO_PICTURES
    other.open(Desk(dataset_id, run.id))
    assert (other.open_run, other.open_dataset) == (None, None)
    assert (other.runs(), owner.runs()) == ([], [run])
    assert space.runs() == [run]


@pytest.mark.parametrize(
    "wrong",
    [
        "", ".", "..", "../{id}", "{id}/", "{id}/.", "./{id}", "{id}\n", " {id}", "{ID}",
        "../../{owner}/{kind}/{id}", "{absolute}", "0" * 16, "{id}/../{id}", "{id}\0", "*",
    ],
)  # fmt: skip
def test_ids_that_lead_elsewhere_are_refused(space, owner, wrong):
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    stranger = space.owner(new_token())
    make_dataset(stranger)
    for who in (owner, stranger):
        for kind, call, own, sentence in (
            ("runs", who.run, run.id, NO_TRAINING),
            ("datasets", who.dataset, dataset_id, NO_PICTURES),
        ):
            absolute = owner.path / kind / own
            given = wrong.format(
                id=own,
                ID="A" + own[1:].upper(),
                owner=owner.path.name,
                kind=kind,
                absolute=absolute,
            )
            assert refusal(call, given) == sentence


def test_the_desk_survives(space):
    token = new_token()
    assert space.owner(token).desk == Desk("", "")
    assert (space.owner(token).open_run, space.owner(token).open_dataset) == (None, None)
    space.owner(token).open(Desk("a", "b"))
    space.owner(token).open(Desk("c", "d"))
    assert Workspace(space.root).owner(token).desk == Desk("c", "d")
    assert [each.name for each in space.owner(token).path.iterdir()] == ["desk.json"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"dataset": ["a"], "run": 5}', b"\xff\xfe", b'{"data', b"[" * 100_000]
)
def test_a_damaged_desk_is_an_empty_one(owner, content):
    owner.open(Desk("a", "b"))
    (owner.path / "desk.json").write_bytes(content)
    assert owner.desk == Desk()


def test_what_is_open_is_found_again(owner):
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    owner.open(Desk(dataset_id, run.id))
    assert owner.open_run == run
    assert owner.open_dataset == owner.dataset(dataset_id)
    runs.delete(run)
    assert owner.open_run is None
    (owner.path / "datasets" / dataset_id / "dataset.json").write_text("{}")
    assert owner.open_dataset is None
    refusal(owner.dataset, dataset_id, error=PicturesError)


def test_runs_are_listed_the_newest_first(owner):
    dataset_id = make_dataset(owner)
    made = [make_run(owner, dataset_id, now) for now in (2.0, 3.0, 1.0)]
    assert [run.about.created_at for run in owner.runs()] == [3.0, 2.0, 1.0]
    assert len({run.id for run in made}) == 3


def test_a_half_deleted_run_is_never_taken_for_one(space, owner):
    run = make_run(owner, make_dataset(owner))
    run.path.rename(run.path.with_name(f".deleted-{run.id}"))  # as a crash leaves it
    assert owner.runs() == []
    assert space.runs() == []


def test_data_sets_in_use_are_kept_and_the_others_forgotten(space, owner):
    used, opened, unused, stranger_s = (make_dataset(owner) for _ in range(4))
    make_run(owner, used)
    owner.open(Desk(opened, ""))
    other = space.owner(new_token())
    (other.path / "datasets").mkdir(parents=True)
    (owner.path / "datasets" / stranger_s).rename(other.path / "datasets" / stranger_s)
    owner.forget_unused()
    kept = {each.name for each in (owner.path / "datasets").iterdir()}
    assert kept == {used, opened}
    refusal(owner.dataset, unused)
    assert owner.dataset(used).labels == ("cat", "dog")
    assert other.dataset(stranger_s).labels == ("cat", "dog")


def test_a_data_set_that_is_just_being_made_is_not_forgotten(owner):
    arriving = owner.path / "datasets" / owner.new_dataset() / "pictures"
    arriving.mkdir(parents=True)
    (arriving / "000000").write_bytes(b"half")
    owner.forget_unused()
    assert (arriving / "000000").read_bytes() == b"half"


def test_nothing_is_there_to_forget(owner):
    owner.forget_unused()
    assert owner.runs() == []


def test_a_thumbnail_is_made_once_and_kept(owner):
    dataset_id = make_dataset(owner)
    opened = owner.dataset(dataset_id)
    picture = opened.classes[0].pictures[0]
    shown = owner.thumbnail(opened, picture)
    assert shown.startswith("data:image/webp;base64,")
    (opened.root / picture.path).unlink()
    assert owner.thumbnail(opened, picture) == shown
    (kept,) = (owner.path / "datasets" / dataset_id / "thumbnails").iterdir()
    assert kept.name == f"{picture.sha256}.webp"
    kept.unlink()
    assert owner.thumbnail(opened, picture) == ""


def test_a_thumbnail_goes_by_a_digest_and_by_nothing_else(owner):
    opened = owner.dataset(make_dataset(owner))
    for odd in ("../../../desk", "", "A" * 64, "a" * 63, "a" * 64 + "\n"):
        assert refusal(owner.thumbnail, opened, Picture("x", odd, "cat/0.png")) == (
            "That is not a picture of yours. Choose your pictures again."
        )
    assert not (opened.root.parent / "thumbnails").exists()


def test_a_full_disk_leaves_no_half_thumbnail(owner, monkeypatch):
    opened = owner.dataset(make_dataset(owner))
    picture = opened.classes[0].pictures[0]
    full(monkeypatch)
    assert owner.thumbnail(opened, picture).startswith("data:image/webp;base64,")
    assert list((opened.root.parent / "thumbnails").iterdir()) == []
    monkeypatch.undo()
    assert owner.thumbnail(opened, picture).startswith("data:image/webp;base64,")


def full(monkeypatch):
    """From now on, writes meet a full disk."""

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)


def test_a_full_disk_leaves_the_old_desk_and_the_old_list(owner, monkeypatch):
    dataset_id = make_dataset(owner)
    owner.open(Desk(dataset_id, "old"))
    before = {path: path.read_bytes() for path in owner.path.rglob("*") if path.is_file()}
    opened = owner.dataset(dataset_id)
    full(monkeypatch)
    with pytest.raises(DiskFull):
        owner.open(Desk("new", "new"))
    with pytest.raises(DiskFull):
        owner.save_dataset(dataset_id, workspace.Dataset(opened.root, ()))
    after = {path: path.read_bytes() for path in owner.path.rglob("*") if path.is_file()}
    assert after == before


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
        assert refusal(Workspace(space.root).hold().__enter__, error=RunError) == sentence
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
        assert refusal(Workspace(root).hold().__enter__, error=RunError) == (
            f"The folder “{root}” can't be used ({why}). Name another folder with --workspace."
        )


def test_uploads_and_logs_lie_in_the_workspace_and_outside_everybody_s_work(space, owner):
    for folder in (space.uploads, space.logs):
        assert folder.parent == space.root
        assert not owner.path.is_relative_to(folder)


def test_lists_are_json_of_version_1(owner):
    owner.open(Desk(make_dataset(owner), ""))
    found = list(owner.path.rglob("*.json"))
    assert len(found) == 2
    assert all(json.loads(path.read_text())["version"] == 1 for path in found)
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in found)


def test_an_older_or_partly_damaged_desk_keeps_what_it_tells(owner):
    owner.open(Desk())
    path = owner.path / "desk.json"
    for stored, desk in (
        ({"dataset": "a", "run": "b"}, Desk("a", "b")),
        ({"dataset": "a", "run": "b", "validation_share": "x", "seed": None}, Desk("a", "b")),
        ({"dataset": "a", "run": "b", "validation_share": 9, "seed": 7}, Desk("a", "b", seed=7)),
        ({"dataset": "a", "validation_share": 0.3, "seed": 10**400}, Desk("a", "", 0.3)),
        ({"run": "b"}, Desk("", "b")),
    ):
        path.write_text(json.dumps(stored))
        assert owner.desk == desk


@pytest.mark.parametrize(
    "content", ["", "[]", "[" * 100_000, '{"dataset": 5}', '{"dataset": null}', None]
)
def test_nothing_is_forgotten_while_nobody_can_say_what_is_open(owner, content):
    dataset_id = make_dataset(owner)
    path = owner.path / "desk.json"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    owner.forget_unused()
    assert owner.dataset(dataset_id).labels == ("cat", "dog")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.json", '{"version": 1}'),
        ("run.json", "[" * 100_000),
        ("run.json", '{"title": "x", "created_at": "x"}'),
        ("config.json", '{"model": 5}'),
        ("events.jsonl", None),
        ("lock", None),
    ],
)
def test_one_damaged_run_hides_no_other_and_keeps_no_page_from_starting(
    space, owner, name, content
):
    dataset_id = make_dataset(owner)
    damaged, whole = make_run(owner, dataset_id), make_run(owner, dataset_id)
    owner.open(Desk(dataset_id, damaged.id))
    path = damaged.path / name
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    assert space.runs() == owner.runs() == [whole]
    assert owner.open_run is None
    jobs = Jobs(space.logs, None, 0, lambda: 7.0)
    jobs.close()  # so that it makes no worker ready
    jobs.open(space.runs())
    assert jobs.place(whole) == 1
    owner.forget_unused()
    assert owner.open_dataset is not None


def test_damaged_events_cost_no_run(space, owner):
    run = make_run(owner, make_dataset(owner))
    lines = ["[" * 200_000, '{"event": "Epoch", "at": 1, "epoch": "x"}', '{"event": "Queued"}']
    (run.path / "events.jsonl").write_text("\n".join(lines) + "\n")
    run.append(Queued(1.0, 4))
    assert space.runs() == [run]
    assert run.history.epochs_planned == 4
