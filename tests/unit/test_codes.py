"""Codes of places: a slip leads to a code of the same kind, and nothing else does."""

import pytest

from api.catalogue.codes import kind_of, slips

KNOWN = ("E12000005", "E12000002", "E06000002", "E06000020", "E47000007", "TLC12", "TLG", "UKC1", "W06000015")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E1200005", ["E12000005"]),  # left out
        ("e120000005", ["E12000005"]),  # doubled
        ("E12000050", ["E12000005"]),  # exchanged
        ("E1200OOO5", ["E12000005"]),  # the letter for the digit
        ("E7000007", ["E47000007"]),  # the digit left out may be one of its kind
        ("E4700007", ["E47000007"]),
        ("E12000009", []),  # another digit is another place
        ("E60000002", []),  # of another kind
        ("W12000005", []),
        ("UKC12", ["TLC12"]),
        ("UKC21", []),
        ("TLC21", []),
        ("UKG", ["TLG"]),
    ],
)
def test_slips(text, expected):
    assert slips(text, KNOWN) == expected


@pytest.mark.parametrize("text", ["E06000099", "E99", "S12000099", "K99999999", "UKC12", "UKK", "TLZ99", "ukg31"])
def test_codes_are_told_from_names(text):
    assert kind_of(text).endswith(".")


@pytest.mark.parametrize("text", ["Leeds", "E", "UK", "UKX", "West Midlands", "Elmbridge", "", "12", "TL", "Telford"])
def test_names_are_no_codes(text):
    assert kind_of(text) is None
