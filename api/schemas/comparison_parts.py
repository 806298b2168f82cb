"""What every answer that compares places has in common: the group, ranks with their basis, benchmarks, rates."""

from __future__ import annotations

from api.schemas.base import NAMED, Item, flag, many, number, one, text, texts, whole

DIRECTION = (
    "`higher`, `lower` or `same` where nothing was tested; where published bounds allow a test `similar`, or `better` "
    "and `worse` (of neutral indicators `higher` and `lower`)."
)


class AbsentRegion(Item):
    """A region that is not in a group, and why."""

    region = text("Code of the region.", "E08000016")
    region_name = text("Its name.", "Barnsley")
    reason = text(
        "`succeeded` (one that came after it has a figure), `not-comparable` (its figure is of another definition, or "
        "partial), `series-break` (of a change), `suppressed`, `not-available`, `no-denominator`, "
        "`geography-not-covered`, `not-measured`, `not-yet-published` or `not-held`.",
        "succeeded",
    )
    detail = text("The same in a sentence.")


class ComparisonGroup(Item):
    """The regions of a level with a comparable value in a period. Each place is in it once."""

    level = text("The level.", "itl1")
    period = text("The period.", "2023")
    n = whole("How many regions there are in it.", 12)
    regions = texts(f"Their codes{NAMED}.", ["E12000001", "E12000002"])
    left_out = many(
        AbsentRegion, f"Codes with a figure that are left out, since one that came after them has one too{NAMED}."
    )
    left_out_count = whole("How many are left out in all.", 0)
    missing = many(AbsentRegion, f"Regions of the level without a comparable value{NAMED}.")
    missing_count = whole("How many are missing in all.", 0)
    denominator_years = texts("The years of the denominators, where there are any.", ["2023"])
    reason = text("Why nothing can be compared in it; null where it can.", "not comparable: size", allow_none=True)


class RankInterval(Item):
    """The ranks that the error of the values allows."""

    lower = whole("The best rank; null without a basis.", 7, allow_none=True)
    upper = whole("The worst rank; null without a basis.", 9, allow_none=True)
    basis = text(
        "`sampling_ci_95`: published bounds, the ranks holding for all regions at once; `rounding`: half the last "
        "published digit of figures counted in records; null: there is none.",
        "rounding",
        allow_none=True,
    )
    reason = text("Why there is none.", "sampling error not held here", allow_none=True)
    detail = text("What the interval rests on, or why there is none, in a sentence.")


class MarginalRanks(Item):
    """The ranks that one region may have, looked at by itself: at 95 % for it, not for all regions at once."""

    lower = whole("The best rank.", 7)
    upper = whole("The worst rank.", 9)


class Rank(Item):
    """A region's place in its group: a rank where something is known of the error of the values, else a position."""

    rank = whole(
        "The rank, 1 the best; ties share the best rank; null without a basis of its interval. Neutral indicators rank "
        "from the highest value.",
        8,
        allow_none=True,
    )
    order = whole("Its position in the printed order, in which ties share the best, whatever is known of the error.", 8)
    n = whole("Among how many.", 12)
    interval = one(RankInterval, "The ranks that the error of the values allows.")
    marginal = one(
        MarginalRanks,
        "Narrower than `interval`, for who looks at this region alone; null where no published bounds tell it. Not in "
        "profiles.",
        allow_none=True,
        optional=True,
    )
    tier = whole(
        "Which of the groups that cannot be told apart it is in, 1 the best; null without a basis.", 3, allow_none=True
    )
    quantile = number("The share of the other regions that it is above, ties counted half: 0 to 1.", 0.3636)


class Quartiles(Item):
    """The quartiles around a median."""

    lower = number("A quarter of the regions is below it.", 985.4)
    upper = number("A quarter of the regions is above it.", 1389.0)


class DifferenceTest(Item):
    """Whether a difference is more than chance. Each difference is tested by itself."""

    method = text("The test.", "z-test of the difference of two values")
    assumption = text("What it takes for granted.", "The errors of both are normal, and independent of one another.")
    statistic = number(
        "The difference in its standard errors; null where both are known exactly.", 2.61, allow_none=True
    )
    p = number("The two-sided p-value.", 0.009)
    lower = number("The lower end of the 95 % interval of the difference, in its unit.", 0.6)
    upper = number("The upper end.", 4.2)
    significant = flag("Whether it is more than chance, at 95 %.", True)  # noqa: FBT003


class Difference(Item):
    """How far a value is from another."""

    absolute = number("Value less benchmark, in `unit`.", -53.55)
    relative = number(
        "The same as a percentage of the benchmark; null where that is not positive.", -4.6, allow_none=True
    )
    unit = text("The unit of the difference: percentage points between percentages.", "£ per head")
    direction = text(DIRECTION, "lower")
    tested = flag("Whether sampling error was tested: only where bounds are held here.", False)  # noqa: FBT003
    detail = text("How it was tested, or why it was not.", "not tested: no bounds of the value are held here")
    test = one(DifferenceTest, "The test; null where there was none.", allow_none=True)


class Benchmark(Item):
    """A value to compare with; medians carry one decimal more than the indicator."""

    id = text("`median`, `uk-median`, `uk`, `parent`, `parent:` and a level, `peers`, or a region's code.", "uk-median")
    kind = text("`median` of regions, or `area`: the figure of one.", "median")
    title = text("What it is.", "median of the 12 ITL 1 regions")
    region = text("The code of the area; null for medians.", allow_none=True)
    value = number("Its value; null where it cannot be had.", 1157.15, allow_none=True)
    unit = text("The unit of its value: that in which places are compared.", "£ per head", allow_none=True)
    quartiles = one(Quartiles, "The quartiles, of medians.", allow_none=True)
    note = text("What to know of the value, as that a total holds what is allocated to no region.", allow_none=True)
    n = whole("How many regions a median is of.", 12, allow_none=True)
    regions = texts(f"The regions that it is made from{NAMED}.")
    reason = text("Why it cannot be had.", allow_none=True)
    difference = one(Difference, "How far the region's value is from it.", allow_none=True)


class Denominator(Item):
    """What a count or an amount was divided by."""

    indicator = text("The indicator it was divided by.", "population")
    year = text("The year of its value: the nearest, at most two years off.", "2023")
    value = number("Its value.", 6_085_687)
    region = text("The code it is published under.", "E12000005")


class Comparable(Item):
    """A value as it is compared: a rate as published, a count or an amount through its denominator."""

    value = number("The value.", 1103.6)
    unit = text("Its unit.", "£ per head")
    decimals = whole("Decimals worth showing.", 1)
    denominator = one(Denominator, "What it was divided by; null for rates.", allow_none=True)
    formula = text("How it was computed; null for rates.", "gva-sic-j * 1,000,000 / population", allow_none=True)
