import pytest

from gui.core import risk, vgg16


def judged(point, pictures, head="compact", size=160, classes=5):
    return risk.judge(vgg16.count(point, head, size, classes), pictures, head)


def test_each_level_begins_where_its_reasons_say():
    assert judged("head", 27).level == "low"
    assert judged("head", 26).level == "middle"
    assert judged("block1_conv1", 60).level == "high"
    assert judged("block1_conv1", 296).level == "high"
    assert judged("block1_conv1", 297).level == "middle"
    assert judged("head", 160, head="classic").level == "high"


def test_the_setting_that_the_lower_bound_comes_from_is_low():
    """Block 5 and a head of 2.1 million weights, 2,000 pictures."""
    counts = vgg16.Counts(16_812_353, 9_177_089, 7_635_264, 3, 10)
    assert risk.judge(counts, 2_000, "compact").level == "low"
    assert risk.judge(counts, 1_500, "compact").level == "middle"


def test_more_pictures_never_raise_it_and_more_frozen_layers_neither():
    order = ["low", "middle", "high"]
    by_pictures = [order.index(judged("block5_conv1", each).level) for each in range(1, 3000, 7)]
    assert by_pictures == sorted(by_pictures, reverse=True)
    assert set(by_pictures) == {0, 1, 2}
    by_point = [order.index(judged(each, 200).level) for each in vgg16.FREEZE_POINTS]
    assert by_point == sorted(by_point, reverse=True)


def test_the_facts_are_those_it_is_judged_by():
    found = judged("block4_pool", 60)
    counts = vgg16.count("block4_pool", "compact", 160, 5)
    assert (found.weights, found.pictures) == (counts.trainable, 60)
    assert found.share == counts.trainable / counts.total


def test_the_remedy_is_one_that_is_left():
    assert judged("block4_pool", 60, head="classic").remedy == "head"
    assert judged("head", 60, head="classic").remedy == "head"
    assert judged("block4_pool", 60).remedy == "freeze"
    assert judged("head", 5).remedy == "pictures"
    assert judged("block5_pool", 5).remedy == "pictures", "a pool has nothing to freeze"


def test_without_pictures_there_is_nothing_to_judge():
    with pytest.raises(ValueError, match="Received: 0"):
        judged("head", 0)
