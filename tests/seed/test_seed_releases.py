"""The reconstructed history: four releases, one of them a correction."""

import itertools

OFCOM = (
    "gigabit-availability", "5g-area-coverage", "4g-area-coverage", "premises-below-30-mbps",
)  # fmt: skip


def test_four_reconstructed_releases(seed):
    releases = seed.table("releases")
    assert [row["release"] for row in releases] == ["1", "2", "3", "4"]
    assert [row["published_at"] for row in releases] == [
        "2025-10-10T00:00:00Z", "2026-01-12T00:00:00Z", "2026-01-14T00:00:00Z", "2026-05-19T00:00:00Z",
    ]  # fmt: skip
    assert [row["kind"] for row in releases] == ["release", "release", "correction", "release"]
    assert {row["reconstructed"] for row in releases} == {"true"}
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


def test_everything_else_stands_in_the_first_release(seed):
    for indicator in set(seed.observations) - set(OFCOM):
        assert {(r["first_release"], r["last_release"]) for r in seed.observations[indicator]} == {("1", "")}


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
