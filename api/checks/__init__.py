"""What checks the figures that partners bring, before any of them is published.

A reader hands over a frame of text: a row for each figure, as it stood in the file. Checks read it column by column, in
this order: indicators and regions by the catalogue, periods by the indicator, values with their markers and units,
statuses, limits, removals; then duplicates, and what only a look at many figures shows: shares written as fractions,
jumps, sums of parts, small counts. Each is a module, which takes the work, adds what it read as columns and what
it found as faults.

A fault is an error, which keeps its row back, or a warning, which does not. Each has a code that stays the same, a
sentence that says what to do, and the nearest right value where there is one. Nothing is guessed in silence: what is
read otherwise than it stands is told as a warning, and what may mean two things is an error that names both.

The package knows neither Flask nor SQL nor the clock. polars takes 190 MB, so that it runs in a process of its own;
Python code runs over distinct values only, never over all rows.
"""

from api.checks.check import check
from api.checks.checked import Checked
from api.checks.codes import CODES
from api.checks.faults import Fault
from api.checks.work import STANDING_SCHEMA, Allowed

Standing = STANDING_SCHEMA
"""The columns of a frame of figures that stand, with their types."""

__all__ = ["CODES", "STANDING_SCHEMA", "Allowed", "Checked", "Fault", "Standing", "check"]
