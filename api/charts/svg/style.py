"""The style sheet of an image: every class that drawings use, in one theme, or in the reader's own."""

from __future__ import annotations

from functools import cache

from api.charts.chart import AUTO, DARK
from api.charts.colours import DARK as DARK_COLOURS
from api.charts.colours import LIGHT as LIGHT_COLOURS
from api.charts.colours import Palette

FAMILY = 'Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'


def palette_of(theme: str) -> Palette:
    """The colours of a theme; of a theme that is the reader's, those of the light one."""
    return DARK_COLOURS if theme == DARK else LIGHT_COLOURS


@cache
def sheet(theme: str) -> str:
    """The style sheet of a theme."""
    fixed = (
        f"text{{font-family:{FAMILY};font-size:13px;font-variant-numeric:tabular-nums}}"
        ".t{font-size:18px;font-weight:600}.h,.e{font-weight:600}.s,.n,.a,.m{font-size:11.5px}.u{font-size:13px}"
        ".g,.b,.d,.i,.x,.w,.ln,.bm{fill:none}.g,.b{stroke-width:1}.b,.d{stroke-dasharray:3 3}.i{stroke-width:4}"
        ".i,.x,.ln{stroke-linecap:round;stroke-linejoin:round}.x{stroke-width:1.5}.w{stroke-width:1.5}.ln{stroke-width:2.5}"
        ".bm{stroke-width:2}.o,.oe{stroke-width:2}.ar{stroke-width:.5}.ma{stroke-width:5;stroke-linejoin:round}.me{stroke-width:20}"
        ".ci{fill-opacity:.16}.i{stroke-opacity:.45}"
    )
    if theme == AUTO:
        return f"{fixed}{_coloured(LIGHT_COLOURS)}@media(prefers-color-scheme:dark){{{_coloured(DARK_COLOURS)}}}"
    return fixed + _coloured(palette_of(theme))


def _coloured(colours: Palette) -> str:
    series = "".join(
        f".c{place}{{stroke:{colour}}}.f{place}{{fill:{colour}}}.p{place}{{fill:{colour};stroke:{colours.ground};stroke-width:1}}"
        f".k{place}{{fill:{colours.ground};stroke:{colour};stroke-width:2}}"
        for place, colour in enumerate((*colours.series, colours.benchmark))
    )
    steps = "".join(f".q{place}{{fill:{colour}}}" for place, colour in enumerate(colours.steps))
    return (
        f".bg{{fill:{colours.ground}}}text{{fill:{colours.text}}}.s,.u,.n,.a,.m{{fill:{colours.quiet}}}"
        f".g{{stroke:{colours.grid}}}.b,.d{{stroke:{colours.benchmark}}}.bd{{fill:{colours.band}}}"
        f".i,.x,.w{{stroke:{colours.benchmark}}}.ie,.xe,.we{{stroke:{colours.strong}}}"
        f".p{{fill:{colours.benchmark}}}.pe{{fill:{colours.strong}}}.o{{fill:{colours.ground};stroke:{colours.benchmark}}}"
        f".oe{{fill:{colours.ground};stroke:{colours.strong}}}.e{{fill:{colours.strong}}}"
        f".ar,.ma{{stroke:{colours.ground}}}.me{{stroke:{colours.text}}}.qn{{fill:{colours.nothing};stroke:{colours.benchmark}}}"
        f"{series}{steps}"
    )
