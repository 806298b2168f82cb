"""Composite indices and comparisons as mathematics: numpy in, numpy out. Nothing here knows of SQL, HTTP or Flask.

Arrays are (..., regions, indicators) unless said otherwise, missing values are NaN, and leading axes are draws.
"""
