"""Texts are laid out by the widths of the letters of the font that images are drawn with."""

from fontTools.ttLib import TTFont

from api.charts.text import BOLD, FONTS, REGULAR, _widths, cut, width, wrapped


def test_widths_are_those_of_the_fonts():
    for weight, name in ((REGULAR, "Regular"), (BOLD, "SemiBold")):
        font = TTFont(FONTS / f"Inter-{name}.ttf")
        letters, whole = font.getBestCmap(), font["head"].unitsPerEm
        assert {chr(code): round(font["hmtx"][glyph][0] / whole, 3) for code, glyph in letters.items()} == _widths()[
            weight
        ]


def test_the_fonts_have_the_letters_of_welsh_and_of_what_is_written():
    known = _widths()[REGULAR].keys()
    assert set("ŵŷâêîôûẁẃẅỳŴŶ£€–—−…←→≤≥") <= known  # noqa: RUF001


def test_lines_are_no_wider_than_they_may_be():
    lines = wrapped("Young people aged 16 and 17 not in education, employment or training", 13, 180)
    assert len(lines) > 1
    assert all(width(line, 13) <= 180 for line in lines)
    assert " ".join(lines) == "Young people aged 16 and 17 not in education, employment or training"


def test_what_has_no_room_ends_in_dots():
    assert cut("Cumberland", 13, 500) == "Cumberland"
    short = cut("Bournemouth, Christchurch and Poole", 13, 90)
    assert short.endswith("…") and width(short, 13) <= 90
    assert len(wrapped("one two three four five six seven eight", 13, 60, most=2)) == 2
    assert wrapped("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", 13, 90)[0].endswith("…")
