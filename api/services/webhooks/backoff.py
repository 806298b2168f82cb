"""When a message that did not arrive is sent again: the intervals that Standard Webhooks advises, in one table."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

_SECOND, _MINUTE, _HOUR = 1.0, 60.0, 3_600.0
AFTER = (
    5 * _SECOND,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Seconds after the first attempt, the second, and so on; after the last of them always the same."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long is waited after each attempt that failed, and by which share more at the most, so that not all meet."""

    seconds: tuple[float, ...] = AFTER
    jitter: float = 0.2

    def after(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        seconds = self.seconds[min(max(attempts, 1), len(self.seconds)) - 1]
        return timedelta(seconds=seconds * (1 + random.uniform(0, self.jitter)))  # noqa: S311  (nothing secret)
