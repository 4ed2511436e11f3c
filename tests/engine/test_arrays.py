import errno
import os

import numpy as np
import pytest

from gui.core.errors import DiskFull, RunError
from gui.engine import arrays

ROWS = np.arange(24, dtype=np.float16).reshape(4, 3, 2)


def write(path, rows=ROWS) -> None:
    with arrays.create(path, rows.shape, rows.dtype) as add:
        add(rows[:1])
        add(rows[1:])


def test_rows_come_back_as_they_were_and_cannot_be_changed(tmp_path) -> None:
    path = tmp_path / "new folder" / "rows.npy"
    write(path)
    array = arrays.open_array(path, ROWS.shape)
    assert np.array_equal(array, ROWS)
    assert array.dtype == np.float16
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    assert np.array_equal(np.load(path), ROWS)  # a .npy file as anyone reads it


def test_rows_are_converted_to_the_type_of_the_file(tmp_path) -> None:
    with arrays.create(tmp_path / "rows.npy", ROWS.shape, np.dtype(np.uint8)) as add:
        add(ROWS.astype(np.float64)[:, :, ::-1])
    assert np.array_equal(np.load(tmp_path / "rows.npy"), ROWS[:, :, ::-1].astype(np.uint8))


def test_a_file_that_is_broken_off_is_not_there(tmp_path) -> None:
    def broken() -> None:
        with arrays.create(tmp_path / "rows.npy", ROWS.shape, ROWS.dtype) as add:
            add(ROWS[:2])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_left_behind_is_written_over(tmp_path) -> None:
    (tmp_path / ".rows.npy.part").write_bytes(b"half a file" * 1000)
    write(tmp_path / "rows.npy")
    assert np.array_equal(np.load(tmp_path / "rows.npy"), ROWS)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.npy"]


def test_another_shape_is_refused_by_name(tmp_path) -> None:
    write(tmp_path / "rows.npy")
    with pytest.raises(RunError, match=r"“rows\.npy” holds \(4, 3, 2\), not \(4, 3, 3\)"):
        arrays.open_array(tmp_path / "rows.npy", (4, 3, 3))


def test_named_arrays_come_back(tmp_path) -> None:
    named = {"block5_conv1/kernel": ROWS, "epoch": np.asarray(3), "phase": np.asarray("fine")}
    arrays.save(tmp_path / "named.npz", named)
    stored = arrays.load(tmp_path / "named.npz")
    assert stored.keys() == named.keys()
    assert np.array_equal(stored["block5_conv1/kernel"], ROWS)
    assert (int(stored["epoch"]), str(stored["phase"])) == (3, "fine")


@pytest.mark.parametrize("keep", [0, 10, 200, -30])
def test_a_damaged_archive_is_named(tmp_path, keep: int) -> None:
    path = tmp_path / "named.npz"
    arrays.save(path, {"rows": ROWS})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RunError, match=r"“named\.npz” is damaged"):
        arrays.load(path)


def test_an_archive_with_a_pickle_is_not_opened(tmp_path) -> None:
    np.savez(tmp_path / "named.npz", rows=np.array([{"a": 1}], dtype=object))
    with pytest.raises(RunError, match="damaged"):
        arrays.load(tmp_path / "named.npz")


def test_a_full_disk_leaves_the_older_archive(tmp_path, full_disk) -> None:
    path = tmp_path / "named.npz"
    arrays.save(path, {"rows": ROWS})
    before = path.read_bytes()
    with full_disk(), pytest.raises(DiskFull, match="disk is full"):
        arrays.save(path, {"rows": ROWS + 1})
    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["named.npz"]


def test_a_full_disk_is_told_while_rows_are_written(tmp_path) -> None:
    def fill() -> None:
        with arrays.create(tmp_path / "rows.npy", ROWS.shape, ROWS.dtype) as add:
            add(ROWS[:2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(DiskFull, match="Free some space"):
        fill()
    assert list(tmp_path.iterdir()) == []
