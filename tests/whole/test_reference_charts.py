"""Sixty charts are drawn as they were. Where one is to change, look at it, and draw all anew."""

import pytest

from tests.whole.reference_charts import CHARTS, FOLDER, drawn


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_as_it_was(whole, name):
    kept = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    said = "It changed. If it is to: python -m tests.whole.reference_charts, and look at what it writes."
    assert drawn(whole, CHARTS[name]) == kept, said


def test_every_chart_that_is_kept_is_drawn():
    assert len(CHARTS) == 60
    assert {file.stem for file in FOLDER.glob("*.svg")} == set(CHARTS)
