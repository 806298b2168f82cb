"""The parts of an observation's row: named once, in the order in which the statements ask for them."""

from __future__ import annotations

import ast
from pathlib import Path

from api import rows
from api.models import Observation, Series
from api.queries.observations import BARE, FULL, TIDY
from api.settings import ROOT

COLUMNS = {
    "INDICATOR": Series.indicator_id,
    "REGION": Series.region_id,
    "PERIOD": Observation.period,
    "VALUE": Observation.value,
    "STATUS": Observation.status,
    "SOURCE_FILE": Observation.source_file_id,
    "START": Observation.period_start,
    "DURATION": Observation.period_duration,
    "LOWER": Observation.lower,
    "UPPER": Observation.upper,
    "BOUNDS_KIND": Observation.bounds_kind,
    "NOTE": Observation.note,
}


def test_each_name_is_the_place_of_its_column():
    assert len(FULL) == len(COLUMNS)
    assert {name: FULL[getattr(rows, name)].key for name in COLUMNS} == {name: of.key for name, of in COLUMNS.items()}
    assert FULL[: len(TIDY)] == TIDY and FULL[: len(BARE)] == BARE


def test_rows_have_no_bare_positions_elsewhere():
    """In what reads and writes observations. Rows of other statements are unpacked where they are read."""
    found = []
    for folder in ("answers", "encoders", "exports"):
        for path in sorted((ROOT / "api" / folder).rglob("*.py")):
            found += [f"{path.relative_to(ROOT)}:{line}" for line in bare_positions(path)]
    assert found == []


def bare_positions(path: Path) -> list[int]:
    """The lines in which something called a row is taken apart by a number."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value).rpartition(".")[2] == "row"
        and any(isinstance(part, ast.Constant) and isinstance(part.value, int) for part in ast.walk(node.slice))
        and not any(isinstance(part, ast.Name) for part in ast.walk(node.slice))
    ]
