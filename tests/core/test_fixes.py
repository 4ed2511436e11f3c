"""What a person has put right since a training."""

from pathlib import Path

from gui.core import fixes
from gui.core.dataset import Dataset, Edit
from tests.core.evaluations import sea
from tests.core.run_folders import made


def told(*edits: Edit) -> list[tuple[str, str, str | None]]:
    split, _ = sea()
    found = fixes.pending(Dataset(Path("x"), (), edits=edits), split)
    return [(each.picture.name, each.was, each.to) for each in found]


def test_fixes_are_edits_that_the_training_does_not_know() -> None:
    split, _ = sea()
    crab, kept = split.train[0], split.validation[4]
    known, gone = Edit(split.train[1].sha256, "crab"), Edit("f" * 64, None)
    assert told(Edit(crab.sha256, "owl"), known, gone, Edit(kept.sha256, None)) == [
        ("crab/t0.jpg", "crab", "owl"), ("fish/4.jpg", "fish", None)
    ]  # fmt: skip
    assert told() == []


def test_a_fix_is_told_in_words() -> None:
    split, _ = sea()
    assert fixes.Fix(split.train[0], "crab", "owl").sentence == "It is really “owl”"
    assert fixes.Fix(split.train[0], "crab", None).sentence == "Left out"
    assert [fixes.count(number) for number in (1, 2)] == ["1 fix", "2 fixes"]


def test_only_the_pictures_of_the_training_can_be_mended(tmp_path: Path) -> None:
    run = made(tmp_path / "run", tmp_path / "pictures")
    assert fixes.belongs(run, Dataset(tmp_path / "pictures", ()))
    assert not fixes.belongs(run, Dataset(tmp_path / "others", ()))
    assert not fixes.belongs(run, None)
