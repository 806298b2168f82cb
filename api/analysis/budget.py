"""What a calculation may take, and whether anybody still waits for it.

What can be counted is counted, in programmes and in the nodes of their trees, so that the same question has the same
answer on a busy machine and on an idle one. The clock is the last net: an answer that it cut short says so
(`Budget.cut_short`), and nobody is to hold on to it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_TO_LAY_OUT = 200_000
"""Most that programmes may come to before they are laid out: regions by regions by parts, by the ways in which the rest
may be chosen."""
MOST_STEPS = 300_000
"""Most that they may come to once it is known who could be ahead of whom (`extremes.Programmes.steps`).

About six seconds of processor where the regions are much alike, so that most could be ahead of most, and nine through a
tree; it is a second or two elsewhere.
"""
MOST_CELLS = 250_000_000
"""Boxes of weights by differences between regions that may be looked at: about two seconds of processor."""
MOST_NODES = 1_000
"""Nodes of the trees of all programmes of a calculation together."""
_WALL = 4.0
"""How much longer by the clock on the wall, which the solver goes by, than by that of the processor: others run too."""

_LONGEST = 1e6
"""Seconds that are as good as no limit to the solver."""


def _wanted() -> None:
    """Go on: nobody has said otherwise."""


@dataclass(kw_only=True)
class Budget:
    """What is left for one calculation, counted down as it is spent. Made in the thread that calculates.

    `seconds` are those of the processor, this thread's alone. `check` is called every so often while there is something
    to do, and raises what ends the calculation where nobody waits for it any more.
    """

    seconds: float = math.inf
    layout: int = MOST_TO_LAY_OUT
    steps: int = MOST_STEPS
    nodes: int = MOST_NODES
    cells: int = MOST_CELLS
    check: Callable[[], None] = _wanted
    cut_short: bool = False
    """Whether the clock ended something: the answer is then not the one that another machine would give."""
    _begun: float = field(default_factory=time.thread_time)

    @property
    def left(self) -> float:
        """Seconds of the processor that are left."""
        return self.seconds - (time.thread_time() - self._begun)

    @property
    def wall(self) -> float:
        """Seconds that a programme may take by the clock on the wall."""
        return min(max(_WALL * self.left, 1.0), _LONGEST)
