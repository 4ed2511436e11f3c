"""Who is signed in: random cookies, of which only digests are kept; a restart loses none."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import files
from gui.core.accounts import Accounts
from gui.core.errors import PicturesError
from gui.core.runs import Clock

LASTS_S: Final = 12 * 3600.0  # a school day
_MOST: Final = 5000  # the oldest go first


@dataclass(frozen=True)
class _SignIn:
    name: str
    stamp: str  # of the password it was made with
    ends_at: float  # seconds since 1970


class SignIns:
    """Everybody who is signed in.

    Args:
        path: The file that remembers them.
        accounts: Who may come in; a sign-in ends when its name or its password changes there.
        secret: What stamps are made with.
        clock: Seconds since 1970.
    """

    def __init__(self, path: Path, accounts: Accounts, secret: bytes, clock: Clock) -> None:
        self._path, self._accounts, self._secret, self._clock = path, accounts, secret, clock
        self._lock = threading.Lock()
        self._known = _load(path)

    def begin(self, name: str) -> str:
        """Sign somebody in whose password fitted; returns what their cookie holds.

        Raises:
            DiskFull: When there is no room.
        """
        key = secrets.token_urlsafe(32)
        stamp = self._accounts.stamp(name, self._secret)
        with self._lock:
            self._known[_digest(key)] = _SignIn(name, stamp, self._clock() + LASTS_S)
            self._save()
        return key

    def who(self, key: str) -> str | None:
        """The name of who has this cookie, "" where people have none; None for a stranger."""
        found = self._known.get(_digest(key))
        return found.name if found and self._lasts(found) else None

    def end(self, key: str) -> None:
        """Sign out: the cookie opens nothing any more, also in another's hands.

        Raises:
            DiskFull: When there is no room.
        """
        with self._lock:
            if self._known.pop(_digest(key), None):
                self._save()

    def _lasts(self, found: _SignIn) -> bool:
        stamp = self._accounts.stamp(found.name, self._secret)
        left_s = found.ends_at - self._clock()
        # A clock that was set back must not make it last for ever.
        return bool(stamp) and hmac.compare_digest(stamp, found.stamp) and 0 < left_s <= LASTS_S

    def _save(self) -> None:
        lasting = {key: each for key, each in self._known.items() if self._lasts(each)}
        newest = sorted(lasting.items(), key=lambda pair: -pair[1].ends_at)[:_MOST]
        self._known = dict(newest)
        told = {key: [each.name, each.stamp, each.ends_at] for key, each in newest}
        files.write_json(self._path, {"version": 1, "signed_in": told})
        self._path.chmod(0o600)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _load(path: Path) -> dict[str, _SignIn]:
    """What the file tells; nobody when it isn't there or can't be read."""
    try:
        with files.checked():
            told = files.version_1(files.read_json(path))["signed_in"]
            rows: Mapping[str, list[object]] = {str(key): list(row) for key, row in told.items()}
            return {key: _row(*row) for key, row in rows.items()}
    except PicturesError:
        return {}


def _row(name: object, stamp: object, ends_at: object) -> _SignIn:
    return _SignIn(str(name), files.digest(stamp), float(str(ends_at)))
