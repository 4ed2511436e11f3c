"""The computer that Freezepoint runs on: a person's own, or a Hugging Face Space.

Nothing here depends on whose Space it is, so that a copy of one works like the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

# Source: https://huggingface.co/docs/hub/spaces-oauth (set where the README has hf_oauth: true),
# and gradio/oauth.py, which asks for all of them and for these two packages.
_SIGN_IN: Final = ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES", "OPENID_PROVIDER_URL")
_SIGN_IN_PACKAGES: Final = ("authlib", "itsdangerous")


@dataclass(frozen=True)
class Host:
    """What kind of computer it is.

    Attributes:
        space: The Space's id, "owner/name"; "" on any other computer.
        signs_in: Whether people can sign in with Hugging Face.
        forgets: Whether everything is lost when it restarts.
        folder: Where everything is kept, on a computer of one's own; "" where others come, too.
    """

    space: str = ""
    signs_in: bool = False
    forgets: bool = False
    folder: str = ""

    @property
    def copy_address(self) -> str:
        """Where a person makes a copy of the Space for themselves; "" on any other computer."""
        return f"https://huggingface.co/spaces/{self.space}?duplicate=true" if self.space else ""


OWN_COMPUTER: Final = Host()


def read(
    environ: Mapping[str, str],
    installed: Callable[[str], bool] = lambda name: find_spec(name) is not None,
) -> Host:
    """The host that the environment tells of.

    A Space's disk is lost when it restarts, except for a storage that its owner has attached: there
    the workspace stays when FREEZEPOINT_WORKSPACE names a folder in it.

    Args:
        environ: The process's environment.
        installed: Whether there is a package of that name.
    """
    # Source: https://huggingface.co/docs/hub/spaces-overview, "Helper environment variables";
    # Gradio takes it for a Space when SYSTEM says so, too (gradio/utils.py, get_space).
    space = environ.get("SPACE_ID", "")
    if environ.get("SYSTEM") != "spaces" or not space:
        return OWN_COMPUTER
    signs_in = all(environ.get(name) for name in _SIGN_IN) and all(
        map(installed, _SIGN_IN_PACKAGES)
    )
    return Host(space, signs_in, forgets=not environ.get("FREEZEPOINT_WORKSPACE"))
