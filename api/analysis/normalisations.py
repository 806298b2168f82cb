"""The normalisations of the index laboratory, a part of the table of `methods`."""

from __future__ import annotations

from dataclasses import replace

from api.analysis import normalisation
from api.analysis.method import HANDBOOK, Method, Parameter

NORMALISATION = "normalisation"
_LOW = Parameter(name="low", description="The value of the last region.", default=0.0)
_HIGH = Parameter(name="high", description="The value of the first region.", default=100.0)
_MEAN = Parameter(name="mean", description="The mean of the result.", default=0.0)
_SD = Parameter(
    name="sd", description="The standard deviation of the result.", default=1.0, least=1e-6, argument="deviation"
)

NORMALISATIONS = (
    Method(
        kind=NORMALISATION,
        name="none",
        title="Values as they are",
        formula="x; -x where less is better",
        reference=f"{HANDBOOK}, step 5: for indicators in one unit; as COINr's `n_none`",
        function=normalisation.none,
    ),
    Method(
        kind=NORMALISATION,
        name="min-max",
        title="Between the last and the first region",
        formula="low + (high - low) (x - min) / (max - min)",
        reference=f"{HANDBOOK}, step 5 (min-max)",
        function=normalisation.min_max,
        parameters=(_LOW, _HIGH),
    ),
    Method(
        kind=NORMALISATION,
        name="z-score",
        title="Standard deviations from the mean",
        formula="mean + sd (x - m) / s, m the mean and s the sample standard deviation (n - 1) of the regions",
        reference=f"{HANDBOOK}, step 5 (standardisation)",
        function=normalisation.z_score,
        parameters=(_MEAN, _SD),
    ),
    Method(
        kind=NORMALISATION,
        name="rank",
        title="Rank from below",
        formula="1 for the last region, n for the first; equals share the lowest",
        reference=f"{HANDBOOK}, step 5 (ranking)",
        function=normalisation.rank,
    ),
    Method(
        kind=NORMALISATION,
        name="borda",
        title="Borda count",
        formula="rank from below - 1: how many other regions are behind",
        reference="Borda (1781); as COINr's `n_borda`, equals sharing the lowest",
        function=normalisation.borda,
    ),
    Method(
        kind=NORMALISATION,
        name="weighted-z-score",
        title="Standard deviations from the mean of people",
        formula="mean + sd (x - m) / s, with m = sum(p x) / sum(p) and s^2 = sum(p (x - m)^2) / sum(p), p being "
        "the sizes of the regions",
        reference=f"{HANDBOOK}, step 5 (standardisation), each region counting by its size",
        function=normalisation.weighted_z_score,
        parameters=(_MEAN, _SD),
        takes=("sizes",),
    ),
    Method(
        kind=NORMALISATION,
        name="base-z-score",
        title="Standard deviations of a base period from its mean",
        formula="mean + sd (x - m0) / s0, with the mean m0 and the standard deviation s0 of the base period; "
        "subtracted where less is better",
        reference="ONS, Health Index methodology (2015 is 100, a standard deviation is 10); Mazziotta and Pareto, AMPI "
        "(2016)",
        function=normalisation.base_z_score,
        parameters=(
            replace(_MEAN, description="What the mean of the base period counts.", default=100.0),
            replace(_SD, description="What a standard deviation of the base period counts.", default=10.0),
        ),
        of_indicators=(("base_mean", "means"), ("base_deviation", "deviations")),
    ),
    Method(
        kind=NORMALISATION,
        name="percentile-rank",
        title="Share of the other regions that are behind",
        formula="(rank from below - 1) / (n - 1)",
        reference=f"{HANDBOOK}, step 5 (ranking); as COINr's `n_prank`",
        function=normalisation.percentile_rank,
    ),
    Method(
        kind=NORMALISATION,
        name="distance-to-best",
        title="How much of the way from the last to the first is done",
        formula="1 - (max - x) / (max - min)",
        reference=f"{HANDBOOK}, step 5 (distance to a reference, the leader); as COINr's `n_dist2max`",
        function=normalisation.distance_to_best,
    ),
    Method(
        kind=NORMALISATION,
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
        kind=NORMALISATION,
        name="distance-to-reference",
        title="How much of the way from the last to a reference region is done",
        formula="1 - (reference - x) / (reference - min)",
        reference=f"{HANDBOOK}, step 5 (distance to a reference country); as COINr's `n_dist2ref`",
        function=normalisation.distance_to_reference,
        parameters=(Parameter(name="reference", description="The identifier of the reference region.", kind="region"),),
    ),
    Method(
        kind=NORMALISATION,
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
)
