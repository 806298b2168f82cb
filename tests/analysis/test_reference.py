"""The engine against a published index, stage by stage: the ASEM Sustainable Connectivity index, as COINr has it."""

import json
from pathlib import Path

import numpy as np
import pytest

from api.analysis import imputation, normalisation, treatment
from api.analysis.composite import Framework, Part, scores
from api.analysis.ranks import ranks

ASEM = json.loads((Path(__file__).parent / "asem.json").read_text(encoding="utf-8"))
EXACT = {"rtol": 1e-9, "atol": 0}
"""What is agreed to; 12 digits are given."""


def array(name):
    return np.array(ASEM[name], dtype=float)


def after(stage, before):
    """A stage, of which the cells that differ from the one before are given."""
    values = before.copy()
    for region, indicator, value in ASEM[stage]:
        values[region, indicator] = value
    return values


@pytest.fixture(scope="module")
def framework():
    return Framework(
        tuple(
            Part(code=code, parent=parent, direction=direction, weight=weight)
            for code, parent, direction, weight, _ in ASEM["indicators"]
        ),
        tuple(Part(code=code, parent=parent, weight=weight) for code, parent, weight in ASEM["aggregates"]),
    )


@pytest.fixture(scope="module")
def denominated():
    divisors = [ASEM["denominators"][name] if name else [1.0] * len(ASEM["regions"]) for *_, name in ASEM["indicators"]]
    return array("values") / np.array(divisors, dtype=float).T


@pytest.fixture(scope="module")
def imputed(denominated):
    return imputation.group_mean(denominated, ASEM["groups"])


@pytest.fixture(scope="module")
def treated(imputed):
    return treatment.winsorised_or_logged(imputed)


def test_denominated(denominated):
    np.testing.assert_allclose(denominated, array("denominated"), **EXACT)
    assert np.isnan(denominated).sum() > 50


def test_imputed(denominated, imputed):
    np.testing.assert_allclose(imputed, after("imputed", denominated), **EXACT)
    assert len(ASEM["imputed"]) == np.isnan(denominated).sum()


def test_treated(imputed, treated):
    np.testing.assert_allclose(treated.values, after("treated", imputed), **EXACT)
    assert sum(treated.winsorised) == len(ASEM["treated"]) > 25


def test_normalised(framework, treated):
    np.testing.assert_allclose(
        normalisation.min_max(treated.values, framework.directions), array("min_max"), rtol=1e-9, atol=1e-10
    )
    np.testing.assert_allclose(
        normalisation.z_score(treated.values, framework.directions), array("z_score"), rtol=1e-9, atol=1e-11
    )


def test_aggregated_and_ranked(framework, treated):
    count = len(framework.indicators)
    found = scores(framework, normalisation.min_max(treated.values, framework.directions))
    np.testing.assert_allclose(found[:, count:], array("scores"), **EXACT)
    expected = ranks(array("scores")[:, [code for code, *_ in ASEM["aggregates"]].index("Index")])
    place = dict(zip(ASEM["regions"], ranks(found[:, framework.top]), strict=True))
    assert list(place.values()) == list(expected)
    assert sorted(place, key=place.get)[:5] == ["CHE", "NLD", "DNK", "NOR", "BEL"]
    assert (place["GBR"], place["RUS"]) == (15, 51)


def test_aggregated_z_scores(framework, treated):
    found = scores(framework, normalisation.z_score(treated.values, framework.directions))
    np.testing.assert_allclose(found[:, len(framework.indicators) :], array("z_scores"), rtol=1e-9, atol=1e-12)


def test_effective_weights(framework):
    found = dict(zip((part.code for part in framework.parts), framework.effective_weights(), strict=True))
    assert found == pytest.approx(ASEM["effective_weights"], rel=1e-12)
