"""`Link` headers that say of a table what it has no room for itself."""

from __future__ import annotations

from typing import Any

_LEFT_OUT = 5
"""How many of those that are left out of a table its header names."""


def of_reason(meta: dict[str, Any], *, otherwise: str) -> str:
    """Where a table without rows has its reason: the nearest question that has an answer, and why this has none."""
    title = f"{meta['reason']}: {meta['detail']}".encode("ascii", "replace").decode()
    title = title.replace("\\", "").replace('"', "'")
    return f'<{meta["nearest"] or otherwise}>; rel="related"; title="{title}"'


def of_left_out(meta: dict[str, Any], *, every: str) -> str:
    """Where a table has those that are left out of it."""
    count, first = meta["left_out_count"], ", ".join(item["region"] for item in meta["left_out"][:_LEFT_OUT])
    more = ", ..." if count > _LEFT_OUT else ""
    title = f"left out: {count} regions that others replaced ({first}{more}); valid_on=any brings them back"
    return f'<{every}>; rel="related"; title="{title}"'
