"""What people may keep, by the real ways in: pictures, zips, trials, trainings."""

import os
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from gui.core import collection, trial, usage
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.entry import Entry
from gui.core.errors import NotYours, QuotaError
from gui.core.limits import PUBLIC, Limits
from gui.core.quota import Quota
from gui.core.usage import Usage
from gui.core.workspace import Workspace, new_token
from tests.core.test_plan import SPEEDS
from tests.core.visitors import PETS, finish, make_dataset, make_run, quiet, refusal


@pytest.fixture
def limited(site):
    """``limited(person_mb=1)``: the site with limits."""

    def make(**limits):
        work = Workspace(site.workspace.root, Quota(Limits(**limits)))
        return replace(site, workspace=work)

    return make


def owner_of(site):
    return site.workspace.owner(new_token())


def everything(owner):
    return sorted(each for each in owner.path.rglob("*") if each.is_file())


def test_without_limits_there_are_none(site, send):
    owner = owner_of(site)
    collection.take(owner, send(*PETS), (), quiet)
    site.start(owner, Config())
    assert usage.person(owner.path).pictures == 4


def test_more_pictures_than_one_person_may_keep_are_refused_before_a_byte_is_taken(limited, send):
    site = limited(person_pictures=3)
    owner, given = owner_of(site), send(*PETS)
    assert refusal(QuotaError, collection.take, owner, given, (), quiet) == (
        "You have 0 pictures, and these are 4 more; here one person may keep 3. "
        "Choose fewer, or delete a training under Runs: its pictures go with it."
    )
    assert everything(owner) == []
    assert not any(each.path.exists() for each in given)  # and the upload is gone


def test_pictures_that_make_way_for_the_new_ones_do_not_count(limited, send):
    site = limited(person_pictures=5)
    owner = owner_of(site)
    for _ in range(3):
        collection.take(owner, send(*PETS), (), quiet)
    collection.add(owner, "cat", send("9.jpg"), quiet)
    site.start(owner, Config())  # now they are used
    told = refusal(QuotaError, collection.take, owner, send(*PETS), (), quiet)
    assert told.startswith("You have 5 pictures, and these are 4 more; here one person may keep 5.")
    told = refusal(QuotaError, collection.add, owner, "cat", send("8.jpg"), quiet)
    assert told.startswith("You have 5 pictures, and these are 1 more;")


def test_a_zip_is_refused_by_what_it_says_it_holds(limited, tmp_path):
    site = limited(person_mb=2)
    owner, packed = owner_of(site), site.workspace.uploads / "x" / "pets.zip"
    packed.parent.mkdir(parents=True)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("Pets/cat/1.bmp", "Pets/dog/1.bmp"):
            made.writestr(name, bytes(1_500_000))
        made.writestr("__MACOSX/._x", bytes(9))
    assert packed.stat().st_size < 10_000
    assert refusal(QuotaError, collection.take, owner, [Entry("pets.zip", packed)], (), quiet) == (
        "You have 1 MB, and this takes 3 MB more; here one person may keep 2 MB. "
        "Delete a training under Runs, or choose less."
    )
    assert everything(owner) == []


def test_two_tabs_at_the_same_moment_do_not_get_past_it(limited, send):
    site = limited(person_pictures=7)
    owner, given, refused = owner_of(site), [send(*PETS) for _ in range(4)], []
    site.take_samples(owner, quiet)  # 4
    site.start(owner, Config())
    barrier = threading.Barrier(4)

    def add(some):
        barrier.wait()
        try:
            collection.add(owner, "cat", some[:2], quiet)
        except QuotaError as error:
            refused.append(error)

    threads = [threading.Thread(target=add, args=(each,)) for each in given]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 3
    assert usage.person(owner.path).pictures == 6


def test_test_pictures_count_and_make_way_for_the_next(limited, site, send):
    owner = owner_of(limited(person_mb=1))

    def pictures():
        return send("a.bmp", content=b"BM" + bytes(700_000))

    for _ in range(2):
        trial.take(owner, pictures())
    told = refusal(QuotaError, trial.take, owner, [*pictures(), *pictures()])
    assert told.startswith("You have 1 MB, and this takes 1 MB more; here one person may keep 1 MB")


def test_what_can_be_worked_out_again_makes_way(limited, send):
    site = limited(person_mb=1)
    owner = owner_of(site)
    collection.take(owner, send(*PETS), (), quiet)
    stored = owner.features / "kind" / "head-plain" / "1.npy"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(bytes(990_000))
    trial.take(owner, send("a.bmp", content=b"BM" + bytes(300_000)))
    assert not stored.exists()


def test_all_together_may_keep_so_much(limited, site, send):
    site = limited(all_mb=1)
    first, second = owner_of(site), owner_of(site)
    trial.take(first, send("a.bmp", content=b"BM" + bytes(700_000)))
    told = refusal(QuotaError, trial.take, second, send("a.bmp", content=b"BM" + bytes(700_000)))
    assert told == (
        "This server is full: all people together may keep 1 MB here. "
        "Delete a training under Runs, or come back later."
    )
    work = site.workspace
    assert work.quota.refusal(work.owners, work.uploads, 200_000) == ""
    assert work.quota.refusal(work.owners, work.uploads, 200_000) == told  # 700 and twice 200 kB


def test_trainings_are_counted_and_a_ladder_by_its_rungs(limited, send):
    site = limited(person_runs=3, person_queued=2)
    owner = owner_of(site)
    collection.take(owner, send(*PETS), (), quiet)
    points = ("head", "block5_conv3", "block5_conv1")
    compare = site.comparison.start
    assert refusal(QuotaError, compare, owner, Config(), points) == (
        "That is 3 trainings at once; here one person may have 2 waiting, as others wait, too. "
        "Choose fewer freeze points."
    )
    compare(owner, Config(), points[:2])
    site.comparison.stop(owner)
    site.start(owner, Config())
    site.stop(owner)
    assert refusal(QuotaError, site.start, owner, Config()) == (
        "You have 3 trainings; here one person may keep 3. "
        "Take home what you need, and delete a training under Runs."
    )
    site.go_on(owner)  # that is no further one
    assert len(owner.runs()) == 3


def test_a_training_that_would_leave_too_much_is_refused(limited, send):
    site = limited(person_mb=100)
    owner = owner_of(site)
    collection.take(owner, send(*PETS), (), quiet)
    planned = Config(ModelSettings(image_size=256, head="classic"), TrainSettings(epochs=1))
    site.jobs.speeds = SPEEDS
    told = refusal(QuotaError, site.start, owner, planned)
    assert told.startswith("You have 1 MB, and this takes ")
    assert owner.runs() == []


def test_only_so_many_people_are_let_in_an_hour(limited, send):
    site = limited(people_per_hour=2)
    for _ in range(2):
        site.take_samples(owner_of(site), quiet)
    third = owner_of(site)
    assert refusal(QuotaError, site.take_samples, third, quiet) == (
        "2 people have come here within an hour; this server takes no more. Try again in an hour."
    )
    assert not third.path.exists()


def test_two_thousand_pictures_are_counted_in_no_time(owner):
    root = owner.path / "datasets" / ("a" * 16) / "pictures"
    root.mkdir(parents=True)
    for number in range(2_000):
        (root / f"{number:06d}").touch()
    os.utime(root, (1e9, 1e9))
    assert usage.person(owner.path).pictures == 2_000
    began = time.perf_counter()
    for _ in range(20):
        assert usage.person(owner.path) == Usage(0, 2_000, 0)
    assert (time.perf_counter() - began) / 20 < 0.01


def test_what_is_added_is_counted_at_once(owner):
    dataset_id = make_dataset(owner)
    run = make_run(owner, dataset_id)
    before = usage.person(owner.path)
    assert (before.pictures, before.runs) == (6, 1)
    (run.path / "model.keras").write_bytes(bytes(5000))
    finish(run)
    after = usage.person(owner.path)
    assert after.size_bytes - before.size_bytes == 5000 + (run.path / "events.jsonl").stat().st_size


def test_who_is_gone_takes_nothing_and_leaves_nothing(limited, send):
    owner = owner_of(limited())
    for call in (
        lambda: collection.take(owner, send(*PETS), (), quiet),
        lambda: collection.divide(owner, 0.2, 0, 0.0),
        lambda: trial.take(owner, send("a.jpg")),
    ):
        owner.quota.forbid(owner.path)
        assert refusal(NotYours, call) == (
            "Everything that this page has shown is deleted. Reload the page to begin anew."
        )
        assert not owner.path.exists()


def test_the_limits_of_a_public_host_fit_a_classroom():
    assert PUBLIC.all_mb * 10**6 > 30 * 300 * 150_000  # pictures of thirty children
    assert PUBLIC.person_mb * 10**6 > 3.2e9  # the classic head at 256 px
    assert PUBLIC.all_queued >= 30


def test_links_are_not_followed(owner, tmp_path):
    owner.path.mkdir(parents=True)
    (tmp_path / "large").write_bytes(bytes(10_000))
    Path(owner.path / "link").symlink_to(tmp_path / "large")
    Path(owner.path / "folder").symlink_to(tmp_path, target_is_directory=True)
    assert usage.size_bytes(owner.path) == 0
