"""A division whose pictures are mended: none changes its side."""

from hypothesis import given
from hypothesis import strategies as st

from gui.core import mending, split
from gui.core.dataset import Edit
from gui.core.errors import PicturesError
from tests.core.likenesses import dataset
from tests.core.visitors import refusal


@given(st.data(), st.integers(0, 2**32))
def test_correcting_a_split_moves_no_picture_to_another_side(data, seed):
    given_set = dataset(a=[None] * 8, b=[None] * 8, c=[None] * 8)
    divided = split.divide(given_set, 0.25, seed, 0.2)
    every = [each.sha256 for side in (divided.train, divided.validation) for each in side]
    chosen = data.draw(st.lists(st.sampled_from(every), max_size=6, unique=True))
    edits = [Edit(each, data.draw(st.sampled_from(["a", "b", "c", None]))) for each in chosen]
    decided = {each.sha256: each.to for each in edits}
    left = [
        {decided.get(each.sha256, divided.labels[each.label]) for each in side} - {None}
        for side in (divided.train, divided.validation)
    ]
    if left != [set(divided.labels)] * 2:
        told = refusal(PicturesError, mending.corrected, divided, edits)
        assert "would have no picture left" in told
        return
    after = mending.corrected(divided, edits)
    for before, now in ((divided.train, after.train), (divided.validation, after.validation)):
        expected = {
            each.sha256: decided.get(each.sha256, divided.labels[each.label])
            for each in before
            if decided.get(each.sha256, "") is not None
        }
        assert {each.sha256: after.labels[each.label] for each in now} == expected
        assert [(each.label, each.name) for each in now] == sorted(
            (each.label, each.name) for each in now
        )
        assert all(each.name.startswith(after.labels[each.label] + "/") for each in now)
    assert after.test == divided.test
    names = [each.name for side in (after.train, after.validation, after.test) for each in side]
    assert len(set(names)) == len(names)


def test_a_split_is_corrected_only_where_it_can_be():
    divided = split.divide(dataset(a=[None] * 4, b=[None] * 4))
    (checked,) = (each for each in divided.validation if each.label == 0)
    assert refusal(PicturesError, mending.corrected, divided, [Edit(checked.sha256, "b")]) == (
        "“a” would have no picture left to check with. Leave one of its pictures where it is, or "
        "add others and train again."
    )
    learned = [Edit(each.sha256, None) for each in divided.train if each.label == 1]
    assert "no picture left to learn from" in refusal(
        PicturesError, mending.corrected, divided, learned
    )
    assert "“z” is no class of this training." in refusal(
        PicturesError, mending.corrected, divided, [Edit(checked.sha256, "z")]
    )
    strangers = [Edit("0" * 64, "z"), Edit("1" * 64, None)]
    assert mending.corrected(divided, strangers) == divided
