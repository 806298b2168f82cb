"""The ways to get a data set, as distributions of DCAT 3: where each is, in which format, and of which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from api.answers import dcat_terms as terms
from api.answers.reading import Reading


class Written(Protocol):
    """A format that observations are served in, as far as a catalogue describes it."""

    @property
    def name(self) -> str:
        """Its name, which is its suffix."""
        ...

    @property
    def media_type(self) -> str:
        """Its media type."""
        ...

    @property
    def whole(self) -> bool:
        """Whether it holds all that is asked for, or a page."""
        ...

    @property
    def in_one_piece(self) -> bool:
        """Whether it is for answers up to a size."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A way to get a data set: where it is as of now, and where it is as of this release (None where it has pages)."""

    name: str
    media_type: str
    access: str
    download: str | None
    of_release: bool = False
    """Whether it is of the release for ever: its day is that of the release, not of the data set."""


def base_of(reading: Reading) -> str:
    """Scheme and host of every address in the catalogue."""
    return reading.settings.public_url.rstrip("/")


def at(reading: Reading) -> str:
    """The address under which the catalogue names its parts, at every release alike."""
    return f"{base_of(reading)}/v1/catalog"


def files_of_everything(reading: Reading, formats: Iterable[Written], downloads: Mapping[str, str]) -> list[File]:
    """Every way to get all figures: in the formats of observations, and as the files of the release (by ending)."""
    stem = f"{base_of(reading)}/v1/releases/{reading.release}/download"
    whole = [
        File(
            name=f"release-{name}",
            media_type=media_type,
            access=f"{stem}.{name}",
            download=f"{stem}.{name}",
            of_release=True,
        )
        for name, media_type in downloads.items()
    ]
    return [*files_of(reading, formats), *whole]


def files_of(reading: Reading, formats: Iterable[Written], question: str = "") -> Iterator[File]:
    """Every way to get the observations that a question (a query) asks for."""
    for item in formats:
        stem = f"{base_of(reading)}/v1/observations.{item.name}"
        pinned = "&".join(part for part in (question, f"release={reading.release}") if part)
        yield File(
            name=item.name,
            media_type=item.media_type,
            access=reading.link(f"{stem}?{question}" if question else stem),
            # A page is not the whole, and what is written in one piece may be refused for its size.
            download=f"{stem}?{pinned}" if item.whole and (question or not item.in_one_piece) else None,
        )


def distribution(
    reading: Reading, dataset: str, file: File, *, licence: str, dates: Mapping[str, str]
) -> dict[str, Any]:
    """A file as a distribution of a data set, under the address of its licence."""
    form = terms.form_of(file.media_type)
    published = reading.catalogue.release.published_at
    days = {"issued": published, "modified": published} if file.of_release else dates
    return {
        "@id": f"{dataset}.{file.name}",
        "@type": "dcat:Distribution",
        "title": f"{form.title}, release {reading.release} as one file" if file.of_release else form.title,
        **days,
        "format": form.described(file.media_type),
        **({"mediaType": f"{terms.IANA}/{form.registered}"} if form.registered else {}),
        **({"conformsTo": form.standard_described()} if form.standard else {}),
        "accessURL": file.access,
        **({"downloadURL": file.download} if file.download else {}),
        "license": licence,
    }
