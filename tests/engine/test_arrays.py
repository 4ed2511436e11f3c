import numpy as np
import pytest

from gui.core.errors import DiskFull, RunError
from gui.engine import arrays
from gui.engine.arrays import Mapped

ROWS = np.arange(24, dtype=np.float16).reshape(4, 3, 2)


def write(path, rows=ROWS) -> None:
    """As a segment of the store is written: the header again when all rows are in."""
    with path.open("wb") as file:
        arrays.write_header(file, (0, *rows.shape[1:]), rows.dtype)
        file.write(rows.tobytes())
        file.seek(0)
        arrays.write_header(file, rows.shape, rows.dtype)


def save(path, **named: np.ndarray) -> None:
    arrays.save(path, [(name, lambda each=each: each) for name, each in named.items()])


def test_rows_come_back_as_they_were_and_cannot_be_changed(tmp_path) -> None:
    path = tmp_path / "rows.npy"
    write(path)
    mapped = Mapped(path)
    for number, expected in enumerate(ROWS):
        row = mapped.row(number)
        assert np.array_equal(row, expected)
        assert row.dtype == np.float16
        with pytest.raises(ValueError, match="read-only"):
            row[0] = 1
        mapped.let_go()
        assert np.array_equal(row, expected)  # it is read again
    assert np.array_equal(np.load(path), ROWS)  # a .npy file as anyone reads it


def test_a_mapping_outlives_its_file(tmp_path) -> None:
    write(tmp_path / "rows.npy")
    mapped = Mapped(tmp_path / "rows.npy")
    (tmp_path / "rows.npy").unlink()
    mapped.let_go()
    assert np.array_equal(mapped.row(3), ROWS[3])


@pytest.mark.parametrize("rows", [1, 10, 10**6, 10**15])
def test_a_header_is_as_long_for_any_number_of_rows(tmp_path, rows: int) -> None:
    """So it can be written again when the number is known."""
    for name, count in (("none", 0), ("some", rows)):
        with (tmp_path / name).open("wb") as file:
            arrays.write_header(file, (count, 3, 2), ROWS.dtype)
    assert (tmp_path / "none").stat().st_size == (tmp_path / "some").stat().st_size


def test_a_file_is_whole_when_it_is_as_long_as_it_says(tmp_path) -> None:
    path = tmp_path / "rows.npy"
    assert not arrays.is_whole(path, ROWS.shape)
    write(path)
    assert arrays.is_whole(path, (4, 3, 2))
    assert not arrays.is_whole(path, (4, 3, 3))
    assert not arrays.is_whole(path, (3, 3, 2))
    whole = path.read_bytes()
    for torn in (whole[:-1], whole + b"0", whole[:20], b"", bytes(len(whole))):
        path.write_bytes(torn)
        assert not arrays.is_whole(path, ROWS.shape)


def test_columns_first_is_not_what_the_store_writes(tmp_path) -> None:
    np.save(tmp_path / "rows.npy", np.asfortranarray(ROWS))
    assert not arrays.is_whole(tmp_path / "rows.npy", ROWS.shape)


def test_named_arrays_come_back(tmp_path) -> None:
    named = {"block5_conv1/kernel": ROWS, "epoch": np.asarray(3), "phase": np.asarray("fine")}
    save(tmp_path / "named.npz", **named)
    with arrays.load(tmp_path / "named.npz") as stored:
        assert np.array_equal(stored("block5_conv1/kernel"), ROWS)
        assert (int(stored("epoch")), str(stored("phase"))) == (3, "fine")
    with np.load(tmp_path / "named.npz") as anyone:
        assert anyone.files == [*named]


def test_one_array_is_asked_for_at_a_time(tmp_path) -> None:
    """The next one only when the one before has been written: no two are in memory at once."""
    alive: list[str] = []

    class Held(np.ndarray):
        def __del__(self) -> None:
            if self.base is None and "x" in alive:
                alive.remove("x")

    def give() -> np.ndarray:
        assert not alive
        alive.append("x")
        made = Held((64, 64))
        made[:] = len(alive)
        return made

    arrays.save(tmp_path / "named.npz", [(str(number), give) for number in range(5)])
    with arrays.load(tmp_path / "named.npz") as stored:
        assert all(np.array_equal(stored(str(each)), np.ones((64, 64))) for each in range(5))


@pytest.mark.parametrize("keep", [0, 10, 200, -30])
def test_a_damaged_archive_is_named(tmp_path, keep: int) -> None:
    path = tmp_path / "named.npz"
    save(path, rows=ROWS)
    path.write_bytes(path.read_bytes()[:keep])
    with (
        pytest.raises(RunError, match=r"“named\.npz” is damaged"),
        arrays.load(path) as stored,
    ):
        stored("rows")


def test_an_array_that_is_not_in_it_is_a_damage(tmp_path) -> None:
    save(tmp_path / "named.npz", rows=ROWS)
    with pytest.raises(RunError, match="damaged"), arrays.load(tmp_path / "named.npz") as stored:
        stored("columns")


def test_an_archive_with_a_pickle_is_not_opened(tmp_path) -> None:
    np.savez(tmp_path / "named.npz", rows=np.array([{"a": 1}], dtype=object))
    with pytest.raises(RunError, match="damaged"), arrays.load(tmp_path / "named.npz") as stored:
        stored("rows")


def test_a_full_disk_leaves_the_older_archive(tmp_path, full_disk) -> None:
    path = tmp_path / "named.npz"
    save(path, rows=ROWS)
    before = path.read_bytes()
    with full_disk(), pytest.raises(DiskFull, match="disk is full"):
        save(path, rows=ROWS + 1)
    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["named.npz"]


def test_a_save_that_breaks_off_leaves_the_older_archive(tmp_path) -> None:
    path = tmp_path / "named.npz"
    save(path, rows=ROWS)
    before = path.read_bytes()

    def broken() -> np.ndarray:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        arrays.save(path, [("first", lambda: ROWS), ("second", broken)])
    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["named.npz"]
