"""What is stored is whole or not there: whoever dies, writes at once, or runs out of room."""

import gc
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gui.core import stored
from gui.core.errors import DiskFull, RunError, SettingError
from gui.engine.shelf import Rows, Shelf
from gui.engine.store import Store

ROOT = Path(__file__).resolve().parents[2]
SHAPE = (2, 2, 8)

WRITER = """
import os, sys
from pathlib import Path
from tests.engine.test_store import FEATURES, PLACES, digest, row
from gui.engine.store import Store
import numpy as np

store = Store(Path(sys.argv[1]))
for line in sys.stdin:
    child = os.fork()
    if not child:
        number = int(line)
        while True:
            with store.writing(1) as writer:
                for _ in range(5):
                    chosen = [digest(number), digest(number + 1)]
                    number += 2
                    for place in PLACES:
                        rows = np.stack([row(each, place) for each in chosen])
                        writer.add(FEATURES(store, place), chosen, rows)
    print(child, flush=True)
    os.waitpid(child, 0)
"""
PLACES = ("block4_conv1", "head")


def FEATURES(store: Store, place: str = "head", view: str = "0") -> Shelf:  # noqa: N802
    return store.features("ab" * 32, 64, place, view, SHAPE)


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def row(sha256: str, place: str = "head", shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    """The row that belongs to a picture, and to no other."""
    chance = np.random.default_rng([int(sha256[:16], 16), len(place)])
    return chance.normal(0, 1, shape).astype(np.float16)


def fill(store: Store, numbers: Iterable[int], shelf: Shelf | None = None) -> Shelf:
    shelf, numbers = shelf or FEATURES(store), list(numbers)
    with store.writing(len(numbers)) as writer:
        for number in numbers:
            writer.add(shelf, [digest(number)], row(digest(number), shape=shelf.shape)[None])
    return shelf


def numbers_in(shelf: Shelf, count: int = 2000) -> list[int]:
    known = shelf.known()
    return [number for number in range(count) if digest(number) in known]


def taken(shelf: Shelf, numbers: Iterable[int]) -> np.ndarray:
    chosen = [digest(each) for each in numbers]
    return Rows(chosen, shelf.known()).take(range(len(chosen)))


def expected(numbers: Iterable[int], shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    return np.stack([row(digest(each), shape=shape) for each in numbers])


def files(store_path: Path) -> dict[Path, int]:
    """Every file, and when it was written."""
    return {each: each.stat().st_mtime_ns for each in store_path.rglob("*") if each.is_file()}


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


# Rows --------------------------------------------------------------------------------------------


def test_rows_come_back_in_any_order(store) -> None:
    shelf = fill(store, range(200))  # several segments
    assert len(list(shelf.path.glob("*.npy"))) > 1
    assert numbers_in(shelf) == list(range(200))
    order = np.random.default_rng(1).permutation(200)
    found = taken(shelf, order)
    assert found.dtype == np.float16
    assert np.array_equal(found, expected(order))
    rows = Rows([digest(each) for each in order], shelf.known())
    assert len(rows) == 200
    assert np.array_equal(rows.take([7, 0, 7]), expected(order[[7, 0, 7]]))


def test_pictures_are_bytes(store) -> None:
    shelf = store.pictures(16)
    pixels = np.random.default_rng(1).integers(0, 256, (3, 16, 16, 3), dtype=np.uint8)
    with store.writing(3) as writer:
        writer.add(shelf, [digest(each) for each in range(3)], pixels)
    found = taken(shelf, range(3))
    assert found.dtype == np.uint8
    assert np.array_equal(found, pixels)


def test_a_segment_is_a_file_that_anyone_reads(store) -> None:
    shelf = fill(store, range(70))
    for path in shelf.path.glob("*.npy"):
        listed = json.loads(path.with_suffix(".json").read_text())
        assert listed["version"] == 1
        assert np.array_equal(np.load(path), [row(each) for each in listed["digests"]])


def test_rows_are_converted_and_cannot_be_changed(store) -> None:
    shelf = FEATURES(store)
    turned = expected(range(6)).astype(np.float64)[::-1]  # neither the type nor the layout
    with store.writing(6) as writer:
        writer.add(shelf, [digest(each) for each in range(5, -1, -1)], turned)
    assert np.array_equal(taken(shelf, range(6)), expected(range(6)))
    rows = Rows([digest(0)], shelf.known())
    rows.take([0])[:] = 7  # a copy
    assert np.array_equal(rows.take([0]), expected([0]))


def test_views_places_sizes_and_weights_are_kept_apart(store) -> None:
    shelves = [
        FEATURES(store),
        FEATURES(store, view="1-frz"),
        FEATURES(store, view="1-f"),
        FEATURES(store, "block4_conv1"),
        store.features("cd" * 32, 64, "head", "0", SHAPE),
        store.features("ab" * 32, 96, "head", "0", SHAPE),
        store.pictures(64),
        store.pictures(96),
    ]
    for number, shelf in enumerate(shelves):
        fill(store, [number], shelf)
    assert [numbers_in(shelf) for shelf in shelves] == [[each] for each in range(8)]


def test_adding_ten_to_a_thousand_writes_ten(store, tmp_path) -> None:
    shelf = fill(store, range(1000))
    before = files(tmp_path)
    fill(store, range(1000, 1010))
    after = files(tmp_path)
    assert {path: when for path, when in after.items() if path in before} == before
    new = sorted(path for path in after if path not in before)
    assert [path.suffix for path in new] == [".json", ".npy"]
    assert len(np.load(new[1])) == 10
    assert numbers_in(shelf) == list(range(1010))


def test_what_is_in_when_it_breaks_off_is_kept(store) -> None:
    shelf = FEATURES(store)

    def broken() -> None:
        with store.writing(1000) as writer:
            for number in range(70):
                writer.add(shelf, [digest(number)], expected([number]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert numbers_in(shelf) == list(range(70))
    assert np.array_equal(taken(shelf, range(70)), expected(range(70)))
    assert not list(shelf.path.glob("*.part"))


def test_nothing_added_leaves_nothing(store, tmp_path) -> None:
    with store.writing(100):
        pass
    assert not files(tmp_path)
    assert FEATURES(store).known() == {}


# Torn writes -------------------------------------------------------------------------------------


def cut(path: Path, keep: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])


@pytest.mark.parametrize(
    "tear",
    [
        pytest.param(lambda npy, _: cut(npy, 0.9), id="rows cut"),
        pytest.param(lambda npy, _: cut(npy, 0.01), id="header cut"),
        pytest.param(lambda npy, _: cut(npy, 0), id="rows empty"),
        pytest.param(lambda npy, _: npy.write_bytes(npy.read_bytes() + b"0"), id="rows too long"),
        pytest.param(lambda npy, _: npy.write_bytes(bytes(npy.stat().st_size)), id="zeros"),
        pytest.param(lambda npy, _: np.save(npy, np.zeros((5, 3, 3))), id="another shape"),
        pytest.param(lambda npy, _: npy.unlink(), id="rows gone"),
        pytest.param(lambda _, listed: cut(listed, 0.9), id="list cut"),
        pytest.param(lambda _, listed: cut(listed, 0), id="list empty"),
        pytest.param(
            lambda _, listed: listed.write_text('{"version": 1, "crc32": 0, "digests": [1, 2]}'),
            id="list wrong",
        ),
        pytest.param(
            lambda _, listed: listed.write_text(listed.read_text().replace(": 1,", ": 2,")),
            id="another version",
        ),
        pytest.param(lambda _, listed: listed.write_text("[" * 100_000), id="list deep"),
        pytest.param(lambda _, listed: listed.write_bytes(b"\xff\xfe"), id="list binary"),
        pytest.param(lambda _, listed: listed.unlink(), id="list gone"),
    ],
)
def test_a_torn_segment_is_not_read_and_hurts_nobody(store, tear) -> None:
    shelf = fill(store, range(5))
    (torn,) = shelf.path.glob("*.npy")
    fill(store, range(10, 15))
    tear(torn, torn.with_suffix(".json"))
    assert numbers_in(shelf) == list(range(10, 15))
    fill(store, range(5))
    assert numbers_in(shelf) == [*range(5), *range(10, 15)]
    assert np.array_equal(taken(shelf, range(5)), expected(range(5)))
    assert np.array_equal(taken(shelf, range(10, 15)), expected(range(10, 15)))


def test_rows_whose_bytes_have_changed_are_thrown_out(store) -> None:
    shelf = fill(store, range(5))
    (changed,) = shelf.path.glob("*.npy")
    fill(store, range(10, 15))
    content = bytearray(changed.read_bytes())
    content[-7] ^= 1
    changed.write_bytes(content)
    untouched = [digest(number) for number in range(10, 15)]
    assert set(shelf.sound(untouched)) == {digest(each) for each in [*range(5), *range(10, 15)]}
    assert set(shelf.sound([digest(3), *untouched])) == set(untouched)
    assert numbers_in(shelf) == list(range(10, 15))
    assert not changed.exists()


def test_a_folder_deleted_while_it_is_filled_is_told(store) -> None:
    def go_on() -> None:
        with store.writing(5) as writer:
            writer.add(FEATURES(store), [digest(1)], row(digest(1))[None])
            shutil.rmtree(FEATURES(store).path)

    with pytest.raises(RunError, match="What was worked out for this training is gone") as told:
        go_on()
    assert told.value.hint.startswith("Go on with this training")


@pytest.mark.parametrize("which", ["list", "rows"])
def test_what_cannot_be_read_now_is_not_deleted(store, monkeypatch, which: str) -> None:
    """As when too many files are open: nothing is wrong with the segment."""
    shelf = fill(store, range(5))
    (rows,) = shelf.path.glob("*.npy")
    kept = files(shelf.path)
    opened, refused = Path.open, rows if which == "rows" else rows.with_suffix(".json")

    def open_few(path: Path, *how: object, **more: object) -> object:
        if path == refused:
            raise OSError(24, "Too many open files")
        return opened(path, *how, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_few)
        assert shelf.known() == {}
    assert files(shelf.path) == kept
    assert numbers_in(shelf) == list(range(5))


def test_what_was_drawn_in_another_way_is_not_read(store, monkeypatch) -> None:
    for shelf in (FEATURES(store), store.pictures(16)):
        fill(store, range(5), shelf)
    monkeypatch.setattr(stored, "_DRAWN", stored._DRAWN + 1)
    assert FEATURES(store).known() == {}
    assert store.pictures(16).known() == {}
    store.budget_bytes = 0
    store.make_room(0, [])  # it is no one's any more
    assert not list(store.pictures(16).path.parents[1].rglob("*.npy"))


def test_what_a_kill_left_behind_is_deleted_after_an_hour(store) -> None:
    shelf = fill(store, range(5))
    left, fresh = (shelf.path / f".{name * 8}.npy.part" for name in ("a", "b"))
    for path in (left, fresh):
        path.write_bytes(b"half a segment" * 1000)
    now = time.time()
    os.utime(left, (now - 3700, now - 3700))
    assert numbers_in(shelf) == list(range(5))
    store.make_room(10, [])
    assert not left.exists()
    assert fresh.exists()  # another process may be at it
    assert numbers_in(shelf) == list(range(5))


@pytest.fixture
def killed(tmp_path) -> Iterator:
    """``killed(number, seconds)``: a process writes from this row on, and is killed so soon."""
    server = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path / "store")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
    )  # fmt: skip

    def kill(number: int, seconds: float) -> None:
        server.stdin.write(f"{number}\n")
        server.stdin.flush()
        child = int(server.stdout.readline())
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)

    yield kill
    server.stdin.close()
    assert server.wait(60) == 0
    server.stdout.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_a_killed_writer_leaves_whole_rows_or_none(store, killed) -> None:
    """Killed fifteen times, at any moment, each time where the next one writes on."""
    chance = np.random.default_rng(17)
    shelves = {place: FEATURES(store, place) for place in PLACES}
    found = dict.fromkeys(PLACES, 0)
    for turn in range(15):
        killed(turn * 1000, chance.uniform(0.02, 0.2))
        for place, shelf in shelves.items():
            known = shelf.known()
            digests = list(known)
            assert len(digests) >= found[place]  # nothing that was there is lost
            found[place] = len(digests)
            if digests:
                rows = Rows(digests, known).take(range(len(digests)))
                assert np.array_equal(rows, [row(each, place) for each in digests])
    assert found["head"] > 100, "it was killed before it wrote anything"
    for shelf in shelves.values():
        fill(store, range(50_000, 50_020), shelf)
        assert np.array_equal(taken(shelf, range(50_000, 50_020)), expected(range(50_000, 50_020)))


# The budget --------------------------------------------------------------------------------------


def aged(shelf: Shelf, seconds: float) -> Shelf:
    """As if a shelf had been used so long ago."""
    for path in shelf.path.glob("*.npy"):
        os.utime(path, (time.time() - seconds,) * 2)
    return shelf


def size(shelf: Shelf) -> int:
    return sum(each.stat().st_size for each in shelf.path.glob("*.npy"))


def test_least_recently_used_goes_first_and_only_as_much_as_needed(store) -> None:
    shelves = [
        aged(fill(store, range(64), FEATURES(store, view=f"{age}-f")), age) for age in (30, 10, 20)
    ]
    each = size(shelves[0])
    store.budget_bytes = 4 * each
    store.make_room(each, [])
    assert [len(shelf.known()) for shelf in shelves] == [64, 64, 64]
    store.make_room(each + 1, [])
    assert [len(shelf.known()) for shelf in shelves] == [0, 64, 64]
    store.make_room(3 * each, [])
    assert [len(shelf.known()) for shelf in shelves] == [0, 64, 0]


def test_reading_counts_as_use(store) -> None:
    old = aged(fill(store, range(64), FEATURES(store, view="1-f")), 100)
    new = aged(fill(store, range(64), FEATURES(store, view="2-f")), 50)
    store.budget_bytes = size(old) + size(new)
    Rows([digest(0)], old.known())
    store.make_room(1, [])
    assert (len(old.known()), len(new.known())) == (64, 0)


def test_only_the_segments_in_use_stay(store) -> None:
    """One shelf, as for a person who keeps the settings and brings one data set after another."""
    shelf = FEATURES(store)
    for first in (0, 64, 128):
        fill(store, range(first, first + 64), shelf)
        aged(shelf, 1000 - first)
    used = {path for path, _ in (shelf.known()[digest(each)] for each in range(64))}
    store.budget_bytes = size(shelf)
    store.make_room(2 * size(shelf) // 3, used)
    assert numbers_in(shelf) == list(range(64))


def test_what_cannot_fit_beside_what_is_in_use_is_refused_and_nothing_goes(store) -> None:
    used = fill(store, range(64), FEATURES(store, view="1-f"))
    other = fill(store, range(64), FEATURES(store, view="2-f"))
    store.budget_bytes = size(used) + 9
    store.make_room(9, set(used.path.glob("*.npy")))
    assert (len(used.known()), len(other.known())) == (64, 0)
    fill(store, range(64), other)
    with pytest.raises(SettingError, match=r"takes .* of disk, and .* are allowed"):
        store.make_room(10, set(used.path.glob("*.npy")))
    assert (len(used.known()), len(other.known())) == (64, 64)


def test_segments_go_one_by_one(store) -> None:
    shelf = fill(store, range(64 * 16 * 3))  # segments of 192 rows
    segments = sorted(shelf.path.glob("*.npy"))
    assert len(segments) == 16
    for age, path in enumerate(segments):
        os.utime(path, (time.time() - age,) * 2)
    store.budget_bytes = size(shelf)
    store.make_room(segments[0].stat().st_size * 3, [])
    assert sorted(shelf.path.glob("*.npy")) == segments[:13]
    assert len(shelf.known()) == 13 * 192


def test_rows_that_are_open_outlive_their_file(store) -> None:
    shelf = fill(store, range(64))
    rows = Rows([digest(each) for each in range(64)], shelf.known())
    store.budget_bytes = 1
    store.make_room(1, [])
    assert not list(shelf.path.iterdir())
    assert np.array_equal(rows.take(range(64)), expected(range(64)))


def test_making_room_while_another_process_deletes(store, monkeypatch) -> None:
    """A file may go between being listed and being looked at."""
    shelf = fill(store, range(64))
    glob = Path.glob

    def stale(self: Path, pattern: str) -> list[Path]:
        return [*glob(self, pattern), shelf.path / f"gone{pattern[-4:]}"]

    monkeypatch.setattr(Path, "glob", stale)
    store.budget_bytes = 1
    store.make_room(1, [])
    assert not list(shelf.path.iterdir())


# At once, and without room -----------------------------------------------------------------------


def test_two_that_write_at_once_keep_both(store, tmp_path) -> None:
    """On one shelf, without knowing of each other, while a third reads."""
    seen: list[int] = []
    done = threading.Event()

    def write(first: int) -> None:
        for start in range(first, first + 300, 10):
            fill(Store(tmp_path / "store"), range(start, start + 10))

    def read() -> None:
        while not done.is_set():
            known = FEATURES(store).known()
            digests = list(known)
            if digests:
                rows = Rows(digests, known).take(range(len(digests)))
                assert np.array_equal(rows, [row(each) for each in digests])
            seen.append(len(digests))

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 300)]
    reader = threading.Thread(target=read)
    for each in (*threads, reader):
        each.start()
    for each in threads:
        each.join()
    done.set()
    reader.join()
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    assert numbers_in(FEATURES(store)) == list(range(600))
    assert np.array_equal(taken(FEATURES(store), range(600)), expected(range(600)))


def test_the_same_picture_stored_twice_is_one(store) -> None:
    shelf = fill(store, range(10))
    fill(store, range(5, 15))
    assert numbers_in(shelf) == list(range(15))
    assert np.array_equal(taken(shelf, range(15)), expected(range(15)))


def test_a_full_disk_keeps_what_was_whole(store, full_disk) -> None:
    shelf = FEATURES(store)
    row_bytes = shelf.row_bytes

    def write() -> None:
        with store.writing(100) as writer:  # segments of 64
            for number in range(1000):
                writer.add(shelf, [digest(number)], expected([number]))

    with full_disk(room=100 * row_bytes), pytest.raises(DiskFull, match="The disk is full"):
        write()
    assert numbers_in(shelf) == list(range(64))
    assert np.array_equal(taken(shelf, range(64)), expected(range(64)))
    assert not list(shelf.path.glob("*.part"))
    fill(store, range(64, 100))
    assert numbers_in(shelf) == list(range(100))


def test_a_disk_that_fills_with_the_list_leaves_nothing(store, tmp_path, monkeypatch) -> None:
    def write_json(*_: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr("gui.engine.writer.files.write_json", write_json)
        with pytest.raises(DiskFull):
            fill(store, range(5))
    assert not files(tmp_path)


def test_one_shelf_without_room_does_not_keep_the_other_from_closing(store, monkeypatch) -> None:
    """Both segments are open at the end; the first to close fails."""
    first, second = FEATURES(store, "head"), FEATURES(store, "block4_conv1")
    replace, failed = Path.replace, []

    def full_once(self: Path, target: Path) -> Path:
        if not failed:
            failed.append(target)
            raise OSError(28, "No space left on device")
        return replace(self, target)

    def write() -> None:
        with store.writing(10) as writer:
            for shelf in (first, second):
                writer.add(shelf, [digest(1)], expected([1]))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full_once)
        with pytest.raises(DiskFull):
            write()
    assert [numbers_in(first), numbers_in(second)].count([1]) == 1
    assert not list(first.path.parent.rglob("*.part"))


# Memory ------------------------------------------------------------------------------------------


def held_bytes() -> int:
    """What this process holds in memory, mapped files included."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_reading_ten_thousand_rows_holds_little_memory(store) -> None:
    shape, together = (4, 4, 512), 500  # 16 KB a row, 164 MB in all
    shelf = store.features("ab" * 32, 64, "head", "0", shape)
    with store.writing(10_000) as writer:
        for start in range(0, 10_000, together):
            numbers = np.arange(start, start + together).astype(np.float16)
            rows = np.broadcast_to(numbers[:, None, None, None], (together, *shape))
            writer.add(shelf, [digest(start + each) for each in range(together)], rows)
    rows = Rows([digest(each) for each in range(10_000)], shelf.known())
    order = np.random.default_rng(3).permutation(10_000)
    gc.collect()
    before, most = held_bytes(), 0
    for start in range(0, 10_000, 32):
        chosen = order[start : start + 32]
        found = rows.take(chosen)
        assert np.array_equal(found[:, 0, 0, 0], chosen.astype(np.float16))
        most = max(most, held_bytes() - before)
    assert most < 40e6, f"{most / 1e6:.0f} MB"
