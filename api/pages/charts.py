"""Charts in pages: an address of the API that draws what a table beside it says in numbers."""

from __future__ import annotations


def chart(address: str) -> str | None:  # noqa: ARG001
    """The address to draw a chart from; None while the service draws none, and then pages show their tables alone.

    This is the one place that switches charts on: once `/v1/charts/` is served, it returns the address as it is.
    """
    return None
