"""Charts that are kept, so that a change of any is seen: `python -m tests.whole.reference_charts` draws them anew.

Each is pinned to a release, so that it changes with the drawing and never with the figures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from api import create_app
from api.services.seed import fill
from api.settings import Settings

FOLDER = Path(__file__).parent / "charts"
_COMPARED = "comparison?indicator="
_SERIES = "series?indicator="
QUESTIONS = {
    "gigabit-combined-authorities": f"{_COMPARED}gigabit-availability&level=combined-authority&region=E47000007",
    "gigabit-counties": f"{_COMPARED}gigabit-availability&level=county",
    "gigabit-districts": f"{_COMPARED}gigabit-availability&level=local-authority&region=E08000027,E06000063",
    "employment-itl1": f"{_COMPARED}employment-rate&level=itl1&region=E12000005",
    "employment-2012": f"{_COMPARED}employment-rate&level=itl1&period=2012",
    "employment-countries": f"{_COMPARED}employment-rate&level=country&names=welsh",
    "output-per-head": f"{_COMPARED}gva-sic-j-per-head&level=itl1&region=E12000005",
    "output-per-hour": f"{_COMPARED}gva-per-hour&level=itl2",
    "population-without-rank": f"{_COMPARED}population&level=itl1",
    "nothing-to-compare": f"{_COMPARED}full-fibre-availability&level=uk&period=2010",
    "gigabit-cumberland": f"{_SERIES}gigabit-availability&region=E06000063&history=merged&with=uk",
    "5g-across-its-break": f"{_SERIES}5g-area-coverage&region=E12000005,E12000007",
    "employment-three": f"{_SERIES}employment-rate&region=E12000005,E12000007,W92000004&with=uk",
    "employment-six": f"{_SERIES}employment-rate&region=E12000001,E12000002,E12000003,E12000004,E12000005,E12000006",
    "output-london": f"{_SERIES}gva-sic-j-per-head&region=E12000007",
    "recent-employment": f"{_SERIES}employment-rate&region=E12000005&period_from=2018",
    "academic-years": f"{_SERIES}fe-ict-achievements&region=E12000005",
    "nothing-in-time": f"{_SERIES}full-fibre-availability&region=K02000001&period_to=2010",
    "gigabit-change": "change?indicator=gigabit-availability&level=itl1&since=2025-01",
    "employment-change": "change?indicator=employment-rate&level=itl1&since=2019",
    "dudley": "profile?region=E08000027",
    "dudley-infrastructure": "profile?region=E08000027&component=digital-infrastructure",
    "west-midlands-authority": "profile?region=E47000007",
    "scotland": "profile?region=S92000003&level=itl1",
    "index": "index?index=local-digital-capital&region=E12000005",
    "index-version-1": "index?index=local-digital-capital&method_version=1",
    "index-authorities": "index?index=combined-authority-digital-capital",
    "map-regions": "map?indicator=gigabit-availability&level=itl1",
    "map-authorities": "map?indicator=gigabit-availability&level=combined-authority&region=E47000007",
    "map-hexagons": "map?indicator=gigabit-availability&level=local-authority&geometry=hexagons&region=E06000063",
}
LOOKS = {"": "", "-narrow-dark": "&width=320&theme=dark"}
CHARTS = {
    f"{name}{look}": f"/v1/charts/{asked}{how}" for name, asked in QUESTIONS.items() for look, how in LOOKS.items()
}


def drawn(client: FlaskClient, address: str) -> str:
    """The image at an address, as release 7 has it."""
    response = client.get(f"{address}&release=7")
    if response.status_code != 200:
        raise RuntimeError(f"{address} answers {response.status_code}: {response.text}")
    return response.text


def all_drawn(client: FlaskClient) -> Iterator[tuple[Path, str]]:
    """Every chart with the file that it is kept in."""
    for name, address in CHARTS.items():
        yield FOLDER / f"{name}.svg", drawn(client, address)


def main() -> None:
    """Draw all charts anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(replace(Settings(), database_url=fill(f"sqlite:///{folder}/charts.sqlite3")))
        for file, image in all_drawn(app.test_client()):
            file.write_text(image, encoding="utf-8")


if __name__ == "__main__":
    main()
