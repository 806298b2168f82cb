"""Caches: what is kept stays within the budget that they share, whoever keeps it."""

from concurrent.futures import ThreadPoolExecutor

from api.caches import Caches


def test_values_are_found_in_the_order_asked_for():
    cache = Caches(1_000).series
    cache.put("a", 1, 10)
    cache.put("b", 2, 10)
    assert cache.get_all(["b", "c", "a"]) == [2, None, 1]
    assert (cache.hits, cache.misses) == (2, 1)
    assert cache.get("a") == 1 and cache.get("c") is None
    assert (cache.hits, cache.misses) == (3, 2)


def test_the_longest_unused_is_dropped():
    cache = Caches(80).series
    for key in "abcdefgh":
        cache.put(key, key, 10)
    cache.get("a")
    cache.put("i", "i", 10)
    cache.put("j", "j", 10)
    assert cache.get_all("abcd") == ["a", None, None, "d"]


def test_what_is_looked_up_is_not_the_next_to_go_however_often_it_is():
    cache = Caches(80).series
    for key in "abcdefgh":
        cache.put(key, key, 10)
    for number in range(20):
        assert cache.get_all("bca") == ["b", "c", "a"]
        cache.put(f"another {number}", number, 10)
    assert cache.get_all("abc") == ["a", "b", "c"] and len(cache) == 8
    assert cache.get_all("defgh") == [None] * 5


def test_a_value_takes_the_place_of_the_one_before():
    cache = Caches(800).series
    for size in (10, 100, 20):
        cache.put("a", size, size)
    assert cache.get("a") == 20
    assert (len(cache), cache.held) == (1, 20)


def test_one_value_is_never_more_than_an_eighth():
    cache = Caches(80).series
    cache.put("a", 1, 11)
    assert cache.get("a") is None
    cache.put("a", 1, 10)
    cache.put("a", 2, 11)  # it is another value now, which is too large
    assert cache.largest == 10 and cache.get("a") is None and cache.held == 0


def test_one_cache_takes_from_the_others_what_they_do_not_use():
    caches = Caches(80)
    for number in range(8):
        caches.series.put(number, number, 10)
    caches.series.get(0)
    caches.groups.put(0, "another value under the same key", 10)
    caches.responses.put(0, "and another", 10)
    assert [cache.held for cache in caches.all()] == [10, 60, 10]
    assert caches.series.get_all([0, 1, 2, 3]) == [0, None, None, 3]
    assert caches.groups.get(0) == "another value under the same key" and caches.responses.get(0) == "and another"


def test_no_budget_keeps_nothing_and_neither_does_a_cache_that_is_not_used():
    for caches in (Caches(0), Caches(1_000, used=["responses", "groups"])):
        caches.series.put("a", 1, 1)
        assert not caches.series.used and len(caches.series) == 0 and caches.series.get("a") is None
    assert caches.groups.used


def test_threads_leave_the_counts_right():
    caches = Caches(1_000)

    def use(start):
        cache = caches.all()[start % 3]
        for number in range(start, start + 2_000):
            cache.put(number % 97, number, number % 50 + 1)
            cache.get_all([number % 31, number % 97])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))
    entries = caches.series._entries
    assert sum(cache.held for cache in caches.all()) == sum(entry.size for entry in entries.values()) <= 1_000
    assert sum(map(len, caches.all())) == len(entries)
    assert sum(cache.hits + cache.misses for cache in caches.all()) == 8 * 2_000 * 2
