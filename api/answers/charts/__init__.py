"""Answers as charts: each module asks one of the answers that the API gives, and lays it out to be drawn.

Nothing is computed for a chart: what it shows is what the API answers at the same release, with its labels written.
"""
