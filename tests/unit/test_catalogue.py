"""The catalogue's own rules: validity of codes, search, and the text that a search compares."""

import pytest

from api.catalogue import Region, Succession, fold


def region(valid_from=None, valid_to=None, successors=()):
    return Region(
        id=1, code="E1", name="X", levels=("other",), label="X (Other)", valid_from=valid_from, valid_to=valid_to,
        latitude=None, longitude=None, centroid=None, hexagon=None, successors=successors,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "day", "valid"),
    [
        (None, None, "1900-01-01", True),
        ("2023-04-01", None, "2023-03-31", False),
        ("2023-04-01", None, "2023-04-01", True),
        (None, "2023-03-31", "2023-03-31", True),
        (None, "2023-03-31", "2023-04-01", False),
        ("2025", None, "2024-12-31", False),
        ("2025", None, "2025-01-01", True),
        (None, "2024", "2024-12-31", True),
        (None, "2024", "2025-01-01", False),
    ],
)
def test_a_code_is_valid_from_its_first_to_its_last_day(valid_from, valid_to, day, valid):
    assert region(valid_from, valid_to).valid_on(day) is valid


def test_a_recoded_region_without_a_date_is_gone():
    assert not region(successors=(Succession(region=2, kind="recoded"),)).valid_on("2024-01-01")
    assert region(successors=(Succession(region=2, kind="reorganised"),)).valid_on("2024-01-01")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kingston upon Hull, City of", "kingston upon hull city of"),
        ("King's Lynn & West Norfolk", "kings lynn west norfolk"),
        ("Ynys Môn", "ynys mon"),
        ("  A--B ", "a b"),
        ("£££", ""),
    ],
)
def test_case_accents_and_punctuation_do_not_count(text, folded):
    assert fold(text) == folded
