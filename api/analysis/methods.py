"""Every method of the index laboratory, in one table: what it is called, computes, needs and comes from.

The laboratory computes by it, and the list of methods and the OpenAPI document are made from it. The functions are
those of the other modules; each is pure.
"""

from __future__ import annotations

from typing import Any

from api.analysis import aggregation, imputation, normalisation, treatment
from api.analysis.method import Choice, Method, Parameter

HANDBOOK = "OECD and JRC, Handbook on Constructing Composite Indicators (2008)"


_LOW = Parameter(name="low", description="The value of the last region.", default=0.0)
_HIGH = Parameter(name="high", description="The value of the first region.", default=100.0)
_IMPUTATION, _TREATMENT, _NORMALISATION, _AGGREGATION = "imputation", "treatment", "normalisation", "aggregation"

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
    Method(
        kind=_NORMALISATION,
        name="none",
        title="Values as they are",
        formula="x; -x where less is better",
        reference=f"{HANDBOOK}, step 5: for indicators in one unit; as COINr's `n_none`",
        function=normalisation.none,
    ),
    Method(
        kind=_NORMALISATION,
        name="min-max",
        title="Between the last and the first region",
        formula="low + (high - low) (x - min) / (max - min)",
        reference=f"{HANDBOOK}, step 5 (min-max)",
        function=normalisation.min_max,
        parameters=(_LOW, _HIGH),
    ),
    Method(
        kind=_NORMALISATION,
        name="z-score",
        title="Standard deviations from the mean",
        formula="mean + sd (x - m) / s, m the mean and s the sample standard deviation (n - 1) of the regions",
        reference=f"{HANDBOOK}, step 5 (standardisation)",
        function=normalisation.z_score,
        parameters=(
            Parameter(name="mean", description="The mean of the result.", default=0.0),
            Parameter(
                name="sd",
                description="The standard deviation of the result.",
                default=1.0,
                least=1e-6,
                argument="deviation",
            ),
        ),
    ),
    Method(
        kind=_NORMALISATION,
        name="rank",
        title="Rank from below",
        formula="1 for the last region, n for the first; equals share the lowest",
        reference=f"{HANDBOOK}, step 5 (ranking)",
        function=normalisation.rank,
    ),
    Method(
        kind=_NORMALISATION,
        name="borda",
        title="Borda count",
        formula="rank from below - 1: how many other regions are behind",
        reference="Borda (1781); as COINr's `n_borda`, equals sharing the lowest",
        function=normalisation.borda,
    ),
    Method(
        kind=_NORMALISATION,
        name="percentile-rank",
        title="Share of the other regions that are behind",
        formula="(rank from below - 1) / (n - 1)",
        reference=f"{HANDBOOK}, step 5 (ranking); as COINr's `n_prank`",
        function=normalisation.percentile_rank,
    ),
    Method(
        kind=_NORMALISATION,
        name="distance-to-best",
        title="How much of the way from the last to the first is done",
        formula="1 - (max - x) / (max - min)",
        reference=f"{HANDBOOK}, step 5 (distance to a reference, the leader); as COINr's `n_dist2max`",
        function=normalisation.distance_to_best,
    ),
    Method(
        kind=_NORMALISATION,
        name="distance-to-target",
        title="How much of the way from the last to a target is done",
        formula="low + (high - low) (1 - (target - x) / (target - min)); beyond the target more, unless `capped`",
        reference=f"{HANDBOOK}, step 5 (distance to a reference, a target); as COINr's `n_dist2targ`",
        function=normalisation.distance_to_target,
        parameters=(
            Parameter(
                name="capped",
                description="Whether what is beyond the target counts as on it.",
                kind="boolean",
                default=False,
            ),
            Parameter(name="low", description="The value of the last region.", default=0.0),
            Parameter(name="high", description="The value of one that is on its target.", default=1.0),
        ),
        of_indicators=(("target", "targets"),),
    ),
    Method(
        kind=_NORMALISATION,
        name="distance-to-reference",
        title="How much of the way from the last to a reference region is done",
        formula="1 - (reference - x) / (reference - min)",
        reference=f"{HANDBOOK}, step 5 (distance to a reference country); as COINr's `n_dist2ref`",
        function=normalisation.distance_to_reference,
        parameters=(Parameter(name="reference", description="The identifier of the reference region.", kind="region"),),
    ),
    Method(
        kind=_NORMALISATION,
        name="goalposts",
        title="Between fixed posts",
        formula="low + (high - low) (x - lower) / (upper - lower), held between low and high if `capped`; from the "
        "other side where less is better",
        reference=f"{HANDBOOK}, step 5 (min-max over all years); UNDP, Human Development Report, technical notes",
        function=normalisation.goalposts,
        parameters=(
            _LOW,
            _HIGH,
            Parameter(
                name="capped",
                description="Whether what is beyond a post counts as on it.",
                kind="boolean",
                default=True,
            ),
        ),
        of_indicators=(("lower", "lower"), ("upper", "upper")),
    ),
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
    ),
    Method(
        kind=_AGGREGATION,
        name="harmonic",
        title="Harmonic mean",
        formula="sum(w) / sum(w / x), x > 0",
        reference="Becker et al., COINr (2022), `a_hmean`: little compensation",
        function=aggregation.harmonic,
    ),
    Method(
        kind=_AGGREGATION,
        name="generalised",
        title="Generalised (power) mean",
        formula="(sum(w x^p) / sum(w))^(1/p), x > 0 unless p = 1; geometric for p = 0",
        reference="Hardy, Littlewood and Pólya, Inequalities (1934); as COINr's `a_genmean`",
        function=aggregation.generalised,
        parameters=(Parameter(name="power", description="The power p.", default=0.5, least=-100, most=100),),
    ),
)
KINDS = (_IMPUTATION, _TREATMENT, _NORMALISATION, _AGGREGATION)
BY_KIND: dict[str, dict[str, Method]] = {
    kind: {item.name: item for item in METHODS if item.kind == kind} for kind in KINDS
}


def choice(kind: str, name: str, **parameters: Any) -> Choice:
    """A method of the table by its name, with its defaults where nothing else is said."""
    method = BY_KIND[kind][name]
    return Choice(method, tuple((item.name, parameters.get(item.name, item.default)) for item in method.parameters))
