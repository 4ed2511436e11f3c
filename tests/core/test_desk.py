import json

import pytest

from gui.core.desk import Desk
from gui.core.workspace import Workspace, new_token


def test_the_desk_survives(space):
    token = new_token()
    assert space.owner(token).desk == Desk("", "")
    assert (space.owner(token).open_run, space.owner(token).open_dataset) == (None, None)
    space.owner(token).open(Desk("a", "b"))
    space.owner(token).open(Desk("c", "d"))
    assert Workspace(space.root).owner(token).desk == Desk("c", "d")
    found = {each.name for each in space.owner(token).path.iterdir()}
    assert found == {"desk.json", "visited"}


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"dataset": ["a"], "run": 5}', b"\xff\xfe", b'{"data', b"[" * 100_000]
)
def test_a_damaged_desk_is_an_empty_one(owner, content):
    owner.open(Desk("a", "b"))
    (owner.path / "desk.json").write_bytes(content)
    assert owner.desk == Desk()


def test_an_older_or_partly_damaged_desk_keeps_what_it_tells(owner):
    owner.open(Desk())
    path = owner.path / "desk.json"
    for stored, desk in (
        ({"dataset": "a", "run": "b"}, Desk("a", "b")),
        ({"dataset": "a", "run": "b", "validation_share": "x", "seed": None}, Desk("a", "b")),
        ({"dataset": "a", "run": "b", "validation_share": 9, "seed": 7}, Desk("a", "b", seed=7)),
        ({"dataset": "a", "validation_share": 0.3, "seed": 10**400}, Desk("a", "", 0.3)),
        ({"run": "b"}, Desk("", "b")),
    ):
        path.write_text(json.dumps(stored))
        assert owner.desk == desk
