"""What is kept of a person, told on the page; all of it deleted there; limits in a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from gui.core import expiry
from gui.core.limits import PUBLIC, Limits
from tests.page.visitors import refusal, settings, told_in, train


@pytest.fixture
def limits(site):
    """``limits(person_pictures=9)``: for one test the page is that of a public host."""
    quota = site.workspace.quota
    before = quota.limits

    def make(**changed: int) -> None:
        quota.limits = replace(PUBLIC, **changed)

    yield make
    quota.limits = before


def part(page) -> Any:
    return page.runs.kept


def test_what_is_kept_is_told_where_and_until_when(visitor, page, site) -> None:
    someone = visitor()
    told = someone.does(page.kept, "click")[part(page).told]
    assert told.startswith("No picture and no training of yours is kept here&#46;")
    train(someone, site)
    shown = someone.does(page.kept, "click")
    assert "200 pictures&#44; one training" in shown[part(page).told].replace(",", "&#44;")


def test_everything_of_one_is_deleted_after_a_question_and_nothing_of_others(
    visitor, page, site
) -> None:
    someone, other = visitor(), visitor()
    for each in (someone, other):
        train(each, site)
    someone.does(page.train.start, "click", *settings(someone))  # one more, that waits
    asked = someone.does(part(page).ask, "click")
    question = asked[part(page).question]
    assert "What is under way for you is stopped" in question
    assert someone.owner.path.exists()
    done = someone.does(part(page).delete, "click")
    assert done[part(page).done].startswith("Deleted: 200 pictures, 2 trainings, ")
    assert done[part(page).done].endswith("Nothing of yours is left here.")
    assert not someone.owner.path.exists()
    assert len(other.owner.runs()) == 1
    # The old token is nobody's, whatever asks with it; arriving with it gives a new one.
    told = refusal(someone.does, page.kept, "click")
    assert "Everything that this page has shown is deleted." in told
    assert not someone.owner.path.exists()


def test_a_new_person_gets_a_new_token_when_the_old_one_is_gone(visitor, page, site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    someone.does(part(page).delete, "click")
    arrival = [page.token, page.train.link]
    index = next(at for at, does in page.blocks.fns.items() if does.outputs == arrival)
    token, link = someone.client.predict(someone.token, fn_index=index)
    assert token == link != someone.token
    assert site.workspace.owner(token).runs() == []


def test_keeping_it_closes_the_question(visitor, page, site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    someone.does(part(page).ask, "click")
    kept = someone.does(part(page).keep, "click")
    assert "200 pictures" in kept[part(page).told]
    assert someone.owner.open_dataset


def test_who_comes_back_too_late_reads_what_has_expired_and_can_go_on(
    visitor, page, site, limits
) -> None:
    limits()
    someone = visitor()
    run = train(someone, site)
    expiry.expire(someone.owner.path, 25 * 3600.0, site.workspace.quota)
    assert someone.owner.open_dataset is None
    arrival = [page.token, page.train.link]
    came = next(at for at, does in page.blocks.fns.items() if does.outputs == arrival)
    shows = next(at for at, does in page.blocks.fns.items() if does.trigger_after == came)
    outputs = [each for each in page.blocks.fns[shows].outputs if not each.skip_api]
    shown = dict(zip(outputs, someone.client.predict(someone.token, fn_index=shows), strict=True))
    assert told_in(shown[page.host.expired]).startswith("200 pictures of yours were deleted, as")
    for step in ("pictures", "model", "train", "results", "test", "home", "runs"):
        assert someone.picks(page.bar, "chosen", id=step)["success"], step
    assert someone.owner.open_run.id == run.id
    someone.does(page.pictures.samples, "click")
    assert expiry.note(someone.owner.path) == ""


def test_a_limit_is_said_on_the_page_in_a_sentence(visitor, page, site, limits) -> None:
    someone = visitor()
    limits(person_pictures=100)
    told = refusal(someone.does, page.pictures.samples, "click")
    assert "You have 0 pictures, and these are 20" in told
    assert "more; here one person may keep 100." in told
    limits()
    someone.does(page.pictures.samples, "click")
    assert (
        "One person may keep 4&#46;0 GB here" in someone.does(page.kept, "click")[part(page).told]
    )
    assert Limits() != site.workspace.quota.limits


def test_a_double_click_makes_one_job(visitor, page, site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    jobs = [
        someone.client.submit(someone.token, *settings(someone), fn_index=someone._event(
            page.train.start, "click")[0])
        for _ in range(2)
    ]  # fmt: skip
    failed = [each.exception(timeout=60) for each in jobs]
    assert len(someone.owner.runs()) == 1
    assert sum(each is not None for each in failed) == 1


def test_nothing_is_asked_regularly_before_it_is_known_who_is_there(page) -> None:
    """On a slow computer the page would greet whoever is new here with an error."""
    timers = [each for each in page.blocks.blocks.values() if each.get_block_name() == "timer"]
    assert len(timers) > 3
    assert [each for each in timers if each.active and each.value < 60] == []
