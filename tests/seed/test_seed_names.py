"""A name is never a key: several places share one, and one place has several."""


def named(seed, name):
    return {row["region"] for row in seed.table("regions") if row["name"] == name}


def test_west_midlands_is_a_region_and_a_combined_authority(seed):
    assert {"E12000005", "E47000007"} <= named(seed, "West Midlands")
    region = seed.value("gigabit-availability", "E12000005", "2025-07")
    authority = seed.value("gigabit-availability", "E47000007", "2025-07")
    assert (region, authority) == ("89.2", "95.7")


def test_three_combined_authorities_and_a_region_are_called_north_east(seed):
    assert {"E12000001", "E47000005", "E47000010", "E47000014"} <= named(seed, "North East")


def test_metropolitan_counties_say_what_they_are(seed):
    regions = seed.by("regions", "region")
    assert regions["E11000005"]["name"] == "West Midlands (Met County)"
    assert sum(1 for code in regions if code.startswith("E11")) == 6


def test_broken_characters_are_put_right(seed):
    assert seed.by("regions", "region")["E07000146"]["name"] == "King's Lynn and West Norfolk"


def test_nuts_areas_have_names(seed):
    regions = seed.by("regions", "region")
    assert regions["UKC1"]["name"] == "Tees Valley and Durham"
    assert all(row["name"] for row in regions.values())


def test_codes_are_unique_as_aliases_and_never_a_region(seed):
    codes = [row for row in seed.table("region_aliases") if row["scheme"] != "name"]
    assert len({row["alias"] for row in codes}) == len(codes)
    assert not {row["alias"] for row in codes} & set(seed.by("regions", "region"))


def test_code_aliases(seed):
    alias = {r["alias"]: r["region"] for r in seed.table("region_aliases") if r["scheme"] != "name"}
    assert alias["TLG"] == alias["UKG"] == "E12000005"
    assert alias["TLM"] == alias["UKM"] == "S92000003"
    assert alias["TLB"] == "E92000001"
    assert alias["UK"] == "K02000001"
    assert alias["UKX"] == "K99000002"


def test_name_aliases_help_search(seed):
    names = {(r["alias"], r["region"]) for r in seed.table("region_aliases") if r["scheme"] == "name"}
    assert {
        ("Liverpool City Region", "TLD7"),
        ("East", "E12000006"),
        ("Kingston upon Hull City of", "E06000010"),
        ("Birmingham City Council", "E08000025"),
        ("West Midlands Combined Authority", "E47000007"),
        ("WMCA", "E47000007"),
    } <= names
    official = seed.by("regions", "region")
    assert official["TLD7"]["name"] == "Merseyside"


def test_what_is_no_area_is_dropped(seed):
    regions = seed.by("regions", "region")
    assert "na" not in regions
    assert "UKX" not in regions
    used = {row["region"] for rows in seed.observations.values() for row in rows}
    assert not used & {"na", "UKX"}
    assert seed.value("gva-sic-j", "K99000002", "2023")
    assert seed.value("gva-per-hour", "K99000002", "2023")


def test_every_name_says_of_which_kind_it_is(seed):
    for row in seed.table("region_aliases"):
        assert bool(row["kind"]) == (row["scheme"] == "name"), row
    kinds = {(row["alias"], row["region"]): row["kind"] for row in seed.table("region_aliases")}
    assert kinds["Shepway", "E07000112"] == kinds["Sheffield City Region", "E47000002"] == "former-name"
    assert kinds["Brum", "E08000025"] == "everyday-name"
    assert kinds["Northants", "E10000021"] == kinds["WMCA", "E47000007"] == "abbreviation"
    assert kinds["Ynys Môn", "W06000001"] == "welsh-name"
    assert kinds["Birmingham City Council", "E08000025"] == "council-name"


def test_a_wider_area_is_no_place_of_its_own(seed):
    """Humberside is a name for more than one place, or for a part: never that of a place in the package."""
    wider = {}
    for row in seed.table("region_aliases"):
        if row["kind"] == "wider-area":
            wider.setdefault(row["alias"], []).append(row["region"])
    assert all(len(regions) > 1 for regions in wider.values()), wider
    current = {row["name"] for row in seed.table("regions") if not row["valid_to"]}
    assert set(wider) & current <= {"Cheshire"}


def test_nuts_3_codes_are_those_of_the_itl_areas_of_2021(seed):
    """The ITL areas of 2021 took over the NUTS areas with another beginning of their codes."""
    regions = seed.by("regions", "region")
    codes = [row for row in seed.table("region_aliases") if row["scheme"] == "nuts" and len(row["alias"]) == 5]
    assert {row["alias"]: row["region"] for row in codes}["UKC12"] == "TLC12"
    for row in codes:
        assert row["region"] == f"TL{row['alias'][2:]}"
        assert regions[row["region"]]["valid_from"] == "2021"
