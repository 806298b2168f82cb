"""Absences are declared, never filled with zero."""


def gaps(seed):
    return {(row["indicator"], row["region"]): row["reason"] for row in seed.table("gaps")}


def test_cornwall_is_suppressed(seed):
    assert gaps(seed)["gva-sic-j", "E06000052"] == "suppressed"
    assert gaps(seed)["gva-sic-j", "E06000053"] == "suppressed"
    assert not any(row["region"] in {"E06000052", "E06000053"} for row in seed.current("gva-sic-j"))


def test_districts_of_the_south_west_fall_short(seed):
    figures = seed.at("gva-sic-j", 4)
    districts = sum(
        float(row["value"])
        for (region, period), row in figures.items()
        if period == "2023" and seed.levels(region) == {"local-authority"} and "E12000009" in seed.ancestors(region)
    )
    whole = float(figures["E12000009", "2023"]["value"])
    cornwall = float(figures["TLK3", "2023"]["value"])
    assert districts < whole
    assert abs(whole - districts - cornwall) < 20


def test_whole_nations_outside_a_series(seed):
    for indicator in ("fe-ict-achievements", "digital-job-adverts", "apprenticeship-starts-rate"):
        for nation in ("W92000004", "S92000003", "N92000002"):
            assert gaps(seed)[indicator, nation] == "geography-not-covered"
    assert gaps(seed)["employment-soc-21", "N92000002"] == "geography-not-covered"
    assert gaps(seed)["level-3-qualifications", "N09000003"] == "geography-not-covered"


def test_of_the_english_regions_london_only(seed):
    for indicator in ("employment-soc-21", "fe-ict-enrolments", "digital-job-adverts"):
        assert gaps(seed)[indicator, "E12000005"] == "geography-not-covered"
        assert (indicator, "E12000007") not in gaps(seed)
        assert any(row["region"] == "E12000007" for row in seed.current(indicator))


def test_combined_authorities_missing_from_a_file(seed):
    for authority in ("E47000015", "E47000016", "E47000017", "E47000018"):
        assert gaps(seed)["inward-fdi-stock", authority] == "geography-not-covered"


def test_a_declared_gap_has_no_figure(seed):
    partial = {("gva-sic-j-per-head", "TLM2"), ("gva-sic-j-per-head", "TLM9")}
    used = {i: {row["region"] for row in seed.current(i)} for i in seed.observations}
    for indicator, region in gaps(seed):
        if (indicator, region) not in partial:
            assert region not in used[indicator], (indicator, region)


def test_gaps_are_reasoned(seed):
    assert all(row["detail"] for row in seed.table("gaps"))
