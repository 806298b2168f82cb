"""The structures of a release as pysdmx's artefacts: the dataflow, its structure, concepts, code lists, categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pysdmx.model import (
    Agency,
    AgencyScheme,
    Annotation,
    Categorisation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Role,
)
from pysdmx.model.__base import MaintainableArtefact

from api import sdmx
from api.answers import provenance
from api.catalogue import Catalogue, Indicator, Region
from api.columns import STATUSES

_ROLES = {"dimension": Role.DIMENSION, "measure": Role.MEASURE, "attribute": Role.ATTRIBUTE}
_SERIES = "FREQ,REF_AREA,INDICATOR"
_ATTACHED = {"UNIT_MEASURE": _SERIES, "DECIMALS": _SERIES}
"""What attributes belong to, where not to an observation."""
_PACKAGES = {
    Codelist: ("codelist", "Codelist"),
    ConceptScheme: ("conceptscheme", "ConceptScheme"),
    DataStructureDefinition: ("datastructure", "DataStructure"),
    Dataflow: ("datastructure", "Dataflow"),
    CategoryScheme: ("categoryscheme", "CategoryScheme"),
    Categorisation: ("categoryscheme", "Categorisation"),
    AgencyScheme: ("base", "AgencyScheme"),
}


def urn_of(kind: type[MaintainableArtefact], name: str) -> str:
    """The URN of an artefact of ours."""
    package, written = _PACKAGES[kind]
    return f"urn:sdmx:org.sdmx.infomodel.{package}.{written}={sdmx.reference(name)}"


FLOW = urn_of(Dataflow, sdmx.FLOW)
STRUCTURE = urn_of(DataStructureDefinition, sdmx.STRUCTURE)
CONCEPTS = urn_of(ConceptScheme, sdmx.CONCEPTS)
CATEGORIES = urn_of(CategoryScheme, sdmx.COMPONENTS_OF_CAPITAL)
AGENCIES = "urn:sdmx:org.sdmx.infomodel.base.AgencyScheme=SDMX:AGENCIES(1.0)"


def artefacts(catalogue: Catalogue) -> dict[str, MaintainableArtefact]:
    """Every artefact of a release, by its URN."""
    codelists = {item.id: item for item in _codelists(catalogue)}
    structure = DataStructureDefinition(
        id=sdmx.STRUCTURE,
        name="Structure of observations",
        description="A value for a place, an indicator and a period, with its status, unit and decimals.",
        components=Components([_component(item, codelists) for item in sdmx.COMPONENTS]),
        agency=sdmx.AGENCY,
        version=sdmx.VERSION,
    )
    flow = Dataflow(
        id=sdmx.FLOW,
        name=sdmx.FLOW_NAME,
        description=sdmx.FLOW_DESCRIPTION,
        structure=structure,
        agency=sdmx.AGENCY,
        version=sdmx.VERSION,
        annotations=(Annotation(type="RELEASE", title=str(catalogue.release.id)),),
    )
    return {
        FLOW: flow,
        STRUCTURE: structure,
        CONCEPTS: _concepts(),
        **{urn_of(Codelist, name): item for name, item in codelists.items()},
        CATEGORIES: _categories(catalogue),
        **{urn_of(Categorisation, item.id): item for item in _categorisations(catalogue)},
        AGENCIES: _agencies(),
    }


def references(urn: str, item: MaintainableArtefact) -> set[str]:
    """The URNs of the artefacts that one refers to."""
    if isinstance(item, Dataflow):
        return {STRUCTURE, AGENCIES}
    if isinstance(item, DataStructureDefinition):
        return {CONCEPTS, AGENCIES, *(part.enum_ref for part in item.components if part.enum_ref)}
    if isinstance(item, Categorisation):
        return {FLOW, CATEGORIES, AGENCIES}
    return {AGENCIES} - {urn}


def _component(item: sdmx.Component, codelists: dict[str, Codelist]) -> Component:
    attached = _ATTACHED.get(item.id, "O") if item.role == "attribute" else None
    return Component(
        id=item.id,
        required=item.role == "dimension" or item.id == "OBS_STATUS",
        role=_ROLES[item.role],
        concept=ItemReference("Concept", sdmx.AGENCY, sdmx.CONCEPTS, sdmx.VERSION, item.id),
        name=item.name,
        description=item.description,
        local_dtype=None if item.codes else DataType(item.kind),
        local_codes=codelists[item.codes] if item.codes else None,
        local_enum_ref=urn_of(Codelist, item.codes) if item.codes else None,
        attachment_level=attached,
    )


def _concepts() -> ConceptScheme:
    return ConceptScheme(
        id=sdmx.CONCEPTS,
        name="Concepts of observations",
        agency=sdmx.AGENCY,
        version=sdmx.VERSION,
        items=tuple(
            Concept(
                id=item.id,
                name=item.name,
                description=item.description,
                dtype=DataType(item.kind),
                urn=f"{CONCEPTS.replace('.ConceptScheme=', '.Concept=')}.{item.id}",
            )
            for item in sdmx.COMPONENTS
        ),
    )


def _codelists(catalogue: Catalogue) -> Iterator[Codelist]:
    yield _codelist("CL_FREQ", "Frequencies", _plain(sdmx.FREQUENCIES.items()))
    yield _codelist("CL_AREA", "Places", [_area(catalogue, item) for item in catalogue.regions.values()])
    yield _codelist("CL_INDICATOR", "Indicators", [_indicator(item) for item in catalogue.indicators.values()])
    yield _codelist("CL_OBS_STATUS", "Statuses of observations", _plain(STATUSES.items()))
    units = {sdmx.unit_code(item.unit): item.unit for item in catalogue.indicators.values()}
    yield _codelist("CL_UNIT_MEASURE", "Units", _plain(sorted(units.items())))


def _codelist(name: str, title: str, codes: Sequence[Code]) -> Codelist:
    return Codelist(
        id=name,
        name=title,
        agency=sdmx.AGENCY,
        version=sdmx.VERSION,
        items=tuple(sorted(codes, key=lambda code: code.id)) if name == "CL_AREA" else tuple(codes),
    )


def _plain(codes: Iterable[tuple[str, str]]) -> list[Code]:
    return [Code(id=code, name=name) for code, name in codes]


def _area(catalogue: Catalogue, region: Region) -> Code:
    parents = " ".join(sorted(catalogue.regions[number].code for number in region.parents))
    return Code(
        id=region.code,
        name=region.label,
        annotations=_notes(
            LEVEL=" ".join(region.levels), PARENTS=parents, VALID_FROM=region.valid_from, VALID_TO=region.valid_to
        ),
    )


def _indicator(item: Indicator) -> Code:
    notes = _notes(
        COMPONENT=item.component,
        MEASURE=item.measure,
        POLARITY=item.polarity,
        UNIT_MEASURE=sdmx.unit_code(item.unit),
        DECIMALS=str(item.decimals),
        FREQ_DISS=sdmx.PUBLISHED.get(item.frequency, "_O"),
        QUALITY=item.quality,
    )
    return Code(id=item.slug, name=item.title, description=item.description, annotations=notes)


def _notes(**texts: str | None) -> tuple[Annotation, ...]:
    return tuple(Annotation(type=name, title=text) for name, text in texts.items() if text)


def _categories(catalogue: Catalogue) -> CategoryScheme:
    return CategoryScheme(
        id=sdmx.COMPONENTS_OF_CAPITAL,
        name="Components of local digital capital",
        agency=sdmx.AGENCY,
        version=sdmx.VERSION,
        items=tuple(
            Category(id=item.id, name=item.title, description=item.description)
            for item in catalogue.components.values()
        ),
    )


def _categorisations(catalogue: Catalogue) -> Iterator[Categorisation]:
    """The dataflow under each component that there are figures of."""
    for item in catalogue.components.values():
        if item.measured:
            yield Categorisation(
                id=f"OBSERVATIONS-{item.id}",
                name=f"Observations: {item.title}",
                agency=sdmx.AGENCY,
                version=sdmx.VERSION,
                source=FLOW,
                target=f"{CATEGORIES.replace('.CategoryScheme=', '.Category=')}.{item.id}",
            )


def _agencies() -> AgencyScheme:
    """The agency that maintains all these. Top-level agencies stand in SDMX's own scheme, of which this is a part."""
    return AgencyScheme(agency="SDMX", is_partial=True, items=(Agency(id=sdmx.AGENCY, name=provenance.SERVICE),))
