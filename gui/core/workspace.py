"""Where everything is kept, and who may see what.

::

    lock                                   held by the page that is open on this workspace
    secret                                 what the tokens of people with a name are made of
    uploads/<digest>/                      what this person's browser has sent, until it is taken
    logs/                                  what worker processes print
    temp/                                  what the page and its workers need for a moment
    attendance.json                        for how long nobody has come, see ``core.visits``
    deleted/                               what is on its way out, see ``core.farewell``
    owners/<digest of the token>/desk.json what this person has open
    owners/<digest>/datasets/<id>/         dataset.json and the pictures
    owners/<digest>/runs/<id>/             see ``core.runs``
    owners/<digest>/ladders/<id>.json      see ``core.ladder``

A person is known by an unguessable token that only their browser has. Only its digest is on disk.
Every id is looked up in its owner's folder, so nobody reaches what isn't theirs. Where people sign
in with a name of their own, the token follows from the name, and from a secret that never leaves.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

from filelock import FileLock, Timeout

from gui.core.errors import NotYours, RunError, disk_full
from gui.core.owner import Owner, whole_runs
from gui.core.quota import Quota
from gui.core.runs import Run
from gui.core.visits import Visits
from gui.words import say

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


def new_token() -> str:
    """A token for a person who has none yet; 192 random bits."""
    return secrets.token_urlsafe(24)


def is_token(value: object) -> TypeGuard[str]:
    """Whether it has the form of a token."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


@dataclass(frozen=True)
class Workspace:
    """The folder that holds everybody's work.

    Attributes:
        root: Where it is.
        quota: How much people may keep in it.
        visits: Notes who comes.
    """

    root: Path
    quota: Quota = field(default_factory=Quota, repr=False, compare=False)
    visits: Visits = field(default_factory=Visits, repr=False, compare=False)

    @property
    def uploads(self) -> Path:
        """Where Gradio puts what browsers send, until it is taken from there."""
        return self.root / "uploads"

    @property
    def owners(self) -> Path:
        """Folder of everybody's folders."""
        return self.root / "owners"

    @property
    def temp(self) -> Path:
        """Where temporary files go, so that those of a process that was killed are found again."""
        return self.root / "temp"

    @property
    def logs(self) -> Path:
        """Where worker processes write what libraries print."""
        return self.root / "logs"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Be the one page that is open on this workspace.

        Raises:
            RunError: When another is, or the folder can't be used.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.temp.mkdir(exist_ok=True)
            lock = FileLock(self.root / "lock", timeout=0)
            lock.acquire()
        except Timeout as error:
            raise RunError(
                f"Freezepoint is open on “{self.root}” already.",
                "Use that page, close it first, or name another folder with --workspace.",
            ) from error
        except OSError as error:
            raise RunError(
                f"The folder “{self.root}” can't be used ({error.strerror}).",
                "Name another folder with --workspace.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def clear_temp(self) -> None:
        """Delete what an earlier page has left in ``temp``, unless a worker of its is still at it.

        Only for who holds the workspace.
        """
        left = list(self.temp.iterdir())
        if left and not any(run.worked_on for run in self.runs()):
            for path in left:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def owner(self, token: str | None, user: str = "") -> Owner:
        """The person with this token.

        Args:
            token: What the browser sent.
            user: The name that they have signed in with; "" where people have no names.

        Raises:
            NotYours: When it is no token, or another's than that of who has signed in, or when its
                owner has deleted everything of theirs.
        """
        if not is_token(token):
            raise _lost()
        if user and not hmac.compare_digest(token, self.token_of(user)):
            raise _lost()
        path = self.owners / _digest(token)
        if user and self.quota.gone(path) and not path.exists():
            self.quota.allow(path)  # a name has no other token to begin anew with
        self.quota.check_there(path)
        self.visits.note(path)
        return Owner(path, token, self.quota)

    def knows(self, token: str) -> bool:
        """Whether this person has left anything here before."""
        return (self.owners / _digest(token)).is_dir()

    def token_of(self, user: str) -> str:
        """The token of whoever signs in with this name, on every device the same."""
        made = hmac.digest(self.secret, f"user {user}".encode(), "sha256")
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    @property
    def secret(self) -> bytes:
        """32 random bytes, made at the first use; only who runs the program may read the file.

        Raises:
            DiskFull: When there is no room.
        """
        path = self.root / "secret"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            with disk_full(), tempfile.NamedTemporaryFile(dir=self.root, prefix=".") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileExistsError):  # another thread was quicker
                    os.link(file.name, path)
        return path.read_bytes()

    def runs(self) -> list[Run]:
        """Everybody's runs, for the queue only."""
        return whole_runs(self.root.glob("owners/*/runs/*/run.json"))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def _lost() -> NotYours:
    return NotYours(say("This page has lost its connection to your work."), say("Reload the page."))
