"""Figures printed in index editions are quoted, with edition and bounds."""

from collections import Counter

from api.models.observation import MATCHES


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


def matched(seed):
    """Each printed figure with what it is matched with."""
    matches = seed.by("published_matches", "id")
    return [(row, matches[row["id"]]) for row in seed.table("published_figures")]


def value_of(seed, row, match):
    return seed.value(match["indicator"], match["match_region"] or row["region"], match["match_period"])


def test_every_printed_figure_says_how_it_compares(seed):
    both = matched(seed)
    assert len(both) == len(seed.table("published_matches")) == 242
    kinds = Counter(match["match_kind"] for _, match in both)
    assert set(kinds) == set(MATCHES)
    quoted = Counter(row["edition"] for row, match in both if match["match_kind"] == "quoted-only")
    assert quoted == {"Employer Skills Survey 2024": 90}
    for row, match in both:
        near = match["match_kind"] not in {"not-open", "quoted-only"}
        assert bool(match["indicator"]) == near, row["id"]
        assert match["match_detail"].endswith(".") and match["match_detail"] != row["note"]


def test_what_is_called_equal_is_equal_as_far_as_it_was_printed(seed):
    equal = [(row, match) for row, match in matched(seed) if match["match_kind"] == "equal"]
    assert len(equal) == 4
    for row, match in equal:
        decimals = len(row["printed"].partition(".")[2])
        assert round(float(value_of(seed, row, match)), decimals) == float(row["value"]), row["id"]


def test_what_it_is_compared_with_is_a_figure_that_is_served(seed):
    named = [(row, match) for row, match in matched(seed) if match["match_period"]]
    assert len(named) > 90
    assert all(value_of(seed, row, match) for row, match in named)


def test_sentences_that_give_figures_are_true(seed):
    both = {row["id"]: (row, match) for row, match in matched(seed)}
    row, match = both["ldi-2025-5g-coverage-north-west"]
    assert match["match_kind"] == "other-boundary" and match["match_region"] == "E92000001"
    assert round(float(value_of(seed, row, match)), 1) == float(row["value"])
    assert float(seed.value("5g-area-coverage", "E12000002", "2025-01")) < 79
    row, match = next(item for item in both.values() if item[0]["edition"].startswith("techUK West Midlands"))
    assert match["match_kind"] == "not-open" and "without a match" in match["match_detail"]
    hard = [one["printed"] for one in seed.table("published_figures")
            if one["label"] == "Employers with a hard-to-fill vacancy" and one["region"] == "E12000005"]  # fmt: skip
    assert hard == ["6"] and "has 6 % of employers" in match["match_detail"]
    row, match = next(item for item in both.values() if item[0]["printed"] == ">90")
    below = [float(seed.value("gigabit-availability", "E12000005", period)) for period in ("2025-01", "2025-07")]
    assert max(below) < 90 < float(value_of(seed, row, match))
