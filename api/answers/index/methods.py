"""The methods of the index laboratory, as its table has them."""

from __future__ import annotations

from api.analysis.methods import METHODS
from api.answers import provenance
from api.answers.reading import Reading
from api.filters import Nothing
from api.rows import Answer


def list_methods(reading: Reading, _asked: Nothing) -> Answer:
    """Every method with its formula, source and parameters."""
    data = [
        {
            "kind": method.kind,
            "name": method.name,
            "title": method.title,
            "formula": method.formula,
            "reference": method.reference,
            "parameters": [
                {"name": item.name, "description": item.description, "kind": item.kind, "default": item.default}
                for item in method.parameters
            ],
            "of_indicators": [name for name, _ in method.of_indicators],
        }
        for method in METHODS
    ]
    return Answer(data, meta=provenance.meta(reading))
