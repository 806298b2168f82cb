"""Names of places within a sentence."""

import pytest

from api.answers.articles import the


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("United Kingdom", "the United Kingdom"), ("South West", "the South West"),
        ("West Midlands", "the West Midlands"),
        ("East of England", "the East of England"), ("Isle of Wight", "the Isle of Wight"),
        ("Isles of Scilly", "the Isles of Scilly"), ("Vale of Glamorgan", "the Vale of Glamorgan"),
        ("City of London", "the City of London"), ("Scottish Borders", "the Scottish Borders"),
        ("Orkney Islands", "the Orkney Islands"), ("Derbyshire Dales", "Derbyshire Dales"),
        ("London", "London"), ("Wales", "Wales"), ("North East Derbyshire", "North East Derbyshire"),
        ("South West Wales", "South West Wales"), ("Kingston upon Hull, City of", "Kingston upon Hull"),
        ("Yorkshire and The Humber", "Yorkshire and The Humber"),
        ("West of England", "the West of England"), ("Dudley", "Dudley"),
        ("Inner London - West", "Inner London \u2013 West"),
    ],
)  # fmt: skip
def test_a_name_has_the_article_that_it_takes(name, within):
    assert the(name) == within


def test_a_label_has_that_of_its_name():
    assert the("West Midlands", "West Midlands (ITL 1 region)") == "the West Midlands (ITL 1 region)"
    assert the("Dudley", "Dudley (Local authority)") == "Dudley (local authority)"
    assert the("United Kingdom", "United Kingdom (United Kingdom)") == "the United Kingdom"
