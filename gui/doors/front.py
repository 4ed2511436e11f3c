"""All doors, one behind the other."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp

from gui.core.accounts import Accounts
from gui.core.runs import Clock
from gui.core.sign_ins import SignIns
from gui.core.workspace import Workspace
from gui.doors.addresses import Addresses
from gui.doors.asking import Place
from gui.doors.events import Events
from gui.doors.origins import Origins
from gui.doors.rates import Limits, Rates
from gui.doors.sign_in import SignIn


@dataclass(frozen=True)
class Front:
    """What the doors need to know.

    Attributes:
        workspace: Where everything is kept.
        place: How the program can be reached.
        accounts: Who may come in; None for everybody.
        limits: How much may be asked.
        clock: Seconds since 1970.
    """

    workspace: Workspace
    place: Place
    accounts: Accounts | None
    limits: Limits
    clock: Clock

    def before(self, app: ASGIApp) -> ASGIApp:
        """The app behind its doors."""
        made: ASGIApp = Events(app, self.place, self.workspace, self.limits)
        if self.accounts is not None:
            secret = self.workspace.secret
            known = SignIns(
                self.workspace.root / "signed_in.json", self.accounts, secret, self.clock
            )
            made = SignIn(made, self.place, self.accounts, known)
        inward: list[Callable[[ASGIApp], ASGIApp]] = [
            lambda behind: Rates(behind, self.place, self.limits),
            lambda behind: Origins(behind, self.place),
            Addresses,
        ]
        for door in inward:
            made = door(made)
        return made
