"""What is in `deploy/` and `compose.yaml` names what there is. The proxy is run in `tests/server/test_front.py`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from api import gunicorn_conf
from api.limits import Limits
from api.settings import ROOT, Settings
from deploy import audit

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
ENVIRONMENT = {"PWD"}
"""What is set that is no setting of ours."""


def known() -> set[str]:
    """The settings that the code reads."""
    own = {item.name.upper() for item in fields(Settings) if not item.metadata.get("limit")}
    text = (ROOT / "api" / "gunicorn_conf.py").read_text(encoding="utf-8")
    return own | set(re.findall(r'env\.(?:str|int|float|bool)\("([A-Z_]+)"', text))


def lines(unit: Path) -> list[tuple[str, str]]:
    """The settings of a unit, in order."""
    text = unit.read_text(encoding="utf-8")
    return [tuple(line.split("=", 1)) for line in text.splitlines() if "=" in line and not line.startswith("#")]


def test_every_setting_that_is_set_is_one() -> None:
    assert {"DATABASE_URL", "WORKERS", "WORKER_MEMORY_MB", "PUBLIC_URL"} <= known()
    for name, service in COMPOSE["services"].items():
        if "build" in service:
            assert set(service["environment"]) - known() == set(), name
    for unit in UNITS:
        given = [value for name, value in lines(unit) if name == "Environment"]
        names = {word.split("=", 1)[0] for value in given for word in value.split()}
        assert names - known() - ENVIRONMENT == set(), unit.name


def test_what_compose_wants_to_be_told_stands_in_the_example_and_nothing_else() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    example = (DEPLOY / "compose.env.example").read_text(encoding="utf-8")
    asked = dict(re.findall(r"\$\{([A-Z_]+)(:[?-])", text))
    assert set(re.findall(r"(?m)^#?([A-Z_]+)=", example)) == set(asked)
    # What has no default has no value in the example either: nothing secret is written down.
    assert set(re.findall(r"(?m)^([A-Z_]+)=$", example)) == {name for name, how in asked.items() if how == ":?"}
    assert not re.search(r"(?m)^[A-Z_]+=.", example)


def test_what_an_operator_sees_can_be_asked_for_under_compose() -> None:
    for name in ("api-1", "api-2"):
        given = COMPOSE["services"][name]["environment"]
        for setting, default in {"METRICS": "local", "METRICS_TOKEN": "", "ACCESS_LOG": "notable"}.items():
            assert given[setting] == f"${{{setting}:-{default}}}" and getattr(Settings(), setting.lower()) == default


def test_what_compose_names_is_there() -> None:
    services = COMPOSE["services"]
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).is_file(), source
            elif not source.startswith("$"):
                assert source in COMPOSE["volumes"], source
    ours = [service for service in services.values() if "build" in service]
    assert len(ours) == 3
    for service in ours:
        assert "data:/data" in service["volumes"] and "VOLUME /data" in docker
        assert service["environment"]["DOWNLOADS_PATH"].startswith("/data/")
        # With a root file system that is only read: all that is written is in the volume or in memory.
        assert service["read_only"] and "/tmp" in service["tmpfs"]
        assert int(service["stop_grace_period"].rstrip("s")) > gunicorn_conf.graceful_timeout
    for name in ("api-1", "api-2"):
        assert "/readyz" in services[name]["healthcheck"]["test"][-1]
        assert f"127.0.0.1:{services[name]['environment']['PORT']}/" in services[name]["healthcheck"]["test"][-1]
        assert services[name]["command"][1:] == ["-m", "gunicorn", "-c", "python:api.gunicorn_conf", "wsgi:app"]
        assert (
            f"server {name}:{services[name]['environment']['PORT']} " in (DEPLOY / "service.compose.conf").read_text()
        )
    assert services["prepare"]["command"][1:] == ["--app", "wsgi", "data", "prepare"]


def test_the_proxy_has_the_limits_of_the_service() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    sizes = [int(size) for size in re.findall(r"client_max_body_size (\d+);", text)]
    assert sizes == [Limits().max_body_bytes, Limits().max_upload_bytes]
    assert f"{Limits().max_body_bytes:,} bytes" in text
    # A connection to the service is let go of before the service does.
    assert int(re.findall(r"keepalive_timeout (\d+)s", text)[-1]) < gunicorn_conf.keepalive
    assert f"127.0.0.1:{gunicorn_conf.port}" in (DEPLOY / "service.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_name_what_there_is(unit: Path) -> None:
    for name, value in lines(unit):
        if name == "ExecStart" and "gunicorn" in value:
            assert value.endswith("-m gunicorn -c python:api.gunicorn_conf wsgi:app")
        if name == "TimeoutStopSec":
            assert int(value) > gunicorn_conf.graceful_timeout
        if name.startswith("Exec") and "/flask" in value:
            words = value.partition(" data ")[2].split()
            assert words[0] in {"prepare", "backup"}, value
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service").is_file()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        # What they start is not installed here.
        text = re.sub(r"/opt/digital-capital/current/\.venv/bin/\w+", "/bin/true", unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name).write_text(text)
    units = [tmp_path / unit.name for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if any(f"{unit.name}:" in line for unit in units)]
    assert done.returncode == 0 and said == [], done.stderr


def test_the_bill_of_materials_names_what_is_locked() -> None:
    bill = json.loads((DEPLOY / "sbom.json").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^\s;]+)", lock))
    assert {part["name"].lower(): part["version"] for part in bill["components"]} == locked
    for part in bill["components"]:
        assert part["purl"].startswith("pkg:pypi/")
        hashes = [one["content"] for where in part["externalReferences"] for one in where["hashes"]]
        assert hashes and all(f"sha256:{one}" in lock for one in hashes)


@pytest.mark.parametrize(
    ("packages", "says", "code"),
    [
        (None, "cannot be had from here", 0),
        ([{"name": "a", "skip_reason": "not found"}], "cannot be had from here", 0),
        ([{"name": "a", "version": "1", "vulns": []}], "1 packages audited, 0 known weaknesses", 0),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}], "a 1: X-1, mended in 2", 1),
    ],
)
def test_an_audit_says_what_it_found_or_that_it_could_not_look(packages, says: str, code: int) -> None:
    told, ended = audit.told(packages)
    assert says in "\n".join(told) and ended == code


def test_every_alert_says_what_and_why() -> None:
    groups = yaml.safe_load((DEPLOY / "prometheus-alerts.yaml").read_text(encoding="utf-8"))["groups"]
    alerts = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in alerts}) == len(alerts) > 10
    for rule in alerts:
        assert rule["expr"].strip() and rule["labels"]["severity"] in {"page", "ticket"}, rule
        for part in ("summary", "why"):
            assert rule["annotations"][part].endswith("."), rule


def test_every_gauge_is_on_the_dashboard() -> None:
    code = "".join((ROOT / "api" / part / "gauges.py").read_text(encoding="utf-8") for part in ("http", "worker"))
    gauges = set(re.findall(r'gauge\(\s*"(\w+)"', code))
    shown = set(re.findall(r"digital_capital_(\w+)", (DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8")))
    assert len(gauges) > 10 and gauges - shown == set()


def test_every_panel_says_why_it_is_there() -> None:
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels) > 10
    for panel in panels:
        assert panel["description"].endswith(".") and panel["targets"], panel["title"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels)
