"""Look-alikes stay together, for any pictures, shares and seed."""

import time
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.core import split
from gui.core.dataset import Dataset
from gui.core.errors import SettingError
from gui.core.split import counts, divide
from tests.core.likenesses import dataset, picture

groups = st.one_of(st.none(), st.integers(0, 12))
classes = st.dictionaries(
    st.sampled_from("abcd"), st.lists(groups, min_size=2, max_size=16), min_size=2
)
shares, tests = st.floats(0.1, 0.5), st.sampled_from([0.0, 0.2, 0.4])
seeds = st.integers(0, 2**32)


def on(result):
    """For each digest the name of its side."""
    return {
        each.sha256: side
        for side in ("train", "validation", "test")
        for each in getattr(result, side)
    }


def together(given_set, result):
    """For each group of look-alikes the sides that its pictures are on."""
    found, where = defaultdict(set), on(result)
    for each in given_set.classes:
        for one in each.pictures:
            if one.likeness:
                found[one.likeness].add(where[one.sha256])
    return found


def can_be_divided(given):
    """Each class has a picture like no other, to learn from and to check with."""
    return {name: [*members, None, None] for name, members in given.items()}


@given(classes, shares, tests, seeds)
def test_no_group_is_on_two_sides_and_each_class_is_on_both(given_groups, share, test, seed):
    given_set = dataset(**can_be_divided(given_groups))
    result = divide(given_set, share, seed, test)
    assert all(len(found) == 1 for found in together(given_set, result).values())
    numbers = counts(given_set, result)
    for each in given_set.classes:
        learning, checking, testing = numbers[each.name]
        assert min(learning, checking) > 0
        assert learning + checking + testing == len(each.pictures)
    assert len(on(result)) == sum(len(each.pictures) for each in given_set.classes)


@given(classes, shares, tests, seeds)
def test_whatever_is_given_each_class_has_both_sides(given_groups, share, test, seed):
    given_set = dataset(**given_groups)
    result = divide(given_set, share, seed, test)
    assert all(each.train and each.validation for each in counts(given_set, result).values())
    assert divide(given_set, share, seed, test) == result


@given(classes, shares, tests, seeds, st.randoms())
def test_neither_names_nor_order_matter(given_groups, share, test, seed, chance):
    given_set = dataset(**given_groups)
    shuffled = []
    for each in given_set.classes:
        pictures = list(each.pictures)
        chance.shuffle(pictures)
        shuffled.append(type(each)(each.name, tuple(pictures)))
    other = Dataset(given_set.root, tuple(shuffled))
    assert on(divide(other, share, seed, test)) == on(divide(given_set, share, seed, test))


@given(st.integers(2, 40), st.integers(2, 40), shares, seeds, st.integers(1, 5))
def test_adding_pictures_moves_hardly_any_also_with_a_test_part(one, other, share, seed, more):
    few = dataset(a=[None] * one, b=[None] * other)
    many = dataset(a=[None] * (one + more), b=[None] * (other + more))
    before, after = on(divide(few, share, seed, 0.2)), on(divide(many, share, seed, 0.2))
    assert sum(after[each] != side for each, side in before.items()) <= 8 * more


@given(st.integers(0, 30), seeds)
def test_a_test_part_changes_nothing_about_what_is_checked_with(extra, seed):
    given_set = dataset(a=[None] * (10 + extra), b=[None] * 10)
    plain, tested = divide(given_set, 0.2, seed), divide(given_set, 0.2, seed, 0.2)
    assert tested.validation == plain.validation
    assert not plain.test
    assert counts(given_set, tested)["b"] == (6, 2, 2)
    assert len(tested.test) == round((10 + extra) * 0.2) + 2


@given(seeds)
def test_a_burst_counts_as_one_and_is_learned_from(seed):
    given_set = dataset(owl=[1] * 32 + [None] * 8, cat=[None] * 40)
    result = divide(given_set, 0.2, seed)
    assert together(given_set, result).popitem()[1] == {"train"}
    assert counts(given_set, result)["owl"] == (38, 2, 0)  # 2 of 9: look-alikes count as one


@given(seeds)
def test_pairs_that_stand_in_two_classes_are_divided_as_pairs(seed):
    given_set = dataset(shut=list(range(20)), open=list(range(20)))
    result = divide(given_set, 0.2, seed)
    assert set(map(len, together(given_set, result).values())) == {1}
    assert counts(given_set, result) == {"open": (16, 4, 0), "shut": (16, 4, 0)}


def test_a_class_that_looks_all_the_same_is_divided_all_the_same():
    given_set = dataset(owl=[1] * 10, cat=[None] * 10)
    result = divide(given_set, 0.2, 0)
    assert counts(given_set, result) == {"cat": (8, 2, 0), "owl": (8, 2, 0)}


def test_look_alikes_of_what_came_divided_go_where_it_is_learned():
    train, validation = picture("t1", 1, "train"), picture("v1", 1, "validation")
    kept, tested = picture("v2", None, "validation"), picture("x1", 1, "test")
    alone = picture("x2", None, "test")
    added = picture("added", 2), picture("checked", 2, "validation")
    given_set = dataset(
        a=[train, validation, kept, tested, alone, *added], b=[None] * 5, c=[1, None, None]
    )
    where = on(divide(given_set, 0.3, 5))
    assert [where[each.sha256] for each in (train, validation, tested)] == ["train"] * 3
    assert [where[each.sha256] for each in (kept, *added)] == ["validation"] * 3
    assert where[alone.sha256] == "test"
    assert where[given_set.named("c").pictures[0].sha256] == "train"


def test_a_class_with_a_test_folder_has_that_and_no_other():
    own = [picture(f"x{n}", None, "test") for n in range(3)]
    given_set = dataset(a=[*own, *[None] * 10], b=[None] * 10)
    numbers = counts(given_set, divide(given_set, 0.2, 0, 0.2))
    assert numbers == {"a": (8, 2, 3), "b": (6, 2, 2)}
    alone = dataset(a=own, b=[None] * 3, c=[None] * 3)
    assert alone.labels == ("b", "c")  # nothing to learn it from


@given(classes, seeds)
def test_division_and_record_survive_the_file(given_groups, seed):
    result = divide(dataset(**given_groups), 0.3, seed, 0.2)
    assert split.from_json(split.to_json(result)) == result


def test_a_file_of_before_there_was_a_test_part_is_read():
    result = divide(dataset(a=[None] * 5, b=[None] * 5))
    stored = split.to_json(result)
    assert stored.pop("test") == []
    assert split.from_json(stored) == result


@pytest.mark.parametrize("share", [-0.1, 0.8, 1.0, float("nan")])
def test_a_test_share_that_leaves_nothing_is_refused(share):
    with pytest.raises(SettingError, match=r"The share for testing must lie between 0 and 0.8"):
        divide(dataset(a=[None] * 5, b=[None] * 5), 0.2, 0, share)


def test_ten_thousand_pictures_in_a_thousand_classes_are_divided_soon():
    given_set = dataset(**{f"c{n:04d}": [None] * 10 for n in range(1_000)})
    began = time.process_time()
    divide(given_set)
    assert time.process_time() - began < 3
