"""How to get the data that a page shows: the request that it rests on, in the formats and languages people use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from api.pages.asking import Told
from api.settings import Settings


@dataclass(frozen=True, slots=True)
class Rest:
    """What a page rests on: the answers, the first of them being what it is about, and tables of the same."""

    told: Told
    others: tuple[Told, ...] = ()
    csv: str | None = None
    """The address of a table of it; None where the API has none."""
    xlsx: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    """More files, by what they are called on the page."""

    @property
    def meta(self) -> dict[str, Any]:
        """What is said of the answer that the page is about: release, licence, attribution, citation."""
        return self.told.meta

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The sources of all the answers, each once."""
        every = [source for told in (self.told, *self.others) for source in told.meta.get("source", ())]
        return list({source["id"]: source for source in every}.values())

    def links(self) -> list[tuple[str, str]]:
        """The files, each with what it is called."""
        found = [("JSON", self.told.address)]
        found += [("CSV", self.csv)] if self.csv else []
        found += [("XLSX", self.xlsx)] if self.xlsx else []
        return [*found, *self.files.items()]

    def snippets(self) -> list[tuple[str, str]]:
        """The request in each language: of the table where there is one, else of the JSON."""
        base = _base()
        whole = f"{base}{self.told.address}"
        if self.csv:
            table = f"{base}{self.csv}"
            python = f'import pandas as pd\n\nfigures = pd.read_csv("{table}")'
            r = f'figures <- readr::read_csv("{table}")'
        else:
            python = f'import json, urllib.request\n\nanswer = json.load(urllib.request.urlopen("{whole}"))'
            r = f'answer <- jsonlite::fromJSON("{whole}")'
        quoted = whole.replace("'", "%27")
        return [
            ("curl", f"curl '{quoted}'"),
            ("Python", python),
            ("R", r),
            ("JavaScript", f'const {{ data, meta }} = await (await fetch("{whole}")).json();'),
        ]


def _base() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url.rstrip("/")
