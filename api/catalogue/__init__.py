"""The catalogue of a release, in memory: places and indicators, their spellings, and how they hang together.

A catalogue is built once per release and process by `queries.catalogue`, and never changes afterwards, but that
series are counted as they are asked for. Identifiers, aliases, levels, parents, and the years that only an indicator
can tell (`2023/24`) are resolved in it.
"""

from api.catalogue.catalogue import Catalogue
from api.catalogue.entities import (
    Component,
    CountedSeries,
    CoveredPeriod,
    Gap,
    Indicator,
    Level,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
    Succession,
)
from api.catalogue.in_rows import RegionInRows, RegionsInRows
from api.catalogue.recoding import CodedPeriod, CodedSeries, Hidden, SharedSeries, chains
from api.catalogue.search import fold

__all__ = [
    "Catalogue",
    "CodedPeriod",
    "CodedSeries",
    "Component",
    "CountedSeries",
    "CoveredPeriod",
    "Gap",
    "Hidden",
    "Indicator",
    "Level",
    "Region",
    "RegionInRows",
    "RegionsInRows",
    "ReleaseInfo",
    "SharedSeries",
    "Source",
    "SourceFile",
    "Succession",
    "chains",
    "fold",
]
