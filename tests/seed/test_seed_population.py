"""Population: two tables joined, and sums for combined authorities."""


def row(seed, region, year):
    return seed.at("population", 4)[region, year]


def test_one_figure_for_a_place_and_year(seed):
    assert row(seed, "K02000001", "2022")["value"] == "67602759"
    assert row(seed, "K02000001", "2022")["note"] == "mid-2022 as first published: 67596281"
    assert row(seed, "E12000005", "2011")["note"] == ""
    assert row(seed, "N92000002", "2022")["note"] == ""


def test_itl_codes_that_are_aliases_stand_under_their_gss_code(seed):
    assert row(seed, "E12000005", "2023")["value"] == "6085687"
    assert row(seed, "E92000001", "2023")["value"] == "57690324"
    assert row(seed, "K99000002", "2023")["value"] == "68265212"
    assert row(seed, "TLG3", "2023")["value"] == "2980936"


def test_local_authorities_use_the_old_codes(seed):
    assert row(seed, "E08000016", "2022")["value"] == "246482"
    assert ("E08000038", "2022") not in seed.at("population", 4)


def test_missing_years_are_missing_not_zero(seed):
    missing = [r for r in seed.current("population") if r["status"] == "O"]
    assert len(missing) == 55
    assert {r["value"] for r in missing} == {""}
    assert row(seed, "TLM2", "2023")["status"] == "O"


def test_combined_authorities_are_sums_of_itl3_areas(seed):
    hull = row(seed, "E47000016", "2023")
    assert hull["note"] == "Derived: sum of TLE11, TLE12."
    parts = [int(row(seed, code, "2023")["value"]) for code in ("TLE11", "TLE12")]
    assert int(hull["value"]) == sum(parts)
    assert row(seed, "E47000007", "2023")["value"] == row(seed, "TLG3", "2023")["value"]


def test_output_per_head_follows_from_output_and_population(seed):
    for figure in seed.current("gva-sic-j-per-head"):
        region, period = figure["region"], figure["period"]
        if region.startswith("E47"):
            continue  # computed from the first publication of mid-2022
        output = float(seed.value("gva-sic-j", region, period))
        people = int(row(seed, region, period)["value"])
        assert abs(output * 1e6 / people - float(figure["value"])) < 0.051


def test_local_authorities_have_every_year_since_release_5(seed):
    newest = seed.at("population", 5)
    counted = {region for region, period in newest if period == "2021-03"}
    districts = {region for region, _ in newest if seed.levels(region) == {"local-authority"}} - counted
    assert len(districts) == 361
    years = {str(year) for year in range(1998, 2024)}
    missing = {(region, year) for region in districts for year in years} - newest.keys()
    assert len(missing) == 11
    assert all(region.startswith(("N09", "S12")) for region, _ in missing), missing
    assert newest["E06000001", "2022"]["value"] == "93847"
    assert newest["E06000001", "2022"]["note"] == "mid-2022 as first published: 93861"
    assert row(seed, "E06000001", "2022")["value"] == "93861"


def test_districts_that_ended_in_2023_have_their_census_population(seed):
    """To the nearest hundred, they add up to what the places that they formed had in the middle of that year."""
    newest = seed.at("population", 5)
    formed = {pair[0]: pair[1] for pair, kind in seed.successions().items() if pair[1] in {"E06000063", "E06000064",
              "E06000065", "E06000066"} and kind == "reorganised" and pair[0].startswith("E07")}  # fmt: skip
    counted = {region: int(row["value"]) for (region, period), row in newest.items() if period == "2021-03"}
    assert set(counted) == set(formed) and len(counted) == 17
    for place in set(formed.values()):
        total = sum(value for region, value in counted.items() if formed[region] == place)
        assert abs(total / int(newest[place, "2021"]["value"]) - 1) < 0.01, place


def test_one_vintage_adds_up(seed):
    """The districts of today add up to their region, as they are taken from the same revision."""
    newest = seed.at("population", 5)
    for year in ("1998", "2011", "2022", "2023"):
        parts = [
            int(figure["value"])
            for (region, period), figure in newest.items()
            if period == year and seed.levels(region) == {"local-authority"} and "E12000005" in seed.ancestors(region)
        ]
        assert sum(parts) == int(newest["E12000005", year]["value"])
