"""What a calculation cannot be made of."""

from __future__ import annotations

from collections.abc import Sequence

Place = tuple[str | None, str | None]
"""A region and a part of an index by their identifiers; None: all of them."""


class Impossible(ValueError):  # noqa: N818  (a calculation is; the caller tells why)
    """A calculation that its data or choices do not allow.

    `cells` are the (region, indicator) numbers at fault, -1 being all of them; `places` the same by name, once
    somebody who knows the names has put them in.
    """

    def __init__(
        self, message: str, *, cells: tuple[tuple[int, int], ...] = (), places: tuple[Place, ...] = ()
    ) -> None:
        super().__init__(message)
        self.cells = cells
        self.places = places

    def named(self, regions: Sequence[str], parts: Sequence[str], *, during: str = "") -> Impossible:
        """The same with the names of its cells, and what was being done; named once, it stays as it is."""
        if self.places:
            return self
        places = tuple(
            (regions[region] if region >= 0 else None, parts[part] if part >= 0 else None)
            for region, part in dict.fromkeys(self.cells)
        )
        return Impossible(f"{during}{self}", cells=self.cells, places=places)
