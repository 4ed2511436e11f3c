"""What becomes of every kind of picture and archive: a table of verdicts, and the pixels.

``python -m tests.core.test_corpus`` writes the table anew, to be read before it is committed.
"""

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from gui.core import ingest, unpacking
from gui.core.archive import Limits
from gui.core.entry import Entry
from gui.core.errors import FreezepointError
from gui.core.pictures import open_picture
from tests import corpus

GOLDEN = Path(__file__).with_name("corpus.txt")
PICTURES, ARCHIVES = corpus.pictures(), corpus.archives()
RIGHT = corpus.expected()


def picture_verdicts(folder: Path) -> list[str]:
    entries = []
    for name, content in PICTURES.items():
        path = folder / name
        path.write_bytes(content)
        entries.append(Entry(f"all/{name}", path))
    found = ingest.read(entries, folder)
    taken = {each.name: "taken" for each in found.classes[0].pictures}
    refused = {each.name.removeprefix("all/"): each.reason for each in found.left_out}
    return [f"{name} | {(taken | refused)[name]}" for name in PICTURES]


def archive_verdicts(folder: Path) -> list[str]:
    found = []
    for number, (name, content) in enumerate(ARCHIVES.items()):
        path = folder / name
        path.write_bytes(content)
        found += _archive_verdict(name, path, folder / f"into-{number}")
    return found


def _archive_verdict(name: str, path: Path, into: Path) -> list[str]:
    try:
        given = unpacking.extract(path, into, Limits(reserve_bytes=0))
    except FreezepointError as error:
        assert not into.exists()
        return [f"{name} | refused: {error}"]
    taken = ", ".join(each.rel for each in given.entries)
    return [f"{name} | taken: {taken}"] + [
        f"{name} | left out: {each.name}: {each.reason}" for each in given.left_out
    ]


@pytest.fixture(scope="module")
def golden() -> list[str]:
    return GOLDEN.read_text(encoding="utf-8").splitlines()


def test_every_picture_has_its_verdict(tmp_path, golden) -> None:
    lines = picture_verdicts(tmp_path)
    assert lines == golden[: len(lines)]


def test_every_archive_has_its_verdict(tmp_path, golden) -> None:
    assert archive_verdicts(tmp_path) == golden[len(PICTURES) + 1 :]


@pytest.mark.parametrize("name", RIGHT)
def test_a_good_picture_has_the_pixels_that_it_must(name) -> None:
    right, by = RIGHT[name]
    found = np.asarray(open_picture(io.BytesIO(PICTURES[name])))
    assert found.shape == right.shape
    away = np.abs(found.astype(int) - right).max(axis=2)
    if by:  # where two colours meet, what is lossy mixes them
        away[_edges(right)] = 0
    assert away.max() <= by


def _edges(picture: np.ndarray) -> np.ndarray:
    """Where another colour is less than 8 px away."""
    apart = np.zeros(picture.shape[:2], bool)
    for axis in (0, 1):
        for step in range(1, 8):
            ends = np.pad(
                picture, [(step, step) if a == axis else (0, 0) for a in range(3)], "edge"
            )
            for start in (0, 2 * step):
                moved = np.take(ends, range(start, start + picture.shape[axis]), axis)
                apart |= (moved != picture).any(axis=2)
    return apart


def test_no_two_pictures_of_the_corpus_are_one() -> None:
    assert len(set(PICTURES.values())) == len(PICTURES)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        lines = [*picture_verdicts(Path(one)), "", *archive_verdicts(Path(other))]
    GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} lines in {GOLDEN}", file=sys.stderr)
