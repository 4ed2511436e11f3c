"""What is said of the risk, for counts as they are on the page."""

import pytest

from gui.core import risk, vgg16
from gui.steps import risks


def told(point: str, pictures: int, head: vgg16.Head = "compact") -> str:
    counts = vgg16.count(point, head, 160, 5)
    return risks.told(risk.judge(counts, pictures, head))


def test_it_names_the_share_the_weights_and_the_pictures():
    said = told("block4_conv1", 60)
    assert said.startswith("**Risk of memorising: high.** 88% of the weights (13,111,813) would")
    assert "learn from 60 pictures: it may memorise them" in said
    assert said.endswith("Choose a later freeze point, or add pictures.")


def test_a_low_risk_says_why():
    said = told("head", 160)
    assert said.startswith("**Risk of memorising: low.** 0.9% of the weights (132,613) would learn")
    assert "may memorise" not in said


@pytest.mark.parametrize(
    ("point", "pictures", "head", "remedy"),
    [
        ("head", 10, "compact", "it may memorise some of them. More pictures would lower it."),
        ("block5_conv1", 1000, "compact", "A later freeze point or more pictures would lower it."),
        ("head", 160, "classic", "Choose the compact head, or add pictures."),
        ("head", 5000, "classic", "The compact head or more pictures would lower it."),
        ("head", 2, "compact", "in common. Add pictures."),
    ],
)
def test_the_advice_is_one_that_can_be_followed(point, pictures, head, remedy):
    assert remedy in told(point, pictures, head)
