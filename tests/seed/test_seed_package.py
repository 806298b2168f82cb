"""The seed is a valid data package, in clean text, and every reference in it holds."""

import json
import re

import frictionless
import pytest

TABLES = {
    "levels": ["level"],
    "components": ["component", "first_release"],
    "sources": ["source"],
    "source_files": ["source_file"],
    "indicators": ["indicator"],
    "regions": ["region"],
    "region_levels": ["region", "level"],
    "region_parents": ["region", "parent"],
    "region_aliases": ["alias", "region", "scheme"],
    "region_successions": ["predecessor", "successor"],
    "releases": ["release"],
    "published_by": ["kind", "name"],
    "gaps": ["indicator", "region"],
    "published_figures": ["id"],
    "left_out": ["indicator"],
    "explained": ["check", "indicator", "region", "period"],
    "projections": ["indicator", "region", "digest"],
}
REFERENCES = [
    ("source_files", "source", "sources", "source"),
    ("indicators", "component", "components", "component"),
    ("indicators", "source", "sources", "source"),
    ("indicators", "denominator", "indicators", "indicator"),
    ("region_levels", "region", "regions", "region"),
    ("region_levels", "level", "levels", "level"),
    ("region_parents", "region", "regions", "region"),
    ("region_parents", "parent", "regions", "region"),
    ("region_aliases", "region", "regions", "region"),
    ("region_successions", "predecessor", "regions", "region"),
    ("region_successions", "successor", "regions", "region"),
    ("gaps", "indicator", "indicators", "indicator"),
    ("gaps", "region", "regions", "region"),
    ("explained", "indicator", "indicators", "indicator"),
    ("projections", "indicator", "indicators", "indicator"),
    ("projections", "region", "regions", "region"),
    ("published_figures", "region", "regions", "region"),
    ("published_figures", "level", "levels", "level"),
]


def test_the_data_package_validates(seed):
    report = frictionless.validate(str(seed.folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_the_data_package_describes_every_file(seed):
    package = json.loads((seed.folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"] for resource in package["resources"]}
    assert described == {str(p.relative_to(seed.folder)) for p in seed.folder.rglob("*.csv")}


def test_every_file_is_clean_text(seed):
    for path in (*seed.folder.rglob("*.csv"), *seed.folder.glob("*.json"), *seed.folder.glob("*.md")):
        text = path.read_bytes().decode("utf-8")
        assert "\r" not in text, path
        assert text.endswith("\n"), path
        assert not re.search("[\x80-\x9f\ufffd]", text), path


def test_no_file_names_a_path_of_a_machine(seed):
    for path in (*seed.folder.rglob("*.csv"), *seed.folder.glob("*.json"), *seed.folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w:/.>])/\w+/|\.\./", text), path


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_unique(seed, name):
    keys = [tuple(row[column] for column in TABLES[name]) for row in seed.table(name)]
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize(("name", "column", "target", "key"), REFERENCES)
def test_references_exist(seed, name, column, target, key):
    known = {row[key] for row in seed.table(target)}
    assert {row[column] for row in seed.table(name) if row[column]} <= known


def test_observations_refer_to_what_exists(seed):
    regions, files, indicators = (
        set(seed.by("regions", "region")),
        set(seed.by("source_files", "source_file")),
        set(seed.by("indicators", "indicator")),
    )
    assert set(seed.observations) == indicators
    for rows in seed.observations.values():
        assert {row["region"] for row in rows} <= regions
        assert {row["source_file"] for row in rows} <= files


def test_every_source_states_licence_and_attribution(seed):
    for row in seed.table("sources"):
        assert row["licence"]
        assert row["attribution"]
        assert row["url"].startswith("https://")
        if row["licence"] == "Open Government Licence v3.0":
            assert "Open Government Licence v3.0" in row["attribution"]
    licences = {row["source"]: row["licence"] for row in seed.table("sources")}
    assert licences["eurostat-daily-internet-users"].startswith("Eurostat reuse policy")
    assert licences["nesta-beis-innovate-uk"].startswith("MIT")


def test_every_source_file_of_the_origins_is_there(seed):
    files = seed.by("source_files", "source_file")
    assert {f"s{n}" for n in range(1, 54)} < set(files)
    assert files["s4"]["version_date"] == "2026-01-14"
    assert files["s32"]["version_date"] == ""
