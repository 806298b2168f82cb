"""Breaks, provisional, suppressed and missing figures."""


def test_statuses_are_known_and_missing_values_explained(seed):
    for rows in seed.observations.values():
        for row in rows:
            assert row["status"] in {"A", "B", "D", "O", "P", "Q"}
            assert (row["value"] == "") == (row["status"] in {"O", "Q"})
            assert row["status"] == "A" or row["note"]


def test_mobile_aggregates_break_in_january_2025(seed):
    for indicator in ("4g-area-coverage", "5g-area-coverage"):
        broken = [row for row in seed.observations[indicator] if row["status"] == "B"]
        assert {row["period"] for row in broken} == {"2025-01"}
        regions = {row["region"] for row in broken}
        levels = set().union(*(seed.levels(region) for region in regions))
        assert levels == {"uk", "other", "country", "itl1", "combined-authority"}
        assert len(regions) == 27


def test_no_break_where_there_is_nothing_before_or_nothing_aggregated(seed):
    figures = seed.at("5g-area-coverage", 4)
    assert figures["E47000018", "2025-01"]["status"] == "A"  # the first point of Lancashire
    assert figures["E10000017", "2025-01"]["status"] == "A"  # counties move with their districts
    assert figures["E08000025", "2025-01"]["status"] == "A"


def test_fixed_broadband_does_not_break(seed):
    for indicator in ("gigabit-availability", "premises-below-30-mbps"):
        assert {row["status"] for row in seed.observations[indicator]} == {"A"}


def test_the_north_west_falls_although_its_districts_rise(seed):
    figures = seed.at("5g-area-coverage", 4)
    assert figures["E12000002", "2024-09"]["value"] == "88.29"
    assert figures["E12000002", "2025-01"]["value"] == "75.3"
    districts = [c for c in seed.by("regions", "region") if "E12000002" in seed.ancestors(c)]
    for code in districts:
        if seed.levels(code) == {"local-authority"} and (code, "2024-09") in figures:
            before, after = (float(figures[code, p]["value"]) for p in ("2024-09", "2025-01"))
            assert after > before - 2, code


def test_provisional_jobs(seed):
    for row in seed.current("employment-sic-j"):
        assert row["status"] == ("P" if row["period"] == "2024" else "A")


def test_low_is_a_suppressed_count_not_a_zero(seed):
    suppressed = [
        (indicator, row["region"], row["value"])
        for indicator in seed.observations
        for row in seed.current(indicator)
        if row["status"] == "Q"
    ]
    assert suppressed == [
        ("fe-ict-achievements", "E06000053", ""),
        ("fe-ict-enrolments", "E06000053", ""),
    ]


def test_derived_figures_say_so_with_their_formula(seed):
    derived = {
        "4g-indoor-any-operator": 361, "business-rd-per-head": 41, "census-online-response": 335,
        "digital-job-adverts-share": 276, "digital-planning-grants": 727, "digital-sector-enterprises-share": 14,
        "digital-sector-enterprises": 14, "employment-sic-j-share": 150, "enterprises-sic-62": 14,
        "enterprises-sic-j-share": 377, "full-fibre-availability": 29, "full-fibre-take-up-where-available": 29,
        "full-fibre-take-up": 29, "gva-sic-62-63": 840, "gva-sic-j-per-head": 847, "gva-sic-j-share": 840,
        "gva-sic-j": 210, "open-digital-planning-membership": 2547, "planning-data-sets": 2547,
        "population-16-24": 340, "population-16-64": 340, "population": 390, "premises-below-uso": 29,
        "superfast-availability": 29,
    }  # fmt: skip
    for indicator in seed.observations:
        rows = [row for row in seed.current(indicator) if row["note"].startswith("Derived: ")]
        assert len(rows) == derived.get(indicator, 0), indicator


def test_funding_figures_name_their_nuts_version(seed):
    for indicator in ("innovate-uk-funding", "ukri-funding"):
        for row in seed.current(indicator):
            year = int(row["period"])
            version = 2006 if year < 2010 else 2010 if year < 2013 else 2013 if year < 2016 else 2016
            assert row["note"] == f"NUTS2 vintage {version}."


def test_pay_of_2025_is_provisional(seed):
    provisional = [row for row in seed.current("median-weekly-pay") if row["status"] == "P"]
    assert len(provisional) == 407
    assert {row["period"] for row in provisional} == {"2025-04"}
    assert {row["note"].split(".")[0] for row in provisional} == {"Provisional for Great Britain"}


def test_what_a_publisher_calls_unreliable_has_no_limits_and_says_so(seed):
    for indicator, count in (("no-qualifications", 258), ("economic-inactivity-rate", 46), ("employment-rate", 10)):
        rows = [row for row in seed.current(indicator) if "unreliable" in row["note"]]
        assert len(rows) == count
        assert all(row["bounds_kind"] == "" for row in rows)
