"""How much there is."""


def test_published_figures_plus_population(seed):
    counts = {indicator: len(seed.current(indicator)) for indicator in seed.observations}
    population = counts.pop("population")
    assert len(counts) == 98
    assert sum(counts.values()) == 165_022
    assert population == 16_158


def test_current_figures_are_unique(seed):
    for indicator in seed.observations:
        keys = [(row["region"], row["period"]) for row in seed.current(indicator)]
        assert len(keys) == len(set(keys)), indicator


def test_values_are_numbers_in_their_shortest_form(seed):
    for indicator, rows in seed.observations.items():
        for row in rows:
            for number in (row["value"], row.get("lower"), row.get("upper")):
                if number:
                    float(number)
                    assert "e" not in number.lower(), (indicator, row)
                    assert "." not in number or number[-1] not in "0.", (indicator, row)


def test_all_digits_are_kept(seed):
    assert seed.value("high-growth-businesses", "E09000001", "2019") != ""
    longest = max(len(row["value"]) for row in seed.observations["high-growth-businesses"])
    assert longest >= 17


def test_rows_are_sorted(seed):
    for rows in seed.observations.values():
        keys = [(r["region"], r["period_start"], r["period"], int(r["first_release"])) for r in rows]
        assert keys == sorted(keys)


def test_spot_values(seed):
    half_years = ["2024-01", "2024-07", "2025-01", "2025-07", "2026-01"]
    wmca = [seed.value("gigabit-availability", "E47000007", p) for p in half_years]
    assert wmca == ["92.3", "93.3", "94.9", "95.7", "95.9"]
    assert seed.value("gigabit-availability", "E12000005", "2026-01") == "90.2"
    assert seed.value("gva-sic-j-per-head", "E12000005", "2023") == "1103.6"
    assert seed.value("level-3-qualifications", "N92000002", "2023") == "62.7"


def test_readme_states_the_counts(seed):
    text = (seed.folder / "README.md").read_text(encoding="utf-8")
    total = sum(len(seed.current(indicator)) for indicator in seed.observations)
    assert f"{total:,}" in text
    assert "165,022" in text
    assert "16,158" in text
    assert f"{sum(1 for rows in seed.observations.values() for row in rows):,}" in text
