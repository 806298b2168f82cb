"""What a calculation cannot be made of."""

from __future__ import annotations


class Impossible(ValueError):  # noqa: N818  (a calculation is; the caller tells why)
    """A calculation that its data or choices do not allow. `cells` are the (region, indicator) numbers at fault."""

    def __init__(self, message: str, *, cells: tuple[tuple[int, int], ...] = ()) -> None:
        super().__init__(message)
        self.cells = cells
