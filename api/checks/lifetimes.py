"""Codes of regions held against the periods of their figures: a code is right while it is in use."""

from __future__ import annotations

import polars as pl

from api.catalogue import Catalogue, Region
from api.checks.faults import WARNING
from api.checks.work import Work


def check_lifetimes(work: Work) -> None:
    """Tell figures of codes that had ended before the period begins, or that began after it. Needs `start`, `end`."""
    used = work.figures["region_id"].drop_nulls().unique()
    regions = [work.catalogue.regions[number] for number in used]
    table = [(item.id, item.code, *_days(item), _after(work.catalogue, item)) for item in regions]
    names = ("region_id", "_code", "_from", "_to", "_later", "_near")
    schema = {name: pl.Int64 if name == "region_id" else pl.String for name in names}
    lives = pl.DataFrame([(*row[:4], *row[4]) for row in table], schema=schema, orient="row")
    lives = lives.filter(pl.col("_from").is_not_null() | pl.col("_to").is_not_null())
    dated = work.figures.filter(pl.col("start").is_not_null()).join(lives, on="region_id")
    ended = dated.filter((pl.col("start") > pl.col("_to")) & ~pl.col("removed"))
    told = pl.format("{} ended on {}, before {} begins. {}", "_code", "_to", "label", "_later")
    # What was published so may be revised so, or taken out.
    keys = ["indicator_id", "region_id", "label"]
    standing = work.standing.select("indicator_id", "region_id", label="period")
    new, revised = ended.join(standing, on=keys, how="anti"), ended.join(standing, on=keys, how="semi")
    work.found.add(new, "region", "region-ended", told, nearest=pl.col("_near"))
    work.found.add(revised, "region", "region-ended", told, nearest=pl.col("_near"), severity=WARNING)
    early = dated.filter(pl.max_horizontal("start", "end") < pl.col("_from"))
    told = pl.format(
        "{} is in use since {}, after {}. Look whether the figure is of this area.", "_code", "_from", "label"
    )
    work.found.add(early, "region", "region-not-yet", told, severity=WARNING)


def _days(region: Region) -> tuple[str | None, str | None]:
    """First and last day of a code, of the year where only that is known; none of one that was only recoded."""
    first = None if region.valid_from is None else f"{region.valid_from}-01-01"[:10]
    if region.valid_to is None or {item.kind for item in region.successors} == {"recoded"}:
        return first, None
    return first, region.valid_to if len(region.valid_to) == len("2023-03-31") else f"{region.valid_to}-12-31"


def _after(catalogue: Catalogue, region: Region) -> tuple[str, str | None]:
    """What to write instead of a code that has ended, and the code where there is one."""
    later = [catalogue.regions[item.region] for item in region.successors]
    if not later:
        return "Write the code that came after it.", None
    named = " or ".join(f"{item.code} ({item.name})" for item in later)
    return f"Write what came after it: {named}.", later[0].code if len(later) == 1 else None
