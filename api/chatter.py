"""What libraries written in C print by themselves, kept out of the log.

HiGHS 1.12, which scipy 1.17 comes with, was released with a line left in that it prints whenever it repairs a solution
(`HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();`). No option of its turns that off, with or
without presolving, and what it has found is right.
"""

from __future__ import annotations

import ctypes
import os
import platform


def silence() -> bool:
    """Have C's own `stdout` lead nowhere from now on. Call it before there are threads. Returns whether it does.

    Python's output is untouched, since it goes by the descriptor: prints, logs and gunicorn's lines come as before. In
    the GNU C library `stdout` is a variable to be set (its manual, "Standard Streams"); elsewhere nothing is done.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    nowhere = library.fopen(os.devnull.encode(), b"w")
    if not nowhere:
        return False
    library.fflush(None)
    ctypes.c_void_p.in_dll(library, "stdout").value = nowhere
    return True
