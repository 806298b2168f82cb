"""Ranks of estimates that come with the question: the body, and the answer."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.answers.own_ranking import DIRECTIONS, AskedEstimate, AskedRanking, faults_of
from api.errors import invalid_definition
from api.schemas.base import Item, flag, many, number, one, text, whole
from api.schemas.comparison_parts import MarginalRanks
from api.schemas.index.bodies import Body, Name, Number, Several, UpTo, Whole, Word, said
from api.schemas.index.computed import computed_answer


def _maybe(description: str, example: float, *, least: float | None = None) -> Number:
    limits: dict[str, Any] = {} if least is None else {"least": least}
    return Number(load_default=None, allow_none=True, metadata=said(description, example), **limits)


class EstimateBody(Body):
    """An estimate with its error: a standard error, or 95 % bounds, which need not be symmetric."""

    into = AskedEstimate
    id = Name(required=True, metadata=said("What it is an estimate of.", "United Kingdom"))
    estimate = Number(required=True, metadata=said("The estimate.", 501.77))
    standard_error = _maybe("Its standard error; 0 where it is known exactly.", 2.56, least=0)
    lower = _maybe("In place of the standard error: the lower end of its 95 % interval.", 496.7)
    upper = _maybe("The upper end.", 506.8)


class RankingBody(Body):
    """Estimates whose ranks are asked for."""

    into = AskedRanking
    title = Name(load_default=None, allow_none=True, metadata=said("What is ranked.", "Mathematics, 2018"))
    estimates = Several(
        ma.fields.Nested(EstimateBody),
        required=True,
        validate=UpTo("max_ranked_estimates", least=2, error="Give {min} to {max} estimates."),
        metadata={"description": "The estimates, taken as independent of one another and normally distributed."},
    )
    direction = Word(DIRECTIONS, load_default=DIRECTIONS[0], metadata={"description": "Which estimate ranks first."})
    coverage = Number(
        load_default=0.95, least=0.5, most=0.999, metadata=said("How sure the ranks are to be, as a share.", 0.95)
    )
    best = Whole(
        load_default=None,
        allow_none=True,
        least=1,
        most="max_ranked_estimates",
        metadata=said("Ask which may be among so many best.", 5),
    )
    worst = Whole(
        load_default=None,
        allow_none=True,
        least=1,
        most="max_ranked_estimates",
        metadata=said("Ask which may be among so many worst.", 5),
    )

    @ma.post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Any:
        asked: AskedRanking = super()._frozen(data)
        faults = tuple(faults_of(asked))
        if faults:
            raise invalid_definition(faults)
        return asked


class SimultaneousRanks(Item):
    """The ranks that one may have, told for all of them at once."""

    lower = whole("The best rank.", 6)
    upper = whole("The worst rank.", 24)


class RankedEstimate(Item):
    """An estimate with the ranks that it may have."""

    id = text("What it is an estimate of.", "United Kingdom")
    estimate = number("The estimate.", 501.77)
    rank = whole("Its rank by the estimates alone, 1 the best; equals share the best.", 13)
    marginal = one(MarginalRanks, "The ranks that it may have, looked at by itself.")
    simultaneous = one(SimultaneousRanks, "The ranks that it may have, told for all of them at once.")
    tier = whole("Which of the groups that cannot be told apart it is in, 1 the best.", 2)
    among_best = flag("Whether it may be among the `best`; null where not asked for.", allow_none=True)
    among_worst = flag("Whether it may be among the `worst`; null where not asked for.", allow_none=True)


class OwnRanking(Item):
    """Estimates in order, with confidence sets of their ranks."""

    title = text("What is ranked, as it was given.", "Mathematics, 2018", allow_none=True)
    direction = text("Which estimate ranks first.", DIRECTIONS[0])
    coverage = number("How sure the ranks are.", 0.95)
    n = whole("How many there are.", 37)
    best = whole("Of how many best it was asked.", 5, allow_none=True)
    worst = whole("Of how many worst it was asked.", 5, allow_none=True)
    method = text("How the sets are made, and what is assumed.")
    draws = whole("Draws that the critical values rest on: the same ones each time.", 100000)
    estimates = many(RankedEstimate, "The estimates, the first in rank first.")


OwnRankingAnswer = computed_answer("OwnRankingAnswer", OwnRanking, "The ranks.")
