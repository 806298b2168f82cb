"""The words that travel with an indicator, and what was left out."""

import re

NATIONS = {"E92000001": "England", "W92000004": "Wales", "S92000003": "Scotland", "N92000002": "Northern Ireland"}


def indicators(seed):
    return seed.by("indicators", "indicator")


def test_31_indicators_from_the_first_release_on_and_68_from_the_fifth(seed):
    first = [row["first_release"] for row in seed.table("indicators")]
    assert (first.count("1"), first.count("5"), len(first)) == (31, 68, 99)
    assert [int(row["position"]) for row in seed.table("indicators")] == list(range(1, 100))
    for code in indicators(seed):
        assert not re.search(r"-(pct|gbp)$", code)


def test_a_phrase_fits_into_a_sentence(seed):
    phrases = [row["phrase"] for row in seed.table("indicators")]
    assert len(set(phrases)) == len(phrases)
    for code, row in indicators(seed).items():
        assert row["number"] in {"singular", "plural"}
        assert not row["phrase"].endswith("."), code
        assert row["phrase"][0] == row["phrase"][0].lower() or row["phrase"].startswith(("UKRI", "Innovate")), code
    gigabit = indicators(seed)["gigabit-availability"]
    assert gigabit["phrase"] == "the share of premises that can order gigabit broadband"
    plural = {code for code, row in indicators(seed).items() if row["number"] == "plural"}
    assert plural == {"total-exports", "ict-service-exports", "digital-planning-grants"}


def test_each_says_in_one_sentence_what_it_is(seed):
    for code, row in indicators(seed).items():
        assert row["meaning"].endswith("."), code
        assert ". " not in row["meaning"], code
        assert len(row["meaning"]) > 40, code


def test_what_lacks_a_nation_says_so_and_declares_the_gap(seed):
    gaps = {(row["indicator"], row["region"]) for row in seed.table("gaps")}
    for code, row in indicators(seed).items():
        if row["first_release"] == "1":
            continue
        covered = set()
        for region in {figure["region"] for figure in seed.current(code)}:
            covered |= {region} | seed.ancestors(region)
        missing = set(NATIONS) - covered
        assert not missing or "not zero" in row["covers"], code
        assert {nation for nation in NATIONS if (code, nation) in gaps} == missing, code
        if covered & set(NATIONS) == {"E92000001"}:
            assert "England only" in row["covers"] or "of England only" in row["covers"], code


def test_what_it_is_mistaken_for_exists(seed):
    known = indicators(seed)
    mistaken = {code: row["mistaken_for"].split() for code, row in known.items()}
    for code, others in mistaken.items():
        assert set(others) <= set(known) - {code}, code
        assert len(others) == len(set(others))
    assert "premises-below-30-mbps" in mistaken["superfast-availability"]
    assert "superfast-availability" in mistaken["premises-below-30-mbps"]
    assert mistaken["5g-outdoor-premises"] == ["5g-area-coverage"]
    assert "employment-rate-lfs" in mistaken["employment-rate"]
    assert "internet-lapsed-or-never-used" in mistaken["internet-never-used"]


def test_traps_stand_in_the_caveats(seed):
    caveats = {code: row["caveats"] for code, row in indicators(seed).items()}
    assert "not official statistics on the census or the population" in caveats["census-online-response"]
    assert "Never compare it" in caveats["deprivation-score"]
    assert "asks not to rank single regions" in caveats["youth-unemployment"]
    assert "stops at 2023" in caveats["employment-rate"]
    assert "Do not join it" in caveats["employment-rate-lfs"]
    assert "smooths" in caveats["gva-per-job"]
    assert "register of brownfield land is a duty" in caveats["planning-data-sets"]
    assert "copied by hand" in caveats["full-fibre-availability"]
    assert "rounded to one decimal" in caveats["4g-indoor-all-operators"]
    assert "partial (status D)" in caveats["enterprises-sic-j"]


def test_spot_values_of_the_fifth_release(seed):
    spots = [
        ("4g-indoor-all-operators", "E06000001", "2024-09", "71.8"),
        ("gdhi-per-head", "E47000001", "1997", "9465"),
        ("planning-data-sets", "E47000001", "2020-12", "2.1"),
        ("census-online-response", "E06000001", "2021-03", "88.2"),
        ("digital-sector-enterprises", "E92000001", "2025-03", "185430"),
        ("business-rd-per-head", "TLC1", "2023", "306.23"),
        ("youth-unemployment", "TLC1", "2014-01-01/P11Y", "17.229"),
        ("apprenticeship-achievements-rate", "E47000001", "2019-08-01/P1Y", "451"),
        ("he-collaborative-research", "UKC1", "2015-08-01/P1Y", "2216000"),
        ("level-3-qualifications-ni", "N09000005", "2023", "53.4"),
        ("gva-per-job", "E92000001", "2023", seed.value("gva-per-job", "E92000001", "2023")),
    ]
    for indicator, region, period, value in spots:
        assert seed.value(indicator, region, period) == value


def test_northern_ireland_has_a_survey_of_its_own(seed):
    files = {row["source_file"] for row in seed.current("employment-rate") if row["region"].startswith("N09")}
    assert files == {"s61"}
    assert {row["period"] for row in seed.current("employment-rate") if row["region"].startswith("N09")} == {"2023"}


def test_what_was_left_out_has_a_reason_and_is_no_indicator(seed):
    rows = seed.table("left_out")
    assert len(rows) == 17
    assert all(row["reason"].endswith(".") and row["tier"] in {"1", "2"} for row in rows)
    reasons = {row["indicator"]: row["reason"] for row in rows}
    assert "Unweighted" in reasons["businesses_exporting_pct"]
    assert "quoted" in reasons["employers_using_ai_pct"]


def test_the_employer_skills_survey_is_quoted(seed):
    rows = [row for row in seed.table("published_figures") if row["edition"] == "Employer Skills Survey 2024"]
    assert len(rows) == 90
    assert {row["region"] for row in rows} == {f"E1200000{n}" for n in range(1, 10)}
    for row in rows:
        assert row["indicator"] == ""
        assert "by a third party" in row["note"]
        assert ("342 interviews" in row["note"]) == (row["region"] == "E12000001")
    quoted = seed.table("published_figures")
    talent = next(row for row in quoted if row["label"] == "Employers struggling to find talent")
    assert (talent["printed"], talent["indicator"]) == ("35", "")


def test_sources_say_since_when_they_are_known(seed):
    known = [row["first_release"] for row in seed.table("sources")]
    assert (known.count("1"), known.count("5")) == (24, 25)
    files = {row["source_file"]: row["source"] for row in seed.table("source_files")}
    first = {row["source"]: int(row["first_release"]) for row in seed.table("sources")}
    for rows in seed.observations.values():
        for file, release in {(row["source_file"], int(row["first_release"])) for row in rows}:
            assert first[files[file]] <= release
