"""The tables. SQLAlchemy 2 declarative classes, used as tables: reads and writes are Core statements, not entities."""

from api.models.base import HISTORIES, Base, Described
from api.models.boundary import Boundary, BoundaryArc
from api.models.catalogue import Component, Indicator, IndicatorSource, Source, SourceFile
from api.models.definition import IndexDefinition
from api.models.geography import MAIN, Level, Region, RegionAlias, RegionLevel, RegionParent, RegionSuccession
from api.models.observation import Coverage, Gap, Observation, PublishedFigure, Series
from api.models.partner import ApiKey, AuditEntry, Draft, DraftPart, IdempotentRequest, Upload
from api.models.projection import Projection
from api.models.release import Release, ReleaseFile
from api.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "HISTORIES",
    "MAIN",
    "PARTNERS",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Boundary",
    "BoundaryArc",
    "Component",
    "Coverage",
    "Described",
    "Draft",
    "DraftPart",
    "Gap",
    "IdempotentRequest",
    "IndexDefinition",
    "Indicator",
    "IndicatorSource",
    "Level",
    "Observation",
    "Projection",
    "PublishedFigure",
    "Region",
    "RegionAlias",
    "RegionLevel",
    "RegionParent",
    "RegionSuccession",
    "Release",
    "ReleaseFile",
    "Series",
    "Source",
    "SourceFile",
    "Upload",
    "Webhook",
    "WebhookDelivery",
]

PARTNERS: tuple[type[Base], ...] = (
    ApiKey,
    Draft,
    DraftPart,
    Upload,
    IdempotentRequest,
    AuditEntry,
    Webhook,
    WebhookDelivery,
)
"""What readers are never answered from: no copy that is made for a reader holds any of it."""
