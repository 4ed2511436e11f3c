import hashlib
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import configuration, given, settings
from hypothesis import strategies as st

from gui.core import corrections, split
from gui.core.dataset import Dataset, Edit, Picture, PictureClass
from gui.core.errors import PicturesError, SettingError
from gui.core.split import Labelled, Split, counts, divide

# Its own files would lie beside the code otherwise.
configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "freezepoint-hypothesis")
settings.register_profile("calm", deadline=None)  # a busy machine is no mistake
settings.load_profile("calm")


def picture(key, part=None):
    return Picture(f"{key}.jpg", hashlib.sha256(key.encode()).hexdigest(), f"files/{key}", part)


def dataset(**classes):
    """Classes of (number of pictures) or of pictures."""
    return Dataset(
        Path("/nowhere"),
        tuple(
            PictureClass(
                name,
                tuple(picture(f"{name}{n:03d}") for n in range(given))
                if isinstance(given, int)
                else tuple(given),
            )
            for name, given in sorted(classes.items())
        ),
    )


sizes = st.dictionaries(st.sampled_from("abcdef"), st.integers(2, 40), min_size=2)
shares = st.floats(0.01, 0.99)
seeds = st.integers(0, 2**32)


def sides(result):
    return {each.sha256 for each in result.train}, {each.sha256 for each in result.validation}


@given(sizes, shares, seeds)
def test_every_picture_is_on_exactly_one_side_and_each_class_on_both(classes, share, seed):
    given_set = dataset(**classes)
    result = divide(given_set, share, seed)
    train, validation = sides(result)
    assert not train & validation
    assert len(result.train) + len(result.validation) == sum(classes.values())
    for name, (learning, checking, testing) in counts(given_set, result).items():
        number = classes[name]
        assert (learning, testing) == (number - checking, 0)
        assert checking == min(max(round(number * share), 1), number - 1)


@given(sizes, shares, seeds)
def test_order_is_by_class_then_name_and_labels_fit(classes, share, seed):
    result = divide(dataset(**classes), share, seed)
    assert result.labels == tuple(sorted(classes))
    for side in (result.train, result.validation):
        assert [each.name for each in side] == sorted(each.name for each in side)
        assert all(each.name.startswith(result.labels[each.label] + "/") for each in side)
    assert divide(dataset(**classes), share, seed) == result


@given(sizes, shares, seeds, st.integers(1, 5))
def test_adding_pictures_moves_hardly_any_of_the_others(classes, share, seed, more):
    before, _ = sides(divide(dataset(**classes), share, seed))
    grown = {name: number + more for name, number in classes.items()}
    after, _ = sides(divide(dataset(**grown), share, seed))
    old = {each.sha256 for one in dataset(**classes).classes for each in one.pictures}
    moved = (before ^ after) & old
    assert len(moved) <= more * len(classes)


@given(seeds)
@settings(max_examples=20)
def test_another_seed_is_another_division(seed):
    one, other = (divide(dataset(a=50, b=50), 0.3, each) for each in (seed, seed + 1))
    assert sides(one) != sides(other)
    assert len(one.validation) == len(other.validation) == 30


def test_neither_names_nor_order_nor_other_classes_change_a_division():
    plain = divide(dataset(a=20, b=20))
    pictures = dataset(a=20).classes[0].pictures[::-1]
    renamed = [
        Picture(f"new{number}", each.sha256, each.path) for number, each in enumerate(pictures)
    ]
    other = divide(dataset(a=renamed, b=20, c=9))
    digests = {each.sha256 for each in renamed}
    assert sides(plain)[1] & digests == sides(other)[1] & digests


def test_a_divided_class_stays_divided():
    given_set = dataset(
        a=[picture("1", "train"), picture("2", "validation"), picture("3", "validation")],
        b=[picture(f"b{n}", "train") for n in range(10)],
        c=[picture(f"c{n}", "validation") for n in range(10)],
    )
    result = divide(given_set)
    assert counts(given_set, result) == {"a": (1, 2, 0), "b": (8, 2, 0), "c": (8, 2, 0)}
    assert [each.name for each in result.train if each.label == 0] == ["a/1.jpg"]


def test_pictures_added_to_a_divided_class_go_by_the_share():
    added = [picture(f"new{n}") for n in range(10)]
    given_set = dataset(a=[picture("1", "train"), picture("2", "validation"), *added], b=4)
    assert counts(given_set, divide(given_set))["a"] == (9, 3, 0)
    one = dataset(a=[picture("1", "train"), picture("2", "validation"), picture("3")], b=4)
    assert counts(one, divide(one))["a"] == (2, 1, 0)


def test_the_same_bytes_are_never_on_both_sides():
    twin = Picture("twin.jpg", picture("a000").sha256, "files/twin")
    given_set = dataset(
        a=[*dataset(a=4).classes[0].pictures, twin], b=[*dataset(b=4).classes[0].pictures, twin]
    )
    with pytest.raises(PicturesError, match="1 picture stands in two classes: decide first"):
        divide(given_set)
    decided = corrections.correct(given_set, [Edit(twin.sha256, "b")])
    for seed in range(20):
        train, validation = sides(divide(decided, 0.5, seed))
        assert not train & validation
        assert len(train | validation) == 8


def test_a_class_of_one_picture_twice_is_refused():
    twins = [Picture(name, picture("x").sha256, f"files/{name}") for name in ("1", "2")]
    with pytest.raises(PicturesError) as caught:
        divide(dataset(a=twins, b=4))
    assert str(caught.value) == (
        "The pictures of “a” are all the same one. Add different pictures to it."
    )


def test_only_classes_that_take_part_are_divided():
    classes = (
        PictureClass("a", dataset(a=3).classes[0].pictures),
        PictureClass("b", dataset(b=3).classes[0].pictures, included=False),
        PictureClass("c", dataset(c=1).classes[0].pictures),
        PictureClass("d", dataset(d=3).classes[0].pictures),
    )
    given_set = Dataset(Path("/nowhere"), classes)
    result = divide(given_set)
    assert result.labels == ("a", "d")
    assert {each.label for each in result.train} == {0, 1}
    numbers = {"a": (2, 1, 0), "b": (0, 0, 0), "c": (0, 0, 0), "d": (2, 1, 0)}
    assert counts(given_set, result) == numbers


def test_a_set_that_is_not_ready_says_what_is_missing():
    with pytest.raises(PicturesError) as caught:
        divide(dataset(a=5))
    assert caught.value.what == "The pictures aren't ready to learn from."
    assert caught.value.hint.startswith("Only one class (“a”) is ready: a model needs at least two")


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, float("nan")])
def test_a_share_out_of_bounds_is_refused(share):
    with pytest.raises(SettingError) as caught:
        divide(dataset(a=5, b=5), share)
    assert str(caught.value) == (
        f"The share for checking must lie between 0 and 1, not be {share}. "
        "Choose 0.2: one picture in five."
    )


def test_a_labelled_picture_knows_its_file():
    result = divide(dataset(cat=2, dog=2))
    everything = sorted([*result.train, *result.validation], key=lambda each: each.name)
    assert everything[2] == Labelled("dog/dog000.jpg", picture("dog000").sha256, "files/dog000", 1)


def test_saved_and_loaded_it_is_the_same(tmp_path):
    result = divide(dataset(a=5, b=5))
    split.save(result, tmp_path / "split.json")
    assert split.load(tmp_path / "split.json") == result


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored.update(version=None),
        lambda stored: stored.pop("train"),
        lambda stored: stored.update(labels=[1, 2]),
        lambda stored: stored["train"][0].update(label=2),
        lambda stored: stored["train"][0].update(label=True),
        lambda stored: stored["train"][0].update(label="0"),
        lambda stored: stored["train"][0].update(path="a/../../b"),
        lambda stored: stored["train"][0].pop("name"),
    ],
)
def test_a_damaged_split_is_refused(change):
    stored = split.to_json(divide(dataset(a=5, b=5)))
    assert split.from_json(stored) == divide(dataset(a=5, b=5))
    change(stored)
    with pytest.raises(PicturesError, match=r"The list of pictures is damaged \("):
        split.from_json(stored)


def test_a_split_is_a_plain_value():
    assert Split((), (), ()) == Split((), (), ())


def test_counting_hundreds_of_classes_takes_one_look_at_each_picture():
    labels = tuple(f"{number:04d}" for number in range(2_000))
    learning = tuple(Labelled("x", "a" * 64, "x", n % 2_000) for n in range(60_000))
    classes = tuple(PictureClass(name, ()) for name in labels)
    began = time.perf_counter()
    counted = counts(Dataset(Path("/nowhere"), classes), Split(labels, learning, learning[:2_000]))
    assert time.perf_counter() - began < 1  # a look at each picture for each class takes 5
    assert set(counted.values()) == {(30, 1, 0)}
