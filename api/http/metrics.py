"""What this service counts and measures, for Prometheus, over all processes of a server.

Counters and latencies are written into files that the server's processes share (`http.shared_metrics`), so that any of
them answers for all, and what one has counted outlasts it. They are written, and gauges looked at, when somebody asks
and every half second by the worker's own loop (`Metrics.refresh`): one that is killed loses so much at the most. To
write each request as it ends took a tenth of the time of an answer from memory.
Where no server shares files, as with `flask run`, a process tells of itself alone.

Every label has few values, whatever callers send: rules are those of the application, methods those of HTTP.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter as Counter_
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
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

_MOST_UNWRITTEN = 10_000
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
        self._ended: deque[tuple[Counted, float]] = deque()
        """Requests that have ended and are not written yet, each with its seconds."""
        self._watched: list[_Watched] = []
        self._families: dict[str, Gauge] = {}
        self._gauges: dict[int, Callable[[float], None]] = {}
        self._made: _Made | None = None

    def count_request(self, counted: Counted, seconds: float) -> None:
        """Count a request that has ended, and how long it took: from the next time on that counts are written."""
        self._ended.append((counted, seconds))
        if len(self._ended) >= _MOST_UNWRITTEN:  # where no loop writes them
            self.write()

    def write(self) -> None:
        """Write down what has been counted since it was done last."""
        counts: Counter_[Counted] = Counter_()
        times: defaultdict[str, list[float]] = defaultdict(list)
        with suppress(IndexError):  # another thread may write the rest
            while True:
                counted, seconds = self._ended.popleft()
                counts[counted] += 1
                times[counted[0]].append(seconds)
        for (rule, method, status, cache), count in counts.items():
            known = method if method in _METHODS else _OTHER
            self.made.requests.labels(rule, known, str(status), cache).inc(count)
        for rule, taken in times.items():
            _observe(self.made.seconds.labels(rule), taken)

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
        """Write what was counted, and look at every gauge. None of them fails the caller."""
        self.write()
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


def _observe(histogram: Histogram, seconds: list[float]) -> None:
    """As `histogram.observe` for each of them: the library has no way to observe many at once."""
    histogram._sum.inc(sum(seconds))  # noqa: SLF001
    places = Counter_(bisect_left(histogram._upper_bounds, one) for one in seconds)  # noqa: SLF001
    for place, count in places.items():
        histogram._buckets[place].inc(count)  # noqa: SLF001


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
        self.cache_lookups = self._counter(
            "cache_lookups", "Keys that were looked up in a cache, and whether they were found.", "cache", "result"
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
