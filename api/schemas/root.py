"""The root of the API and its limits."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.base import Item, envelope, flag, many, one, text, whole


class ReleaseReference(Item):
    """The release that is served."""

    id = whole("Number of the release.", 4)
    published_at = text("When it was published (ISO 8601, UTC).", "2026-06-26T00:00:00Z")
    kind = text("`release`, `correction` or `withdrawal`.", "release")
    reason = text("Why it was published.")
    reconstructed = flag("Whether it was laid out afterwards, with no figure that was published after its day.", True)  # noqa: FBT003
    withdraws = whole("The release that it withdraws, where it does.", allow_none=True)


class Root(Item):
    """What this service is, and where everything is."""

    name = text("Name of the service.", "UK Regional Digital Capital API")
    version = text("Version of the service.", "0.1.0")
    release = one(ReleaseReference, "The release that is served.")
    resources = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(), metadata={"description": "The address of each resource."}
    )


class Limit(Item):
    """A limit of the service."""

    name = text("Name.", "max_observations")
    value = whole("Its value.", 10_000)
    unit = text("Unit of the value.", "observations")
    meaning = text("What it limits.")


class DroppedParameter(Item):
    """A parameter that platforms append to links, and that is dropped."""

    name = text("Name of the parameter, in any case; a star stands for any ending.", "utm_*")
    appended_by = text("Who appends it.", "Google Analytics, and most newsletters and advertisements")


class Config(Item):
    """What callers need to know of the service's settings."""

    limits = many(Limit, "Every limit.")
    dropped_parameters = many(
        DroppedParameter,
        "What platforms append to links. It is dropped from every question, and from the links of the answer; every "
        "other unknown parameter is refused.",
    )


RootAnswer = envelope("RootAnswer", one(Root, "The service."))
ConfigAnswer = envelope("ConfigAnswer", one(Config, "The settings."))
