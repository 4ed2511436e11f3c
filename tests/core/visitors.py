"""People who visit a site, for tests: what they send and what they find."""

from pathlib import Path

import pytest
from PIL import Image

from gui.core import ingest, new_run, split
from gui.core.config import Config
from gui.core.entry import Entry
from gui.core.events import Epoch, Evaluated, Finished, Started

UNDER_WAY = "You have a training under way already. Wait for its end, or stop it first."
PETS = ("Pets/cat/1.jpg", "Pets/cat/2.jpg", "Pets/dog/1.jpg", "Pets/dog/2.jpg")


def quiet(done, total):
    """A progress that nobody watches."""


def draw(path, number, kind="JPEG"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        Image.new("RGB", (9, 9 + number), (number, 0, 0)).save(file, kind)
    return path


class Sender:
    """Uploads files as Gradio does: each in a folder of its own."""

    def __init__(self, root):
        self.root, self.number = root, 0

    def __call__(self, *rels, content=None):
        return [self._send(rel, content) for rel in rels]

    def _send(self, rel, content):
        self.number += 1
        path = self.root / f"{self.number:040d}" / Path(rel).name
        if content is None:
            draw(path, self.number)
        else:
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        return Entry(rel, path)


def names(owner):
    opened = owner.open_dataset
    return opened and {
        each.name: [picture.name for picture in each.pictures] for each in opened.classes
    }


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("lock", "editing")
    }


def refusal(error, call, *arguments, **keywords):
    with pytest.raises(error) as caught:
        call(*arguments, **keywords)
    return str(caught.value)


def finish(run):
    """As a worker does at the end of a training."""
    run.append(Started(1.0, 20, "x", "ab" * 32, True, 2, 2, 1))
    run.append(Epoch(2.0, 1, "head", 0.5, 0.5, 0.5, 0.5, 1.0))
    run.append(Evaluated(3.0, 1, 0.5, 0.5, 2))
    run.append(Finished(4.0, "epochs"))


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
    return new_run.create(path, Config(), split.divide(opened), opened.root, title, now)
