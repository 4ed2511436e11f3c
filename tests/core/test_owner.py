import json

import pytest

from gui.core import record, runs, sweeping
from gui.core.dataset import Dataset
from gui.core.desk import Desk
from gui.core.errors import DiskFull, NotYours, PicturesError, RunError
from gui.core.events import Queued
from gui.core.jobs import Jobs
from gui.core.workspace import new_token
from tests.core.visitors import make_dataset, make_run, refusal

NO_TRAINING = "You have no training of that name. Choose one under Runs."
NO_PICTURES = "You have no pictures of that name. Choose your pictures again."


def test_nobody_reaches_what_is_not_theirs(space, owner):
    other = space.owner(new_token())
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    make_dataset(other)
    assert owner.run(run.id) == run
    assert owner.dataset(dataset_id).labels == ("cat", "dog")
    assert refusal(NotYours, other.run, run.id) == NO_TRAINING
    assert refusal(NotYours, other.dataset, dataset_id) == NO_PICTURES
    assert refusal(NotYours, other.dataset_folder, dataset_id) == NO_PICTURES
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
            assert refusal(NotYours, call, given) == sentence


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
    refusal(PicturesError, owner.dataset, dataset_id)


def test_a_list_is_read_again_only_when_it_has_changed(owner, monkeypatch):
    dataset_id = make_dataset(owner)
    opened, read = owner.dataset(dataset_id), []
    load = record.load
    monkeypatch.setattr(record, "load", lambda *where: read.append(where) or load(*where))
    assert owner.dataset(dataset_id) is opened
    assert read == []
    changed = Dataset(opened.root, opened.classes[:1], opened.left_out)
    owner.save_dataset(dataset_id, changed)
    assert owner.dataset(dataset_id) == changed
    assert len(read) == 1


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


def test_a_full_disk_leaves_the_old_desk_and_the_old_list(owner, full):
    dataset_id = make_dataset(owner)
    owner.open(Desk(dataset_id, "old"))
    before = {path: path.read_bytes() for path in owner.path.rglob("*") if path.is_file()}
    opened = owner.dataset(dataset_id)
    full()
    with pytest.raises(DiskFull):
        owner.open(Desk("new", "new"))
    with pytest.raises(DiskFull):
        owner.save_dataset(dataset_id, Dataset(opened.root, ()))
    after = {path: path.read_bytes() for path in owner.path.rglob("*") if path.is_file()}
    assert after == before


def test_lists_are_json_of_version_1(owner):
    owner.open(Desk(make_dataset(owner), ""))
    found = list(owner.path.rglob("*.json"))
    assert len(found) == 2
    assert all(json.loads(path.read_text())["version"] == 1 for path in found)
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in found)


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
    sweeping.forget_unused(owner.path)
    assert owner.open_dataset is not None


def test_damaged_events_cost_no_run(space, owner):
    run = make_run(owner, make_dataset(owner))
    lines = ["[" * 200_000, '{"event": "Epoch", "at": 1, "epoch": "x"}', '{"event": "Queued"}']
    (run.path / "events.jsonl").write_text("\n".join(lines) + "\n")
    run.append(Queued(1.0, 4))
    assert space.runs() == [run]
    assert run.history.epochs_planned == 4


@pytest.mark.parametrize("content", [b"", b"[", b"{}", b'{"version": 1}', b"\xff"])
def test_a_training_without_its_list_of_pictures_is_not_open(space, owner, content):
    run = make_run(owner, make_dataset(owner))
    owner.open(Desk(run=run.id))
    assert owner.open_run == run
    (run.path / "split.json").write_bytes(content)
    assert owner.open_run is None  # and the page is there, to open another
    assert owner.runs() == [run]
    assert refusal(RunError, lambda: run.split) == (
        "This training can't be read. Choose another run."
    )
