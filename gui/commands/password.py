"""``password``: a line for the list of who may sign in, from which nobody reads the password."""

import argparse
import getpass
import sys

from gui.core import accounts
from gui.core.errors import SettingError


def password(chosen: argparse.Namespace) -> int:
    """Ask for a password, or read it from standard input, and print it hashed.

    Raises:
        SettingError: When there is none, or the two differ.
    """
    if sys.stdin.isatty():
        given = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != given:
            raise SettingError("The two passwords differ.", "Try again.")
    else:
        given = sys.stdin.readline().strip("\r\n")
    if not given.strip():
        raise SettingError("There is no password.", "Write one, then press Enter.")
    hashed = accounts.hashed(given.strip())
    print(f"{chosen.name}: {hashed}" if chosen.name else hashed)  # noqa: T201
    return 0
