"""What was freed isn't kept."""

import subprocess
import sys

import pytest

from gui.core import heap

CHILD = """
import os
from gui.core import heap, machine
assert heap.keep_small()
pieces = [bytes(60_000) for _ in range(2_000)]
full = machine.resident_bytes(os.getpid())
kept = pieces[::100]  # all over the heap: its end is not free
del pieces
before = machine.resident_bytes(os.getpid())
assert heap.give_back()
print(full, before, machine.resident_bytes(os.getpid()), len(kept))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc")
def test_what_is_free_in_the_middle_goes_back():
    child = subprocess.run(
        [sys.executable, "-c", CHILD], check=True, capture_output=True, text=True, timeout=60
    )
    full, before, after, kept = map(int, child.stdout.split())
    assert kept == 20
    assert full - before < 30e6  # it does keep it, otherwise
    assert full - after > 90e6


def test_elsewhere_nothing_is_done(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not heap.keep_small()
    assert not heap.give_back()
