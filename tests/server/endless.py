"""The application with calculations that go on until a file `go` stands in the folder FOLDER: only to be tested.

What is begun and what is ended is noted there, a line for each, by the seed that it was asked with.
"""

import ctypes
import os
import time
from pathlib import Path

from api.answers.index import influences
from wsgi import app

__all__ = ["app"]

_LIBRARY = ctypes.CDLL(None)
_robustness = influences.robustness


def _note(name, seed):
    with (Path(os.environ["FOLDER"]) / name).open("a") as file:
        file.write(f"{seed}\n")


def _endless(computed, asked, budget):
    _note("begun", asked.seed)
    _LIBRARY.puts(b"printed by a library")
    _LIBRARY.fflush(None)
    try:
        while not (Path(os.environ["FOLDER"]) / "go").exists():
            budget.check()
            time.sleep(0.02)
        return _robustness(computed, asked, budget)
    finally:
        _note("ended", asked.seed)


influences.robustness = _endless
