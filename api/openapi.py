"""What the OpenAPI document says beside the operations."""

from __future__ import annotations

from typing import Any

from api.settings import VERSION

_DESCRIPTION = """
Figures on the digital strength of the UK's nations, regions, combined and local authorities: infrastructure, skills,
adoption, research and innovation, finance and investment, trade, and the digital economy that comes of them.

* **Reading is open.** No key (partners have one, to publish figures of their own); every address can be pasted into a
  browser, a spreadsheet or a script.
* **Every answer** is `{"data", "meta", "links"}`; `meta` carries release, source, licence, attribution and citation.
* **Lists** are written with commas; the parameter repeated means the same. Booleans and keywords are understood in any
  case, booleans as `1` and `0` too. What platforms append to links (`utm_*`, `fbclid` ...) is dropped: `/v1/config`.
* **Nothing is cut silently**: pages are linked in `links.next` and in the `Link` header.
* **An empty answer says why** in `meta.reason`, and names the nearest question that has an answer.
* **Errors** are `application/problem+json` and say what to do.
* **Every response names its request** in `X-Request-Id`: send one (up to 128 letters, digits, `.`, `_`, `-`), or take
  the one that is made, and name it when you report something.
* **Licences**: the figures are under the Open Government Licence v3.0 unless their source says otherwise; print the
  attribution that every answer carries. The code is under the MIT licence.
* **Tables** (CSV, NDJSON, XLSX, Parquet): a column has one type whatever rows an answer holds. Periods are an ISO 8601
  start and duration (`2022-01-01/P1Y`), with both days as dates; values are decimal numbers. For a spreadsheet take
  `.xlsx`, or CSV with `bom=true`.
* **Stability**: within `/v1` keys of JSON are added, never changed or taken away; the same holds for the columns of
  tables and their types from version 1.0 on.
"""

OPENAPI: dict[str, Any] = {
    "API_TITLE": "UK Regional Digital Capital API",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {
            "summary": "Regions, indicators and time series of the UK's regional digital capital",
            "description": _DESCRIPTION.strip(),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "security": [],
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of a partner, given by whoever runs the service. Reads need none.",
                }
            }
        },
    },
}
"""flask-smorest's settings for the document."""
