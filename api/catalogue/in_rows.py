"""Regions as the rows of tables name them: with one level, by which places of one name can be told apart and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.catalogue.entities import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionInRows:
    """A region as rows name it.

    `level` is one of those asked for where the region has one of them, else its first; `published_code` is the code
    that its figures were published under.
    """

    code: str
    name: str
    label: str
    level: str
    published_code: str


class RegionsInRows(dict[int, RegionInRows]):
    """Regions by number, each made when it is first asked for; safe to share among threads.

    The number is that of the code which figures were published under; `places` has the region that rows name instead,
    where it is another one.
    """

    def __init__(
        self, regions: Mapping[int, Region], levels: frozenset[str], places: Mapping[int, Region] = MappingProxyType({})
    ) -> None:
        super().__init__()
        # Nothing that leads back to the catalogue, which keeps this: one that is replaced is to be freed at once.
        self._regions, self._levels, self._places = regions, levels, places

    def __missing__(self, number: int) -> RegionInRows:
        published = self._regions[number]
        region = self._places.get(number, published)
        known = (*region.levels, *published.levels)
        level = next((item for item in known if item in self._levels), (*known, "")[0])
        made = self[number] = RegionInRows(
            code=region.code, name=region.name, label=region.label, level=level, published_code=published.code
        )
        return made
