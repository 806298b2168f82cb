"""Room: what is kept stays within its bounds, whoever keeps it."""

from concurrent.futures import ThreadPoolExecutor

from api.room import Room


def test_what_is_kept_is_found_in_the_order_asked_for():
    room = Room(100)
    room.put("a", 1, 10)
    room.put("b", 2, 10)
    assert room.get(["b", "c", "a"]) == [2, None, 1]


def test_the_longest_unused_goes_first():
    room = Room(30)
    for key in "abc":
        room.put(key, key, 10)
    room.get(["a"])
    room.put("d", "d", 20)
    assert room.get(["a", "b", "c", "d"]) == ["a", None, None, "d"]


def test_a_value_takes_the_place_of_the_one_before():
    room = Room(30)
    for size in (10, 30, 20):
        room.put("a", size, size)
    room.put("b", 10, 10)
    assert room.get(["a", "b"]) == [20, 10]


def test_no_room_keeps_nothing():
    room = Room(0)
    room.put("a", 1, 1)
    assert len(room) == 0 and room.get(["a"]) == [None]


def test_threads_leave_the_count_right():
    room = Room(1_000)

    def use(start):
        for number in range(start, start + 2_000):
            room.put(number % 97, number, number % 50 + 1)
            room.get([number % 31, number % 97])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))
    assert room._bytes == sum(size for _, size in room._kept.values()) <= 1_000
