"""A published index examined: what its scores rest on, and what would become of them with something done otherwise.

For the page on its method: weights, correlations, scores with and without treatment and beside the version before, what
leaving out each indicator changes, and which choice matters most. All of it is computed from the release that is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection

from api.analysis import reliability
from api.analysis.definition import Sensitivity
from api.analysis.methods import choice
from api.analysis.ranks import Floats, ranks
from api.answers.comparison.group import shown
from api.answers.index import calculations, choices
from api.answers.index.asked import AskedChoices
from api.answers.index.calculation import Calculation
from api.answers.index.calculations import Answered
from api.answers.index.editions import SCORE_DECIMALS, Edition, edition_of
from api.answers.index.placed import Wanted, place
from api.answers.reading import Reading
from api.catalogue import Index

_SAMPLES = 256
TOP = choices.TOP


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """All that is to be computed of an edition: calculations with their figures, and the values of its outcomes."""

    edition: Edition
    whole: Calculation
    untreated: Calculation
    before: Calculation | None
    without: dict[str, Calculation]
    outcomes: tuple[dict[str, Any], ...]


def examined(reading: Reading, index: Index) -> dict[str, Any] | None:
    """What there is to say of the latest edition of a version of an index; None where too little is measured."""
    with reading.database.connect() as connection:
        prepared = _prepared(connection, reading, index)
    if prepared is None:
        return None
    edition, whole = prepared.edition, calculations.answered(reading, prepared.whole)
    base = _scores(whole)
    return {
        "cacheable": whole.cacheable,
        "edition": edition.year,
        "measured": edition.coverage[0],
        "share": edition.coverage[1],
        "weights": _weights(edition, whole),
        "regions": _regions(reading, prepared, whole),
        "correlations": _correlations(whole),
        "alpha": {item["aggregate"]: item["value"] for item in whole.data["alpha"]},
        "outcomes": [_outcome(item, base) for item in prepared.outcomes],
        "without": [
            _without(slug, _scores(calculations.answered(reading, asked)), base)
            for slug, asked in prepared.without.items()
        ],
        "effects": whole.data["sensitivity"]["mean_rank_shift"],
        "uncertainty": whole.data["uncertainty"],
    }


def _prepared(connection: Connection, reading: Reading, index: Index) -> _Prepared | None:
    edition = edition_of(connection, reading, index, None)
    if not _enough(edition):
        return None

    def of(edition: Edition, **chosen: Any) -> Calculation:
        """An edition with some choices made otherwise, nothing drawn; also with fewer components than it asks for."""
        some = replace(edition, index=replace(edition.index, least_components=1))
        return choices.of_edition(
            connection, reading, some, AskedChoices(uncertainty=None, include=("scores",), **chosen)
        )

    before = [edition_of(connection, reading, version, edition.year) for version in index.earlier[:1]]
    return _Prepared(
        edition=edition,
        whole=choices.of_edition(connection, reading, edition, AskedChoices(sensitivity=Sensitivity(samples=_SAMPLES))),
        untreated=of(edition, treatment=choice("treatment", "none")),
        before=of(before[0]) if before and _enough(before[0]) else None,
        without={use.indicator.slug: of(edition, without=(use.indicator.slug,)) for use in edition.used},
        outcomes=tuple(_values_of(connection, reading, edition, slug) for slug in index.outcomes),
    )


def _enough(edition: Edition) -> bool:
    return edition.coverage[0] >= edition.index.least_components


def _scores(found: Answered) -> Floats:
    """The scores at the top, (regions,)."""
    return np.asarray(found.computed.scores[:, found.computed.framework.top])


def _weights(edition: Edition, whole: Answered) -> list[dict[str, Any]]:
    """Each indicator with its share of the index, and how its values go with the scores."""
    shares, found = whole.data["effective_weights"], whole.data["correlations"]
    top = found["parts"].index(TOP)
    return [
        {
            "indicator": use.indicator.slug,
            "title": use.indicator.title,
            "component": use.component,
            "digital": use.given.digital,
            "logarithm": use.given.logarithm,
            "period": use.group.period if use.group else None,
            "goalposts": use.given.goalposts,
            "share": shares[use.indicator.slug],
            "correlation": found["values"][found["parts"].index(use.indicator.slug)][top],
        }
        for use in edition.used
    ]


def _regions(reading: Reading, prepared: _Prepared, whole: Answered) -> list[dict[str, Any]]:
    """The regions by score: with their ranges, without treatment, and by the version of the method before."""
    plain = _scores(calculations.answered(reading, prepared.untreated))
    before = None if prepared.before is None else _scores(calculations.answered(reading, prepared.before))
    columns = {
        "untreated": plain,
        "untreated_order": ranks(plain),
        "before": before,
        "before_order": None if before is None else ranks(before),
    }
    ranges = {item["id"]: item for item in whole.data["uncertainty"]["regions"]}
    found = [
        {
            **item,
            "score": shown(item["score"], SCORE_DECIMALS),
            "range": ranges.get(item["id"]),
            **{
                name: None if column is None else shown(float(column[place]), SCORE_DECIMALS)
                for name, column in columns.items()
            },
        }
        for place, item in enumerate(whole.data["regions"])
    ]
    return sorted(found, key=lambda item: (item["rank"] is None, item["rank"] or 0, item["id"]))


def _correlations(whole: Answered) -> dict[str, Any]:
    """Correlations of the components with one another and with the index."""
    found = whole.data["correlations"]
    parts = [part for part in found["parts"] if part in whole.data["regions"][0]["scores"]]
    places = [found["parts"].index(part) for part in parts]
    return {"parts": parts, "rows": [[found["values"][row][column] for column in places] for row in places]}


def _values_of(connection: Connection, reading: Reading, edition: Edition, slug: str) -> dict[str, Any]:
    """The latest values of an outcome that takes no part in an index, in the order of its regions."""
    indicator = reading.catalogue.indicator(slug, field="index")
    wanted, level = [Wanted(indicator=indicator)], edition.index.level
    placed = place(connection, reading, edition.regions, wanted, level=level, earlier=False)
    inputs = placed.inputs(reading.catalogue)
    values = inputs.values[:, 0] / (1.0 if inputs.divisors is None else inputs.divisors[:, 0])
    group = placed.groups[0]
    return {"title": indicator.title, "unit": group.unit, "period": group.period, "values": values}


def _outcome(outcome: dict[str, Any], base: Floats) -> dict[str, Any]:
    """How the scores go with an outcome."""
    values = outcome["values"]
    return {
        **{name: outcome[name] for name in ("title", "unit", "period")},
        "n": int((~np.isnan(values) & ~np.isnan(base)).sum()),
        "correlation": _pearson(values, base),
        "rank_correlation": _pearson(ranks(values), ranks(base)),
    }


def _without(slug: str, found: Floats, base: Floats) -> dict[str, Any]:
    """What leaving out an indicator does to the ranks."""
    shifts = np.abs(ranks(found) - ranks(base))
    return {
        "indicator": slug,
        "mean_shift": float(np.nanmean(shifts)),
        "largest_shift": int(np.nanmax(shifts)),
        "rank_correlation": _pearson(ranks(found), ranks(base)),
    }


def _pearson(one: Floats, other: Floats) -> float | None:
    found, _ = reliability.correlations(np.column_stack([one, other]))
    return None if np.isnan(found[0, 1]) else float(found[0, 1])
