"""Bodies: read into frozen values, without a catalogue or a database, and faulty at the place where they stand."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from api.answers.index.asked import AS_PUBLISHED, AskedIndex, AskedRegion
from api.errors import Problem
from api.filters import CalculationFilter
from api.schemas.index import by_address
from api.schemas.index.bodies import read
from api.schemas.index.calculations import CalculationBody
from api.schemas.index.choices import ChoicesBody

BODY = {"indicators": [{"id": "no-such-indicator"}], "regions": ["A", "B"]}
DATA = {"regions": ["r", {"id": "s", "group": "g"}], "values": {"x": [1, None]}}


def test_identifiers_are_as_they_were_written():
    asked = read(CalculationBody(), BODY, place="body")
    assert isinstance(asked, AskedIndex)
    assert (asked.indicators[0].id, asked.regions, asked.place) == ("no-such-indicator", ("A", "B"), "body")
    assert asked.text == '{"indicators":[{"id":"no-such-indicator"}],"regions":["A","B"]}'
    with pytest.raises(FrozenInstanceError):
        asked.title = "another"


def test_figures_of_ones_own():
    asked = read(CalculationBody(), {"indicators": [{"id": "x"}], "data": DATA}, place="body")
    assert asked.data.regions == (AskedRegion(id="r"), AskedRegion(id="s", group="g"))
    assert asked.data.earlier is None and asked.data.denominators == {}


def test_uncertainty_that_is_said_is_not_the_published_one():
    assert read(ChoicesBody(), {}, place="body").uncertainty is AS_PUBLISHED
    assert read(ChoicesBody(), {"uncertainty": None}, place="body").uncertainty is None
    said = read(ChoicesBody(), {"uncertainty": {}}, place="body").uncertainty
    assert said == AS_PUBLISHED and said is not AS_PUBLISHED


@pytest.mark.parametrize(
    ("ask", "place"),
    [
        (lambda: read(CalculationBody(), {"indicators": [{"id": 1}]}, place="body"), "body/indicators/0/id"),
        (lambda: read(CalculationBody(), {"indicators": [{"id": "x"}]}, place="body"), "body"),
        (lambda: by_address.definition(CalculationFilter(definition='{"data":{}}')), "query/definition/data"),
    ],
)
def test_a_fault_says_where_it_stands(ask, place):
    with pytest.raises(Problem) as caught:
        ask()
    assert caught.value.type.slug == "invalid-definition"
    assert [fault.path for fault in caught.value.faults] == [place]
    assert caught.value.detail.startswith(f"{place}: ")


def test_what_is_wrong_goes_on_with_the_rest():
    """So that what is wrong with the rest is told in the same answer."""
    asked = read(CalculationBody(), {**BODY, "include": ["draw"], "titel": "x"}, place="body")
    assert [fault.path for fault in asked.faults] == ["include/0", "titel"]
    assert asked.indicators[0].id == "no-such-indicator" and "scores" in asked.include
    chosen = by_address.choices(CalculationFilter(definition='{"without":[1],"edition":2024}'))
    assert [fault.path for fault in chosen.faults] == ["without/0"] and chosen.edition == 2024
