"""What normalisations hold figures of this service against: the sizes of regions, and a base period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection

from api.analysis.method import Choice
from api.analysis.ranks import Floats
from api.answers.comparison.rates import divisors
from api.answers.index.asked import AskedIndex, AskedIndicator
from api.answers.index.placed import Wanted, place
from api.answers.reading import Reading
from api.catalogue import Region
from api.errors import Fault

SIZE = "population"
"""The indicator that says how large regions are."""


@dataclass(frozen=True)
class Standards:
    """Finds them for some regions, those of a level or (None) any that were named."""

    connection: Connection
    reading: Reading
    regions: Sequence[Region]
    level: str | None

    def sizes(self, asked: AskedIndex) -> tuple[Floats | None, dict[str, Any] | None]:
        """The latest population of each region, (regions,), and what it is, where some normalisation weighs by it."""
        indicators = self.reading.catalogue.indicators.values()
        size = next((item for item in indicators if item.slug == SIZE), None)
        if size is None or not any("sizes" in chosen.method.takes for chosen in _named(asked)):
            return None, None
        latest = max((int(item.start[:4]) for item in size.coverage), default=None)
        if latest is None:
            return None, None
        found = divisors(self.connection, self.reading, size, self.regions, latest)
        values = (found[region.id].value if region.id in found else None for region in self.regions)
        return np.array(list(values), dtype=float), {"indicator": SIZE, "year": latest}

    def based(
        self, indicators: Sequence[AskedIndicator], wanted: Sequence[Wanted], faults: list[Fault]
    ) -> Iterator[AskedIndicator]:
        """The indicators, with mean and standard deviation of the regions in the base period that each names."""
        for number, (item, now) in enumerate(zip(indicators, wanted, strict=True)):
            if now.base is None:
                yield item
                continue
            values = item.scale * self._values(replace(now, period=now.base))
            count = int((~np.isnan(values)).sum())
            if count < 2:
                message = f"{item.id} has a comparable value for {item.base_period} for {count} of these regions, and "
                path = f"indicators/{number}/base_period"
                faults.append(Fault("too-few-values", path, f"{message}two at least make a base. Choose another."))
                yield item
                continue
            mean, deviation = float(np.nanmean(values)), float(np.nanstd(values, ddof=1))
            if not deviation > 0:
                message = f"{item.id} had the same value everywhere in {item.base_period}. Choose another base period."
                faults.append(Fault("too-few-values", f"indicators/{number}/base_period", message))
            yield replace(item, base_mean=mean, base_deviation=deviation)

    def _values(self, wanted: Wanted) -> Floats:
        """The values of an indicator as they are compared, (regions,)."""
        placed = place(self.connection, self.reading, self.regions, [wanted], level=self.level, earlier=False)
        inputs = placed.inputs(self.reading.catalogue)
        return np.asarray(inputs.values[:, 0] / (1.0 if inputs.divisors is None else inputs.divisors[:, 0]))


def _named(asked: AskedIndex) -> Iterator[Choice]:
    """Every normalisation that is named."""
    yield from [asked.normalisation] if asked.normalisation is not None else []
    yield from (asked.uncertainty and asked.uncertainty.normalisation) or ()
    yield from (item.normalisation for item in asked.indicators if item.normalisation is not None)
