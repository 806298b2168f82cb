"""SDMX's structure messages, as pysdmx writes them: SDMX-JSON 2.0, and SDMX-ML 3.0 and 2.1.

pysdmx is imported when a message is first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from api import sdmx
from api.rows import Answer

_EMPTY_JSON = ',"dataStructureComponents":{"dimensionList":{"dimensions":[]},"groups":[]}'
_EMPTY_ML = re.compile(r"<str:DataStructureComponents>\s*</str:DataStructureComponents>")
_OF_THE_MEASURE = re.compile(r"<str:MeasureRelationship>.*?</str:MeasureRelationship>", re.DOTALL)


def stream_json(answer: Answer) -> Iterator[bytes]:
    """The artefacts as an SDMX-JSON 2.0 structure message."""
    from pysdmx.io.json.sdmxjson2.writer.v2_0.structure import write  # noqa: PLC0415

    text = write(_artefacts(answer), header=_header(answer), prettyprint=False)
    # A stub has no components; pysdmx writes an empty list of them.
    yield str(text).replace(_EMPTY_JSON, "").encode()


def stream_ml_3_0(answer: Answer) -> Iterator[bytes]:
    """The artefacts as an SDMX-ML 3.0 structure message."""
    from pysdmx.io.xml.sdmx30.writer.structure import write  # noqa: PLC0415

    text = write(_artefacts(answer), header=_header(answer), prettyprint=False)
    # There is one measure, so that which one an attribute belongs to goes without saying; sdmx1 cannot read it.
    yield _OF_THE_MEASURE.sub("", _EMPTY_ML.sub("", str(text))).encode()


def stream_ml_2_1(answer: Answer) -> Iterator[bytes]:
    """The artefacts as an SDMX-ML 2.1 structure message."""
    from pysdmx.io.xml.sdmx21.writer.structure import write  # noqa: PLC0415

    text = write(_artefacts(answer), header=_header(answer), prettyprint=False)
    yield _EMPTY_ML.sub("", str(text)).encode()


def _artefacts(answer: Answer) -> list[Any]:
    if not isinstance(answer.data, list):
        raise TypeError("only artefacts make a structure message")
    return answer.data


def _header(answer: Answer) -> Any:
    """Of the release, rather than of the moment: the same question has the same answer, byte for byte."""
    from pysdmx.model import Agency  # noqa: PLC0415
    from pysdmx.model.message import Header  # noqa: PLC0415

    return Header(
        id=f"{sdmx.AGENCY}-release-{answer.meta['release']}",
        prepared=datetime.fromisoformat(answer.meta["published_at"]),
        sender=Agency(id=sdmx.AGENCY),
    )
