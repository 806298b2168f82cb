"""How places are drawn, as a question says it."""

from __future__ import annotations

from api.filters import BOUNDARIES, GEOMETRIES, POINTS
from api.schemas.fields import FLAGS, Keyword


class Geometry(Keyword):
    """As what places are drawn; `true` stands for boundaries and `false` for points, as other services have it."""

    def __init__(self) -> None:
        super().__init__(
            GEOMETRIES,
            error="{input!r} is no geometry. Write points, boundaries or hexagons.",
            metadata={
                "description": "How places are drawn, in GeoJSON and TopoJSON: `points` (without it, but in TopoJSON), "
                "`boundaries` (TopoJSON without it; generalised outlines of land, in the WGS 84 datum), or `hexagons` "
                "of one `level`, a cartogram. A region that has no such shape has the geometry null, and `not_drawn` "
                "names it. `true` is read as `boundaries` and `false` as `points`.",
                "example": POINTS,
            },
        )

    def canonical(self, text: str) -> str:
        """The one spelling of it; a text that is none of the words as it is."""
        flag = FLAGS.get(text.strip().casefold())
        return {"true": BOUNDARIES, "false": POINTS}[flag] if flag else super().canonical(text)
