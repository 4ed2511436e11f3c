"""Why a process has ended, by its exit code and its last words; without a process."""

import signal

from gui.core import obituary
from gui.core.errors import OutOfMemory


def test_of_a_process_that_ended_well_or_was_killed_nobody_reads_the_last_words() -> None:
    def never() -> str:
        raise AssertionError

    assert not isinstance(obituary.cause(0, never), OutOfMemory)
    assert isinstance(obituary.cause(-signal.SIGKILL, never), OutOfMemory)


def test_whatever_a_process_says_last_only_want_of_memory_is_one() -> None:
    assert isinstance(obituary.cause(1, lambda: "numpy: Unable to allocate 9 GiB"), OutOfMemory)
    told = obituary.cause(-signal.SIGSEGV, lambda: "Hello.")
    assert not isinstance(told, OutOfMemory)
    assert told.what == "The process that computes was ended (SIGSEGV)."
