"""Putting series together, by numbers that are small enough to be done by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from api.answers.merging import _merge, after_estimates
from api.answers.merging.held import Held
from api.answers.merging.values import Merged
from api.catalogue import Formula
from api.columns import RATIO, SUM, WEIGHTED
from api.queries.observations import Selection

WHOLE, NORTH, SOUTH, EAST, WEST = range(1, 6)
"""A place of a north and a south, of which the south was formed of an east and a west before."""
FORMED = {WHOLE: (NORTH, SOUTH), SOUTH: (EAST, WEST)}
COUNT, SHARE, LAND, RATE, BORN, FIRMS, PEOPLE = range(11, 18)
KINDS = {
    COUNT: ("count", "count", "people", None),
    SHARE: ("share", "rate", "% of premises", None),
    LAND: ("land", "rate", "% of area", None),
    RATE: ("birth-rate", "rate", "% of firms", Formula(numerator="born", factor=100.0, denominator="firms")),
    BORN: ("born", "count", "firms", None),
    FIRMS: ("firms", "count", "firms", None),
    PEOPLE: ("population", "count", "people", None),
}


def indicator(number):
    slug, measure, unit, formula = KINDS[number]
    return SimpleNamespace(id=number, slug=slug, measure=measure, unit=unit, formula=formula, decimals=1)


class Places:
    """The catalogue, as far as merging asks it."""

    def __init__(self):
        self.regions = {
            number: SimpleNamespace(
                id=number,
                code=f"R{number}",
                levels=("district",),
                predecessors=[SimpleNamespace(region=part, kind="merged") for part in FORMED.get(number, ())],
                successors=[SimpleNamespace(region=into) for into, of in FORMED.items() if number in of],
            )
            for number in (WHOLE, NORTH, SOUTH, EAST, WEST)
        }

    def place_of(self, region):
        return region

    def codes_of(self, region):
        return (region.id,)

    def indicator(self, slug):
        return next(indicator(number) for number, kind in KINDS.items() if kind[0] == slug)


def merged(of, figures, wanted=WHOLE):
    """What merging makes of figures: by indicator and region, of each year a value, or a value and a status."""
    places = Places()
    series = {}
    for (number, region), years in figures.items():
        for year, said in years.items():
            value, status = said if isinstance(said, tuple) else (said, "A")
            key = (f"{year}-01-01", "P1Y")
            series.setdefault((number, region), {})[key] = Merged(
                start=key[0], duration=key[1], period=str(year), value=value, status=status, method=SUM,
                parts=(f"R{region}",), files=frozenset({region}),
            )  # fmt: skip
    parts = tuple(places.regions[part] for part in FORMED[wanted])
    return _merge(Held(catalogue=places, series=series), indicator(of), parts)


def told(merging):
    return {item.period: (item.value, item.method, item.status) for item in merging.values.values()}


def reasons(merging):
    return dict(merging.failed.values())


def test_a_part_that_was_formed_itself_brings_what_its_parts_had():
    found = merged(COUNT, {(COUNT, NORTH): {2018: 1, 2020: 2}, (COUNT, EAST): {2018: 10}, (COUNT, WEST): {2018: 100},
                           (COUNT, SOUTH): {2020: 200}})  # fmt: skip
    assert told(found) == {"2018": (111, SUM, "A"), "2020": (202, SUM, "A")}
    assert [item.parts for item in found.values.values()] == [("R2", "R4", "R5"), ("R2", "R3")]


def test_a_share_is_weighted_by_the_people_of_the_nearest_year_and_of_two_by_the_earlier():
    people = {(PEOPLE, NORTH): {2019: 1000, 2021: 5000}, (PEOPLE, SOUTH): {2019: 3000, 2021: 5000}}
    found = merged(
        SHARE, {(SHARE, NORTH): {2020: 10.0, 2021: 10.0}, (SHARE, SOUTH): {2020: 90.0, 2021: 90.0}, **people}
    )
    assert told(found) == {"2020": (70.0, WEIGHTED, "E"), "2021": (50.0, WEIGHTED, "E")}
    assert all(item.files == {NORTH, SOUTH} for item in found.values.values())


def test_people_of_more_than_two_years_off_weigh_nothing():
    people = {(PEOPLE, NORTH): {2017: 1000}, (PEOPLE, SOUTH): {2018: 3000}}
    found = merged(SHARE, {(SHARE, NORTH): {2020: 10.0}, (SHARE, SOUTH): {2020: 90.0}, **people})
    assert reasons(found) == {"2020": "No population of R2 is held here within 2 years to weight it by."}


def test_a_share_of_land_is_not_weighted_by_people():
    people = {(PEOPLE, NORTH): {2020: 1000}, (PEOPLE, SOUTH): {2020: 3000}}
    found = merged(LAND, {(LAND, NORTH): {2020: 10.0}, (LAND, SOUTH): {2020: 90.0}, **people})
    assert told(found) == {} and "% of area cannot be put together" in reasons(found)["2020"]


@pytest.mark.parametrize(
    ("unit", "can_be"),
    [
        ("% of premises", True), ("% of people aged 16 to 64", True), ("per 100,000 population", True),
        ("% of 16 and 17-year-olds", True), ("% of area", False), ("% of businesses born in the year", False),
        ("% of premises with full fibre available", False), ("% of councils", False), ("% of output", False),
        ("% of jobs", False), ("£ per week", False), ("score", False), ("% of enterprises", False),
    ],
)  # fmt: skip
def test_what_can_be_weighted_by_people(unit, can_be, monkeypatch):
    monkeypatch.setitem(KINDS, SHARE, ("share", "rate", unit, None))
    people = {(PEOPLE, NORTH): {2020: 1000}, (PEOPLE, SOUTH): {2020: 3000}}
    found = merged(SHARE, {(SHARE, NORTH): {2020: 10.0}, (SHARE, SOUTH): {2020: 90.0}, **people})
    assert bool(found.values) == can_be


def test_a_rate_is_divided_anew_where_both_are_held_and_else_not_told():
    both = {
        (BORN, NORTH): {2020: 10},
        (BORN, SOUTH): {2020: 50},
        (FIRMS, NORTH): {2020: 100},
        (FIRMS, SOUTH): {2020: 200},
    }
    rates = {(RATE, NORTH): {2020: 10.0, 2021: 10.0}, (RATE, SOUTH): {2020: 25.0, 2021: 25.0}}
    found = merged(RATE, {**rates, **both})
    assert told(found) == {"2020": (20.0, RATIO, "A")} and set(reasons(found)) == {"2021"}
    nothing = merged(RATE, {**rates, **both, (FIRMS, NORTH): {2020: 0}, (FIRMS, SOUTH): {2020: 0}})
    assert told(nothing) == {}


def test_the_weakest_status_stands_and_a_break_before_all():
    found = merged(COUNT, {(COUNT, NORTH): {2018: (1, "P"), 2019: (1, "E"), 2020: (1, "B"), 2021: 1},
                           (COUNT, SOUTH): {2018: 1, 2019: (1, "P"), 2020: (1, "P"), 2021: 1}})  # fmt: skip
    assert [status for _, _, status in told(found).values()] == ["P", "E", "B", "A"]


def test_a_break_where_nothing_can_be_put_together_is_at_the_next_value():
    found = merged(COUNT, {(COUNT, NORTH): {2018: 1, 2019: (2, "B"), 2020: 3, 2021: 4},
                           (COUNT, SOUTH): {2018: 1, 2020: 3, 2021: 4}})  # fmt: skip
    assert told(found) == {"2018": (2, SUM, "A"), "2020": (6, SUM, "B"), "2021": (8, SUM, "A")}
    assert reasons(found) == {"2019": "There is no value of R3."}


def test_the_first_own_value_after_estimates_is_a_break_and_after_sums_is_not():
    own = [(SHARE, WHOLE, str(year), 5.0, "A", 0, f"{year}-01-01", "P1Y") for year in (2019, 2021, 2022)]
    people = {(PEOPLE, NORTH): {2020: 1}, (PEOPLE, SOUTH): {2020: 1}}
    shares = merged(SHARE, {(SHARE, NORTH): {2020: 1.0}, (SHARE, SOUTH): {2020: 2.0}, **people}).values
    assert [row[4] for row in after_estimates(own, shares)] == ["A", "B", "A"]
    sums = merged(COUNT, {(COUNT, NORTH): {2020: 1}, (COUNT, SOUTH): {2020: 2}}).values
    assert after_estimates(own, sums) == own


def test_sums_are_compared_by_the_rounding_of_all_parts_and_shares_by_that_of_one():
    def row(year, value, status="A"):
        return (0, WHOLE, str(year), value, status, 0, f"{year}-01-01", "P1Y")

    found = merged(COUNT, {(COUNT, NORTH): {2020: 1.0, 2021: 1.0, 2022: 1.0}, (COUNT, SOUTH): {2020: 2.0, 2021: 2.0,
                                                                                           2022: 2.0}})  # fmt: skip
    told_ = found.described(
        indicator(COUNT), {}, [row(2020, 3.15), row(2021, 3.2), row(2022, 9.0, "D")], Selection(release=1)
    )
    assert [(item["period"], item["agrees"]) for item in told_["compared"]] == [("2020", True), ("2021", False)]


def test_what_was_not_asked_for_is_not_told_of():
    found = merged(COUNT, {(COUNT, NORTH): {2018: 1, 2019: 1, 2020: 1}, (COUNT, SOUTH): {2018: 1}})
    asked = Selection(release=1, start_from="2020-01-01", start_to="2020-12-31")
    assert [item["period"] for item in found.described(indicator(COUNT), {}, [], asked)["not_merged"]] == ["2020"]
    own = [(COUNT, WHOLE, "2020", 2, "A", 0, "2020-01-01", "P1Y")]
    assert found.described(indicator(COUNT), {}, own, asked)["not_merged"] == []
