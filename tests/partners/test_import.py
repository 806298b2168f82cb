"""`flask data import`: what an upload does, from a terminal, with the same checks and messages."""

import json

from tests.partners.conftest import INDICATOR, OWNER, WARDS

NAME = "dudley-digital-exclusion"


def run(app, *arguments):
    """What the command says, with its exit code."""
    return app.test_cli_runner().invoke(args=["data", "import", *map(str, arguments), "--owner", OWNER, "--no-files"])


def describe(folder):
    """A file that describes an indicator and three wards."""
    places = {code: {"name": name, "level": "ward", "within": "E08000027"} for code, name in WARDS.items()}
    path = folder / "ours.json"
    path.write_text(json.dumps({"indicators": {NAME: INDICATOR}, "places": places}), encoding="utf-8")
    return path


def test_a_file_is_checked_and_published(app, tmp_path):
    file = tmp_path / "w.csv"
    file.write_text('Ward code,Year,Figure\nE05001301,2025,"12,5"\nE05001302,2025,[x]\nE0500130X,2025,9\n')
    options = [file, "--note", "Inclusion", "--indicator", NAME, "--describe", describe(tmp_path)]
    refused = run(app, *options, "--faults", tmp_path / "faults.csv")
    assert refused.exit_code == 1
    assert "w.csv:2:value: error: The value '12,5' has a decimal comma. Write a point: 12.5." in refused.output
    assert "w.csv:4:region: error: There is no region 'E0500130X'." in refused.output
    assert "Nothing is published." in refused.output
    assert "number-decimal-comma" in (tmp_path / "faults.csv").read_text("utf-8-sig")
    assert app.test_client().get(f"/v1/indicators/{NAME}").status_code == 404

    file.write_text("Ward code,Year,Figure\nE05001301,2025,12.5\nE05001302,2025,[x]\n")
    tried = run(app, *options, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "2 added, 0 changed, 0 removed" in tried.output
    assert "Nothing is published." in tried.output
    assert app.test_client().get(f"/v1/indicators/{NAME}").status_code == 404

    done = run(app, *options)
    assert done.exit_code == 0, done.output
    assert "Published as release 5." in done.output
    series = app.test_client().get(f"/v1/series/{NAME}/E05001301").json["data"]["observations"]
    assert [item["value"] for item in series] == [12.5]
    assert app.test_client().get(f"/v1/indicators/{NAME}").json["data"]["owner"] == OWNER


def test_what_cannot_be_imported_is_said(app, tmp_path):
    file, wrong = tmp_path / "w.csv", tmp_path / "wrong.json"
    file.write_text("region,period,value\nE08000027,2025,1\n")
    wrong.write_text(json.dumps({"indicators": {NAME: INDICATOR | {"measure": "guess"}}}))
    said = run(app, file, "--note", "A", "--indicator", NAME, "--describe", wrong)
    assert said.exit_code == 1
    assert f"indicators/{NAME}/measure: This is one of: rate, count, amount." in said.output
    wrong.write_text("nothing")
    assert "this is no JSON" in run(app, file, "--note", "A", "--describe", wrong).output
    national = run(app, file, "--note", "A", "--indicator", "gva-per-hour")
    assert national.exit_code == 1
    assert "not-yours" not in national.output and "gva-per-hour" in national.output
    file.write_bytes(b"\x00\x01\x02")
    assert run(app, file, "--note", "A", "--indicator", NAME).exit_code == 1
