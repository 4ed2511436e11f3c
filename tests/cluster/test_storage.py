"""A run's way through a bucket, over the routes of S3 as they are spoken (by moto's server)."""

import os
import time
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from gui.cluster.bucket import Bucket
from gui.cluster.storage import opened
from gui.core import new_run, split, stored
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.errors import DiskFull, RunError
from gui.core.events import Epoch, Failed, Finished, Queued, Started
from gui.core.runs import Run
from tests.core.players import Desk, wait_until

WHERE = "s3://school/freezepoint"


@pytest.fixture(scope="module")
def server(port):
    started = ThreadedMotoServer("127.0.0.1", port(), verbose=False)
    started.start()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{started._port}")
        S3FileSystem.clear_instance_cache()  # one that was asked before knows another server
        boto3.client("s3").create_bucket(Bucket="school")
        yield boto3.client("s3")
    started.stop()


@pytest.fixture
def keys(server):
    """The names of all that is in the bucket."""

    def look():
        told = server.list_objects_v2(Bucket="school").get("Contents", ())
        return {each["Key"].removeprefix("freezepoint/") for each in told}

    return look


@pytest.fixture
def run(tmp_path):
    desk = Desk(tmp_path / "owner")
    config = Config(ModelSettings(image_size=64), TrainSettings(epochs=9))
    made = new_run.create(
        tmp_path / "owner" / "runs" / "first",
        config,
        split.divide(desk.dataset),
        desk.root,
        "mine",
        1.0,
        tmp_path / "owner" / "features",
    )
    made.append(Queued(1.0, 9))
    return made


def segment(run: Run, name: str, size: int = 64) -> Path:
    """A stored segment, as far as its name goes."""
    folder = run.store / stored.kind(size, "ab" * 32) / "head-0"
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in (".npy", ".json"):
        (folder / name).with_suffix(suffix).write_text(name)
    return folder / name


def test_a_run_comes_to_a_computer_whole(run, keys, tmp_path) -> None:
    bucket = Bucket(WHERE, run.id)
    bucket.send(run)
    assert {"first/manifest.json", "first/files/runs/first/split.json"} <= keys()
    there = Bucket(WHERE, run.id).fetch(tmp_path / "computer")
    assert there.path.is_relative_to(tmp_path / "computer")
    assert (there.config, there.split, there.history) == (run.config, run.split, run.history)
    for each in run.split.train:
        assert (there.pictures_root / each.path).read_bytes() == (
            run.pictures_root / each.path
        ).read_bytes()
    bucket.delete()
    assert keys() == set()
    with pytest.raises(RunError):
        Bucket(WHERE, run.id).fetch(tmp_path / "computer")


def test_a_share_brings_its_pictures_only_and_leaves_what_it_has_made(run, tmp_path) -> None:
    Bucket(WHERE, run.id).send(run)
    first = run.split.train[0]
    asked = {"do": "compute", "passes": [[first.sha256, 0, "block1_conv1", ["head"]]]}
    with opened(WHERE, run.path, tmp_path / "computer", asked, lambda: None) as place:
        pictures = [path for path in place.run.pictures_root.rglob("*") if path.is_file()]
        assert pictures == [place.run.pictures_root / first.path]
        segment(place.run, "made")
        segment(place.run, "other", size=96)
        place.keep()
    other = Bucket(WHERE, run.id).fetch(tmp_path / "other")
    Bucket(WHERE, run.id).fetch_features(other)
    found = {path.name for path in other.store.rglob("*") if path.is_file()}
    assert found == {"made.npy", "made.json"}
    Bucket(WHERE, run.id).delete()


def test_a_share_sends_nothing_that_is_there(run, server, tmp_path) -> None:
    def changed() -> dict[str, object]:
        told = server.list_objects_v2(Bucket="school")["Contents"]
        return {each["Key"].rpartition("/")[2]: each["LastModified"] for each in told}

    Bucket(WHERE, run.id).send(run)
    first = run.split.train[0]
    asked = {"do": "compute", "passes": [[first.sha256, 0, "block1_conv1", ["head"]]]}
    sent = []
    for name in ("one", "two"):
        with opened(WHERE, run.path, tmp_path / "computer", asked, lambda: None) as place:
            segment(place.run, name)
            place.keep()
        sent.append(changed())
        time.sleep(1.1)  # S3 tells whole seconds
    assert sent[1]["one.npy"] == sent[0]["one.npy"]
    assert sent[1]["one.json"] == sent[0]["one.json"]
    assert "two.npy" in sent[1]
    Bucket(WHERE, run.id).delete()


def test_a_moment_without_room_ends_no_mirroring(run, tmp_path, monkeypatch) -> None:
    page, asked, full = Bucket(WHERE, run.id), {"do": "train"}, [True]
    page.send(run)
    mirror = Bucket._mirror

    def once(self, run) -> None:
        if full:
            full.clear()
            raise DiskFull
        mirror(self, run)

    monkeypatch.setattr(Bucket, "_mirror", once)
    with opened(WHERE, run.path, tmp_path / "computer", asked, lambda: None) as place:
        place.run.append(Epoch(3.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0))

        def told() -> int:
            page.follow(run)
            return len(run.history.epochs)

        wait_until(lambda: told() == 1, 10)
    assert not full
    page.delete()


def test_what_a_computer_tells_is_followed_and_its_end_comes_with_the_model(run, tmp_path) -> None:
    page = Bucket(WHERE, run.id)
    page.send(run)
    asked = {"do": "train"}
    with opened(WHERE, run.path, tmp_path / "computer", asked, lambda: None) as place:
        place.run.append(Started(2.0, 9, "somewhere", "ab" * 32, True, 8, 4, 1))
        place.run.append(Epoch(3.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0))

        def told() -> int:
            page.follow(run)
            return len(run.history.epochs)

        wait_until(lambda: told() == 1, 10)
        run.request_stop()
        page.ask_to_stop()
        wait_until(lambda: place.run.stop_requested, 10)
        place.run.model.write_bytes(b"model")
        place.run.append(Finished(4.0, "stopped"))
        time.sleep(1.5)
        assert told() == 1
        assert run.history.finished is None  # its model isn't here yet
    page.bring(run)
    assert run.history.finished
    assert run.model.read_bytes() == b"model"
    page.delete()


def test_what_a_lost_page_left_in_the_bucket_is_taken_up_by_the_next_training(run) -> None:
    Bucket(WHERE, run.id).send(run)
    before = run.history
    with opened(WHERE, run.path, run.path.parents[2] / "computer", {"do": "train"}, int) as place:
        place.run.append(Started(2.0, 9, "somewhere", "ab" * 32, True, 8, 4, 1))
        place.run.append(Epoch(3.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0))
        place.run.checkpoint.write_bytes(b"where to go on")
    assert run.history == before  # nobody was there to bring it
    run.append(Failed(8.0, "It broke off.", "Go on."))
    run.append(Queued(9.0, 12))
    page = Bucket(WHERE, run.id)
    page.send(run)
    assert run.checkpoint.read_bytes() == b"where to go on"
    assert (run.history.state, run.history.epochs_planned) == ("waiting", 12)
    assert len(run.history.epochs) == 1
    page.delete()


def test_nothing_of_an_earlier_time_is_left_where_a_run_is_fetched(run, tmp_path) -> None:
    page = Bucket(WHERE, run.id)
    page.send(run)
    there = Bucket(WHERE, run.id).fetch(tmp_path / "computer")
    there.better.write_bytes(b"of a training that was given up")
    assert not Bucket(WHERE, run.id).fetch(tmp_path / "computer").better.exists()
    page.delete()


def test_a_storage_that_is_gone_is_said_in_a_sentence(run, tmp_path) -> None:
    for where in ("s3://nobody-made-it/x", f"file://{tmp_path / 'file'}/below"):
        (tmp_path / "file").touch()
        with pytest.raises(RunError) as caught:
            Bucket(where, run.id).send(run)
        assert caught.value.what.startswith("The storage of the cluster can't be used (")
        assert caught.value.hint == "Press “Go on” when it is there again."


def test_a_computer_that_was_given_up_changes_nothing_any_more(run, tmp_path) -> None:
    Bucket(WHERE, run.id).send(run)
    ended = []
    asked = {"do": "train"}
    with (
        opened(WHERE, run.path, tmp_path / "lost", asked, lambda: ended.append(1)) as lost,
        opened(WHERE, run.path, tmp_path / "next", asked, lambda: ended.append(2)) as place,
    ):
        place.run.append(Started(2.0, 9, "next", "ab" * 32, True, 8, 4, 1))
        lost.run.append(Started(2.0, 9, "lost", "ab" * 32, True, 8, 4, 1))
        wait_until(lambda: ended, 10)
    assert ended == [1]
    page = Bucket(WHERE, run.id)
    page.bring(run)
    assert run.history.started.weights == "next"
    page.delete()


def test_a_folder_that_a_computer_does_not_see_is_said(tmp_path) -> None:
    nowhere = tmp_path / "elsewhere" / "runs" / "first"
    with pytest.raises(RunError) as caught, opened("", nowhere, tmp_path, {}, os.getpid):
        pass
    assert caught.value.what == (
        "A computer of the cluster doesn't see the folder of this training."
    )
