"""Every setting of the service: name, default, unit and meaning, read once from the environment.

Nothing else in the project reads the environment. The limits among these are published at `/v1/config`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from environs import Env

from api import caches

ROOT = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
DEFAULT_DATABASE_URL = f"sqlite:///{ROOT / 'var' / 'digital-capital.sqlite3'}"


def _limit(default: int, *, unit: str, meaning: str) -> int:
    """A limit that callers meet: part of the contract, so it is changed here and not by the environment."""
    return field(default=default, metadata={"limit": True, "unit": unit, "meaning": meaning})


def _shown(default: str) -> str:
    """A setting that stands in answers: another value makes them other answers."""
    return field(default=default, metadata={"shown": True})


def _choice(default: str, *known: str) -> str:
    """A setting that has a few values alone."""
    return field(default=default, metadata={"known": known})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process. `Settings.from_environment()` is how a process gets its own."""

    database_url: str = DEFAULT_DATABASE_URL
    public_url: str = _shown("http://127.0.0.1:8000")
    """Scheme and host under which callers reach the service: it stands in citations."""
    contact_name: str = _shown("")
    """Whom to ask about the data sets: it stands in the catalogue. Empty: the service itself."""
    contact_email: str = _shown("")
    """An address for such questions. Empty: none is named."""
    contact_url: str = _shown("")
    """A page for such questions. Empty: the documentation."""
    downloads_path: str = str(ROOT / "var" / "downloads")
    """Where the files of releases are kept. They can be built again, and are, where they are missing."""
    spool_path: str = ""
    """Where answers are put down that need a length before they are sent; where the files of releases are, if empty."""
    cache_bytes: int = 128_000_000
    """About how many bytes the caches of a process hold together."""
    caches: str = ", ".join(caches.NAMES)
    """Which caches keep anything: `responses`, `series` and `groups`, see `api.caches`. Empty: none."""
    access_log: str = _choice("notable", "all", "notable", "off")
    """Which requests have a line in the log: `all`, those that failed, broke off or were slow (`notable`), or none."""
    access_log_slow_ms: int = 1_000
    """Milliseconds from which on a request is slow."""
    metrics: str = _choice("local", "local", "on", "off")
    """Whom `/metrics` is answered: callers on this machine (`local`), everybody, or nobody."""
    metrics_token: str = ""
    """Who sends this as a bearer token is answered `/metrics` from elsewhere too, unless it is off. Empty: nobody."""
    release_check_seconds: float = 1.0
    """How long a process may go on taking the release it last saw for the current one. 0: every request looks."""
    threads: int = 4
    """Threads of a process that answer requests. All but one of them may be at the database at once."""
    database_connect_seconds: int = 2
    """How long PostgreSQL may take to let a process in, or to say that it is still there. No less than 2 (libpq)."""
    database_statement_seconds: float = 10.0
    """How long PostgreSQL may take over one statement of a reader; one second later it is given up. 0: for ever."""
    database_pool_seconds: float = 2.0
    """How long a thread waits for a connection of the pool."""
    calculations_at_once: int = 1
    """How many costly calculations a process makes at a time."""
    calculations_waiting: int = 1
    """How many more may wait for one in a thread, where two threads are left for reads even so."""
    costly_patience_seconds: float = 30.0
    """How long a request whose costly work finds no turn waits, without a thread, before it is told to come again."""
    count_callers: str = "remote"
    """Whose costly questions are counted: `remote` callers', `all`, those on this machine among them, or `none`."""
    trusted_proxies: str = "127.0.0.1, ::1"
    """Addresses and networks of proxies, whose `X-Forwarded-For` names the caller."""
    cache_seconds: int = 60
    """`max-age` of an answer about the current release."""
    pinned_cache_seconds: int = 86_400
    """`max-age` of an answer that is pinned to a release: as long as a withdrawal may take to reach caches."""
    cache_stale_seconds: int = 600
    """`stale-while-revalidate` of an answer about the current release."""

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
    max_calculation_regions: int = _limit(500, unit="regions", meaning="Most regions in one calculation.")
    max_calculation_parts: int = _limit(
        250, unit="parts", meaning="Most indicators in one calculation, and most aggregates."
    )
    max_draws: int = _limit(10_000, unit="draws", meaning="Most draws of an uncertainty analysis.")
    max_samples: int = _limit(4_096, unit="samples", meaning="Most samples of a sensitivity analysis.")
    max_calculation_work: int = _limit(
        50_000_000,
        unit="numbers",
        meaning="Most numbers in one calculation: draws and six times the samples, by regions, by parts of the index.",
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

    @property
    def used_caches(self) -> frozenset[str]:
        """The names of the caches that keep anything."""
        return frozenset(filter(None, map(str.strip, self.caches.split(","))))

    @property
    def spool_folder(self) -> Path:
        """Where answers are put down before they are sent, or because nobody takes them. It may not be there yet."""
        return Path(self.spool_path or self.downloads_path)

    @property
    def calculations_may_wait(self) -> int:
        """How many wait for a costly calculation in a thread: so few that two threads are left for reads."""
        return max(0, min(self.calculations_waiting, self.threads - 2 - self.calculations_at_once))

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings whose environment variable is set; the others keep their default."""
        env = Env()
        readers: dict[str, Callable[[str], Any]] = {"str": env.str, "int": env.int, "float": env.float}
        given = {
            item.name: readers[str(item.type)](item.name.upper())
            for item in fields(cls)
            if not item.metadata.get("limit") and env.str(item.name.upper(), default=None) is not None
        }
        for item in fields(cls):
            known = item.metadata.get("known")
            if known and given.get(item.name, item.default) not in known:
                raise ValueError(f"{item.name.upper()} is {given[item.name]!r}. Set it to one of: {', '.join(known)}.")
        unknown = sorted(cls(caches=given.get("caches", "")).used_caches - {*caches.NAMES})
        if unknown:
            raise ValueError(f"CACHES names {', '.join(unknown)}. Known are: {', '.join(caches.NAMES)}.")
        if given.get("calculations_at_once", 1) >= max(2, given.get("threads", cls.threads)):
            raise ValueError(
                f"CALCULATIONS_AT_ONCE is {given['calculations_at_once']}, of {given.get('threads', cls.threads)} "
                "threads (THREADS). Leave one of them for reads."
            )
        if "public_url" not in given:
            host = env.str("HOST", "127.0.0.1")
            # Listening everywhere is no address to be reached at.
            given["public_url"] = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{env.int('PORT', 8000)}"  # noqa: S104
        return cls(**given)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the settings that answers depend on: those that stand in them, and limits."""
        kinds = ("shown", "limit")
        shown = [(item.name, getattr(self, item.name)) for item in fields(self) if any(map(item.metadata.get, kinds))]
        return blake2b(repr(shown).encode(), digest_size=8).hexdigest()

    def limits(self) -> list[dict[str, object]]:
        """The published limits, in order of declaration."""
        return [
            {
                "name": item.name,
                "value": getattr(self, item.name),
                "unit": item.metadata["unit"],
                "meaning": item.metadata["meaning"],
            }
            for item in fields(self)
            if item.metadata.get("limit")
        ]
