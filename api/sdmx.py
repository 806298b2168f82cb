"""SDMX's words for what is served: the dataflow, its components, its code lists, and the codes that we write.

The data (`encoders.sdmx_csv`) and the structures that describe them (`answers.sdmx`) both take them from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

AGENCY = "UKDC"
VERSION = "1.0.0"
FLOW = "OBSERVATIONS"
FLOW_NAME = "Observations of the UK's regional digital capital"
FLOW_DESCRIPTION = "Every figure of the service: a value of an indicator for a place and a period, with its status."
STRUCTURE = "DSD_OBSERVATIONS"
CONCEPTS = "CS_OBSERVATIONS"
COMPONENTS_OF_CAPITAL = "COMPONENTS"


def reference(name: str) -> str:
    """An artefact as SDMX-CSV names it: `UKDC:OBSERVATIONS(1.0.0)`."""
    return f"{AGENCY}:{name}({VERSION})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A column of the data: its identifier (which is that of its concept), what it plays, and where its codes stand."""

    id: str
    name: str
    description: str
    role: str
    """`dimension`, `measure` or `attribute`."""
    codes: str | None = None
    """The code list that its values are from; None where they are numbers or periods."""
    kind: str = "String"
    """SDMX's data type of its values."""


COMPONENTS = (
    Component(
        id="FREQ",
        name="Frequency",
        description="The length of the periods: a reading taken in a month is written with that month. How often an "
        "indicator is published is noted with its code.",
        role="dimension",
        codes="CL_FREQ",
    ),
    Component(id="REF_AREA", name="Reference area", description="The place.", role="dimension", codes="CL_AREA"),
    Component(
        id="INDICATOR", name="Indicator", description="What is measured.", role="dimension", codes="CL_INDICATOR"
    ),
    Component(
        id="TIME_PERIOD",
        name="Time period",
        description="The period. A year that does not begin in January is a time range, as 2023-04-01/P1Y.",
        role="dimension",
        kind="ObservationalTimePeriod",
    ),
    Component(
        id="OBS_VALUE",
        name="Observation value",
        description="The value; NaN where it is missing, and OBS_STATUS says why.",
        role="measure",
        kind="Double",
    ),
    Component(
        id="OBS_STATUS",
        name="Observation status",
        description="Whether the value is normal, provisional or after a break, or why it is missing.",
        role="attribute",
        codes="CL_OBS_STATUS",
    ),
    Component(
        id="UNIT_MEASURE", name="Unit of measure", description="The unit.", role="attribute", codes="CL_UNIT_MEASURE"
    ),
    Component(
        id="DECIMALS",
        name="Decimals",
        description="How many decimals are worth showing.",
        role="attribute",
        kind="Integer",
    ),
    Component(
        id="PUBLISHED_AREA",
        name="Published area",
        description="The code that the value was published under: another one than that of the reference area where "
        "the place was given a new code.",
        role="attribute",
        codes="CL_AREA",
    ),
)
"""The components in the order of the columns: dimensions, measure, attributes."""

FREQUENCIES = {
    "A": "Annual",
    "S": "Half-yearly, semester",
    "Q": "Quarterly",
    "M": "Monthly",
    "D": "Daily",
    "_O": "Other",
}
"""The frequencies in use, from the SDMX code list CL_FREQ."""
PUBLISHED = {"annual": "A", "half-yearly": "S", "quarterly": "Q", "monthly": "M", "irregular": "_O"}
"""How often an indicator is published, in the same codes."""
_SHAPES = (
    (r"\d{4}(-\d\d-\d\d/P1Y)?", "A"),
    (r"\d{4}-[SH]\d", "S"),
    (r"\d{4}-Q\d", "Q"),
    (r"\d{4}-\d\d(-\d\d/P1M)?", "M"),
    (r"\d{4}-\d\d-\d\d", "D"),
)
_SIGNS = {"%": " percent ", "£": " GBP ", "€": " EUR ", "$": " USD "}


@lru_cache(maxsize=4_096)
def frequency_of(period: str) -> str:
    """The frequency of a period by its label: SDMX tools take both for one, so that they must agree."""
    return next((code for shape, code in _SHAPES if re.fullmatch(shape, period, re.ASCII)), "_O")


@lru_cache(maxsize=1_024)
def unit_code(unit: str) -> str:
    """The code of a unit: `GBP_MILLION` for `£ million`, since codes are letters, digits and underscores."""
    text = unit.replace(",", "")
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").upper() or "_Z"
