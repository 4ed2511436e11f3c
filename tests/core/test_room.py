import time
from concurrent.futures import ThreadPoolExecutor

from gui.core.room import Room


def test_who_wants_much_room_is_not_overtaken_for_ever():
    room, order = Room(10), []

    def take(pixels):
        with room.take(pixels):
            order.append(pixels)

    with ThreadPoolExecutor(2) as pool:
        with room.take(5):
            large = pool.submit(take, 10)
            until = time.monotonic() + 10
            while not room._first.locked() and time.monotonic() < until:
                time.sleep(0.001)
            small = pool.submit(take, 1)
            time.sleep(0.1)
            assert order == []
        large.result(10)
        small.result(10)
    assert order == [10, 1]
