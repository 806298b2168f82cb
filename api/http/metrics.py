"""What this service counts and measures, for Prometheus, over all processes of a server.

Counters and latencies are written as requests end, into files that the server's processes share
(`http.shared_metrics`), so that any of them answers for all and nothing is lost where one is killed. Gauges are looked
at when somebody asks, and every half second by the worker's own loop (`Metrics.refresh`), for those that are asked.
Where no server shares files, as with `flask run`, a process tells of itself alone.

Every label has few values, whatever callers send: rules are those of the application, methods those of HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from api.http import shared_metrics

CONTENT_TYPE = CONTENT_TYPE_PLAIN_1_0_0
UNREAD = "unread"
"""The rule of what never reached the application, since it was not a request."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_OTHER = "other"
_PREFIX = "digital_capital"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds. What is sent again from memory takes less than the first, a large calculation up to the last."""

Counted = tuple[str, str, int, str]
"""Rule, method, status, and whether the answer was in memory (`hit`, `miss`, `none` where none is ever kept)."""


@dataclass(frozen=True)
class _Watched:
    """A gauge: what is looked at, and how the values of several processes make one."""

    name: str
    meaning: str
    look: Callable[[], float | None]
    over_processes: str
    labels: dict[str, str] = field(default_factory=dict)


class Metrics:
    """The metrics of one process. Safe to share among threads.

    Nothing is made before it is needed, since a process that is forked later must not write into its parent's files.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._pairs: dict[Counted, tuple[Callable[[], None], Callable[[float], None]]] = {}
        self._watched: list[_Watched] = []
        self._families: dict[str, Gauge] = {}
        self._gauges: dict[int, Callable[[float], None]] = {}
        self._made: _Made | None = None

    def count_request(self, counted: Counted, seconds: float) -> None:
        """Count a request that has ended, and how long it took."""
        pair = self._pairs.get(counted)
        if pair is None:
            pair = self._pair(counted)
        pair[0]()
        pair[1](seconds)

    def count_refused(self, status: int) -> None:
        """Count what was refused before it was a request."""
        self.made.requests.labels(UNREAD, _OTHER, str(status), "none").inc()

    @property
    def made(self) -> _Made:
        """The counters themselves."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = _Made()
        return self._made

    def gauge(
        self,
        name: str,
        meaning: str,
        look: Callable[[], float | None],
        *,
        over_processes: str = "livesum",
        labels: dict[str, str] | None = None,
    ) -> None:
        """Have something looked at, now and then and in each process: None where it cannot be told yet.

        The name is given without the service's, and ends in its unit. `over_processes` is one of prometheus-client's
        ways to make one value of several: `livesum`, `livemin`, `livemax`, or `liveall` for one a process.
        """
        with self._lock:
            self._watched.append(_Watched(f"{_PREFIX}_{name}", meaning, look, over_processes, labels or {}))

    def refresh(self) -> None:
        """Look at every gauge. None of them fails the caller."""
        made = self.made
        for number, watched in enumerate(list(self._watched)):
            try:
                value = watched.look()
            except Exception:  # noqa: S112  (what is looked at may be going away; what is not told is not told)
                continue
            if value is None:
                continue
            keep = self._gauges.get(number)
            if keep is None:
                keep = self._gauges[number] = self._made_gauge(watched, made)
            keep(value)

    def text(self) -> bytes:
        """Everything in Prometheus' text format, over all processes that share files."""
        self.refresh()
        shared = shared_metrics.text()
        return generate_latest(self.made.registry) if shared is None else shared

    def _made_gauge(self, watched: _Watched, made: _Made) -> Callable[[float], None]:
        with self._lock:
            if watched.name not in self._families:
                self._families[watched.name] = Gauge(
                    watched.name,
                    watched.meaning,
                    list(watched.labels),
                    registry=made.registry,
                    multiprocess_mode=watched.over_processes,  # type: ignore[arg-type]
                )
            family = self._families[watched.name]
            return (family.labels(**watched.labels) if watched.labels else family).set

    def _pair(self, counted: Counted) -> tuple[Callable[[], None], Callable[[float], None]]:
        rule, method, status, cache = counted
        known = method if method in _METHODS else _OTHER
        made = self.made
        requests = made.requests.labels(rule, known, str(status), cache)
        pair = (requests.inc, made.seconds.labels(rule).observe)
        if known is method or len(self._pairs) < _MOST_PAIRS:
            self._pairs[counted] = pair
        return pair


_MOST_PAIRS = 5_000
"""Where a caller makes up methods, no more of them are remembered."""


class _Made:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        shared_metrics.join()
        self.registry = CollectorRegistry()
        self.requests = self._counter(
            "requests", "Requests that have ended.", "rule", "method", "status", "cache", begin=()
        )
        self.seconds = Histogram(
            f"{_PREFIX}_request_duration_seconds",
            "Seconds from a request being there in full until its answer was written or put aside.",
            ["rule"],
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.broken_off = self._counter(
            "responses_broken_off",
            "Answers that did not reach their end: the caller left (caller), did not take what was put aside (slow), "
            "or the service failed (failure).",
            "why",
            begin=("caller", "slow", "failure"),
        )
        self.database_errors = self._counter("database_errors", "Statements and connections that failed.")
        self.lines_lost = self._counter("access_log_lines_lost", "Lines that the access log could not take.")
        self.workers_started = self._counter("workers_started", "Workers that were started, replaced ones among them.")
        self.workers_over_memory = self._counter(
            "workers_over_memory", "Workers that were replaced since they held more than WORKER_MEMORY_MB."
        )

    def _counter(self, name: str, meaning: str, *labels: str, begin: tuple[str, ...] = ()) -> Counter:
        """A counter; the values of its one label that it is told from the beginning, so that the first rise is seen."""
        counter = Counter(f"{_PREFIX}_{name}", meaning, labels, registry=self.registry)
        for value in begin:
            counter.labels(value)
        return counter
