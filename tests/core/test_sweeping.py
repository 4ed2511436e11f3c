import pytest

from gui.core import sweeping
from gui.core.desk import Desk
from gui.core.errors import NotYours
from gui.core.workspace import new_token
from tests.core.visitors import make_dataset, make_run, refusal


def test_data_sets_in_use_are_kept_and_the_others_forgotten(space, owner):
    used, opened, unused, stranger_s = (make_dataset(owner) for _ in range(4))
    make_run(owner, used)
    owner.open(Desk(opened, ""))
    other = space.owner(new_token())
    (other.path / "datasets").mkdir(parents=True)
    (owner.path / "datasets" / stranger_s).rename(other.path / "datasets" / stranger_s)
    sweeping.forget_unused(owner.path)
    kept = {each.name for each in (owner.path / "datasets").iterdir()}
    assert kept == {used, opened}
    refusal(NotYours, owner.dataset, unused)
    assert owner.dataset(used).labels == ("cat", "dog")
    assert other.dataset(stranger_s).labels == ("cat", "dog")


def test_a_data_set_that_is_just_being_made_is_not_forgotten(owner):
    arriving = owner.path / "datasets" / owner.new_dataset() / "pictures"
    arriving.mkdir(parents=True)
    (arriving / "000000").write_bytes(b"half")
    sweeping.forget_unused(owner.path)
    assert (arriving / "000000").read_bytes() == b"half"


def test_nothing_is_there_to_forget(owner):
    sweeping.forget_unused(owner.path)
    assert owner.runs() == []


@pytest.mark.parametrize(
    "content", ["", "[]", "[" * 100_000, '{"dataset": 5}', '{"dataset": null}', None]
)
def test_nothing_is_forgotten_while_nobody_can_say_what_is_open(owner, content):
    dataset_id = make_dataset(owner)
    path = owner.path / "desk.json"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    sweeping.forget_unused(owner.path)
    assert owner.dataset(dataset_id).labels == ("cat", "dog")
