"""What is said about pictures that look almost the same."""

from gui.core import lookalikes
from gui.core.split import divide
from tests.core.likenesses import dataset, picture


def test_a_class_that_is_one_burst_is_told_so():
    given = dataset(owl=[1] * 32 + [None] * 8, cat=[2] * 3 + [None] * 37, eel=[3] * 10 + [4] * 20)
    assert lookalikes.bursts(given) == {
        "eel": "20 of the 30 pictures of “eel” look almost the same. They count as one when "
        "dividing, and the score will say little about a new “eel”. Take pictures of others, in "
        "other places and light.",
        "owl": "32 of the 40 pictures of “owl” look almost the same. They count as one when "
        "dividing, and the score will say little about a new “owl”. Take pictures of others, in "
        "other places and light.",
    }


def test_two_sights_and_all_of_them():
    two = dataset(owl=[1] * 10 + [2] * 10 + [None] * 5, cat=[3] * 6, dog=[None, None])
    found = lookalikes.bursts(two)
    assert found["owl"].startswith(
        "20 of the 25 pictures of “owl” show only two sights. Each sight counts as one when"
    )
    assert found["cat"].startswith("All 6 pictures of “cat” look almost the same.")
    assert "dog" not in found


def test_a_few_pairs_and_a_set_without_looks_are_no_burst():
    assert not lookalikes.bursts(dataset(a=[1, 1, 2, 2], b=[None] * 9))
    assert not lookalikes.warnings(
        dataset(a=[None] * 9, b=[None] * 9), divide(dataset(a=[None] * 9, b=[None] * 9))
    )


def test_look_alikes_in_two_classes_are_listed():
    given = dataset(cat=[1, None, None, 2], dog=[None, 1, 1, None], emu=[3, 3, None])
    (found,) = lookalikes.across(given)
    assert [(name, one.name) for name, one in found.members] == [
        ("cat", "cat000.jpg"),
        ("dog", "dog001.jpg"),
        ("dog", "dog002.jpg"),
    ]
    assert lookalikes.warnings(given, divide(given)) == (
        "These look almost the same, in different classes: cat/cat000.jpg, dog/dog001.jpg, "
        "dog/dog002.jpg",
    )
    many = dataset(cat=[1] * 6 + [None] * 9, dog=[1, *[None] * 9])
    assert lookalikes.across(many)[0].names.endswith("cat/cat003.jpg and 3 more pictures")


def test_a_class_that_could_not_be_divided_is_told_so():
    given = dataset(owl=[1] * 10, cat=[None] * 10)
    divided = divide(given)
    assert lookalikes.torn(given, divided) == ("owl",)
    assert lookalikes.warnings(given, divided)[1] == (
        "“owl” couldn't be divided without look-alikes on both sides, so its score will look "
        "better than it is. Add pictures that look different."
    )
    almost = dataset(owl=[1] * 9 + [None], cat=[None] * 10)
    assert not lookalikes.torn(almost, divide(almost))


def test_test_pictures_that_are_known_from_learning_are_told():
    tested = [picture(f"t{n}", n, "test") for n in range(3)]
    given = dataset(cat=[*tested, 0, 1, None, None], dog=[None] * 5)
    divided = divide(given)
    assert lookalikes.moved_from_test(given, divided) == 2
    assert [each.name for each in divided.test] == ["cat/t2.jpg"]
    assert lookalikes.warnings(given, divided) == (
        "2 pictures of the test folder look almost like others that are learned from or checked "
        "with, so they are no test and stand with those.",
    )


def test_which_classes_have_look_alikes_on_several_sides_and_when_nobody_knows():
    given = dataset(owl=[1] * 10, cat=[2, 2, 2, 3, 4, 5, 6, 7, 8, 9])
    divided = divide(given)
    looks = {each.sha256: each.likeness for kind in given.classes for each in kind.pictures}
    assert lookalikes.on_several_sides(divided, looks) == ("owl",)
    # Of one picture nobody knows its looks: what is found is found all the same.
    owl = divided.train[-1].sha256
    assert lookalikes.on_several_sides(divided, {**looks, owl: ""}) == ("owl",)
    calm = dataset(owl=range(10), cat=range(20, 30))
    divided = divide(calm)
    looks = {each.sha256: each.likeness for kind in calm.classes for each in kind.pictures}
    assert lookalikes.on_several_sides(divided, looks) == ()
    assert lookalikes.on_several_sides(divided, {**looks, divided.train[0].sha256: ""}) is None
    assert lookalikes.on_several_sides(divided, {}) is None
