"""Levels and ancestors."""

LEVEL_OF = {
    "K02": {"uk"}, "E92": {"country"}, "E12": {"itl1"}, "E47": {"combined-authority"},
    "E10": {"county"}, "E11": {"other"}, "E61": {"other"}, "K03": {"other"}, "K04": {"other"},
    "K99": {"other"}, "E13": {"city-region"}, "N34": {"city-region"}, "W42": {"city-region"},
    "E06": {"local-authority"}, "E07": {"local-authority"}, "E08": {"local-authority"},
    "E09": {"local-authority"}, "S12": {"local-authority"}, "W06": {"local-authority"},
    "N09": {"local-authority"}, "S92": {"country", "itl1"}, "W92": {"country", "itl1"},
    "N92": {"country", "itl1"},
}  # fmt: skip


def test_every_area_stands_under_its_true_level(seed):
    for code in seed.by("regions", "region"):
        if code.startswith("TL"):
            expected = {"itl2"} if len(code) == 4 else {"itl3"}
        elif code.startswith("UK"):
            expected = {"nuts2"}
        else:
            expected = LEVEL_OF[code[:3]]
        assert seed.levels(code) == expected, code


def test_there_are_twelve_itl1_regions_each_with_a_hexagon(seed):
    itl1 = {row["region"] for row in seed.table("region_levels") if row["level"] == "itl1"}
    hexes = {r["region"]: (r["hex_q"], r["hex_r"]) for r in seed.table("regions") if r["hex_q"]}
    assert len(itl1) == 12
    assert itl1 < set(hexes)
    assert len({hexes[code] for code in itl1}) == 12


def test_every_district_of_2023_has_a_hexagon_of_its_own(seed):
    districts = {row["region"] for row in seed.table("region_levels") if row["level"] == "local-authority"}
    hexes = {r["region"]: (r["hex_q"], r["hex_r"]) for r in seed.table("regions") if r["hex_q"]}
    # Barnsley and Sheffield have theirs under both of their codes.
    recoded = {"E08000038": "E08000016", "E08000039": "E08000019"}
    assert all(hexes[new] == hexes[old] for new, old in recoded.items())
    own = [hexes[code] for code in districts & set(hexes) - set(recoded)]
    assert len(own) == len(set(own)) == 361


def test_ancestors_of_a_district(seed):
    assert seed.ancestors("E08000025") == {
        "TLG31", "TLG3", "E47000007", "E11000005", "E12000005", "E92000001", "K02000001",
    }  # fmt: skip


def test_everything_but_the_uk_lies_in_the_uk(seed):
    inside = {row["region"] for row in seed.table("region_parents") if row["parent"] == "K02000001"}
    assert inside == set(seed.by("regions", "region")) - {"K02000001"}


def test_ancestors_are_complete(seed):
    parents = {}
    for row in seed.table("region_parents"):
        parents.setdefault(row["region"], set()).add(row["parent"])
    for region, above in parents.items():
        for parent in above:
            missing = parents.get(parent, set()) - above
            # an ended area does not join the combined authority that its county joined later
            assert all(code.startswith("E47") for code in missing), (region, parent, missing)


def test_no_area_lies_in_two_itl1_regions(seed):
    itl1 = {row["region"] for row in seed.table("region_levels") if row["level"] == "itl1"}
    for region in seed.by("regions", "region"):
        assert len(seed.ancestors(region) & itl1) <= 1, region


def test_northern_lincolnshire_lies_in_yorkshire_and_the_humber(seed):
    for district in ("E06000012", "E06000013"):
        assert {"TLE13", "E12000003", "E47000017"} <= seed.ancestors(district)
        assert "E12000004" not in seed.ancestors(district)
    assert seed.ancestors("E47000017") == {"E92000001", "K02000001"}


def test_north_ayrshire_lies_in_two_itl3_areas(seed):
    assert {"TLM20", "TLM93"} <= seed.ancestors("S12000021")


def test_old_itl_and_nuts_areas_lie_in_their_region(seed):
    assert {"TLC1", "E12000001"} <= seed.ancestors("TLC11")
    assert "E12000005" in seed.ancestors("UKG1")
    assert "S92000003" in seed.ancestors("UKM7")


def test_recoded_districts_keep_their_itl_areas(seed):
    assert {"TLE33", "TLE3", "E47000002"} <= seed.ancestors("E08000038")
    assert {"TLE32", "TLE3", "E47000002"} <= seed.ancestors("E08000039")


def test_points_lie_in_the_united_kingdom(seed):
    for row in seed.table("regions"):
        assert bool(row["latitude"]) == bool(row["longitude"]) == bool(row["centroid"])
        if row["latitude"]:
            assert 49 < float(row["latitude"]) < 61
            assert -9 < float(row["longitude"]) < 2


def test_county_points_come_from_their_districts(seed):
    devon = seed.by("regions", "region")["E10000008"]
    assert devon["centroid"] == "mean-of-members"
    assert abs(float(devon["latitude"]) - 50.74) < 0.01


def test_no_level_is_a_partition_by_itself(seed):
    def districts(period):
        rows = seed.current("gigabit-availability")
        return {
            r["region"] for r in rows
            if r["period"] == period and seed_levels[r["region"]] == "local-authority"
        }  # fmt: skip

    seed_levels = {row["region"]: row["level"] for row in seed.table("region_levels")}
    assert len(districts("2025-01")) == len(districts("2025-07")) == 363
    assert len(districts("2024-01")) == 378
    assert {"E07000026", "E06000063"} <= districts("2024-01")
    assert "E07000026" in districts("2023-09")
    assert "E06000063" not in districts("2023-09")
