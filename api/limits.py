"""The limits that callers meet: part of the contract, so that they are changed here and not by the environment.

The running settings hold them (`Settings.limits`). What enforces, documents or publishes one takes it from there;
schemas, which are made before any settings are, take it from `enforced()` at the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields


def _limit(default: int, *, unit: str, meaning: str) -> int:
    return field(default=default, metadata={"unit": unit, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Each limit with its unit and meaning, as `/v1/config` publishes them."""

    max_observations: int = _limit(10_000, unit="observations", meaning="Most observations in one page.")
    default_observations: int = _limit(1_000, unit="observations", meaning="Observations in a page without `limit`.")
    max_observations_in_one_piece: int = _limit(
        100_000, unit="observations", meaning="Most observations in one JSON-stat or XLSX file; CSV has no such limit."
    )
    max_cells: int = _limit(
        1_000_000,
        unit="cells",
        meaning="Most cells (indicators by regions by periods) of one JSON-stat cube, empty ones among them.",
    )
    max_items: int = _limit(1_000, unit="items", meaning="Most regions, indicators or other items in one page.")
    default_items: int = _limit(100, unit="items", meaning="Items in a page without `limit`.")
    default_ranked: int = _limit(
        1_000, unit="regions", meaning="Regions in a page of a ranking without `limit`: as many as a page may hold."
    )
    max_named: int = _limit(
        1_000,
        unit="regions",
        meaning="Most regions that a list beside the figures names, such as those of a group or missing from it. How "
        "many there are stands beside each.",
    )
    max_left_out: int = _limit(
        100,
        unit="regions",
        meaning="Most regions that `meta.left_out` names; `left_out_count` says how many there are.",
    )
    max_parameter_length: int = _limit(
        4_000, unit="characters", meaning="Longest value of one query parameter. Longer ones are refused with 414."
    )
    max_request_line: int = _limit(
        8_190,
        unit="bytes",
        meaning="Longest request line (method, address, protocol). Longer ones are refused with 414.",
    )
    max_body_bytes: int = _limit(2_000_000, unit="bytes", meaning="Longest body of a calculation.")
    max_upload_bytes: int = _limit(
        100_000_000, unit="bytes", meaning="Longest file that a partner uploads, as it is sent."
    )
    max_unpacked_bytes: int = _limit(
        500_000_000, unit="bytes", meaning="Most bytes that an uploaded file may have when it is unpacked."
    )
    max_upload_rows: int = _limit(1_000_000, unit="rows", meaning="Most rows of an uploaded file.")
    max_draft_uploads: int = _limit(50, unit="files", meaning="Most files of one draft.")
    max_open_drafts: int = _limit(
        50, unit="drafts", meaning="Most drafts of one owner that are neither published nor discarded."
    )
    max_rows_published_at_once: int = _limit(
        5_000,
        unit="rows",
        meaning="Most rows of a draft that is published while its publisher waits; a longer one is published in the "
        "background.",
    )
    uploads_per_hour: int = _limit(
        120, unit="files", meaning="Most files that one owner uploads in an hour, with whichever of its keys."
    )
    upload_bytes_per_day: int = _limit(
        2_000_000_000, unit="bytes", meaning="Most bytes that one owner uploads in a day, with whichever of its keys."
    )
    max_webhooks: int = _limit(20, unit="webhooks", meaning="Most webhooks of one owner.")
    max_webhook_failing_days: int = _limit(
        5,
        unit="days",
        meaning="For how many days every attempt to reach a webhook may fail before it is disabled. What it missed is "
        "kept, and sent when its owner enables it.",
    )
    max_calculation_regions: int = _limit(500, unit="regions", meaning="Most regions in one calculation.")
    max_ranked_estimates: int = _limit(
        500, unit="estimates", meaning="Most estimates whose ranks are asked for at a time."
    )
    max_calculation_parts: int = _limit(
        250, unit="parts", meaning="Most indicators in one calculation, and most aggregates."
    )
    max_draws: int = _limit(10_000, unit="draws", meaning="Most draws of an uncertainty analysis.")
    max_samples: int = _limit(4_096, unit="samples", meaning="Most samples of a sensitivity analysis.")
    max_calculation_work: int = _limit(
        200_000_000,
        unit="numbers",
        meaning="Most numbers in one calculation: draws, and samples for each choice and twice more, by regions, by "
        "parts of the index. What takes longer counts for more.",
    )
    max_rank_layout: int = _limit(
        200_000,
        unit="steps",
        meaning="Most that finding best and worst ranks exactly may come to by the definition: regions by regions by "
        "parts, by the ways in which the rest may be chosen. Beyond it they are the range over the draws.",
    )
    max_rank_steps: int = _limit(
        300_000,
        unit="steps",
        meaning="Most that it may come to by the figures: for each rank that draws leave open, 150 and the square of "
        "how many regions could be ahead or behind. Beyond it they are the range over the draws.",
    )
    max_rank_cells: int = _limit(
        250_000_000,
        unit="cells",
        meaning="Most that is looked at where there is one level of weights and more regions: boxes of weights by "
        "differences between regions. Where it does not suffice, bounds say how far best and worst ranks could go.",
    )
    max_rank_nodes: int = _limit(
        1_000, unit="nodes", meaning="Most nodes that are searched for best and worst ranks in one calculation."
    )
    max_rank_seconds: int = _limit(
        20,
        unit="seconds",
        meaning="Most seconds of processor that are spent on best and worst ranks in one calculation; the other "
        "limits come first, but on a slow machine.",
    )
    max_draws_shown: int = _limit(
        500_000, unit="ranks", meaning="Most ranks in an answer that lists every draw: draws by regions."
    )
    costly_units_per_minute: int = _limit(
        600,
        unit="units",
        meaning="What one caller may have made in a minute (of IPv6, one network of 64 bits): a calculation takes 1, a "
        "costly one or a large workbook 20. More is refused with 429 and `Retry-After`. Reads are not counted.",
    )
    max_list_values: int = _limit(400, unit="values", meaning="Most values in one comma-separated list.")

    def published(self) -> list[dict[str, object]]:
        """The limits as they are published, in order of declaration."""
        return [{"name": item.name, "value": getattr(self, item.name), **item.metadata} for item in fields(self)]


_DEFAULTS = Limits()
_ENFORCED: ContextVar[Limits] = ContextVar("limits", default=_DEFAULTS)


def enforced() -> Limits:
    """The limits of the running settings; the defaults where no application runs."""
    return _ENFORCED.get()


def enforce(limits: Limits) -> None:
    """Go by some limits from here on: a request by those of the application that it came to."""
    _ENFORCED.set(limits)


def limit_of(name: str) -> int:
    """One of them by its name."""
    value: int = getattr(enforced(), name)
    return value


@contextmanager
def enforcing(limits: Limits) -> Iterator[None]:
    """Have schemas read and described herein go by some limits."""
    token = _ENFORCED.set(limits)
    try:
        yield
    finally:
        _ENFORCED.reset(token)
