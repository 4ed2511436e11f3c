"""Small files: looked at once for what is shown at once, and read again when they are others."""

from pathlib import Path

import pytest

from gui.core import files


@pytest.fixture
def looks(monkeypatch):
    """The names of what was looked at on the disk."""
    names, stat = [], Path.stat

    def counted(self, **options):
        names.append(self.name)
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", counted)
    return names


def test_a_file_is_read_again_when_it_is_another_one(tmp_path) -> None:
    path = tmp_path / "a.json"
    files.write_json(path, {"a": 1})
    assert files.read_text(path) == '{\n "a": 1\n}'
    files.write_json(path, {"a": 2})
    assert files.read_text(path) == '{\n "a": 2\n}'
    path.unlink()
    with pytest.raises(FileNotFoundError):
        files.read_text(path)


def test_while_all_is_still_a_file_stays_as_it_was_seen(tmp_path, looks) -> None:
    path, none = tmp_path / "a.txt", tmp_path / "none"
    path.write_text("one")
    with files.still():
        assert files.read_text(path) == "one"
        assert not files.is_file(none)
        path.write_text("three")
        none.touch()
        with files.still():
            assert files.read_text(path) == "one"
            assert not files.is_file(none)
        with pytest.raises(FileNotFoundError, match="none"):
            files.stat(none)
    assert looks == ["a.txt", "none"]
    assert files.read_text(path) == "three"
    assert files.is_file(none)
    assert not files.is_file(tmp_path)


def test_what_is_written_is_seen_at_once(tmp_path) -> None:
    path = tmp_path / "a.txt"
    with files.still():
        assert not files.is_file(path)
        files.write_bytes(path, b"one")
        assert files.read_text(path) == "one"


def test_what_was_found_out_is_asked_for_again_only_later(tmp_path) -> None:
    asked = []

    @files.once
    def size(path: Path) -> int:
        asked.append(path)
        return path.stat().st_size

    path = tmp_path / "a"
    path.touch()
    assert (size(path), size(path)) == (0, 0)
    assert len(asked) == 2
    with files.still():
        assert (size(path), size(path)) == (0, 0)
        assert len(asked) == 3
        files.write_bytes(path, b"more")
        assert size(path) == 4
    assert len(asked) == 4


def test_a_folder_that_may_not_be_looked_into_is_told(tmp_path) -> None:
    (tmp_path / "a").touch()
    with files.still(), pytest.raises(NotADirectoryError):
        files.stat(tmp_path / "a" / "b")
    assert not files.is_file(tmp_path / "a" / "b")
    assert not files.is_file(Path("nul\0"))


def test_only_small_files_are_remembered(tmp_path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_text("a")
    large.write_text("a" * 20_000)
    before = files._text.cache_info().currsize
    assert (files.read_text(small), len(files.read_text(large))) == ("a", 20_000)
    assert files._text.cache_info().currsize == before + 1
