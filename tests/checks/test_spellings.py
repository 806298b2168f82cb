"""Periods are read as councils and statistical offices write them."""

from __future__ import annotations

import pytest

from api.checks.spellings import american, parse


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Jul 2021 - Jun 2022", "2021-07-01/P1Y"),
        ("July 2021 to June 2022", "2021-07-01/P1Y"),
        ("Jul-21 \u2013 Jun-22", "2021-07-01/P1Y"),
        ("2021-07-01T00:00:00/P1Y", "2021-07-01/P1Y"),
        ("2024-03-31 00:00:00", "2024-03-31"),
        ("Q1 2024", "2024-Q1"),
        ("2024 Q1", "2024-Q1"),
        ("Q1 2023/24", "2023-Q2"),
        ("Q4 2023-24", "2024-Q1"),
        ("Mar-24", "2024-03"),
        ("Mar '99", "1999-03"),
        ("FY2023-24", "2023-04-01/P1Y"),
        ("FY23/24", "2023-04-01/P1Y"),
        ("2023-24", "2023/24"),
        ("2023 / 24", "2023/24"),
        ("2023\u201324", "2023/24"),
        ("23/24", "2023/24"),
        ("2023/2024", "2023/24"),
        ("31/03/2024", "2024-03-31"),
        ("01/04/2023", "2023-04-01"),
        ("1.4.2023", "2023-04-01"),
        ("31st March 2024", "2024-03-31"),
        ("1 April 2023 to 31 March 2024", "2023-04-01/P1Y"),
        ("01/04/2023 - 31/03/2024", "2023-04-01/P1Y"),
        ("Year ended 31 March 2024", "2023-04-01/P1Y"),
        ("12 months to June 22", "2021-07-01/P1Y"),
        ("mid-2023", "2023"),
        ("2024.0", "2024"),
    ],
)
def test_spellings(text, label):
    assert parse(text).label == label


@pytest.mark.parametrize("text", ["31/02/2024", "03/31/2024", "23/25", "Q1 2023/25", "soon", "12/13/14", "201112"])
def test_what_means_no_period_or_two_is_refused(text):
    with pytest.raises(ValueError, match="Write"):
        parse(text)


def test_the_american_order_is_known_where_it_can_be_told():
    assert [american(text) for text in ("03/31/2024", "31/03/2024", "03/04/2024", "2024")] == [
        "2024-03-31",
        *[None] * 3,
    ]
