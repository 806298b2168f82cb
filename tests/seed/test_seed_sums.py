"""Partial sums and mass registrations are marked, and the check that finds the next ones."""

import csv
import shutil

import pytest

from seed import sums

PARTIAL = {"E06000063", "E06000064", "E06000066"}
FILES = ("enterprises-sic-j", "employment-soc-21", "employment-soc-31")


def test_partial_sums_are_closed_and_opened_again_with_their_status(seed):
    found = {indicator: [r for r in seed.current(indicator) if r["status"] == "D"] for indicator in seed.observations}
    assert {indicator: len(rows) for indicator, rows in found.items() if rows} == {
        "enterprises-sic-j": 15, "employment-soc-21": 12, "employment-soc-31": 7,
    }  # fmt: skip
    for indicator in FILES:
        assert {row["region"] for row in found[indicator]} == PARTIAL
        for row in found[indicator]:
            assert row["first_release"] == "5"
            assert row["note"].startswith("Partial: ")
            assert row["note"].endswith("Do not compare it with other places or years.")
            before = seed.at(indicator, 4)[row["region"], row["period"]]
            assert (before["value"], before["status"], before["last_release"]) == (row["value"], "A", "4")


def test_the_count_of_2025_is_whole(seed):
    figures = seed.at("enterprises-sic-j", 5)
    assert [figures[code, "2025-03"]["status"] for code in sorted(PARTIAL)] == ["A"] * 3
    assert [figures["E06000065", f"{year}-03"]["status"] for year in range(2020, 2026)] == ["A"] * 6


def test_everything_found_is_explained():
    understood = sums.explained()
    found = sums.findings()
    assert [finding for finding in found if sums.why(finding, understood) is None] == []
    used = {(finding.check, finding.indicator) for finding in found}
    assert {key[:2] for key in understood} == used
    assert len(understood) < 25


def test_every_district_counts_once_whatever_its_code():
    known = sums.places()
    assert len(known.within["E92000001"]) == 296
    assert sum(len(known.within[nation]) for nation in ("E92000001", "W92000004", "S92000003", "N92000002")) == 361
    series = {"E08000016": {"2023": 5.0}, "E07000026": {"2023": 1.0}, "E07000028": {"2023": 2.0}}
    assert sums.parts(series, known, "E08000038", "2023") == [5.0]
    assert sums.parts(series, known, "E06000063", "2023") is None
    series["E07000029"] = {"2023": 4.0}
    assert sorted(sums.parts(series, known, "E06000063", "2023")) == [1.0, 2.0, 4.0]


@pytest.fixture
def as_it_was(seed, tmp_path):
    """The package with what release 4 held of enterprises: nothing is marked as partial."""
    for name in ("region_levels", "region_successions", "regions", "region_parents", "explained"):
        shutil.copy(seed.folder / f"{name}.csv", tmp_path / f"{name}.csv")
    (tmp_path / "observations").mkdir()
    rows = list(seed.at("enterprises-sic-j", 4).values())
    with (tmp_path / "observations" / "enterprises-sic-j.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "last_release": ""} for row in rows)
    return tmp_path


def test_the_check_finds_the_partial_sums_where_they_are_not_marked(as_it_was):
    known = sums.places(as_it_was)
    short = sums.sums("enterprises-sic-j", known, as_it_was)
    assert {(finding.region, finding.period) for finding in short} == {
        ("E92000001", f"{year}-03") for year in range(2020, 2025)
    }
    assert short[-1].text == "296 districts add up to 172,580, 1,180 less than England's 173,760"
    jumps = sums.jumps("enterprises-sic-j", known, sums.USUAL, as_it_was)
    assert {(finding.region, finding.period) for finding in jumps} == {(code, "2025-03") for code in PARTIAL}


def test_the_command_fails_on_what_is_not_explained(monkeypatch, capsys):
    assert sums.main() == 0
    monkeypatch.setattr(sums, "explained", dict)
    assert sums.main() == 1
    assert "NOT EXPLAINED" in capsys.readouterr().out


def test_mass_registrations_carry_a_note(seed):
    def noted(indicator):
        rows = [row for row in seed.current(indicator) if "Far above the other years" in row["note"]]
        return {(row["region"], row["period"]) for row in rows}

    births = noted("business-birth-rate")
    assert len(births) == 12
    assert births == noted("business-births")
    assert ("E07000234", "2019") in births
    assert round(float(seed.value("business-birth-rate", "E07000234", "2019")), 1) == 44.4
    assert "Far above" not in seed.at("business-birth-rate", 4)["E07000234", "2019"]["note"]
    assert noted("business-deaths") == noted("business-death-rate") > {("E07000234", "2021")}
