"""A small catalogue made by hand, and frames as readers hand them over: what the tests of checks share."""

from __future__ import annotations

import polars as pl

from api.catalogue import Catalogue, Component, CoveredPeriod, Indicator, Level, Region, ReleaseInfo, Succession
from api.checks import STANDING_SCHEMA, Allowed, Checked, check

NORTHTOWN, OLDTOWN, OLDCODE, NEWCODE, SHIRE, VALE, HILLS, AREA, LATER = (
    "E06000001", "E07000002", "E08000003", "E08000004", "E10000005", "E07000006", "E07000007", "TLC01", "E06000008",
)  # fmt: skip
"""A district; one merged into LATER in 2023; a place under its old code and its new one; a county, its two districts;
an area of another level with the name of NORTHTOWN; what came after OLDTOWN."""
SHARE, COUNT, MONEY, YEAR_ON_YEAR, READING, MONTHLY, SCORE = SLUGS = (
    "online-share", "learners", "grants", "starts", "availability", "adverts", "readiness",
)  # fmt: skip
NUMBERS = {
    code: number
    for number, code in enumerate((NORTHTOWN, OLDTOWN, OLDCODE, NEWCODE, SHIRE, VALE, HILLS, AREA, LATER), 1)
}
INDICATORS = {slug: number for number, slug in enumerate(SLUGS, 1)}


def _region(code, name, level, *, life=(None, None), later=(), parents=()):
    kind = "District" if level == "local-authority" else level.capitalize()
    successors = tuple(Succession(region=NUMBERS[item], kind=kind_of) for item, kind_of in later)
    aliases = ((f"{name} Council", "name"),)
    return Region(
        id=NUMBERS[code], code=code, name=name, levels=(level,), label=f"{name} ({kind})", valid_from=life[0],
        valid_to=life[1], latitude=None, longitude=None, centroid=None, hexagon=None,
        parents=tuple(NUMBERS[item] for item in parents), aliases=aliases, alias_kinds=("council-name",),
        successors=successors,
        predecessors=(Succession(region=NUMBERS[OLDCODE], kind="recoded"),) if code == NEWCODE else (),
    )  # fmt: skip


def _indicator(slug, unit, *, measure, year_kind, decimals=1, coverage=()):
    covered = tuple(
        CoveredPeriod(level="local-authority", period=label, start=start, duration=duration, regions=5)
        for label, start, duration in coverage
    )
    return Indicator(
        id=INDICATORS[slug], slug=slug, title=slug, description=slug, component="skills", source="somewhere", unit=unit,
        decimals=decimals, measure=measure, denominator=None, polarity="higher-is-better", collection="survey",
        over_time=True, frequency="annual", year_kind=year_kind, quality="official", derivation=None, caveats=None,
        last_updated=None, next_update=None, coverage=covered,
    )  # fmt: skip


def catalogue():
    """Nine regions and seven indicators."""
    regions = (
        _region(NORTHTOWN, "Northtown", "local-authority"),
        _region(OLDTOWN, "Oldtown", "local-authority", life=(None, "2023-03-31"), later=[(LATER, "reorganised")]),
        _region(OLDCODE, "Recoded", "local-authority", life=(None, "2024"), later=[(NEWCODE, "recoded")]),
        _region(NEWCODE, "Recoded", "local-authority", life=("2025-01-01", None)),
        _region(SHIRE, "Shire", "county"),
        _region(VALE, "Vale", "local-authority", parents=[SHIRE]),
        _region(HILLS, "Hills", "local-authority", parents=[SHIRE]),
        _region(AREA, "Northtown", "itl3"),
        _region(LATER, "Later", "local-authority", life=("2023-04-01", None)),
    )
    years = [(str(year), f"{year}-01-01", "P1Y") for year in range(2018, 2024)]
    indicators = (
        _indicator(SHARE, "% of people aged 16 and over", measure="rate", year_kind="calendar", coverage=years),
        _indicator(COUNT, "people", measure="count", year_kind="calendar", decimals=0, coverage=years),
        _indicator(MONEY, "\u00a3 million", measure="amount", year_kind="calendar", coverage=years),
        _indicator(
            YEAR_ON_YEAR, "starts", measure="rate", year_kind="financial",
            coverage=[("2022-04-01/P1Y", "2022-04-01", "P1Y")],
        ),
        _indicator(
            READING, "% of premises", measure="rate", year_kind="instant",
            coverage=[("2024-01", "2024-01-15", "instant")],
        ),
        _indicator(MONTHLY, "adverts", measure="count", year_kind="month", coverage=[("2024-01", "2024-01-01", "P1M")]),
        _indicator(SCORE, "score", measure="rate", year_kind="calendar", coverage=years),
    )  # fmt: skip
    return Catalogue(
        release=ReleaseInfo(
            id=1, published_at="2026-01-01T00:00:00+00:00", kind="release", reason="first", reconstructed=False
        ),
        levels={
            item: Level(id=item, title=item, description=item, role=role)
            for item, role in {"local-authority": "district", "county": None, "itl3": None}.items()
        },
        regions={item.id: item for item in regions},
        sources={}, source_files={},
        components={"skills": Component(id="skills", title="Skills", description="", measured=True, reason=None)},
        indicators={item.id: item for item in indicators},
    )  # fmt: skip


SMALL = catalogue()


def frame(**columns):
    """A frame as a reader hands it over: columns of text, or one text for all rows; rows from line 2 on."""
    rows = max(len(item) if isinstance(item, list) else 1 for item in columns.values())
    full = {name: item if isinstance(item, list) else [item] * rows for name, item in columns.items()}
    schema = {"row": pl.UInt32} | dict.fromkeys(full, pl.String)
    return pl.DataFrame({"row": list(range(2, rows + 2)), **full}, schema=schema)


def figures(**columns):
    """The same with an indicator, region and period for all rows, each of another year, unless they are given."""
    rows = max((len(item) for item in columns.values() if isinstance(item, list)), default=1)
    own = {"indicator": SHARE, "region": NORTHTOWN, "period": [str(1990 + number) for number in range(rows)]}
    return frame(**own | {"value": "50"} | columns)


def standing(*rows):
    """Figures that stand: slug, code, label, start, duration, value, and a status where that is not normal."""
    table = [
        (INDICATORS[slug], NUMBERS[code], label, start, duration, value, *(status or ["A"]), None, None)
        for slug, code, label, start, duration, value, *status in rows
    ]
    return pl.DataFrame(table, schema=STANDING_SCHEMA, orient="row")


def checked(table, *, stands=None, allowed=None, today=None) -> Checked:
    """A frame, checked against the small catalogue."""
    return check(
        table,
        catalogue=SMALL,
        standing=standing() if stands is None else stands,
        allowed=allowed or Allowed(),
        today=today,
    )


def told(found: Checked):
    """Each fault as (row, column, code, nearest), an error's code as it is, a warning's with a question mark."""
    return [
        (row, column, code if severity == "error" else f"{code}?", near)
        for row, column, severity, code, near in found.faults.select(
            "row", "column", "severity", "code", "nearest"
        ).iter_rows()
    ]


def only(found: Checked):
    """The one fault that there is."""
    assert found.faults.height == 1, told(found)
    return found.faults.row(0, named=True)
