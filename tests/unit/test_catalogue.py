"""The catalogue's own rules: validity of codes, search, and the text that a search compares."""

from dataclasses import replace

import pytest

from api.catalogue import ANY_DAY, Region, Succession, fold
from api.catalogue.sets import RegionSets


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


class Known(RegionSets):
    """Two regions of one level, of which one has ended, and one of another."""

    def __init__(self):
        named = [("E3", "wide", None), ("E2", "small", "2020-12-31"), ("E1", "small", None)]
        self.regions = {
            number: replace(region(valid_to=end), id=number, code=code, levels=(level,))
            for number, (code, level, end) in enumerate(named)
        }


@pytest.mark.parametrize("backwards", [False, True])
def test_regions_are_listed_by_level_and_day_whatever_was_asked_before(backwards):
    """Each mix is kept by itself: without a part of its key one would be answered with another."""
    wanted = {
        (("small",), "2020-12-31"): "E1 E2",
        (("small",), "2021-01-01"): "E1",
        (("small",), ANY_DAY): "E1 E2",
        (("wide",), "2021-01-01"): "E3",
        (("wide", "small"), "2021-01-01"): "E1 E3",
        (None, "2021-01-01"): "E1 E3",
        (None, ANY_DAY): "E1 E2 E3",
        ((), ANY_DAY): "",
    }
    known = Known()
    for _ in range(2):
        for levels, day in reversed(wanted) if backwards else wanted:
            assert " ".join(item.code for item in known.listed(levels, day)) == wanted[levels, day]


def test_what_is_kept_of_days_has_an_end_and_nothing_is_mixed_up():
    known = Known()
    for year in range(1900, 2100):
        listed = known.listed(("small",), f"{year}-06-01")
        assert [item.code for item in listed] == (["E1", "E2"] if year <= 2020 else ["E1"])
        assert len(known._listed) <= 32
