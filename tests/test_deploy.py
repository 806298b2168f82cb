"""Files to run the service with: they say what they are for, and can be read by what reads them."""

import json

import yaml

from api.settings import ROOT


def test_every_alert_says_what_and_why():
    groups = yaml.safe_load((ROOT / "deploy" / "prometheus-alerts.yaml").read_text(encoding="utf-8"))["groups"]
    alerts = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in alerts}) == len(alerts) > 10
    for rule in alerts:
        assert rule["expr"].strip() and rule["labels"]["severity"] in {"page", "ticket"}, rule
        for part in ("summary", "why"):
            assert rule["annotations"][part].endswith("."), rule


def test_every_panel_says_why_it_is_there():
    dashboard = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels) > 10
    for panel in panels:
        assert panel["description"].endswith(".") and panel["targets"], panel["title"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels)
