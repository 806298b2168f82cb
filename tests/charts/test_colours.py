"""Colours: readable on their ground, told apart in grey, and by who sees no red or no green."""

from itertools import pairwise

import pytest

from api.charts.colours import DARK, LIGHT


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_texts_and_lines_stand_out_from_the_ground(palette):
    for colour in (palette.text, palette.quiet, palette.strong, *palette.series):
        assert contrast(colour, palette.ground) >= 4.5, colour
        assert contrast(colour, palette.band) >= 4.0, colour
    assert contrast(palette.benchmark, palette.ground) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_classes_of_a_map_go_from_one_end_to_the_other_in_grey(palette):
    greys = [luminance(colour) for colour in palette.steps]
    assert greys == sorted(greys, reverse=palette is LIGHT)
    assert all(contrast(one, other) >= 1.3 for one, other in pairwise(palette.steps))
