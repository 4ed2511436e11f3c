"""Many who read pictures in at once, and a page that goes on answering."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gui.core import looking


def test_all_together_decode_no_more_pictures_at_once_than_one_alone(monkeypatch) -> None:
    now, most, lock = 0, 0, threading.Lock()

    def look(path: Path) -> looking.Look:
        nonlocal now, most
        with lock:
            now, most = now + 1, max(most, now + 1)
        time.sleep(0.005)
        with lock:
            now -= 1
        return looking.Look(path.name, "")

    monkeypatch.setattr(looking, "_look", look)
    paths = [Path(str(number)) for number in range(12)]
    with ThreadPoolExecutor(5) as people:
        told = list(people.map(lambda _: looking.look(paths), range(5)))
    assert most == 2
    assert all([each.sha256 for each in one] == [path.name for path in paths] for one in told)
