"""The history: four reconstructed releases, one of them a correction, and those that were published as such."""

import itertools
import shutil

from seed import check

OFCOM = (
    "gigabit-availability", "5g-area-coverage", "4g-area-coverage", "premises-below-30-mbps",
)  # fmt: skip
EARLY = (
    "gva-sic-j", "gva-sic-j-per-head", "population", "ict-service-exports", "daily-internet-users",
    "innovate-uk-funding", "ukri-funding",
)  # fmt: skip

REOPENED = {
    "level-3-qualifications": 800, "population": 336, "enterprises-sic-j": 15, "employment-soc-21": 12,
    "employment-soc-31": 7, "business-birth-rate": 12,
}  # fmt: skip


def test_four_reconstructed_releases_and_three_that_were_published_as_such(seed):
    releases = seed.table("releases")
    assert [row["release"] for row in releases] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [row["published_at"] for row in releases] == [
        "2025-10-10T00:00:00Z", "2026-01-12T00:00:00Z", "2026-01-14T00:00:00Z", "2026-06-26T00:00:00Z",
        "2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z", "2026-11-28T10:00:00Z",
    ]  # fmt: skip
    assert [row["kind"] for row in releases] == ["release", "release", "correction", *["release"] * 4]
    assert [row["reconstructed"] for row in releases] == ["true"] * 4 + ["false"] * 3
    assert all(row["reason"] for row in releases)


def test_the_mistake_of_january_2026_and_its_correction(seed):
    def value(region, release):
        return seed.value("gigabit-availability", region, "2025-01", release)

    assert [value("E12000005", n) for n in (1, 2, 3, 4)] == ["88.2", "89.2", "88.2", "88.2"]
    assert [value("K02000001", n) for n in (1, 2, 3, 4)] == ["84.4", "85.9", "84.4", "84.4"]
    assert [value("N92000002", n) for n in (1, 2, 3, 4)] == ["94.2"] * 4


def test_the_mistake_touched_aggregates_only_and_was_the_figure_of_july(seed):
    wrong = [r for rows in seed.observations.values() for r in rows if r["last_release"] == "2"]
    assert len(wrong) == 30
    for row in wrong:
        assert row["first_release"] == "2"
        assert "Mistake" in row["note"]
        assert row["value"] == seed.value("gigabit-availability", row["region"], "2025-07")
        assert "local-authority" not in seed.levels(row["region"])


def test_points_appear_when_they_were_published(seed):
    for indicator in OFCOM:
        first = {}
        for row in seed.observations[indicator]:
            first.setdefault(row["period"], set()).add(row["first_release"])
        assert first.pop("2025-07") == {"3"}
        assert first.pop("2026-01") == {"4"}
        first.pop("2025-01")
        assert all(releases == {"1"} for releases in first.values())


def test_everything_else_stands_in_the_first_release_or_the_newest(seed):
    """In the first what was certainly out by then; in the fourth what files of June 2026 or of no known day hold."""
    introduced = {code: row["first_release"] for code, row in seed.by("indicators", "indicator").items()}
    for indicator in set(seed.observations) - set(OFCOM):
        first = "5" if introduced[indicator] == "5" else "1" if indicator in EARLY else "4"
        expected = {(first, "")}
        if indicator in REOPENED:
            expected |= {(first, "4"), ("5", "")}
        assert {(r["first_release"], r["last_release"]) for r in seed.observations[indicator]} == expected, indicator


def test_what_is_closed_before_the_fifth_is_opened_in_it(seed):
    """Limits, another vintage of population, partial sums, mass registrations: a new version of the same figure."""
    for indicator, count in REOPENED.items():
        closed = {(r["region"], r["period"]) for r in seed.observations[indicator] if r["last_release"] == "4"}
        assert len(closed) == count, indicator
        before, after = seed.at(indicator, 4), seed.at(indicator, 5)
        assert all(after[key]["first_release"] == "5" for key in closed)
        if indicator != "population":
            assert all(before[key]["value"] == after[key]["value"] for key in closed)


def test_no_release_holds_a_figure_of_a_file_of_a_later_day(seed):
    days = {row["release"]: row["published_at"][:10] for row in seed.table("releases")}
    files = check.days_of_files()
    for indicator, rows in seed.observations.items():
        for file, release in {(row["source_file"], row["first_release"]) for row in rows}:
            assert "2018-01-01" < files[file] <= days[release], (indicator, file)


def test_a_file_has_the_day_of_its_version_or_one_by_which_its_figures_were_published(seed):
    bounded = {row["name"] for row in seed.table("published_by") if row["kind"] == "source-file"}
    assert bounded == {row["source_file"] for row in seed.table("source_files") if not row["version_date"]}


def test_every_edition_has_a_day_by_which_it_was_printed(seed):
    bounded = {row["name"] for row in seed.table("published_by") if row["kind"] == "edition"}
    assert bounded == {row["edition"] for row in seed.table("published_figures")}
    assert all(row["because"] for row in seed.table("published_by"))


def test_every_file_has_figures(seed):
    used = {row["source_file"] for rows in seed.observations.values() for row in rows}
    assert used == set(seed.by("source_files", "source_file"))


def test_a_quotient_is_no_older_than_what_it_was_made_of(seed):
    """Figures derived of others come with the latest of them."""
    made_of = {"gva-sic-j-per-head": ("gva-sic-j", "population"), "enterprises-sic-j-share": ("enterprises-sic-j",)}
    for indicator, inputs in made_of.items():
        earliest = min(int(row["first_release"]) for row in seed.observations[indicator])
        assert earliest >= max(min(int(row["first_release"]) for row in seed.observations[name]) for name in inputs)


def test_the_check_names_what_a_release_holds_too_early(seed, tmp_path):
    assert check.too_early() == []
    shutil.copytree(seed.folder / "observations", tmp_path / "observations")
    for name in ("releases.csv", "source_files.csv", "published_by.csv"):
        shutil.copy(seed.folder / name, tmp_path / name)
    files = (tmp_path / "source_files.csv").read_text("utf-8")
    later = files.replace("Connected Nations,2025-10-10,", "Connected Nations,2025-10-11,", 1)
    bounds = (tmp_path / "published_by.csv").read_text("utf-8")
    unknown = bounds.replace("source-file,s42,", "source-file,s420,")
    assert files != later and bounds != unknown
    (tmp_path / "source_files.csv").write_text(later, "utf-8")
    (tmp_path / "published_by.csv").write_text(unknown, "utf-8")
    assert check.too_early(tmp_path) == [
        "release 1 of 2025-10-10 holds figures of s3, which is of 2025-10-11",
        *(
            f"release {release} of {day} holds figures of s42, which is of a day not known"
            for release, day in (
                (1, "2025-10-10"),
                (2, "2026-01-12"),
                (3, "2026-01-14"),
                (4, "2026-06-26"),
                (5, "2026-11-27"),
                (6, "2026-11-28"),
                (7, "2026-11-28"),
            )
        ),
    ]


def test_release_ranges_of_a_figure_never_overlap(seed):
    for indicator, rows in seed.observations.items():
        ranges = {}
        for row in rows:
            last = int(row["last_release"] or 999)
            ranges.setdefault((row["region"], row["period"]), []).append((int(row["first_release"]), last))
        for key, spans in ranges.items():
            spans.sort()
            assert all(first <= last for first, last in spans)
            assert all(a[1] < b[0] for a, b in itertools.pairwise(spans)), (indicator, key)


def test_releases_named_exist(seed):
    known = {row["release"] for row in seed.table("releases")}
    for rows in seed.observations.values():
        assert {r["first_release"] for r in rows} <= known
        assert {r["last_release"] for r in rows} <= known | {""}
