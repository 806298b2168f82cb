"""Every setting of the service: name, default, unit and meaning, read once from the environment.

Nothing else in the project reads the environment. Limits are no matter of it: `api.limits` has them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from environs import Env

from api import caches
from api.limits import Limits

ROOT = Path(__file__).resolve().parent.parent
SEED: Path = Env().path("SEED_PATH", ROOT / "seed")
"""The figures that an empty database is filled with, as a Data Package: those that come with the project, or others."""
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
DEFAULT_DATABASE_URL = f"sqlite:///{ROOT / 'var' / 'digital-capital.sqlite3'}"


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
    drafts_path: str = str(ROOT / "var" / "drafts")
    """Where files that partners upload are kept, with what is made of them. Back it up with the database."""
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
    work_beside: str = _choice("on", "on", "off")
    """Whether web workers see to it that uploads are checked and drafts published in the background (`api.work`)."""
    webhooks_private: str = _choice("off", "on", "off")
    """Whether receivers of messages about releases may be on this machine or in a network of one's own, and have any
    port and no encryption: `on` for tests and closed networks. Off, nobody can have the service ask such an address."""
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
    limits: Limits = field(default_factory=Limits, metadata={"fixed": True})
    """What callers meet, see `api.limits`."""

    @property
    def used_caches(self) -> frozenset[str]:
        """The names of the caches that keep anything."""
        return frozenset(filter(None, map(str.strip, self.caches.split(","))))

    @property
    def spool_folder(self) -> Path:
        """Where answers are put down before they are sent, or because nobody takes them. It may not be there yet."""
        return Path(self.spool_path or self.downloads_path)

    @property
    def uploads_folder(self) -> Path:
        """Where files that are uploaded are put down while they come. It may not be there yet."""
        return Path(self.drafts_path) / "coming"

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
            if not item.metadata.get("fixed") and env.str(item.name.upper(), default=None) is not None
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
        shown = [(item.name, getattr(self, item.name)) for item in fields(self) if item.metadata.get("shown")]
        return blake2b(repr([*shown, *asdict(self.limits).items()]).encode(), digest_size=8).hexdigest()
