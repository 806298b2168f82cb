"""What this service exports is what it reads: each format comes back as the same figures under the same codes."""

import pytest

from api.readers import guess

ASKED = "indicator=gigabit-availability,employment-soc-21&level=itl1,itl2&limit=300"
FORMATS = {
    "csv": "tidy-csv",
    "json-stat": "json-stat",
    "parquet": "parquet",
    "xlsx": "xlsx",
}
SDMX = (
    "application/vnd.sdmx.data+csv;version=2.0.0",
    "application/vnd.sdmx.data+csv;version=2.0.0;labels=both",
    "application/vnd.sdmx.data+csv;version=2.0.0;labels=name",
    "application/vnd.sdmx.data+csv;version=1.0.0",
    "application/vnd.sdmx.data+csv;version=1.0.0;labels=both",
)


def figures(rows):
    return sorted(
        (row["indicator"], row["region"], row["status"], row["value"] and float(row["value"])) for row in rows
    )


@pytest.fixture
def served(client):
    found = client.get(f"/v1/observations?{ASKED}").json["data"]
    assert len(found) > 60
    return figures(found)


@pytest.mark.parametrize("form", FORMATS)
def test_formats_come_back(client, served, reading, tmp_path, form):
    answer = client.get(f"/v1/observations.{form}?{ASKED}")
    assert answer.status_code == 200, answer.text
    found = reading(answer.data, media_type=answer.content_type)
    assert (found.reader, found.faults.height, found.passed_over) == (FORMATS[form], 0, 0)
    assert figures(found.frame.to_dicts()) == served
    assert guess(tmp_path / "uploaded", name="a") == FORMATS[form]


@pytest.mark.parametrize("media_type", SDMX)
def test_sdmx_comes_back(client, served, reading, media_type):
    answer = client.get(f"/v1/observations?{ASKED}", headers={"Accept": media_type})
    found = reading(answer.data, media_type=answer.content_type)
    assert (found.reader, found.faults.height) == ("sdmx-csv", 0)
    assert figures(found.frame.to_dicts()) == served
    assert "change" not in found.frame.columns
