"""What simple mode hides is pointed to only where it stands in the bar."""

from dataclasses import replace
from typing import Any

from gui.core.site import Site
from gui.steps import journey
from tests.page.visitors import Visitor, told_in, train


def hidden(someone: Visitor) -> set[str]:
    """The steps that simple mode leaves out of the bar."""
    steps: list[dict[str, Any]] = journey.bar(someone.owner)["steps"]
    return {each["id"] for each in steps if each["more"]}


def title(someone: Visitor) -> str:
    return told_in(someone.page.test.show(someone.owner)[someone.page.test.title])


def test_runs_is_named_once_another_training_can_be_opened_there(trained, site: Site) -> None:
    someone, _ = trained
    assert hidden(someone) == {"compare", "runs"}
    assert title(someone).startswith("Testing **")
    assert "Runs" not in title(someone)
    train(someone, site)
    assert hidden(someone) == {"compare"}
    assert "Another training can be opened under Runs." in title(someone)


def test_runs_is_there_when_the_open_training_is_of_other_pictures(trained, site: Site) -> None:
    """Results then tells to open the training again under Runs."""
    someone, _ = trained
    site.take_samples(someone.owner, lambda *_: None)
    assert hidden(someone) == {"compare"}


def test_without_a_training_runs_is_named_only_if_there_is_an_earlier_one(trained, visitor) -> None:
    for someone, named in ((visitor(), False), (trained[0], True)):
        if named:
            someone.owner.open(replace(someone.owner.desk, run=""))
        for step in (someone.page.results, someone.page.test, someone.page.home):
            lacking = told_in(step.show(someone.owner)[step.missing])
            assert ("under Runs" in lacking) == named, lacking
            assert ("runs" not in hidden(someone)) == named
