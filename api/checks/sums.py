"""Sums: counts and amounts of a place against those of its parts, where all of these are known."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from api.catalogue import Catalogue, Indicator
from api.checks.faults import WARNING
from api.checks.following import following
from api.checks.work import Work

_PARTITIONS = ("district", "main", "nation")
"""The roles of levels whose places cover the country once: the parts of a place at such a level make it up."""
_SHARE = 0.005
"""The share of a whole that a sum may miss it by, beside what rounding explains."""
_PARTIAL = "D"
"""The status of a figure that is a part of what it is called after: it takes no part in sums."""
_STEPS = 2
"""How many reorganisations back a part may be put together from what it was formed of."""
_MOMENT = ["start", "duration"]


def check_sums(work: Work) -> None:
    """Warn of wholes that are not the sum of their parts, where one of them is in the file. Needs `scaled`.

    A part without a figure of its own has the sum of the places that it was formed of.
    """
    parts, formed = _parts(work.catalogue), _formed(work.catalogue)
    missed = [
        _missed(item, figures.filter(pl.col("said") != _PARTIAL), parts, formed, work.catalogue)
        for item, figures in following(work, lambda item: item.measure in {"count", "amount"})
    ]
    if not missed:
        return
    rows = work.figures.join(pl.concat(missed).unique("at", keep="first", maintain_order=True), on="at")
    told = pl.format("{} ({}) has {}, and its {} parts add up to {}. Look which of them is not right.", *_TOLD)
    work.found.add(rows, "value", "sum-of-parts", told, severity=WARNING)


_TOLD = ("_name", "_code", "_whole", "_parts", "_sum")


def _missed(
    indicator: Indicator, figures: pl.DataFrame, parts: pl.DataFrame, formed: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Rows of the file, by `at`, of wholes that are not the sum of their parts; else of the first part in the file."""
    moments = figures.filter(pl.col("at").is_not_null()).select(_MOMENT).unique()
    values = figures.join(moments, on=_MOMENT, how="semi").select("region_id", *_MOMENT, "number", "at")
    whole = values.join(parts.select(region_id="whole").unique(), on="region_id", how="semi")
    for _ in range(_STEPS):
        values = pl.concat([values, _put_together(values, formed)])
    sums = (
        parts.join(values, left_on="part", right_on="region_id")
        .group_by("whole", "level", "_parts", *_MOMENT)
        .agg(pl.len().alias("_n"), pl.col("number").sum().alias("_sum"), pl.col("at").min().alias("_part_at"))
        .filter(pl.col("_n") == pl.col("_parts"))
        .join(whole, left_on=["whole", *_MOMENT], right_on=["region_id", *_MOMENT])
    )
    slack = 0.5 * pl.col("_parts") * 10.0**-indicator.decimals + _SHARE * pl.col("number").abs()
    named = pl.DataFrame(
        [(number, catalogue.regions[number].name, catalogue.regions[number].code) for number in sums["whole"].unique()],
        schema={"whole": pl.Int64, "_name": pl.String, "_code": pl.String},
        orient="row",
    )
    shown = [
        pl.col(name).round(indicator.decimals).cast(pl.String).str.strip_suffix(".0").alias(new)
        for name, new in (("number", "_whole"), ("_sum", "_sum"))
    ]
    missed = sums.filter((pl.col("number") - pl.col("_sum")).abs() > slack).join(named, on="whole")
    missed = missed.with_columns(pl.coalesce("at", "_part_at").alias("at")).filter(pl.col("at").is_not_null())
    return missed.sort("at", "whole", "level").select("at", "_name", "_code", "_parts", *shown)


def _put_together(values: pl.DataFrame, formed: pl.DataFrame) -> pl.DataFrame:
    """Values of places that have none of their own, of the places that each was formed of, where all have one."""
    made = (
        formed.join(values, left_on="former", right_on="region_id")
        .group_by("region_id", "_formers", *_MOMENT)
        .agg(pl.len().alias("_n"), pl.col("number").sum(), pl.col("at").min())
        .filter(pl.col("_n") == pl.col("_formers"))
    )
    made = made.join(values, on=["region_id", *_MOMENT], how="anti")
    return made.select(values.columns)


def _parts(catalogue: Catalogue) -> pl.DataFrame:
    """The parts of each place at each level that covers the country once, as they are at the release."""
    schema = {"whole": pl.Int64, "level": pl.String, "part": pl.Int64}
    table = pl.DataFrame(list(_each_part(catalogue)), schema=schema, orient="row")
    return table.with_columns(pl.len().over("whole", "level").alias("_parts")).filter(pl.col("_parts") > 1)


def _each_part(catalogue: Catalogue) -> Iterator[tuple[int, str, int]]:
    day = catalogue.release.published_at[:10]
    for level in catalogue.levels.values():
        if level.role in _PARTITIONS:
            for region in catalogue.listed([level.id], day):
                for parent in region.parents:
                    yield parent, level.id, region.id


def _formed(catalogue: Catalogue) -> pl.DataFrame:
    """What places were formed of, where each of these went into one place only, and how many they are."""
    table = [
        (item.id, former.region)
        for item in catalogue.regions.values()
        if all(len(catalogue.regions[former.region].successors) == 1 for former in item.predecessors)
        for former in item.predecessors
    ]
    found = pl.DataFrame(table, schema={"region_id": pl.Int64, "former": pl.Int64}, orient="row")
    return found.with_columns(pl.len().over("region_id").alias("_formers"))
