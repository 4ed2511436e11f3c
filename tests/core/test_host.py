"""What the environment tells of the computer."""

import pytest

from gui.core import host
from gui.core.host import OWN_COMPUTER, Host

# What a Gradio Space sets. Source: https://huggingface.co/docs/hub/spaces-overview, "Helper
# environment variables", and .../spaces-oauth.
SPACE = {"SYSTEM": "spaces", "SPACE_ID": "someone/freezepoint", "CPU_CORES": "2"}
SIGN_IN = {
    "OAUTH_CLIENT_ID": "id",
    "OAUTH_CLIENT_SECRET": "secret",
    "OAUTH_SCOPES": "openid profile contribute-repos",
    "OPENID_PROVIDER_URL": "https://huggingface.co",
}


def test_on_their_own_computer_nothing_is_special():
    assert host.read({}) == host.read(SIGN_IN) == OWN_COMPUTER == Host("", False, False)
    assert host.read({"SPACE_ID": "someone/x"}) == OWN_COMPUTER  # Gradio takes it for none, either
    assert OWN_COMPUTER.copy_address == ""


@pytest.mark.parametrize("owner", ["someone", "another"])
def test_a_space_forgets_whoever_owns_it(owner):
    found = host.read({**SPACE, "SPACE_ID": f"{owner}/mine"})
    assert found == Host(f"{owner}/mine", signs_in=False, forgets=True)
    assert found.copy_address == f"https://huggingface.co/spaces/{owner}/mine?duplicate=true"


def test_with_a_storage_of_its_own_it_does_not_forget():
    assert not host.read({**SPACE, "FREEZEPOINT_WORKSPACE": "/data/work"}).forgets


@pytest.mark.parametrize("missing", [None, *SIGN_IN])
def test_people_sign_in_where_all_of_it_is_set(missing):
    given = {name: value for name, value in SIGN_IN.items() if name != missing}
    found = host.read({**SPACE, **given}, installed=lambda _: True)
    assert found.signs_in is (missing is None)


@pytest.mark.parametrize("missing", ["authlib", "itsdangerous"])
def test_without_the_packages_there_is_no_signing_in_and_no_crash(missing):
    found = host.read({**SPACE, **SIGN_IN}, installed=lambda name: name != missing)
    assert not found.signs_in
