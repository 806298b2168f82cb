"""What SDMX tools ask of a registry: the structures that the data is described by, and the data under SDMX's keys.

pysdmx, whose model the structures are made of, is imported when they are first asked for: it takes 24 MB of memory.
"""
