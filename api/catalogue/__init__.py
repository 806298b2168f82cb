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
    FileUse,
    Formula,
    Gap,
    Indicator,
    Level,
    Origin,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
    Succession,
)
from api.catalogue.in_rows import RegionInRows, RegionsInRows
from api.catalogue.indicator_search import words_of
from api.catalogue.indices import Index, IndexComponent, IndexIndicator, index_of
from api.catalogue.match import Match
from api.catalogue.postcodes import postcode
from api.catalogue.recoding import CodedPeriod, CodedSeries, Hidden, SharedSeries, chains
from api.catalogue.sets import ANY_DAY
from api.catalogue.spelling import fold
from api.catalogue.synonyms import unmeasured

__all__ = [
    "ANY_DAY",
    "Catalogue",
    "CodedPeriod",
    "CodedSeries",
    "Component",
    "CountedSeries",
    "CoveredPeriod",
    "FileUse",
    "Formula",
    "Gap",
    "Hidden",
    "Index",
    "IndexComponent",
    "IndexIndicator",
    "Indicator",
    "Level",
    "Match",
    "Origin",
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
    "index_of",
    "postcode",
    "unmeasured",
    "words_of",
]
