"""Which limits hold, as flags and environment say; each says what it is."""

import argparse

import pytest

from gui.core import limits
from gui.core.errors import SettingError
from gui.core.limits import OWN_COMPUTER, PUBLIC, Limits
from gui.core.settings import about, rows


def chosen(*flags, space=False, **environ):
    parser = argparse.ArgumentParser()
    limits.add_flags(parser, environ, space=space)
    return limits.read(parser.parse_args(flags))


def test_a_persons_own_computer_has_none_and_a_public_host_has_each():
    assert chosen() == OWN_COMPUTER == Limits()
    assert not OWN_COMPUTER.expires
    for found in (chosen("--public"), chosen(space=True), chosen(FREEZEPOINT_PUBLIC="1")):
        assert found == PUBLIC
    assert all(getattr(PUBLIC, each.name) > 0 for each in rows(Limits))
    assert (
        chosen("--no-public", space=True) == chosen(FREEZEPOINT_PUBLIC="0", space=True) == Limits()
    )


def test_flags_and_environment_name_each():
    assert chosen("--pictures-hours", "48").expires
    assert chosen("--public", "--person-mb", "0").person_mb == 0
    found = chosen("--all-mb", "7", FREEZEPOINT_PERSON_MB="5", FREEZEPOINT_ALL_MB="6")
    assert (found.person_mb, found.all_mb) == (5, 7)


@pytest.mark.parametrize("flag", ["-1", "100000000000"])
def test_what_is_out_of_bounds_is_refused(flag):
    with pytest.raises(SettingError) as caught:
        chosen("--person-mb", flag)
    assert caught.value.what == f"Room for one person, in MB can't be {flag}."


def test_each_says_what_it_is():
    for each in rows(Limits):
        told = about(each)
        assert told.label
        assert told.help.endswith(".")
