"""What is kept of a person, told on the page; all of it deleted there; limits in a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from gui.core.limits import PUBLIC, Limits
from tests.page.visitors import refusal, settings, train


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
    arrival = [page.token, page.train.link, page.signed_in]
    index = next(at for at, does in page.blocks.fns.items() if does.outputs == arrival)
    token, link, _ = someone.client.predict(someone.token, fn_index=index)
    assert token == link != someone.token
    assert site.workspace.owner(token).runs() == []


def test_keeping_it_closes_the_question(visitor, page, site) -> None:
    someone = visitor()
    site.take_samples(someone.owner, lambda *_: None)
    someone.does(part(page).ask, "click")
    kept = someone.does(part(page).keep, "click")
    assert "200 pictures" in kept[part(page).told]
    assert someone.owner.open_dataset


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
