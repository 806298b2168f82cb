"""A map on which each council is a hexagon of equal size, as SVG: decoration beside a link to the figures."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from api.pages.asking import ask_or_none

_INDICATOR, _LEVEL = "gigabit-availability", "local-authority"
_SHADES = 5
_ACROSS, _DOWN = 1.732, 1.5
"""From one hexagon to the next in a row, and from row to row, where a side is 1; odd rows stand half of one aside."""
_SHAPE = "l.866 .5v1l-.866 .5-.866-.5v-1z"


def cartogram() -> dict[str, Any] | None:
    """The map of an indicator as `drawn`, with the least and greatest value; None where there are too few to shade."""
    told = ask_or_none("/v1/regions.geojson", level=_LEVEL, geometry="hexagons", indicator=_INDICATOR)
    places = [item["properties"] for item in told.data["features"]] if told else []
    known = sorted(place["value"] for place in places if place["value"] is not None and place["hex_q"] is not None)
    if len(known) < _SHADES:
        return None
    ends = [known[len(known) * shade // _SHADES] for shade in range(1, _SHADES)]
    paths: list[list[str]] = [[] for _ in range(_SHADES)]
    xs, ys = [], []
    for place in places:
        if place["value"] is not None and place["hex_q"] is not None:
            x, y = _ACROSS * (place["hex_q"] + place["hex_r"] % 2 / 2), -_DOWN * place["hex_r"]
            xs.append(x)
            ys.append(y)
            paths[sum(place["value"] >= end for end in ends)].append(f"M{x:.2f} {y:.1f}{_SHAPE}")
    box = f"{min(xs) - 1:.1f} {min(ys) - 0.2:.1f} {max(xs) - min(xs) + 2:.1f} {max(ys) - min(ys) + 2.4:.1f}"
    drawn = "".join(f'<path class="shade-{shade}" d="{"".join(path)}"/>' for shade, path in enumerate(paths, 1))
    return {
        "drawn": Markup(  # noqa: S704  (numbers of our own)
            f'<svg class="cartogram" viewBox="{box}" aria-hidden="true" focusable="false">{drawn}</svg>'
        ),
        "indicator": _INDICATOR,
        "level": _LEVEL,
        "unit": places[0]["unit"],
        "period": max(place["period"] for place in places if place["value"] is not None),
        "least": known[0],
        "most": known[-1],
    }
