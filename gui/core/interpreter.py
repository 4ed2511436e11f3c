"""How Python has to be started: with variables that it reads then only, and with its streams."""

import os
import sys
from collections.abc import Mapping

# Large pages for large arrays: without them, a third of a step of the classic head is spent on
# being given 131,000 small ones again. Source: glibc manual, "Memory Allocation Tunables".
ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def start_anew(environment: Mapping[str, str]) -> None:
    """Start this program once more in its place, with other variables: some are read at first only.

    Nothing happens where they are as asked for already.
    """
    if any(os.environ.get(name) != value for name, value in environment.items()):
        command = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, command, {**os.environ, **environment})


def for_utf_8(encoding: str = sys.getfilesystemencoding()) -> dict[str, str]:
    """What has Python take names and texts for UTF-8, where a locale says something else.

    Else a folder called 漢字 can't be used under ``LANG=C`` or in a Latin-1 locale. Source:
    https://docs.python.org/3/library/os.html#utf8-mode.
    """
    return {} if encoding == "utf-8" else {"PYTHONUTF8": "1"}


def have_streams() -> None:
    """Let the standard streams lead nowhere where they were closed, as a service's may be.

    Else libraries meet None in their place, and whatever is opened next takes their numbers.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
