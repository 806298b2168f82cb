"""Addresses that are of a release, and questions that are the same."""

import pytest

from api.pinned import at_release, in_text, same_question


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/v1/series/a/b", "/v1/series/a/b?release=2"),
        ("/v1/regions?q=x", "/v1/regions?q=x&release=2"),
        ("https://host/base/v1/regions", "https://host/base/v1/regions?release=2"),
        ("/v1/catalog#figures", "/v1/catalog?release=2#figures"),
        ("/v1/regions?release=1", "/v1/regions?release=1"),
        ("/v1/regions?as_of=2026-01-01", "/v1/regions?as_of=2026-01-01"),
        ("/v1/releases/2/download.csv", "/v1/releases/2/download.csv"),
        ("/v1/releases", "/v1/releases"),
        ("/v1/methods", "/v1/methods"),
        ("/docs", "/docs"),
        ("https://elsewhere/data", "https://elsewhere/data"),
    ],
)
def test_an_address_is_of_a_release_where_it_can_be(address: str, expected: str) -> None:
    assert at_release(address, 2) == expected


def test_addresses_in_a_sentence_are_of_the_release() -> None:
    text = "See /v1/indices/x?edition=2024. Or /v1/methods, or http://host/v1/regions (/v1/levels)."
    assert in_text(text, 1) == (
        "See /v1/indices/x?edition=2024&release=1. Or /v1/methods, or http://host/v1/regions (/v1/levels?release=1)."
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/v1/a?x=1&y=2", "/v1/a?y=2&x=1&release=3&limit=5", True),
        ("/v1/a?x=1%2C2", "/v1/a?x=1,2", True),
        ("/v1/a.csv?x=1", "/v1/a?x=1&format=json", True),
        ("/v1/a?x=1", "/v1/a?x=2", False),
        ("/v1/a", "/v1/a?x=1", False),
        ("/v1/a", "/v1/b", False),
    ],
)
def test_whether_two_addresses_ask_the_same(one: str, other: str, *, same: bool) -> None:
    assert same_question(one, other) is same
