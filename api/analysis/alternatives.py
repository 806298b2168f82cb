"""The values of an index in each way that they could have come about: other treatments, scales, figures, posts."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from api.analysis.definition import Uncertainty
from api.analysis.laboratory import Computed, impute, naming
from api.analysis.method import Choice
from api.analysis.ranks import Floats
from api.analysis.scale import Scale, treat
from api.analysis.treatment import Treated


@dataclass(frozen=True)
class Alternatives:
    """What may be chosen otherwise of the values of a computed index, and what comes of it."""

    computed: Computed
    asked: Uncertainty

    @cached_property
    def ways(self) -> tuple[tuple[Choice, Choice], ...]:
        """Each treatment with each normalisation, treatments outermost."""
        return tuple(product(self.treatments, self.asked.normalisations))

    @property
    def treatments(self) -> tuple[Choice, ...]:
        """The treatments that may be chosen: the index's own where no others are named."""
        return self.asked.treatments or (self.computed.definition.treatment,)

    @cached_property
    def tables(self) -> list[Floats]:
        """The values of each way, (regions, indicators), of figures and posts as they are. Raises `Impossible`."""
        own = self.computed.definition.treatment
        imputed = self.computed.imputed[self.computed.taken]
        known = {own: self.computed.treatment}
        treated = {way: known.get(way) or self._treated(way, imputed) for way in self.treatments}
        return [self._normalised(way, treated[way[0]]) for way in self.ways]

    def moved(self, way: int, errors: int, posts: int) -> Floats:
        """The values of a way with figures and posts moved as two seeds have it. Raises `Impossible`."""
        computed = self.computed
        chosen = self.ways[way]
        imputed = computed.imputed[computed.taken]
        if self.asked.data_error and computed.inputs.errors is not None:
            off = computed.inputs.errors.drawn(np.random.default_rng(errors))
            imputed = impute(computed.definition, computed.inputs, computed.denominated + off, computed.taken)
        shifts = None
        if self.asked.goalposts > 0:
            most = self.asked.goalposts
            shifts = np.random.default_rng(posts).uniform(-most, most, (2, imputed.shape[1]))
        return self._normalised(chosen, self._treated(chosen[0], imputed), shifts)

    def _treated(self, chosen: Choice, imputed: Floats) -> Treated:
        with self._naming(chosen):
            return treat(chosen, self.computed.definition, imputed)

    def _normalised(self, way: tuple[Choice, Choice], treated: Treated, shifts: Floats | None = None) -> Floats:
        computed = self.computed
        with self._naming(way[1]):
            return Scale(computed.definition, computed.inputs, computed.taken).normalise(way[1], treated, shifts)

    def _naming(self, chosen: Choice) -> AbstractContextManager[None]:
        regions = tuple(self.computed.inputs.regions[region] for region in self.computed.taken)
        return naming(regions, self.computed.framework, during=f"With {chosen.method.name}: ")
