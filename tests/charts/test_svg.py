"""Images: what they draw of made-up charts, and what they never hold."""

import itertools
from array import array
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from api.charts.chart import (
    AUTO,
    DARK,
    ESTIMATED,
    Area,
    Areas,
    Axis,
    Chart,
    Line,
    Lines,
    Look,
    Mark,
    Point,
    Row,
    Rows,
)
from api.charts.svg import draw, size_of

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\"'&<b> & Söns"


def point(at, value, **more):
    return Point(at=at, period=str(at), value=value, text=f"{value}", **more)


LINES = Lines(
    axis=Axis(after="%"),
    lines=(
        Line(
            label="Here",
            code="X1",
            points=(
                point(2020, 10.0),
                point(2021, 11.0),
                point(2022, 20.0, breaks=True),
                point(2023, None),
                point(2024, 22.0, kind=ESTIMATED, lower=20.0, upper=24.0),
            ),
        ),
        Line(label="There", code="X2", points=(point(2020, 5.0), point(2024, 6.0)), benchmark=True),
    ),
    ticks=((2020.0, "2020"), (2024.0, "2024")),
)
ROWS = Rows(
    axis=Axis(),
    rows=(
        Row(label="One", code="X1", value=4.0, text="4", interval=(3.0, 5.0), extremes=(2.0, 6.0), emphasised=True),
        Row(label="Two", code="X2", value=2.0, text="2", earlier=1.0, kind=ESTIMATED, heading="Group"),
        Row(label="Three", code="X3", value=None, text="no figure"),
    ),
    marks=(Mark(label="median", value=3.0),),
    band=(2.5, 3.5),
)
AREAS = Areas(
    areas=(
        Area(label="A", code="X1", rings=(array("f", (0, 0, 100, 0, 100, 100)),), value=1.0, text="1", step=0),
        Area(
            label="B",
            code="X2",
            rings=(array("f", (0, 0, 0, 100, 100, 100)),),
            value=None,
            text="none",
            step=None,
        ),
    ),
    limits=("1", "2", "3"),
)


def chart(body, **more):
    said = {"title": "A title", "subtitle": "unit, 2024", "statement": "A statement.", "source": "Source: somebody."}
    return Chart(kind="test", body=body, **(said | more))


def parsed(body, **more):
    return ET.fromstring(draw(chart(body, **more)))


def all_of(image, name):
    return list(image.iter(f"{NAMESPACE}{name}"))


def of_class(image, name, kind):
    return [item for item in all_of(image, name) if kind in item.get("class", "").split()]


@pytest.mark.parametrize("body", [LINES, ROWS, AREAS, None])
@pytest.mark.parametrize("width", [320, 720, 1600])
@pytest.mark.parametrize("theme", ["light", DARK, AUTO])
def test_an_image_says_what_it_shows_and_asks_for_nothing(body, width, theme):
    image = parsed(body, look=Look(width=width, theme=theme), notes=("A note.",))
    assert image.find(f"{NAMESPACE}title").text == "A title"
    assert image.find(f"{NAMESPACE}desc").text == "A statement."
    assert image.get("role") == "img" and image.get("width") == str(width)
    texts = [item.text for item in all_of(image, "text")]
    assert {"A title", "unit, 2024", "A note.", "Source: somebody."} <= set(texts)
    assert {item.tag.removeprefix(NAMESPACE) for item in image.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "line", "path", "circle", "g"}  # fmt: skip
    assert not [name for item in image.iter() for name in item.attrib if "href" in name or name.startswith("on")]
    assert (float(image.get("width")), float(image.get("height"))) == size_of(
        chart(body, look=Look(width=width), notes=("A note.",))
    )


@pytest.mark.parametrize("body", [LINES, ROWS, AREAS])
def test_texts_are_texts(body):
    match body:
        case Lines():
            evil = replace(body, lines=(replace(body.lines[0], label=HOSTILE),))
        case Rows():
            evil = replace(body, rows=(replace(body.rows[0], label=HOSTILE, text=HOSTILE),))
        case Areas():
            evil = replace(body, areas=(replace(body.areas[0], label=HOSTILE, emphasised=True),))
    image = parsed(evil, title=HOSTILE, subtitle=HOSTILE, statement=HOSTILE, source=HOSTILE, notes=(HOSTILE,))
    assert not all_of(image, "script")
    assert image.find(f"{NAMESPACE}desc").text == HOSTILE


def test_a_line_ends_at_a_break_and_at_a_missing_value():
    image = parsed(LINES)
    own = of_class(image, "path", "ln")
    assert len(own) == 1, "10 to 11; 20 and 22 stand alone"
    assert len(of_class(image, "line", "b")) == 1
    assert [item.text for item in of_class(image, "text", "m")] == ["break"]


def test_what_is_no_plain_value_has_an_empty_mark():
    image = parsed(LINES)
    assert len(of_class(image, "circle", "k0")) == 1
    assert len(of_class(image, "circle", "p0")) == 3


def test_limits_are_drawn():
    assert len(of_class(parsed(LINES), "path", "x")) == 1, "one value alone has a bar"
    both = replace(LINES.lines[0], points=tuple(point(at, 5.0, lower=4.0, upper=6.0) for at in (2020, 2021)))
    assert len(of_class(parsed(replace(LINES, lines=(both,))), "path", "ci")) == 1, "several have a band"


def test_rows_have_their_intervals_marks_and_headings():
    image = parsed(ROWS)
    assert len(of_class(image, "line", "i")) == 1 and len(of_class(image, "line", "x")) == 1
    assert len(of_class(image, "line", "w")) == 1
    assert len(of_class(image, "line", "d")) == 1 and len(of_class(image, "rect", "bd")) == 1
    assert [item.text for item in of_class(image, "text", "h")] == ["Group"]
    assert len(all_of(image, "circle")) == 3, "two values and an earlier one; the third row has none"


def test_a_place_without_a_value_has_no_colour_of_a_class():
    image = parsed(AREAS)
    kinds = [item.get("class") for item in all_of(image, "path")]
    assert kinds == ["ma q0", "ma qn"]
    assert "no figure" in [item.text for item in all_of(image, "text")]


def test_names_at_the_ends_of_series_do_not_cover_one_another():
    lines = tuple(
        Line(label=f"Place {n}", code=f"X{n}", points=(point(2020, 1.0), point(2024, 5.0 + n / 100))) for n in range(6)
    )
    image = parsed(replace(LINES, lines=lines))
    heights = sorted(float(item.get("y")) for item in of_class(image, "text", "h"))
    assert len(heights) == 6
    assert min(after - before for before, after in itertools.pairwise(heights)) >= 16.9
