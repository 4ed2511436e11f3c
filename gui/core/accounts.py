"""Who may come in: one password for everybody, or a list of names, each with a password.

A list is a text that a teacher can write::

    # name: password, a line each
    anna: blue otter 42
    ben: scrypt$16384$8$5$…$…

A single line without a colon is one password for everybody. A password stands there as it is, or as
``python -m gui password`` has written it, from which nobody can read it back.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gui.core.errors import SettingError

# Source: OWASP Password Storage Cheat Sheet, scrypt: N=2^14 (16 MiB), r=8, p=5. About 0.2 s a look.
_COST, _BLOCK, _LANES = 2**14, 8, 5
_KIND: Final = "scrypt"
_SALT_BYTES, _KEY_BYTES = 16, 32
_LONGEST = 200  # letters of a name or a password


@dataclass(frozen=True)
class _Password:
    """What a password is compared with."""

    salt: bytes
    key: bytes = field(repr=False)
    cost: tuple[int, int, int] = (_COST, _BLOCK, _LANES)

    def fits(self, given: str) -> bool:
        return hmac.compare_digest(_derived(given, self.salt, self.cost), self.key)


@dataclass(frozen=True)
class _Readable:
    """The same for one that stands in the list as it is."""

    password: str = field(repr=False)

    def fits(self, given: str) -> bool:
        _NOBODY.fits(given)  # it takes as long as any other
        pair = (hashlib.sha256(_bytes(each)).digest() for each in (given, self.password))
        return hmac.compare_digest(*pair)


@dataclass(frozen=True)
class Accounts:
    """Everybody who may come in.

    Attributes:
        stored: What stands in the list behind each name; behind "", one password for everybody.
    """

    stored: Mapping[str, str] = field(repr=False)

    @property
    def named(self) -> bool:
        """Whether people have names of their own."""
        return "" not in self.stored

    def check(self, name: str, password: str) -> str | None:
        """The name of who may come in with this; None for a stranger.

        It takes the same time for a name that isn't in the list as for one that is. Names are
        compared without regard to case.
        """
        known = {_alike(each): each for each in self.stored}
        found = known.get(_alike(name) if self.named else "")
        wanted = _password(self.stored[found]) if found is not None else _NOBODY
        fits = len(password) <= _LONGEST and wanted.fits(password)
        return found if fits and found is not None else None

    def stamp(self, name: str, secret: bytes) -> str:
        """What changes with the password behind a name, and says nothing about it; "" for none."""
        if name not in self.stored:
            return ""
        said = f"{name}\n{self.stored[name]}".encode()
        return hmac.digest(secret, said, "sha256").hex()


def read(text: str) -> Accounts:
    """The accounts that a list names.

    Raises:
        SettingError: When a line can't be understood; it is named by its number, never quoted.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if len(lines) == 1 and ":" not in lines[0][1]:
        return Accounts({"": _checked(*lines[0])})
    stored: dict[str, str] = {}
    for number, line in lines:
        name, colon, password = line.partition(":")
        name = name.strip()
        if not colon or not name or len(name) > _LONGEST:
            raise _unclear(number, "has no name and colon")
        if _alike(name) in map(_alike, stored):
            raise _unclear(number, "has the name of a line before")
        stored[name] = _checked(number, password.strip())
    if not stored:
        raise SettingError(
            "The list of who may sign in is empty.",
            "Write a line for each, “name: password”, or one password alone.",
        )
    return Accounts(stored)


def hashed(password: str) -> str:
    """A password as it may stand in a list without being readable there."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key = _derived(password, salt, (_COST, _BLOCK, _LANES))
    numbers = [str(each) for each in (_COST, _BLOCK, _LANES)]
    return "$".join([_KIND, *numbers, *(base64.b64encode(each).decode() for each in (salt, key))])


def _checked(number: int, password: str) -> str:
    if not password or len(password) > _LONGEST:
        raise _unclear(number, "has no password, or a very long one")
    try:
        _read_hashed(password)
    except (ValueError, binascii.Error) as error:
        raise _unclear(number, "has a damaged password") from error
    return password


def _password(stored: str) -> _Password | _Readable:
    return _read_hashed(stored) or _Readable(stored)


def _read_hashed(stored: str) -> _Password | None:
    """What a hashed password holds; None for one that stands there as it is."""
    if not stored.startswith(f"{_KIND}$"):
        return None
    _, cost, block, lanes, salt, key = stored.split("$")
    numbers = int(cost), int(block), int(lanes)
    if not (2 <= numbers[0] <= 2**17 and 1 <= numbers[1] <= 16 and 1 <= numbers[2] <= 16):
        raise ValueError("a cost out of bounds")
    decoded = [base64.b64decode(each, validate=True) for each in (salt, key)]
    if len(decoded[1]) != _KEY_BYTES:
        raise ValueError("a key of another length")
    return _Password(decoded[0], decoded[1], numbers)


def _derived(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(
        _bytes(password), salt=salt, n=n, r=r, p=p, maxmem=256 * r * (n + p + 2), dklen=_KEY_BYTES
    )


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")


def _alike(name: str) -> str:
    """A name as it is compared: an accent may come as a sign of its own, and any case will do."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _unclear(number: int, what: str) -> SettingError:
    return SettingError(
        f"Line {number} of the list of who may sign in {what}.",
        "Write a line for each, “name: password”, or one password alone.",
    )


_NOBODY: Final = _Password(bytes(_SALT_BYTES), bytes(_KEY_BYTES))
