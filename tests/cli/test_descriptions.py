"""`flask data publish` with what is said of figures: tables named as those in `seed/`, and indices."""

import csv
import json
import re

import pytest
from sqlalchemy import text

from api import create_app
from api.settings import ROOT, SEED, Settings
from tests.conftest import own_database
from tests.contract_client import ContractClient

INDICATOR = "/v1/indicators/gigabit-availability"
WHOLE = (
    "indicator,title,description,component,source,unit,decimals,measure,polarity,frequency,year_kind,quality,position",
    "fast-boats,Fast boats,Boats.,digital-skills,{source},boats,0,count,neutral,annual,calendar,official,99",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, tmp_path):
    """An application with a database and a folder of its own."""
    url = own_database(request, tmp_path, "described")
    made = create_app(Settings(database_url=url, downloads_path=str(tmp_path / "downloads"), release_check_seconds=0))
    made.test_client_class = ContractClient
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def publish(app, tmp_path):
    """Publishes files of some names and texts."""

    def run(*options, **files):
        given = tmp_path / "given"
        given.mkdir(exist_ok=True)
        for name, said in files.items():
            path = given / (f"{name}.json" if said.startswith("{") else f"{name}.csv")
            path.write_text(said, encoding="utf-8")
        names = [str(path) for path in given.iterdir()]
        done = app.test_cli_runner().invoke(args=["data", "publish", *names, "--note", "x", "--no-files", *options])
        for path in given.iterdir():
            path.unlink()
        return done

    return run


def source_of(app):
    return app.test_client().get(INDICATOR).json["data"]["source"]["id"]


def test_a_text_is_another_one_from_a_release_on(app, publish):
    client = app.test_client()
    before = client.get(INDICATOR).json["data"]
    tried = publish("--dry-run", indicators="indicator,title\ngigabit-availability,Fast lines\n")
    assert tried.exit_code == 0 and "Nothing is published." in tried.output
    assert "1 text" in tried.output
    assert publish(indicators="indicator,title\ngigabit-availability,Fast lines\n").exit_code == 0
    now, then = client.get(INDICATOR).json["data"], client.get(f"{INDICATOR}?release=4").json["data"]
    assert (now["title"], then["title"]) == ("Fast lines", before["title"])
    # What is not named stays.
    assert {**now, "title": ""} == {**then, "title": ""}
    again = publish(indicators="indicator,title\ngigabit-availability,Fast lines\n")
    assert "All of it stands already: nothing is published." in again.output
    # And back: three versions of one text.
    assert publish(indicators=f"indicator,title\ngigabit-availability,{before['title']}\n").exit_code == 0
    titles = [client.get(f"{INDICATOR}?release={release}").json["data"]["title"] for release in (4, 5, 6)]
    assert titles == [before["title"], "Fast lines", before["title"]]


def test_an_indicator_comes_with_its_figures(app, publish):
    indicator = "\n".join(WHOLE).format(source=source_of(app))
    figures = "indicator,region,period,value,status,source_file\nfast-boats,E12000005,2025,7,A,s1\n"
    done = publish(indicators=indicator, figures=figures)
    assert done.exit_code == 0, done.output
    client = app.test_client()
    assert client.get("/v1/series/fast-boats/E12000005").json["data"]["observations"][0]["value"] == 7
    assert client.get("/v1/series/fast-boats/E12000005?release=4").status_code == 404
    numbers = [len(client.get(f"/v1/indicators?release={release}").json["data"]) for release in (4, 5)]
    assert numbers == [31, 32]


def test_a_place_counts_at_its_level_from_then_on(app, publish):
    client = app.test_client()

    def counted(release):
        covered = client.get(f"{INDICATOR}/availability?release={release}").json["data"]
        return {
            (level["level"], item["period"]): item["regions"]
            for level in covered["levels"]
            for item in level["periods"]
        }

    before = counted(4)
    done = publish(region_levels="region,level,position,change\nE12000005,itl1,,removed\nE12000005,other,1,\n")
    assert done.exit_code == 0, done.output
    now = counted(5)
    assert counted(4) == before
    changed = {key for key in before if now.get(key) != before[key]}
    assert changed == {key for key in before if key[0] in {"itl1", "other"}}
    verified = app.test_cli_runner().invoke(args=["data", "verify"])
    assert "ok     coverage" in verified.output and "ok     texts" in verified.output, verified.output


def test_an_index_is_published_and_earlier_releases_keep_theirs(app, publish):
    client, address = app.test_client(), "/v1/indices/local-digital-capital"
    index = json.loads((ROOT / "seed/indices/local-digital-capital.json").read_text("utf-8"))
    index.update(title="Another", method_version="2")
    before = client.get(f"{address}/scores?release=4").data
    assert publish(anything=json.dumps(index)).exit_code == 0
    versions = [client.get(f"{address}?release={release}").json["data"]["method_version"] for release in (4, 5)]
    assert versions == ["1", "2"] and client.get(f"{address}/scores?release=4").data == before
    index.update(id="my-index", components=index["components"][:1], least_components=1)
    assert publish(anything=json.dumps(index)).exit_code == 0
    assert client.get("/v1/indices/my-index/scores").json["data"]["regions"]
    problem = client.get("/v1/indices/my-index/scores?release=5")
    assert problem.status_code == 404


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"indicators": "indicator,title\nnew-one,T\n"}, "it needs description"),
        ({"indicators": "indicator,titel\ngigabit-availability,T\n"}, "no column 'titel'. Is 'title' meant?"),
        ({"indicators": "title\nT\n"}, "the column 'indicator' is missing."),
        ({"indicators": "indicator,title\ngigabit-availability,\n"}, "csv:2: it needs title."),
        ({"indicators": "indicator,decimals\ngigabit-availability,two\n"}, "the decimals 'two' is no number."),
        ({"indicators": "indicator,polarity\ngigabit-availability,up\n"}, "Write one of: higher-is-better"),
        ({"indicators": "indicator,over_time\ngigabit-availability,yes\n"}, "is neither true nor false."),
        ({"indicators": "indicator,next_update\ngigabit-availability,soon\n"}, "is no day. Write one as"),
        ({"indicators": "indicator,source\ngigabit-availability,nobody\n"}, "there is no source 'nobody'."),
        ({"indicators": "indicator,component\ngigabit-availability,digital-skill\n"}, "Nearest known: digital-skills,"),
        ({"indicators": "indicator,title,change\ngigabit-availability,T,removed\n"}, "there is no column 'change'."),
        ({"regions": "region,name\nE12000005,A\nE12000005,B\n"}, "the same stands in"),
        ({"regions": "region,name\nE 12,A\n"}, "'E 12' is no name of a region:"),
        ({"regions": "region,name,hex_q\nE12000005,A,x\n"}, "the hex_q 'x' is no number."),
        ({"region_parents": "region,parent\nE12000005,X1\n"}, "there is no region 'X1'."),
        ({"region_aliases": "alias,region,change\nNobody,E12000005,removed\n"}, "nothing of this that could be"),
        ({"region_aliases": "alias,region,scheme\nTLG,E12000007,itl\n"}, "leads to another region already."),
        ({"gaps": "indicator,region,reason,detail,change\ngva-per-hour,E12000005,no,x,\n"}, "Write one of: suppressed"),
        ({"gaps": "indicator,region,change\ngva-per-hour,E12000005,gone\n"}, "the change 'gone' is none."),
        ({"index": "{nothing"}, "this is no JSON"),
        ({"index": "{" * 9 + "[" * 100_000}, "this is no JSON"),
        ({"index": '{"id": "x", "method_version": "1"}'}, "components: Missing data for required field"),
        ({"index": '{"id": "x", "method_version": "1.1", "components": []}'}, "is not a whole number"),
        ({"index": '{"id": ["a"], "level": ["a"]}'}, "id: Not a valid string"),
        ({"index": "{INDEX:normalisation:foo}"}, "normalisation: Must be one of"),
        ({"index": "{INDEX:notes:abc}"}, "notes: Not a valid list"),
        ({"index": "{INDEX:id:A name}"}, "id: is no identifier"),
        ({"index": "{INDEX:least_share:0.5}"}, "least_share: Not a valid number"),
        ({"index": "{INDEX:most_years_old:5}"}, "most_years_old: Not a valid integer"),
        ({"indicators": "indicator,decimals\ngigabit-availability,-3\n"}, "the decimals -3 is not between 0 and 10."),
        ({"indicators": f"indicator,position\ngigabit-availability,{10**30}\n"}, "is not between 0 and 1,000,000."),
        ({"indicators": "indicator,next_update\ngigabit-availability,2026-99-99\n"}, "is no day."),
        ({"indicators": "indicator,collection\ngigabit-availability,foo\n"}, "Write one of: administrative"),
        ({"indicators": "indicator,title\ngigabit-availability,a\x00b\n"}, "signs in it that cannot be printed"),
        ({"regions": "region,name,latitude\nE12000005,A,nan\n"}, "the latitude 'nan' is no number."),
        ({"regions": "region,name\ne12000005,A\n"}, "'e12000005' is no name of a region"),
        ({"regions": "region,name\nX99000001,A\n"}, "X99000001 is of no level."),
        ({"region_successions": "predecessor,successor,kind\nE12000005,E12000005,recoded\n"}, "comes after itself"),
        ({"region_successions": "predecessor,successor,kind\nE08000019,E08000039,recoded\n{BACK}"}, "after itself"),
        ({"region_parents": "region,parent\nE12000005,E06000019\n"}, "A place lies in itself, by way of:"),
        ({"index": "{INDEX}"}, "there is no indicator 'gigabit-availabilty'. Nearest known: gigabit-availability"),
    ],
)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_is_wrong_is_told_with_its_place_and_changes_nothing(app, publish, files, said):
    index = (ROOT / "seed/indices/local-digital-capital.json").read_text("utf-8")
    wrong = index.replace("gigabit-availability", "gigabit-availabilty", 1)
    given = {name: text.replace("{INDEX}", wrong) for name, text in files.items()}
    for name, said_there in given.items():
        if changed := re.fullmatch("{INDEX:(.*):(.*)}", said_there):
            given[name] = json.dumps({**json.loads(index), changed[1]: changed[2]})
        given[name] = given[name].replace("{BACK}", "E08000039,E08000019,recoded\n")
    done = publish(**given)
    assert done.exit_code == 1 and said in done.output, done.output
    assert "Traceback" not in done.output and "Nothing is published." in done.output
    assert app.test_client().get("/v1/releases/latest").json["data"]["id"] == 4


def test_what_a_withdrawn_release_said_is_gone_and_what_was_said_before_is_back(app, publish):
    client = app.test_client()
    before = {path: client.get(f"{path}?release=4").json["data"] for path in (INDICATOR, "/v1/regions/E12000005")}
    quoted = client.get("/v1/published-figures?limit=1").json["data"][0]
    secret = "A secret that must not be read"
    done = publish(
        indicators=f"indicator,title\ngigabit-availability,{secret}\n",
        regions=f"region,name\nE12000005,{secret}\n",
        region_aliases=f"alias,region,scheme,kind\n{secret},E12000007,name,other-name\n",
        published_figures=f"id,change\n{quoted['id']},removed\n",
    )
    assert done.exit_code == 0, done.output
    # Another release says one of them otherwise, and holds the others still.
    assert publish(indicators="indicator,title\ngigabit-availability,The last word\n").exit_code == 0
    gone = app.test_cli_runner().invoke(args=["data", "withdraw", "5", "--reason", "x"])
    assert gone.exit_code == 0, gone.output
    assert "Of texts, places and definitions 2 end, and 2 of before stand again." in gone.output
    assert client.get(f"{INDICATOR}?release=5").status_code == client.get(f"{INDICATOR}?release=6").status_code == 410
    assert client.get(INDICATOR).json["data"]["title"] == "The last word"
    assert client.get("/v1/regions/E12000005").json["data"]["name"] == before["/v1/regions/E12000005"]["name"]
    assert client.get("/v1/published-figures?limit=1").json["data"][0] == quoted
    for path in ("/v1/regions?q=secret", "/v1/regions/E12000007", "/v1/catalog", INDICATOR, "/v1/regions.csv"):
        assert secret not in client.get(path).text
    assert {path: client.get(f"{path}?release=4").json["data"] for path in before} == before
    assert [item["state"] for item in client.get("/v1/releases").json["data"]] == [
        "published", "withdrawn", "withdrawn", *["published"] * 4,
    ]  # fmt: skip
    assert "All is whole." in app.test_cli_runner().invoke(args=["data", "verify"]).output


def test_a_draft_is_never_read_and_takes_no_number(app, publish):
    with app.extensions["database"].begin() as connection:
        false = "0" if connection.dialect.name == "sqlite" else "false"
        connection.execute(
            text(
                "INSERT INTO release (id, published_at, kind, reason, reconstructed, state) "
                f"VALUES (-1, '2026-11-01', 'release', 'A draft', {false}, 'draft')"
            )
        )
    client = app.test_client()
    assert [item["id"] for item in client.get("/v1/releases").json["data"]] == [4, 3, 2, 1]
    assert client.get("/v1/releases/-1").status_code == 404
    assert client.get("/v1/observations?as_of=2026-11-02&limit=1").json["meta"]["release"] == 4
    assert publish(indicators="indicator,title\ngigabit-availability,T\n").exit_code == 0
    assert client.get("/v1/releases/latest").json["data"]["id"] == 5


def test_tables_as_those_in_the_project_change_nothing(app, tmp_path):
    """They may be taken, changed and published: the columns are the same, but for the release that a row is of."""
    indices = sorted((SEED / "indices").glob("*.json"))
    # Version 2 of the indices came later than the package ends here.
    names = [str(path) for path in indices if "first_release" not in json.loads(path.read_text("utf-8"))]
    assert len(names) == 2
    others = {"releases", "published_by", "projections", "left_out", "explained", "published_matches"}
    for path in SEED.glob("*.csv"):
        if path.stem not in others:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            columns = [name for name in rows[0] if name != "first_release"]
            names.append(str(tmp_path / path.name))
            with (tmp_path / path.name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, extrasaction="ignore")
                writer.writeheader()
                writer.writerows(rows)
    done = app.test_cli_runner().invoke(args=["data", "publish", *names, "--note", "x", "--no-files"])
    assert done.exit_code == 0 and "All of it stands already: nothing is published." in done.output, done.output


def test_the_same_in_two_files_is_refused(app, tmp_path):
    paths = []
    for name in "ab":
        (tmp_path / name).mkdir()
        paths.append(tmp_path / name / "gaps.csv")
        paths[-1].write_text(f"indicator,region,reason,detail\ngva-per-hour,E12000005,suppressed,{name}\n")
    done = app.test_cli_runner().invoke(args=["data", "publish", *map(str, paths), "--note", "x", "--no-files"])
    assert done.exit_code == 1 and "the same stands in" in done.output, done.output


def test_what_only_withdrawn_releases_said_of_something_in_use_stays(app, publish):
    """An indicator came with one release, another changed its text, a third has figures of it; two are withdrawn."""
    client = app.test_client()
    assert publish(indicators="\n".join(WHOLE).format(source=source_of(app))).exit_code == 0
    assert publish(indicators="indicator,title\nfast-boats,Faster boats\n").exit_code == 0
    figures = "indicator,region,period,value,status,source_file\nfast-boats,E12000005,2025,7,A,s1\n"
    assert publish(figures=figures).exit_code == 0
    for number in ("5", "6"):
        assert app.test_cli_runner().invoke(args=["data", "withdraw", number, "--reason", "x"]).exit_code == 0
    for path in ("/v1/series/fast-boats/E12000005", "/v1/observations.csv?region=E12000005", "/v1/indicators"):
        assert client.get(path).status_code == 200
    assert "All is whole." in app.test_cli_runner().invoke(args=["data", "verify"]).output


def test_a_withdrawn_succession_is_gone(app, publish):
    client = app.test_client()
    before = client.get("/v1/regions/E12000005").json["data"]
    assert publish(region_successions="predecessor,successor,kind\nE12000005,E12000004,recoded\n").exit_code == 0
    assert client.get("/v1/regions/E12000005").json["data"]["successors"]
    assert app.test_cli_runner().invoke(args=["data", "withdraw", "5", "--reason", "x"]).exit_code == 0
    assert client.get("/v1/regions/E12000005").json["data"] == before


def test_a_code_that_leads_elsewhere_since_does_not_come_back(app, publish):
    assert publish(region_aliases="alias,region,change\nTLB,E92000001,removed\n").exit_code == 0
    assert publish(region_aliases="alias,region,scheme\nTLB,E12000005,itl\n").exit_code == 0
    assert app.test_cli_runner().invoke(args=["data", "withdraw", "5", "--reason", "x"]).exit_code == 0
    assert app.test_client().get("/v1/regions/TLB").headers["Location"].endswith("/v1/regions/E12000005")


def test_a_file_of_another_source_changes_no_earlier_release(app, publish):
    client = app.test_client()
    before = {number: client.get(f"{INDICATOR}?release={number}").data for number in (1, 4)}
    source = "source,title,publisher,licence,licence_url,url,attribution\nnew-source,T,P,L,U,U,A\n"
    file = next(item["id"] for item in client.get(f"/v1/sources/{source_of(app)}").json["data"]["files"])
    assert publish(sources=source, source_files=f"source_file,source\n{file},new-source\n").exit_code == 0
    assert publish(region_levels="region,level,position,change\nE12000005,itl1,,removed\n").exit_code == 1
    gone = "region,level,position,change\nE08000025,local-authority,,removed\nE08000025,other,1,\n"
    assert publish(region_levels=gone).exit_code == 0
    assert {number: client.get(f"{INDICATOR}?release={number}").data for number in (1, 4)} == before
    assert "new-source" in [item["id"] for item in client.get(INDICATOR).json["meta"]["source"]]


def test_a_diff_to_an_earlier_release_names_what_came_since(app, publish):
    indicator = "\n".join(WHOLE).format(source=source_of(app))
    figures = "indicator,region,period,value,status,source_file\nfast-boats,E12000005,2025,7,A,s1\n"
    assert publish(indicators=indicator, figures=figures).exit_code == 0
    rows = app.test_client().get("/v1/releases/5/diff/4").json["data"]
    assert [(row["indicator"], row["change"]) for row in rows] == [("fast-boats", "removed")]


def test_whose_a_release_is_and_who_published_it(app, publish):
    done = publish(
        "--owner", "Ayr Council", "--actor", "desk 7", indicators="indicator,title\ngigabit-availability,T\n"
    )
    assert done.exit_code == 0, done.output
    newest, before = app.test_client().get("/v1/releases?limit=2").json["data"]
    assert (newest["owner"], before["owner"]) == ("Ayr Council", None)
    assert "desk 7" not in app.test_client().get("/v1/releases").text
    with app.extensions["database"].connect() as connection:
        assert connection.execute(text("SELECT actor FROM release WHERE id = 5")).scalar() == "desk 7"
