"""What is pinned to a release keeps its bytes and its tag, whatever a later release says of anything.

Every address of the document is asked before and after a release that changes texts, places, sources, gaps, quoted
figures, an index and figures, of a process that was there and of a new one. On PostgreSQL one of each path: what
differs between parameters is in the code, which both databases share.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import build, create_app
from api.settings import ROOT, Settings
from tests.api.test_head import ADDRESSES
from tests.conftest import own_database
from tests.contract.test_document import OPERATIONS, example_of, needed_of, parameters_of, spelt

KEPT = ("ETag", "Content-Type", "Content-Disposition", "Content-Location", "Link", "Cache-Control", "Last-Modified")
_INDEX = "local-digital-capital"
TABLES = {
    "levels.csv": "level,title\nitl1,Large regions\n",
    "components.csv": "component,title,reason\ndigital-skills,Skills for a digital age,Now it has one.\n",
    "sources.csv": "source,title,publisher,licence,attribution\n{source},Another title,Somebody,No licence,By us\n",
    "source_files.csv": "source_file,title,version_date\ns1,Another name of a file,2020-01-01\n",
    "indicators.csv": (
        "indicator,title,unit,decimals,caveats,next_update\n"
        "gigabit-availability,Fast lines,per cent of premises,2,None at all.,2030-01-01\n"
        "gva-per-hour,Output per hour,pounds,2,None at all.,2030-01-01\n"
    ),
    "regions.csv": (
        "region,name,latitude,longitude,hex_q,hex_r\n"
        "E12000005,The Midlands in the West,50,1,9,9\n"
        "E47000007,Another name of a place,50.5,1.5,8,8\n"
        "E06000001,Hartlepool and around,51,1,7,7\n"
        "X99000001,A new place,52,1,6,6\n"
    ),
    "region_levels.csv": (
        "region,level,position,change\nX99000001,itl1,1,\nE47000015,combined-authority,,removed\nE47000015,other,1,\n"
    ),
    "region_parents.csv": "region,parent,change\nX99000001,K02000001,\nE06000019,E12000005,removed\n",
    "region_aliases.csv": (
        "alias,region,scheme,kind,change\nBrum,E08000025,,,removed\nWestern Midlands,E12000005,name,other-name,\n"
    ),
    "region_successions.csv": "predecessor,successor,kind\nE47000016,X99000001,reorganised\n",
    "gaps.csv": (
        "indicator,region,reason,detail,change\n"
        "apprenticeship-starts-rate,E47000015,not-measured,Another reason.,\n"
        "apprenticeship-starts-rate,E47000016,,,removed\n"
    ),
    "figures.csv": (
        "indicator,region,period,value,status,source_file,change\n"
        "gigabit-availability,E12000005,2025-01,12.5,A,s2,\n"
        "gva-per-hour,E12000005,2023,41.5,P,s2,\n"
        "gva-per-hour,E12000007,2023,,,,removed\n"
    ),
}


def addresses(release: int) -> Iterator[str]:
    """Every read in every format, and every example of a parameter, pinned to a release."""
    asked = set(ADDRESSES)
    for path in OPERATIONS:
        examples = {item["name"]: (item["in"], example_of(item)) for item in parameters_of(path)}
        filled = re.sub(r"{(\w+)}", lambda match, examples=examples: examples[match[1]][1], path)
        queried = {name: spelt(value) for name, (place, value) in examples.items() if place == "query"}
        needed = needed_of(path) & queried.keys()
        for name in queried.keys() - {"release", "as_of", "cursor", "explain", "draft"}:
            asked.add(f"{filled}?{'&'.join(f'{part}={queried[part]}' for part in sorted({name, *needed}))}")
    for address in sorted(asked):
        template = template_of(address)
        if any(item["name"] == "release" and item["in"] == "query" for item in parameters_of(template)):
            yield f"{address}{'&' if '?' in address else '?'}release={release}"
        elif "{other}" in template or "/download" in template:
            yield address


def one_of_each(asked: Iterable[str]) -> list[str]:
    """One address of each path of the document."""
    return list({template_of(address): address for address in asked}.values())


def template_of(address: str) -> str:
    """The path of the document that an address is of: the one with the fewest parameters."""
    path = address.partition("?")[0]
    found = [item for item in OPERATIONS if re.fullmatch(re.sub(r"{\w+}", "[^/]+", item), path)]
    return min(found, key=lambda item: (item.count("{"), "{format}" not in item))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return own_database(request, tmp_path, "pinned")


def app_on(url: str, folder: Path) -> Flask:
    """The application in a new process, as far as answers go: nothing is kept from another one."""
    settings = Settings(database_url=url, downloads_path=str(folder / "downloads"), release_check_seconds=0)
    return create_app(settings)


def change_everything(app: Flask, folder: Path) -> None:
    """Publish a release that says something else of everything."""
    given = folder / "given"
    given.mkdir()
    client = app.test_client()
    source = client.get("/v1/indicators/gigabit-availability").json["data"]["source"]["id"]
    quoted = client.get("/v1/published-figures").json["data"]
    tables = TABLES | {
        "published_figures.csv": (
            f"id,label,printed,value,note,change\n{quoted[0]['id']},Another label,999,999,Another note,\n"
            f"{quoted[1]['id']},,,,,removed\n"
        )
    }
    for name, text in tables.items():
        (given / name).write_text(text.replace("{source}", source), encoding="utf-8")
    index = json.loads((ROOT / "seed" / "indices" / f"{_INDEX}.json").read_text("utf-8"))
    index.update(title="Another index", method_version="2", notes=["Another note."], aggregation="geometric")
    index["components"][0]["indicators"][0].update(weight=9, goalposts=[0, 100])
    (given / f"{_INDEX}.json").write_text(json.dumps(index), encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["data", "publish", *map(str, given.iterdir()), "--note", "All new."])
    assert done.exit_code == 0, done.output
    assert "Published as release 5" in done.output


def answer(client: FlaskClient, address: str) -> tuple[Any, ...]:
    response = client.get(address, buffered=True)
    headers = {name: response.headers.get(name) for name in KEPT}
    return response.status_code, headers, response.data


def test_pinned_answers_keep_their_bytes_and_tags(url: str, tmp_path: Path) -> None:
    app = app_on(url, tmp_path)
    every = list(addresses(4))
    assert len(every) > 200
    pinned = [*(every if url.startswith("sqlite") else one_of_each(every)), *one_of_each(addresses(2))]
    before = {address: answer(app.test_client(), address) for address in pinned}
    # At an earlier release there may be no such edition or index.
    assert {status for address, (status, _, _) in before.items() if "release=2" not in address} <= {200, 308}
    bare = [re.sub(r"[?&]release=\d+", "", item) for item in one_of_each(addresses(4)) if "release=" in item]
    current = {address: answer(app.test_client(), address) for address in bare}
    change_everything(app, tmp_path)
    for process in (app, app_on(url, tmp_path)):
        after = {address: answer(process.test_client(), address) for address in pinned}
        assert [address for address in pinned if after[address] != before[address]] == []
        process.extensions["database"].engine.dispose()
    # The release says all of it otherwise.
    changed = app_on(url, tmp_path)
    again = {address: answer(changed.test_client(), address) for address in bare}
    assert [address for address in bare if again[address][2] == current[address][2]] == []
    assert [address for address in bare if again[address][1]["ETag"] == current[address][1]["ETag"]] == []
    changed.extensions["database"].engine.dispose()


def test_another_build_gives_other_tags(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [item for item in addresses(4) if "/download" not in item]
    first = app_on(sqlite_url, tmp_path)
    tags = {address: first.test_client().head(address).headers.get("ETag") for address in asked}
    monkeypatch.setattr(build, "fingerprint", lambda: "another build")
    second = app_on(sqlite_url, tmp_path)
    again = {
        address: second.test_client().head(address, headers={"If-None-Match": tag or "x"})
        for address, tag in tags.items()
    }
    assert [address for address, response in again.items() if response.status_code == 304] == []
    with_tag = [address for address in asked if tags[address]]
    assert len(with_tag) > 150
    assert [address for address in with_tag if again[address].headers["ETag"] == tags[address]] == []
    for app in (first, second):
        app.extensions["database"].engine.dispose()
