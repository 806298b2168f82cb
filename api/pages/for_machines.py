"""What crawlers, assistants and finders of weaknesses look for at addresses of habit."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from flask import Response, current_app

from api.pages.asking import ask
from api.pages.home import EXAMPLES
from api.pages.rendering import blp, fixed, page, view
from api.settings import Settings

_EVERY = 1_000
_FIXED = ("/", "/places", "/indicators", "/compare", "/indices", "/releases", "/docs", "/docs/problems")
_MONTHS = 6


@view("/robots.txt")
def robots() -> Response:
    """Everything may be read; calculations cost something and lead nowhere new."""
    lines = ["User-agent: *", "Disallow: /v1/calculations", "Disallow: /*/calculations", "Disallow: /compare?"]
    return _text("\n".join([*lines, "", f"Sitemap: {_base()}/sitemap.xml", ""]))


@view("/sitemap.xml")
def sitemap() -> Response:
    """The pages of places, indicators, indices and releases, as of the day of the release."""
    places = ask("/v1/regions", limit=_EVERY)
    changed = places.meta["published_at"][:10]
    paths = [
        *_FIXED,
        *(f"/places/{item['code']}" for item in places.data),
        *(f"/indicators/{item['id']}" for item in ask("/v1/indicators", limit=_EVERY).data),
        *(path for item in ask("/v1/indices").data for path in (f"/indices/{item['id']}", item["documentation"])),
        *(f"/releases/{item['id']}" for item in ask("/v1/releases", limit=_EVERY).data),
    ]
    urls = "".join(f"<url><loc>{escape(_base() + path)}</loc><lastmod>{changed}</lastmod></url>\n" for path in paths)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}</urlset>\n"
    )
    return Response(body, content_type="application/xml; charset=utf-8")


@view("/llms.txt")
def llms() -> Response:
    """What an assistant is to know before it asks, in Markdown."""
    response = page(
        "llms.txt",
        indicators=ask("/v1/indicators", limit=_EVERY).data,
        release=ask("/v1/").data["release"],
        examples=EXAMPLES,
        base=_base(),
    )
    response.content_type = "text/markdown; charset=utf-8"
    return response


@blp.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a weakness (RFC 9116): the page of the settings, which holds for half a year."""
    settings: Settings = current_app.extensions["settings"]
    today = datetime.now(UTC)
    months = today.month + _MONTHS
    policy = f"{_base()}/docs/security"
    lines = [
        f"Contact: {settings.contact_url or policy}",
        f"Expires: {today.year + (months - 1) // 12}-{(months - 1) % 12 + 1:02}-01T00:00:00Z",
        f"Policy: {policy}",
        "Preferred-Languages: en",
        f"Canonical: {_base()}/.well-known/security.txt",
        "",
    ]
    response = _text("\n".join(lines))
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blp.get("/docs/security", strict_slashes=False)
def policy() -> Response:
    """What to do with a weakness that one has found."""
    return fixed("security.html", settings=current_app.extensions["settings"])


def _text(body: str) -> Response:
    return Response(body, content_type="text/plain; charset=utf-8")


def _base() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url.rstrip("/")
