"""Validity, predecessors and successors."""


def validity(seed, code):
    row = seed.by("regions", "region")[code]
    return row["valid_from"], row["valid_to"]


def test_barnsley_and_sheffield_were_recoded_in_2025(seed):
    links = seed.successions()
    assert links["E08000016", "E08000038"] == links["E08000019", "E08000039"] == "recoded"
    assert validity(seed, "E08000016")[1] == "2024"
    assert validity(seed, "E08000038") == ("2025", "")


def test_barnsley_stands_under_both_codes_with_equal_figures(seed):
    for indicator in ("gigabit-availability", "5g-area-coverage", "4g-area-coverage"):
        old = seed.value(indicator, "E08000016", "2025-01")
        assert old == seed.value(indicator, "E08000038", "2025-01") != ""
    assert seed.value("gva-sic-j", "E08000016", "2023")
    assert seed.value("enterprises-sic-j", "E08000038", "2024-03")


def test_itl_codes_of_2021_ended_and_have_successors(seed):
    links = seed.successions()
    assert {new for old, new in links if old == "TLC1"} == {"TLC3", "TLC4"}
    assert links["TLC1", "TLC3"] == "reorganised"
    assert links["TLC11", "TLC31"] == "recoded"
    assert validity(seed, "TLC1") == ("2021", "2024")
    assert validity(seed, "TLC3") == ("2025", "")
    assert validity(seed, "TLG3") == ("2021", "")


def test_an_itl_area_with_other_borders_is_not_recoded(seed):
    assert seed.successions()["TLM6", "TLM2"] == "reorganised"


def test_three_north_easts_follow_each_other(seed):
    links = seed.successions()
    assert links["E47000005", "E47000010"] == links["E47000005", "E47000011"] == "reorganised"
    assert links["E47000010", "E47000014"] == links["E47000011", "E47000014"] == "reorganised"
    assert validity(seed, "E47000005") == ("", "2017")
    assert validity(seed, "E47000010") == ("2018", "2023")
    assert validity(seed, "E47000011") == ("2018-11-02", "2023")
    assert validity(seed, "E47000014") == ("2024", "")


def test_local_government_reorganisations(seed):
    successors = {}
    for old, new in seed.successions():
        successors.setdefault(old, set()).add(new)
    assert successors["E07000026"] == {"E06000063"}
    assert successors["E10000006"] == {"E06000063", "E06000064"}
    assert successors["E07000190"] == {"E07000246"}
    assert successors["E07000246"] == {"E06000066"}
    assert successors["E10000021"] == {"E06000061", "E06000062"}
    assert validity(seed, "E07000026") == ("", "2023-03-31")
    assert validity(seed, "E06000063") == ("2023-04-01", "")
    assert validity(seed, "E07000246") == ("2019-04-01", "2023-03-31")
    assert validity(seed, "E07000150")[1] == "2021-03-31"


def test_a_start_that_contradicts_the_predecessor_gives_way(seed):
    assert seed.successions()["S12000015", "S12000047"] == "recoded"
    assert validity(seed, "S12000015") == ("", "2017")
    assert validity(seed, "S12000047") == ("2018", "")


def test_dates_that_are_no_creation_are_left_out(seed):
    assert not any(row["valid_from"].startswith("2005") for row in seed.table("regions"))
    assert validity(seed, "E47000001")[0] == ""
    assert validity(seed, "E47000007")[0] == "2016-06-17"


def test_nuts_areas_are_valid_in_the_versions_that_hold_them(seed):
    assert validity(seed, "UKG1") == ("2008-01-01", "2020-12-31")
    assert validity(seed, "UKD2") == ("2008-01-01", "2011-12-31")
    assert validity(seed, "UKI3") == ("2015-01-01", "2020-12-31")
    assert validity(seed, "UKM7") == ("2018-01-01", "2020-12-31")
    links = seed.successions()
    assert links["UKG1", "TLG1"] == "recoded"
    assert links["UKI1", "UKI3"] == "reorganised"


def test_an_area_never_ends_before_it_begins_nor_succeeds_itself(seed):
    for row in seed.table("regions"):
        if row["valid_from"] and row["valid_to"]:
            assert row["valid_from"][:4] <= row["valid_to"][:4], row
    assert all(old != new for old, new in seed.successions())


def test_only_two_replaced_codes_have_no_known_end(seed):
    regions = seed.by("regions", "region")
    recoded = {old for (old, _), kind in seed.successions().items() if kind == "recoded"}
    assert {code for code in recoded if not regions[code]["valid_to"]} == {"S12000009", "S12000043"}


def test_every_area_that_ended_has_a_successor(seed):
    replaced = {old for old, _ in seed.successions()}
    assert {r["region"] for r in seed.table("regions") if r["valid_to"]} <= replaced
