"""A measurement of this machine: soon done, sane, and stored as it is."""

import dataclasses
import time

import pytest

from gui.core import machine, vgg16
from gui.core.machine import Speeds
from gui.engine import calibration, network

BLOCKS = 5


@pytest.fixture(scope="module")
def measured(weights) -> tuple[Speeds, float, float]:
    """The speeds, and how many seconds of the wall's clock and of processors they took."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    speeds = calibration.measure(weights)
    return speeds, time.perf_counter() - begun, time.process_time() - begun_cpu


def test_it_is_soon_done(measured) -> None:
    _, _, cpu_s = measured
    assert cpu_s / machine.processors() < 8  # half of that on a machine that does nothing else


def test_every_number_is_one_that_a_computer_can_have(measured) -> None:
    speeds, _, _ = measured
    for name in ("forward_macs", "backward_macs"):
        assert all(1e9 < each < 1e14 for each in getattr(speeds, name)), speeds
    for name in ("frozen_fixed_s", "frozen_pixel_s"):
        assert len(getattr(speeds, name)) == BLOCKS
        assert all(0 < each < 1 for each in getattr(speeds, name)), speeds
    assert 1e-10 < speeds.weight_s < 1e-6
    assert 1e-4 < speeds.step_s < 0.5
    assert 0.05 < speeds.building_s < 20
    assert 0 < speeds.reading_byte_s < 1e-5


def test_it_can_be_kept(measured, tmp_path) -> None:
    speeds, _, _ = measured
    machine.remember(tmp_path / "machine.json", speeds, 5.0)
    assert machine.recall(tmp_path / "machine.json", 5.0) == speeds
    assert machine.speeds_from(dataclasses.asdict(speeds)) == speeds


def test_blocks_together_are_a_whole_pass(weights, monkeypatch) -> None:
    """With a network that takes known times, the parts come out as they are."""
    now = [0.0]
    monkeypatch.setattr(calibration.time, "perf_counter", lambda: now[0])
    opened = _Timed(now)
    fixed, pixel = zip(*calibration._frozen(opened), strict=True)
    assert sum(fixed) == pytest.approx(5 * 0.002)
    assert sum(pixel) == pytest.approx(5 * 1e-7)


class _Timed(network.Network):
    """Takes 2 ms a block and a tenth of a microsecond for each pixel of the picture."""

    def __init__(self, now: list[float]) -> None:
        self._now, self._pixels = now, 0

    def run(self, start, batch, places):
        if start == network.PICTURES:
            self._pixels = batch.shape[1] ** 2
        ends = [network.PICTURES, *calibration._ENDS]
        for place in places:
            blocks = ends.index(place) - ends.index(start)
            self._now[0] += blocks * (0.002 + 1e-7 * self._pixels)
        shape = (1, *vgg16.shape_before(places[-1], 64))
        return {place: batch.reshape(-1)[:1].repeat(shape[1]) for place in places}
