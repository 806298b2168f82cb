"""What systems ask that make an address into what it shows: oEmbed 1.0, for charts and for pages that have one.

https://oembed.com/
"""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, urlsplit

from flask import Response, current_app, jsonify, request

from api.charts.chart import NARROWEST, USUAL_WIDTH, WIDEST
from api.errors import Problem, invalid
from api.pages.asking import ask_image_or_none
from api.pages.charts import image_of
from api.pages.rendering import blp
from api.settings import Settings

_CHARTS = "/v1/charts/"
_ENDINGS = (".svg", ".png", ".json", ".embed")


@blp.get("/oembed")
def oembed() -> Response:
    """The chart at an address as HTML, with its size. Problems `invalid-parameter` and `not-found`."""
    settings: Settings = current_app.extensions["settings"]
    if request.args.get("format", "json") != "json":
        raise invalid("format", "Only JSON is answered here: format=json, or without it.", allowed=("json",))
    path, asked = _chart_at(request.args.get("url", ""))
    wanted = asked.get("width", "")
    width = min(_width("maxwidth", USUAL_WIDTH), int(wanted[:9]) if wanted.isdecimal() else WIDEST)
    drawn = ask_image_or_none(f"{path}.svg", **asked | {"width": str(max(NARROWEST, width))})
    if drawn is None:
        raise Problem("not-found", "The API draws no chart for this address. Open it to hear why.")
    image = image_of(drawn, narrow="")
    address = f"{settings.public_url}{image.address}"
    size = f'width="{image.width}" height="{image.height}"'
    told = {
        "version": "1.0",
        "type": "rich",
        "title": image.title,
        "provider_name": "UK Regional Digital Capital API",
        "provider_url": settings.public_url,
        "cache_age": settings.cache_seconds,
        "width": image.width,
        "height": image.height,
        "html": f'<img src="{escape(address)}" {size} alt="{escape(image.statement)}">',
    }
    response = jsonify(told)
    response.headers["Cache-Control"] = f"public, max-age={settings.cache_seconds}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _width(name: str, usual: int) -> int:
    given = request.args.get(name)
    if given is None:
        return usual
    if not given.isdecimal() or int(given[:9]) < NARROWEST:
        raise invalid(name, f"A chart is {NARROWEST} pixels wide or more; {given[:20]!r} is asked for.")
    return min(int(given[:9]), WIDEST)


def _chart_at(url: str) -> tuple[str, dict[str, str]]:
    """The path of a chart without its ending, and its parameters, of the address of a chart or of a page with one."""
    settings: Settings = current_app.extensions["settings"]
    parts = urlsplit(url)
    hosts = {urlsplit(settings.public_url).netloc, request.host}
    if not parts.path or (parts.netloc and parts.netloc not in hosts):
        example = f"{settings.public_url}/v1/charts/index.svg?index=local-digital-capital"
        raise invalid("url", f"Name the address of a chart or a page of this service, such as {example}.")
    asked = dict(parse_qsl(parts.query))
    path = next((parts.path.removesuffix(ending) for ending in _ENDINGS if parts.path.endswith(ending)), parts.path)
    if path.startswith(_CHARTS):
        asked.pop("format", None)
        return path, asked
    first, _, name = path.strip("/").partition("/")
    kinds = {"places": ("profile", "region"), "indicators": ("map", "indicator"), "indices": ("index", "index")}
    if first not in kinds or not name or "/" in name:
        raise Problem(
            "not-found", f"There is no chart at {parts.path[:80]}. Places, indicators and indices have one each."
        )
    kind, parameter = kinds[first]
    kept = {key: text for key, text in asked.items() if key in {"level", "release"}}
    return f"{_CHARTS}{kind}", {parameter: name, **kept}
