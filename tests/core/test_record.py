"""The record of a data set: the same after it was kept, refused when it is damaged."""

import json
import os

import pytest

from gui.core import record
from gui.core.dataset import Dataset, PictureClass, include
from gui.core.errors import DiskFull
from tests.core.test_ingest import read, refusal


def test_saved_and_loaded_it_is_the_same(folder, tmp_path):
    root = folder("train/cat/1.jpg", "val/cat/2.jpg", "train/🐕/3.jpg", "val/🐕/4.jpg", "x.jpg")
    dataset = include(read(root), "cat", included=False)
    path = tmp_path / "dataset.json"
    record.save(dataset, path)
    record.save(dataset, path)
    assert record.load(path, root) == dataset
    assert json.loads(path.read_text("utf-8"))["version"] == 1
    assert "🐕" in path.read_text("utf-8")
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored.update(version=2),
        lambda stored: stored.pop("classes"),
        lambda stored: stored.update(classes=5),
        lambda stored: stored.update(classes=stored["classes"] * 2),
        lambda stored: stored["classes"][0].update(name=""),
        lambda stored: stored["classes"][0].update(pictures="abc"),
        lambda stored: stored["classes"][0]["pictures"][0].update(path="../../etc/passwd"),
        lambda stored: stored["classes"][0]["pictures"][0].update(path="/etc/passwd"),
        lambda stored: stored["classes"][0]["pictures"][0].update(sha256="xyz"),
        lambda stored: stored["classes"][0]["pictures"][0].update(part="other"),
        lambda stored: stored.update(left_out=[{"name": "x"}]),
    ],
)
def test_a_damaged_list_is_refused(folder, change):
    root = folder("cats/1.jpg")
    stored = record.to_json(read(root))
    change(stored)
    assert refusal(record.from_json, stored, root).startswith("The list of pictures is damaged (")


def test_a_file_that_is_no_list_is_refused(tmp_path):
    path = tmp_path / "dataset.json"
    sentence = "The list of pictures “dataset.json” can't be read. Choose the pictures again."
    assert refusal(record.load, path, tmp_path) == sentence
    for text in ("{", "[" * 100_000):
        path.write_text(text)
        assert refusal(record.load, path, tmp_path) == sentence
    path.write_text("[]")
    assert "is damaged" in refusal(record.load, path, tmp_path)


def test_a_full_disk_keeps_the_old_list(tmp_path, monkeypatch):
    path = tmp_path / "dataset.json"
    record.save(Dataset(tmp_path, ()), path)
    old = path.read_text()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        record.save(Dataset(tmp_path, (PictureClass("cats", ()),)), path)
    assert path.read_text() == old
    assert list(tmp_path.iterdir()) == [path]
