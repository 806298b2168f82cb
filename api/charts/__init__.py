"""Charts: what is drawn (`chart`), and how it becomes SVG (`svg`) or a Vega-Lite specification (`vega_lite`).

A chart is made of an answer of the API, with its labels written out, and holds all that is drawn: a drawing asks for
nothing. Two bodies are of the same kinds in both forms: `Lines` over time, `Rows` along an axis, `Areas` of a map.
"""
