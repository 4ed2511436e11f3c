import pytest

from gui.core.events import Batch


def test_time_left_is_told_from_the_second_step_of_a_phase_on(prepare, train) -> None:
    """The first one also builds what it runs, so it says nothing about the others."""
    told = train(prepare(epochs=3, head_epochs=2, freeze_point="block5_conv3", batch_size=8))
    steps = [each for each in told if isinstance(each, Batch)]
    assert steps[0].batches > 1
    unknown = [(each.epoch, each.batch) for each in steps if each.eta_s is None]
    assert unknown == [(1, 1), (3, 1)]
    first, second = steps[:2]
    left = 2 * first.batches - 2  # both epochs of the head
    assert second.eta_s == pytest.approx((second.at - first.at) * left)
    assert all(each.eta_s >= 0 for each in steps if each.eta_s is not None)
    assert steps[-1].eta_s == 0
