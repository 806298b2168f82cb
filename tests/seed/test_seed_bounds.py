"""95 % limits, where the publisher gives them."""

BOUNDS = ("lower", "upper", "bounds_kind")
WITH = {
    "economic-inactivity-rate": 7_970, "employment-rate": 8_013, "unemployment-rate": 7_160, "median-weekly-pay": 6_867,
    "no-qualifications": 456, "level-3-qualifications": 800, "internet-lapsed-or-never-used": 185,
    "youth-unemployment": 52, "new-economy-jobs": 52, "higher-degrees": 52,
}  # fmt: skip


def test_only_files_with_limits_have_their_columns(seed):
    for indicator, rows in seed.observations.items():
        assert list(rows[0])[10:] == (list(BOUNDS) if indicator in WITH else []), indicator


def test_how_many_figures_have_limits(seed):
    found = {indicator: sum(bool(row["bounds_kind"]) for row in seed.current(indicator)) for indicator in WITH}
    assert found == WITH
    assert sum(found.values()) == 31_607


def test_a_figure_lies_within_its_limits(seed):
    for indicator in WITH:
        for row in seed.observations[indicator]:
            assert row["bounds_kind"] == ("sampling_ci_95" if row["lower"] or row["upper"] else "")
            if row["lower"]:
                assert float(row["lower"]) <= float(row["value"]), (indicator, row)
            if row["upper"]:
                assert float(row["value"]) <= float(row["upper"]), (indicator, row)


def test_where_the_lower_limit_is_not_printed_the_upper_stands_alone(seed):
    alone = [row for row in seed.current("internet-lapsed-or-never-used") if row["upper"] and not row["lower"]]
    assert len(alone) == 13
    assert {row["note"] for row in alone} == {'Lower limit printed as "-" by ONS.'}


def test_limits_of_level_3_came_with_release_5_and_changed_no_value(seed):
    old, new = seed.at("level-3-qualifications", 4), seed.at("level-3-qualifications", 5)
    assert old.keys() == new.keys()
    for key, row in old.items():
        assert row["value"] == new[key]["value"]
        assert row["lower"] == row["upper"] == ""
    without = {region for (region, _), row in new.items() if not row["bounds_kind"]}
    assert {region for region in without if not region.startswith("N")} == {"E09000001"}
    manchester = new["E47000001", "2023"]
    assert [manchester[name] for name in ("value", "lower", "upper", "source_file")] == ["66.1", "64.4", "67.8", "s65"]
