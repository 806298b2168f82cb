"""Whatever stands in the cells, each row is good or has an error that says so, and nothing fails."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings, strategies

from api.checks import CODES
from api.checks.faults import SEVERITIES
from tests.checks.small import AREA, INDICATORS, NUMBERS, READING, SHARE, checked, frame, standing

_PIECES = strategies.sampled_from(
    [
        "1", "2", "0", "9", ",", ".", "-", "/", " ", "%", "\u00a3", "[", "]", "p", "e", "q", "c", "m", "Mar", "to",
        "FY", "mid", "W", "1,234", "2024", "2023", "31", "12", "00", "0000", "9999", "\u0661", "\uff11", "\u2212",
        "\u00b2", "\u00a0", "\n", "'", "=", "year ending", "P1Y", "T00:00:00", "instant",
        "\x00", "\ud7ff", "Q4", "99/00", "1e400", "(", "<", "T", "E06000001", "null",
    ]
)  # fmt: skip
_ODD = strategies.lists(_PIECES, max_size=6).map("".join).map(str.strip).map(lambda text: text or None)


def column(*known):
    """Mostly what is right, so that what is odd meets it."""
    return strategies.one_of(strategies.sampled_from([*known, None]), _ODD)


_ROWS = strategies.fixed_dictionaries(
    {
        "indicator": column(*INDICATORS),
        "region": column(*NUMBERS),
        "period": column("2020", "2023/24", "2024-01", "31/03/2024"),
        "value": column("1", "50", "[c]", "12 [p]"),
        "status": column("A", "Q", "Provisional"),
        "lower": column("1", "60"),
        "upper": column("40", "90"),
        "bounds_kind": column("sampling_ci_95"),
        "unit": column("%", "people"),
        "period_start": column("2024-01-15", "2020-01-01"),
        "period_duration": column("instant", "P1Y"),
        "change": column("removed", "added"),
    }
)
_STANDS = standing(
    (READING, AREA, "2024-01", "2024-01-15", "instant", 50.0), (SHARE, AREA, "2020", "2020-01-01", "P1Y", None, "Q")
)


@settings(max_examples=60)
@given(rows=strategies.lists(_ROWS, min_size=1, max_size=8))
def test_each_row_is_good_or_has_an_error(rows):
    table = frame(**{name: [row[name] for row in rows] for name in rows[0]})
    found = checked(table, stands=_STANDS, today=date(2026, 1, 1))
    wrong = set(found.faults.filter(severity="error")["row"])
    good = set(found.rows["row"])
    assert good | wrong == set(table["row"]) and not good & wrong
    assert set(found.faults["severity"]) <= set(SEVERITIES) and set(found.faults["code"]) <= CODES.keys()
    assert all(message.endswith((".", ":")) and message[0] == message[0].upper() for message in found.faults["message"])
    kept = found.rows.filter(~pl.col("removed"))
    needed = ["indicator_id", "region_id", "period", "period_start", "period_duration"]
    assert found.rows.select(needed).null_count().row(0) == (0,) * len(needed)
    assert kept["status"].null_count() == 0 and kept["value"].drop_nulls().is_finite().all()
    assert found.table(table).height == found.faults.height
