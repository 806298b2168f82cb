"""Files that partners upload, read as tables of text: CSV of several kinds, workbooks, JSON-stat and Parquet.

A file is judged by its content, unpacked to a bound, and its heads are recognised by synonyms. Values stay the text
that they were: what they mean is for checks, which can say what is wrong with each. Nothing here knows of regions,
indicators or the database. It is made to run in a process of its own, whose memory the caller limits.
"""

from api.readers.read import guess, read
from api.readers.reading import COLUMNS, FAULTS, READERS, Reader, Reading, ReadLimits, Unreadable

__all__ = ["COLUMNS", "FAULTS", "READERS", "ReadLimits", "Reader", "Reading", "Unreadable", "guess", "read"]
