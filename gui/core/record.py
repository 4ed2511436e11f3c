"""The record of a data set: which pictures it has, as a JSON file beside them."""

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gui.core import files, likeness
from gui.core.dataset import Dataset, Edit, LeftOut, Part, Picture, PictureClass


def to_json(dataset: Dataset) -> dict[str, object]:
    """The data set as plain values for JSON; ``root`` isn't among them, so it can move."""
    classes = [
        {
            "name": each.name,
            "included": each.included,
            "pictures": [asdict(picture) for picture in each.pictures],
        }
        for each in dataset.classes
    ]
    left_out = [asdict(each) for each in dataset.left_out]
    edits = [asdict(each) for each in dataset.edits]
    return {"version": 1, "classes": classes, "left_out": left_out, "edits": edits}


def from_json(value: object, root: Path) -> Dataset:
    """The data set that :func:`to_json` wrote.

    Raises:
        PicturesError: When the value is anything else.
    """
    with files.checked():
        stored = files.version_1(value)
        classes = tuple(
            PictureClass(
                files.text(each["name"]),
                tuple(_picture(picture) for picture in each["pictures"]),
                included=bool(each["included"]),
            )
            for each in stored["classes"]
        )
        left_out = tuple(
            LeftOut(files.text(each["name"]), files.text(each["reason"]))
            for each in stored["left_out"]
        )
        names = {each.name for each in classes}
        if len(names) < len(classes):
            raise ValueError("two classes of one name")
        edits = tuple(_edit(each, names) for each in stored.get("edits", []))
        if len({each.sha256 for each in edits}) < len(edits):
            raise ValueError("two edits of one picture")
    return Dataset(root, classes, left_out, edits)


def save(dataset: Dataset, path: Path) -> None:
    """Write the data set to a JSON file in one step.

    Raises:
        DiskFull: When there is no room; an older file stays.
    """
    files.write_json(path, to_json(dataset))


def load(path: Path, root: Path) -> Dataset:
    """The data set in a file that :func:`save` wrote, with its pictures below ``root``.

    Raises:
        PicturesError: When the file isn't there or holds anything else.
    """
    return from_json(files.read_json(path), root)


def _picture(value: Any) -> Picture:  # noqa: ANN401 - what JSON holds
    part: Part | None = value["part"]
    if part not in ("train", "validation", "test", None):
        raise ValueError(f"part is {part!r}")
    sha256, path = files.digest(value["sha256"]), files.below(value["path"])
    looks = likeness.stored(value.get("likeness", ""))
    original = files.digest_or_none(value.get("original", ""))
    return Picture(files.text(value["name"]), sha256, path, part, looks, original)


def _edit(value: Any, names: Collection[str]) -> Edit:  # noqa: ANN401 - what JSON holds
    to: str | None = value["to"]
    if to is not None and to not in names:
        raise ValueError(f"an edit to {to!r}")
    return Edit(files.digest(value["sha256"]), to)
