"""Every method of the index laboratory, in one table: what it is called, computes, needs and comes from.

The laboratory computes by it, and the list of methods and the OpenAPI document are made from it. The functions are
those of the other modules; each is pure.
"""

from __future__ import annotations

from typing import Any

from api.analysis import aggregation, imputation, outranking, own_weights, treatment
from api.analysis.method import HANDBOOK, Choice, Method, Parameter
from api.analysis.normalisations import NORMALISATION, NORMALISATIONS

_IMPUTATION, _TREATMENT, _AGGREGATION = "imputation", "treatment", "aggregation"

METHODS = (
    Method(
        kind=_IMPUTATION,
        name="none",
        title="Nothing filled in",
        formula="x",
        reference=f"{HANDBOOK}, step 3 (case deletion): what is missing is left out of the means, its weight with it",
        function=imputation.none,
    ),
    Method(
        kind=_IMPUTATION,
        name="group-mean",
        title="Mean of the region's group",
        formula="mean of the values of the regions of the same group; of all regions without groups",
        reference=f"{HANDBOOK}, step 3 (unconditional mean imputation)",
        function=imputation.group_mean,
        takes=("groups",),
    ),
    Method(
        kind=_IMPUTATION,
        name="group-median",
        title="Median of the region's group",
        formula="median of the values of the regions of the same group; of all regions without groups",
        reference=f"{HANDBOOK}, step 3 (median substitution)",
        function=imputation.group_median,
        takes=("groups",),
    ),
    Method(
        kind=_IMPUTATION,
        name="latest-earlier",
        title="Latest earlier value",
        formula="the latest earlier value of the same region; missing where there is none",
        reference=f"{HANDBOOK}, step 3 (cold deck imputation)",
        function=imputation.latest_earlier,
        takes=("earlier",),
    ),
    Method(
        kind=_TREATMENT,
        name="none",
        title="Outliers left as they are",
        formula="x",
        reference=f"{HANDBOOK}, step 3",
        function=treatment.none,
    ),
    Method(
        kind=_TREATMENT,
        name="logarithms",
        title="Natural logarithms of some indicators",
        formula="log(x) of the indicators with `logarithm`, x of the others; targets and posts alike",
        reference=f"{HANDBOOK}, step 3 and step 5 (scale transformation); UNDP, Human Development Report, technical "
        "notes (income)",
        function=treatment.logarithms,
        of_indicators=(("logarithm", "chosen"),),
    ),
    Method(
        kind=_TREATMENT,
        name="winsorise-then-log",
        title="Outermost points brought in, else logarithms",
        formula="while |skewness| >= s and excess kurtosis >= k: the outermost points become the next one, at most p "
        "of them; where that is not enough log(x - min + 0.01 (max - min)) of the original",
        reference=f"{HANDBOOK}, step 3; Becker et al., COINr (2022), `Treat`; skewness and kurtosis G1 and G2 of "
        "Joanes and Gill (1998)",
        function=treatment.winsorised_or_logged,
        parameters=(
            Parameter(
                name="skewness",
                description="From which absolute skewness on a distribution is treated.",
                default=treatment.SKEWNESS,
                least=0,
                argument="most_skewness",
            ),
            Parameter(
                name="kurtosis",
                description="From which excess kurtosis on a distribution is treated.",
                default=treatment.KURTOSIS,
                argument="most_kurtosis",
            ),
            Parameter(
                name="points",
                description="How many points are brought in at the most.",
                kind="integer",
                default=treatment.MOST_POINTS,
                least=0,
                most=100,
                argument="most_points",
            ),
        ),
    ),
    *NORMALISATIONS,
    Method(
        kind=_AGGREGATION,
        name="arithmetic",
        title="Arithmetic mean",
        formula="sum(w x) / sum(w)",
        reference=f"{HANDBOOK}, step 6 (additive aggregation): full compensation",
        function=aggregation.arithmetic,
    ),
    Method(
        kind=_AGGREGATION,
        name="geometric",
        title="Geometric mean",
        formula="exp(sum(w log x) / sum(w)), x > 0",
        reference=f"{HANDBOOK}, step 6 (geometric aggregation): partial compensation",
        function=aggregation.geometric,
        positive=True,
    ),
    Method(
        kind=_AGGREGATION,
        name="harmonic",
        title="Harmonic mean",
        formula="sum(w) / sum(w / x), x > 0",
        reference="Becker et al., COINr (2022), `a_hmean`: little compensation",
        function=aggregation.harmonic,
        positive=True,
    ),
    Method(
        kind=_AGGREGATION,
        name="generalised",
        title="Generalised (power) mean",
        formula="(sum(w x^p) / sum(w))^(1/p), x > 0 unless p = 1; geometric for p = 0",
        reference="Hardy, Littlewood and Pólya, Inequalities (1934); as COINr's `a_genmean`",
        function=aggregation.generalised,
        positive=True,
        parameters=(Parameter(name="power", description="The power p.", default=0.5, least=-100, most=100),),
    ),
    Method(
        kind=_AGGREGATION,
        name="copeland",
        title="Pairs won less pairs lost",
        formula="for each region the others that it beats less those that beat it; one beats another where it is ahead "
        "in parts of more than half the weight",
        reference=f"Copeland (1951); {HANDBOOK}, step 6 (non-compensatory multi-criteria analysis); as COINr's "
        "`a_copeland`: no compensation",
        function=outranking.copeland,
        in_pairs=True,
    ),
    Method(
        kind=_AGGREGATION,
        name="benefit-of-the-doubt",
        title="Each region with the weights that favour it most",
        formula="max sum(w x) with w >= 0 of its own, under which no region comes to more than 1; each part makes up "
        "`least_share` of the sum at least",
        reference="Melyn and Moesen (1991); Cherchye et al. (2007, 2008); as Compind's `ci_bod` in R",
        function=own_weights.benefit_of_the_doubt,
        own_weights=True,
        in_pairs=True,
        parameters=(
            Parameter(
                name="least_share",
                description="What share of a region's score each part makes up at least.",
                default=0.0,
                least=0,
                most=1,
            ),
        ),
    ),
)
KINDS = (_IMPUTATION, _TREATMENT, NORMALISATION, _AGGREGATION)
BY_KIND: dict[str, dict[str, Method]] = {
    kind: {item.name: item for item in METHODS if item.kind == kind} for kind in KINDS
}


def on_positive(chosen: Choice) -> Choice:
    """A normalisation on a scale of positive values where it has one: from 1 up, or around 100.

    What parameters say already, and what has no scale to choose, stays as it is.
    """
    given = dict(chosen.parameters)
    if given.get("low", 1.0) <= 0:
        given |= {"low": 1.0, "high": max(given["high"], 100.0)}
    if given.get("mean", 1.0) <= 0:
        given |= {"mean": 100.0, "sd": 10.0 * given["sd"]}
    return choice(chosen.method.kind, chosen.method.name, **given)


def choice(kind: str, name: str, **parameters: Any) -> Choice:
    """A method of the table by its name, with its defaults where nothing else is said."""
    method = BY_KIND[kind][name]
    return Choice(method, tuple((item.name, parameters.get(item.name, item.default)) for item in method.parameters))
