"""What each indicator says about itself."""

import re

COMPONENTS = {
    "digital-infrastructure", "digital-skills", "digital-adoption", "research-innovation",
    "finance-investment", "trade-support", "data-ecosystems", "collaboration-coordination",
}  # fmt: skip


OTHERS = {
    "business-births": "active-businesses", "business-deaths": "active-businesses",
    "employer-business-births": "active-businesses", "active-businesses-10-plus": "active-businesses",
    "high-growth-business-count": "active-businesses-10-plus",
}  # fmt: skip
"""What counts are divided by that are not divided by the population."""


def indicators(seed):
    return seed.by("indicators", "indicator")


def test_eight_components_all_measured_since_release_5(seed):
    """Two were not measured before: their newest text holds from release 5 on."""
    rows = seed.table("components")
    components = {row["component"]: row for row in rows if row["first_release"] == "1"}
    assert set(components) == COMPONENTS | {"digital-economy", "context"}
    unmeasured = {c for c, row in components.items() if row["measured"] == "false"}
    assert unmeasured == {"data-ecosystems", "collaboration-coordination"}
    for code, row in components.items():
        assert bool(row["reason"]) == (code in unmeasured)
    again = {row["component"]: row for row in rows if row["first_release"] == "5"}
    assert set(again) == unmeasured
    assert len(rows) == len(components) + len(again)
    for row in again.values():
        assert (row["measured"], row["reason"]) == ("true", "")
        assert "England only" in row["description"]
    for first, of in (("1", set(components) - unmeasured), ("5", set(components) - {"trade-support"})):
        used = {row["component"] for row in indicators(seed).values() if row["first_release"] == first}
        assert used == of


def test_counts_and_amounts_declare_a_denominator(seed):
    for code, row in indicators(seed).items():
        assert row["measure"] in {"rate", "count", "amount"}
        if row["measure"] == "rate" or code in {"population", "ukri-funding"}:
            assert row["denominator"] == "", code
        else:
            assert row["denominator"] == OTHERS.get(code, "population"), code
    assert indicators(seed)["gva-sic-j"]["measure"] == "amount"
    assert indicators(seed)["active-businesses"]["measure"] == "count"


def test_every_text_is_there_and_no_date_is_invented(seed):
    for code, row in indicators(seed).items():
        assert re.fullmatch(r"[a-z0-9-]+", code)
        assert row["title"]
        assert len(row["description"]) > 60
        assert row["unit"]
        assert row["caveats"]
        assert row["next_update"] == ""
        assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", row["last_updated"])
    assert indicators(seed)["gigabit-availability"]["last_updated"] == "2026-06-22"
    assert indicators(seed)["gva-sic-j"]["last_updated"] == "2025-04-17"
    assert indicators(seed)["employment-sic-j"]["last_updated"] == ""


def test_polarity(seed):
    lower = {c for c, row in indicators(seed).items() if row["polarity"] == "lower-is-better"}
    assert lower == {
        "premises-below-30-mbps", "premises-below-uso", "internet-never-used", "internet-lapsed",
        "internet-lapsed-or-never-used", "economic-inactivity-rate", "economic-inactivity-rate-lfs",
        "unemployment-rate", "unemployment-rate-lfs", "claimant-rate", "youth-unemployment", "neet-16-17",
        "neet-or-not-known-16-17",
        "no-qualifications", "deprivation-score", "most-deprived-neighbourhoods", "education-deprivation-score",
    }  # fmt: skip
    assert indicators(seed)["population"]["polarity"] == "neutral"


def test_derived_indicators_state_their_formula(seed):
    for code in seed.observations:
        derived = any(row["note"].startswith("Derived: ") for row in seed.current(code))
        assert bool(indicators(seed)[code]["derivation"]) == derived, code


def test_section_j_is_called_a_proxy(seed):
    for code in ("gva-sic-j", "gva-sic-j-per-head", "enterprises-sic-j", "enterprises-sic-j-share",
                 "employment-sic-j", "ict-service-exports"):  # fmt: skip
        assert "narrower than the definition techUK uses" in indicators(seed)[code]["caveats"]
    assert indicators(seed)["enterprises-sic-j"]["component"] == "digital-economy"


def test_caveats_carry_the_traps(seed):
    caveats = {code: row["caveats"] for code, row in indicators(seed).items()}
    assert "not a time series" in caveats["employment-sic-j"]
    assert "provisional" in caveats["employment-sic-j"]
    assert "no sampling error" in caveats["employment-soc-21"]
    assert "95 % limits since release 5" in caveats["level-3-qualifications"]
    assert "break between September 2024 and January 2025" in caveats["5g-area-coverage"]
    assert "differ slightly from those techUK prints" in caveats["5g-area-coverage"]
    assert "Cornwall" in caveats["gva-sic-j"]
    assert "fall short" in caveats["gva-sic-j"]
    assert "ends in 2019" in caveats["daily-internet-users"]
    assert "London only" in caveats["fe-ict-achievements"]
    assert "looks wrong" in caveats["ukri-funding"]


def test_english_series_say_so(seed):
    for code in ("fe-ict-achievements", "digital-job-adverts", "apprenticeship-starts-rate"):
        assert "England only" in indicators(seed)[code]["description"]
        nations = {row["region"][0] for row in seed.current(code)}
        assert nations == {"E"}


def test_internet_series_ends_in_2019(seed):
    assert max(row["period"] for row in seed.current("daily-internet-users")) == "2019"


def test_surveys_are_told_from_records(seed):
    """A sample has sampling error, a record is only rounded: what a comparison may claim depends on it."""
    collected = {code: row["collection"] for code, row in indicators(seed).items()}
    for code in ("level-3-qualifications", "employment-sic-j", "business-rd-expenditure"):
        assert collected[code] == "survey"
    for code in ("gigabit-availability", "business-birth-rate"):
        assert collected[code] == "administrative"
    assert collected["gva-sic-j-per-head"] == "modelled"


def test_what_is_no_time_series_says_so(seed):
    """ONS warns that BRES gives a year, and not the change from one to the next."""
    assert [code for code, row in indicators(seed).items() if row["over_time"] == "false"] == [
        "employment-sic-j",
        "employment-sic-j-share",
    ]
