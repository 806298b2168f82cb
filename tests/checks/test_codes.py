"""The list of codes is whole, and has no code that nothing tells."""

from __future__ import annotations

import ast
from pathlib import Path

import api.checks
from api.checks import CODES

SOURCES = [path for path in Path(api.checks.__file__).parent.glob("*.py") if path.name != "codes.py"]


def test_every_code_is_told_by_a_check():
    texts = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert CODES.keys() - texts == set()


def test_every_code_of_a_fault_is_listed():
    told = {
        call.args[0].value
        for path in SOURCES
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Fault"
        if isinstance(call.args[0], ast.Constant)
    }
    assert len(told) > 20 and told <= CODES.keys()


def test_every_code_is_explained_in_a_sentence():
    assert all(text.endswith(".") and code == code.casefold() for code, text in CODES.items())
