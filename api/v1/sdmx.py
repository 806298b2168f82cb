"""SDMX's own REST interface: the structures that the data is described by, and the data under SDMX's keys.

Each question has the addresses that the standard gives it, which leave parts away from the end: an operation for each.
"""

from __future__ import annotations

from api.answers.reading import Reading
from api.answers.sdmx import data
from api.encoders.negotiate import DATA, FIRST_STRUCTURES, STRUCTURES
from api.filters import Nothing, SdmxDataFilter, StructureFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas.sdmx import KINDS, DataQuestion, StructureQuestion

blp = Blueprint(
    "sdmx", __name__, description="Structures and data as SDMX's REST interface asks for them, versions 2 and 1."
)

_FIRST = f"/sdmx/<any({','.join(KINDS)}):kind>"


def _list(reading: Reading, asked: StructureFilter, path: dict[str, str]) -> Answer:
    from api.answers.sdmx.structures import list_structures  # noqa: PLC0415  (it loads pysdmx)

    return list_structures(reading, asked, path)


def _structures(rule: str, name: str, title: str, example: str, *, first: bool = False) -> None:
    """Declare a read of structures at a rule."""

    def view(reading: Reading, asked: StructureFilter, **path: str) -> Answer:
        named = {"kind": "structure", "scheme": "structure", "list": "resource"}
        return _list(reading, asked, {named.get(name, name): text for name, text in path.items()})

    view.__name__ = name
    unasked = "SDMX-ML 2.1" if first else "SDMX-JSON 2.0"
    view.__doc__ = f"""{title}

    A structure message of the release that is read: {unasked}, or what `Accept` asks for. Parts of the address that are
    left away, or written as `*`, are left open. `references` asks for the structures that belong to those found.
    """
    offered = FIRST_STRUCTURES if first else STRUCTURES
    address = f"/v1{example}"
    blp.read(rule, query=StructureQuestion, formats=offered, suffixed=False, slashed=True, example=address)(view)


_structures(
    "/sdmx/structure/<scheme>/<agency>/<list>/<version>/<item>",
    "get_sdmx_items",
    "Get items of an SDMX scheme",
    "/sdmx/structure/codelist/UKDC/CL_FREQ/1.0.0/A",
)
_structures(
    "/sdmx/structure/<structure>/<agency>/<resource>/<version>",
    "get_sdmx_structure",
    "Get an SDMX structure",
    "/sdmx/structure/dataflow/UKDC/OBSERVATIONS/1.0.0",
)
_structures(
    "/sdmx/structure/<structure>/<agency>/<resource>",
    "get_latest_sdmx_structure",
    "Get the latest version of an SDMX structure",
    "/sdmx/structure/dataflow/UKDC/OBSERVATIONS",
)
_structures(
    "/sdmx/structure/<structure>/<agency>",
    "list_sdmx_structures_of_agency",
    "List the SDMX structures of a type and an agency",
    "/sdmx/structure/dataflow/UKDC",
)
_structures(
    "/sdmx/structure/<structure>",
    "list_sdmx_structures_of_type",
    "List the SDMX structures of a type",
    "/sdmx/structure/dataflow",
)
_structures("/sdmx/structure", "list_sdmx_structures", "List all SDMX structures", "/sdmx/structure?detail=allstubs")
_structures(
    f"{_FIRST}/<agency>/<resource>/<version>",
    "get_first_sdmx_structure",
    "Get an SDMX structure, as version 1 of the interface asks for it",
    "/sdmx/dataflow/UKDC/OBSERVATIONS/latest",
    first=True,
)
_structures(
    f"{_FIRST}/<agency>/<resource>",
    "get_first_latest_sdmx_structure",
    "Get the latest version of an SDMX structure, as version 1 of the interface asks for it",
    "/sdmx/dataflow/UKDC/OBSERVATIONS",
    first=True,
)
_structures(
    f"{_FIRST}/<agency>",
    "list_first_sdmx_structures_of_agency",
    "List the SDMX structures of a type and an agency, as version 1 of the interface asks for them",
    "/sdmx/dataflow/UKDC",
    first=True,
)
_structures(
    _FIRST,
    "list_first_sdmx_structures_of_type",
    "List the SDMX structures of a type, as version 1 of the interface asks for them",
    "/sdmx/dataflow",
    first=True,
)


def _schema(rule: str, name: str, title: str, example: str) -> None:
    """Declare a read of a schema at a rule."""

    def view(reading: Reading, _asked: Nothing, **path: str) -> Answer:
        return _list(reading, StructureFilter(references=("descendants",)), path | {"structure": path["context"]})

    view.__name__ = name
    view.__doc__ = f"""{title}

    A structure message with the dataflow or data structure and everything that it refers to, whole.
    """
    blp.read(rule, formats=STRUCTURES, suffixed=False, slashed=True, example=f"/v1{example}")(view)


_schema(
    "/sdmx/schema/<context>/<agency>/<resource>/<version>",
    "get_sdmx_schema",
    "Get what data may hold, with all that describes it",
    "/sdmx/schema/dataflow/UKDC/OBSERVATIONS/1.0.0",
)
_schema(
    "/sdmx/schema/<context>/<agency>/<resource>",
    "get_latest_sdmx_schema",
    "Get what data of the latest version may hold, with all that describes it",
    "/sdmx/schema/dataflow/UKDC/OBSERVATIONS",
)


def _data(rule: str, name: str, title: str, example: str) -> None:
    """Declare a read of data at a rule."""

    def view(reading: Reading, asked: SdmxDataFilter, **path: str) -> Answer:
        return data.list_data(reading, asked, path)

    view.__name__ = name
    view.__doc__ = f"""{title}

    SDMX-CSV 2.0.0, or 1.0.0 or plain CSV by `Accept`. The key has the values of FREQ, REF_AREA and INDICATOR, joined by
    dots; several values of one are joined by `+`. Everything that is asked for is given: it is streamed.
    """
    blp.read(rule, query=DataQuestion, formats=DATA, suffixed=False, slashed=True, example=f"/v1{example}")(view)


_data(
    "/sdmx/data/<context>/<agency>/<resource>/<version>/<key>",
    "list_sdmx_data",
    "Get data by a key",
    "/sdmx/data/dataflow/UKDC/OBSERVATIONS/1.0.0/A.E12000005.gva-per-hour",
)
_data(
    "/sdmx/data/<context>/<agency>/<resource>/<version>",
    "list_all_sdmx_data",
    "Get data by its components",
    "/sdmx/data/dataflow/UKDC/OBSERVATIONS/1.0.0?c[REF_AREA]=E12000005&c[INDICATOR]=gva-per-hour",
)
_data(
    "/sdmx/data/<context>/<agency>/<resource>",
    "list_latest_sdmx_data",
    "Get data of the latest version by its components",
    "/sdmx/data/dataflow/UKDC/OBSERVATIONS?c[REF_AREA]=E12000005&c[INDICATOR]=gva-per-hour",
)
_data(
    "/sdmx/data/<flow>/<key>",
    "list_first_sdmx_data",
    "Get data by a key, as version 1 of the interface asks for it",
    "/sdmx/data/OBSERVATIONS/A.E12000005.gva-per-hour?startPeriod=2020",
)
_data(
    "/sdmx/data/<flow>",
    "list_all_first_sdmx_data",
    "Get data, as version 1 of the interface asks for it",
    "/sdmx/data/OBSERVATIONS?c[REF_AREA]=E12000005&c[INDICATOR]=gva-per-hour",
)
