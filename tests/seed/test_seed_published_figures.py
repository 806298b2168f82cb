"""Figures printed in index editions are quoted, with edition and bounds."""


def figures(seed):
    return seed.by("published_figures", "id")


def find(seed, region, label, printed):
    return [
        row for row in seed.table("published_figures")
        if (row["region"], row["label"], row["printed"]) == (region, label, printed)
    ]  # fmt: skip


def test_all_are_there_with_an_edition_and_a_source(seed):
    rows = seed.table("published_figures")
    assert len(rows) == 242
    for row in rows:
        assert row["edition"]
        assert row["printed"]
        assert row["region_name"]
        assert row["source_url"].startswith("https://")


def test_a_bound_is_not_a_value(seed):
    for row in seed.table("published_figures"):
        if row["bound"]:
            assert row["value"] == ""
            assert row["printed"] == row["bound"] + row["bound_value"]
        elif row["value"]:
            assert row["value"] == row["printed"]
            assert float(row["value"]) is not None
        else:
            assert row["printed"] in {"top three", "bottom three"}


def test_what_the_documents_of_the_project_quote(seed):
    [gigabit] = find(seed, "E47000007", "Gigabit broadband coverage", ">88")
    assert (gigabit["bound"], gigabit["bound_value"], gigabit["value"]) == (">", "88", "")
    assert gigabit["edition"] == "LDI 2023"
    assert find(seed, "E47000007", "5G coverage", ">95")
    gva = find(seed, "E12000005", "Digital output (GVA) per person", "2055")
    assert len(gva) == 2
    assert any("almost £500 behind the East of England" in r["note"] for r in gva)
    assert find(seed, "E12000005", "Value of the tech sector", "15")[0]["unit"] == "£ billion"
    assert find(seed, "E12000005", "Employers struggling to find talent", "35")


def test_techuk_and_ons_differ_and_both_stand(seed):
    assert seed.value("5g-area-coverage", "E12000002", "2025-07") == "77.64"
    assert figures(seed)["ldi-2025-5g-coverage-north-west"]["value"] == "79.1"


def test_techuk_output_per_person_is_no_observation(seed):
    values = {row["value"] for row in seed.current("gva-sic-j-per-head") if row["region"] == "E12000005"}
    assert "2055" not in values


def test_aggregates_without_a_code_keep_their_name(seed):
    without = {row["region_name"] for row in seed.table("published_figures") if not row["region"]}
    assert without == {"Midlands (EM+WM)", "North of England (NE+NW+YH)"}


def test_a_quoted_figure_is_linked_to_the_indicator_nearest_to_it(seed):
    linked = {row["id"]: (row["indicator"], row["median_side"]) for row in seed.table("published_figures")}
    assert linked["ldi-2023-digital-gva-per-person-west-midlands-techuk"] == ("gva-sic-j-per-head", "above")
    assert linked["ldi-2023-gigabit-coverage-west-midlands-combined-authority"] == ("gigabit-availability", "")
    # Only where the source says so itself.
    assert [side for _, side in linked.values() if side] == ["above"]
