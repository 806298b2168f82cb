"""The server of the tools: their names, descriptions and arguments, and how many are at work at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

import anyio
from anyio.to_thread import run_sync
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from api.assistants import tools
from api.assistants.bounded import fit
from api.assistants.meant import UnclearError
from api.assistants.service import RefusedError, Service
from api.settings import VERSION

AT_ONCE = 4
"""Tools at work at a time; others wait."""
INSTRUCTIONS = (
    "Figures on the digital strength of places in the United Kingdom: broadband, skills, firms, research, output. "
    "Print a figure with its unit, period, place and citation. Ranks are only as good as their range. Where an answer "
    "has a `question`, ask the user or choose one of the `choices` and call again: never guess which place is meant. "
    "Verify a figure that you have from elsewhere with verify_figure."
)
Place = Annotated[str, Field(description="Name or code of a place: Dudley, WMCA, E47000007.", max_length=200)]
Indicator = Annotated[
    str, Field(description="Identifier or name of an indicator: gigabit-availability.", max_length=200)
]
Period = Annotated[str | None, Field(description="2024, 2024-01, 2023/24; without it the latest.", max_length=30)]
Level = Annotated[
    str | None,
    Field(description="itl1, combined-authority, local-authority, county; without it the widest.", max_length=50),
]
READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


class Tools:
    """The tools as assistants call them: each in a thread, a few at a time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._limiter: anyio.CapacityLimiter | None = None

    async def find_place(
        self, name: Annotated[str, Field(description="What people call it, or its code.", max_length=200)]
    ) -> str:
        """Find the code of a place by its name: nations, regions, combined authorities, counties, districts."""
        return await self._do(tools.find_place, name)

    async def find_indicator(
        self, about: Annotated[str, Field(description="A word or two: broadband, 5G, skills.", max_length=200)]
    ) -> str:
        """Find what is measured about a subject, with units, the levels of places covered and the latest period."""
        return await self._do(tools.find_indicator, about)

    async def get_figure(self, place: Place, indicator: Indicator, period: Period = None) -> str:
        """Get one figure of one place: the latest, or that of a period."""
        return await self._do(tools.get_figure, place, indicator, period)

    async def get_series(
        self, place: Place, indicator: Indicator, period_from: Period = None, period_to: Period = None
    ) -> str:
        """Get how a figure of a place has changed over time. A status B marks a break: do not compare across it."""
        return await self._do(tools.get_series, place, indicator, period_from, period_to)

    async def compare_place(
        self,
        place: Place,
        indicator: Indicator,
        period: Period = None,
        others: Annotated[list[Place] | None, Field(description="Places to compare with.", max_length=6)] = None,
    ) -> str:
        """Compare a place with the median of its level, the United Kingdom, or others; with a sentence to print."""
        return await self._do(tools.compare_place, place, indicator, period, others)

    async def rank_places(
        self,
        indicator: Indicator,
        level: Level = None,
        period: Period = None,
        count: Annotated[int, Field(description="How many, the best first.", ge=1, le=50)] = 10,
    ) -> str:
        """Rank the places of a level by an indicator, with the range of ranks that the error of the values leaves."""
        return await self._do(tools.rank_places, indicator, level, period, count)

    async def place_profile(self, place: Place) -> str:
        """Get what a place is strong in and where it has gaps, against the places of its level."""
        return await self._do(tools.place_profile, place)

    async def index_scores(
        self,
        index: Literal["local-digital-capital", "combined-authority-digital-capital"] = "local-digital-capital",
        place: Place | None = None,
    ) -> str:
        """Get the scores of a composite index, with the range of ranks that other methods give. Not techUK's index."""
        return await self._do(tools.index_scores, index, place)

    async def verify_figure(
        self,
        figure: Annotated[str, Field(description="As printed: 71.3%, £33,400, 1.2 million.", max_length=40)],
        place: Place | None = None,
        indicator: Indicator | None = None,
        period: Period = None,
    ) -> str:
        """Check whether a quoted figure is one of this service and still stands. Name a place, an indicator or both."""
        return await self._do(tools.verify_figure, figure, place, indicator, period)

    async def _do(self, tool: Callable[..., dict[str, Any]], *given: Any) -> str:
        """Have a tool done, and its answer kept short. A question back is an answer, a refusal an error."""
        if self._limiter is None:  # it belongs to the loop that it is made in
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        try:
            told = await run_sync(partial(tool, self._service, *given), limiter=self._limiter)
        except UnclearError as unclear:
            told = unclear.answer
        except RefusedError as refused:
            raise ToolError(str(refused)) from None
        return fit(told)


def make_server(service: Service) -> MCPServer:
    """The server, with every tool."""
    server = MCPServer(
        name="uk-digital-capital",
        title="UK Regional Digital Capital",
        instructions=INSTRUCTIONS,
        version=VERSION,
        log_level="WARNING",
    )
    known = Tools(service)
    for name in (name for name in vars(Tools) if not name.startswith("_")):
        server.tool(annotations=READ_ONLY, structured_output=False)(getattr(known, name))
    return server
