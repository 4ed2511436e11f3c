"""What nobody comes back for is deleted on a public host, and nothing else, whatever clocks say."""

import os
from dataclasses import replace

import pytest

from gui.core import collection, expiry, kept, visits
from gui.core.config import Config
from gui.core.desk import Desk
from gui.core.host import OWN_COMPUTER, Host
from gui.core.housekeeping import Housekeeping
from gui.core.limits import PUBLIC, Limits
from gui.core.quota import Quota
from gui.core.workspace import Workspace
from tests.core.visitors import PETS, finish, make_dataset, make_run, quiet

HOUR, DAY = 3600.0, 86_400.0
TOKEN = "t" * 32


class Time:
    """A clock that is never set."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def public(tmp_path):
    return Workspace(tmp_path / "work", Quota(PUBLIC))


@pytest.fixture
def owner(public):
    """Somebody with pictures, a finished training, and forms of it."""
    made = public.owner(TOKEN)
    run = make_run(made, make_dataset(made))
    finish(run)
    run.exports.mkdir()
    for name in ("project.zip", "project.json", "demo.zip"):
        (run.exports / name).write_bytes(b"x")
    made.open(Desk(run.pictures_root.parent.name, run.id))
    made.features.mkdir()
    come(public)
    return made


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def keeping(public, time, owner):
    made = Housekeeping(public, time)
    made.round()
    return made


def come(workspace):
    """A visit, however short after the last."""
    workspace.visits._noted.clear()
    return workspace.owner(TOKEN)


def pass_by(keeping, time, seconds, step=HOUR):
    until = time.now + seconds
    while time.now < until:
        time.now += min(step, until - time.now)
        keeping.round()


def test_pictures_go_after_a_day_and_trainings_after_a_week(keeping, time, public, owner):
    run = owner.open_run
    pass_by(keeping, time, DAY - HOUR)
    assert owner.open_dataset
    pass_by(keeping, time, 2 * HOUR)
    assert owner.open_dataset is None
    assert not owner.features.exists()
    assert sorted(each.name for each in run.exports.iterdir()) == ["demo.zip"]
    assert owner.open_run.id == run.id
    assert expiry.note(owner.path) == (
        "6 pictures of yours were deleted, as you had not been here for a while. "
        "This server keeps nothing for long: choose your pictures again to go on."
    )
    pass_by(keeping, time, 6 * DAY, DAY)
    assert owner.open_run is None
    assert expiry.note(owner.path).startswith(
        "6 pictures of yours were deleted, as you had not been here for a while. "
        "One training of yours was deleted, as you had not been here for a while."
    )
    pass_by(keeping, time, 31 * DAY, 2 * DAY)
    assert not owner.path.exists()


def test_on_a_full_disk_what_is_due_goes_all_the_same(keeping, time, public, owner, full):
    full(0)
    pass_by(keeping, time, DAY + HOUR, 5 * HOUR)
    full.over()
    assert owner.open_dataset is None


def test_whoever_comes_back_keeps_everything_and_the_count_begins_anew(
    keeping, time, public, owner
):
    for _ in range(5):
        pass_by(keeping, time, DAY - HOUR, 5 * HOUR)
        come(public)
    assert owner.open_dataset
    assert expiry.note(owner.path) == ""


def test_a_visit_counts_though_the_program_is_killed_before_the_next_round(
    keeping, time, public, owner
):
    pass_by(keeping, time, DAY - HOUR, 5 * HOUR)
    come(public)
    later = Housekeeping(public, time)  # after a kill
    pass_by(later, time, 3 * HOUR)
    assert owner.open_dataset


def test_time_is_counted_across_restarts_but_not_while_the_server_is_off(time, public, owner):
    for _ in range(4):
        keeping = Housekeeping(public, time)
        keeping.round()
        pass_by(keeping, time, 7 * HOUR)
        time.now += 10 * DAY  # off
    assert owner.open_dataset is None


@pytest.mark.parametrize("jump", [-400 * DAY, 400 * DAY])
def test_a_clock_that_is_set_deletes_nothing_that_is_fresh(
    keeping, time, public, owner, jump, monkeypatch
):
    for path in [owner.path, *owner.path.rglob("*")]:  # as if all of it had been written then
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + jump))
    monkeypatch.setattr("gui.core.leftovers.time.time", lambda: 1e9)
    pass_by(keeping, time, DAY - 2 * HOUR, 5 * HOUR)
    assert owner.open_dataset
    assert expiry.note(owner.path) == ""


def test_an_attendance_that_cannot_be_read_makes_nobody_absent(time, public, owner):
    for damage in ("", "[]", '{"version": 1, "people": {"x": [1]}}', '{"version": 1, "people": 3}'):
        (public.root / "attendance.json").write_text(damage)
        keeping = Housekeeping(public, time)
        keeping.round()
        pass_by(keeping, time, HOUR)
        assert owner.open_dataset


@pytest.mark.parametrize("begun", [False, True])
def test_while_a_training_waits_or_runs_nothing_of_its_owner_goes(
    keeping, time, public, owner, site, begun
):
    mine = replace(site, workspace=public)
    mine.start(owner, Config())
    run = owner.open_run
    if begun:
        with run.hold():
            pass_by(keeping, time, 10 * DAY, DAY)
    else:
        pass_by(keeping, time, 10 * DAY, DAY)
    assert owner.open_dataset
    assert owner.open_run.id == run.id


def test_on_a_persons_own_computer_nothing_ever_goes(tmp_path, time):
    work = Workspace(tmp_path / "own")
    owner = work.owner(TOKEN)
    owner.open(Desk(make_dataset(owner)))
    keeping = Housekeeping(work, time)
    keeping.round()
    pass_by(keeping, time, 400 * DAY, 10 * DAY)
    assert owner.open_dataset
    assert kept.until(OWN_COMPUTER, Limits()) == "It stays until you delete it."


def test_who_begins_anew_is_not_told_any_more(keeping, time, public, owner, tmp_path):
    pass_by(keeping, time, DAY + HOUR, HOUR)
    assert expiry.note(owner.path)
    from tests.core.visitors import Sender

    collection.take(come(public), Sender(public.uploads)(*PETS), (), quiet)
    assert expiry.note(owner.path) == ""


def test_it_is_told_beforehand(public, owner):
    told = kept.describe(owner, Host()).sentence
    assert told == (
        "Kept of yours: 6 pictures, one training, 1 MB. It lies on this server. Other visitors "
        "can't see it; whoever runs the server could. Pictures are deleted a day after your last "
        "visit. Trainings are deleted 7 days after your last visit. One person may keep 4.0 GB "
        "here."
    )
    at_home = kept.describe(Workspace(public.root).owner(TOKEN), Host(folder="/home/me/fp"))
    assert at_home.sentence.endswith(
        "It lies in the folder “/home/me/fp” on this computer. It stays until you delete it."
    )
    forgets = kept.until(Host("a/b", forgets=True), Limits(pictures_hours=36))
    assert forgets == (
        "Pictures are deleted 36 hours after your last visit. "
        "All of it is gone when the server restarts or goes to sleep."
    )


def test_a_visit_is_noted_once_a_minute_and_only_where_there_is_something(public, owner):
    before = visits.stamp(owner.path)
    for _ in range(100):
        public.owner(TOKEN)
    assert visits.stamp(owner.path) == before
    assert not public.owner("s" * 32).path.exists()
