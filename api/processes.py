"""Processes that outlive what started them, and ports that they hold: what a restart meets after a `kill -9`."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_OTHER_FILES = 100
"""Files that a process may have open beside its connections: the database's, those of answers that are made. Of a
connection there are two where much of its answer is put aside."""
_LISTENING = "0A"
"""How the kernel's tables write the state of a socket that listens."""
_PROC = Path("/proc")


def stop_with_parent() -> None:
    """Have the system tell this process to stop when its parent is gone, even if that was killed. On Linux alone.

    The signal comes when the thread that forked ends: to be called where that is the parent's main thread.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def connections_within(most: int) -> int:
    """How many connections, at most so many, a process may have with the files that it may have open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if files == resource.RLIM_INFINITY else min(most, max(1, (files - _OTHER_FILES) // 2))


def allow_files(count: int) -> None:
    """Let this process, and those that it makes, have so many files open, or as many as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def wait_for_port(host: str, port: int, *, seconds: float, say: Callable[[str], None]) -> bool:
    """Wait until nobody listens at an address, for so long; whether it is free now. `say` is told who holds it."""
    until, told = time.monotonic() + seconds, False
    while not _free(host, port):
        if not told:
            say(f"{host}:{port} is held by {held_by(port)}. Waiting for up to {seconds:.0f} s until it is free ...")
            told = True
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def held_by(port: int) -> str:
    """Who listens at a port, in words."""
    found = sorted(_holders(port))
    if not found:
        return "another process"
    return ", ".join(f"process {number} ({command})" for number, command in found)


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn binds: what is left of connections that have ended holds nobody up.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            # Everything else is for gunicorn to say.
            return error.errno != errno.EADDRINUSE
    return True


def _holders(port: int) -> Iterator[tuple[int, str]]:
    """Numbers and commands of the processes that listen at a port, as far as this one may know them."""
    wanted = {f"socket:[{inode}]" for inode in _listening(port)}
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone by now, or somebody else's
            if any(str(link.readlink()) in wanted for link in (folder / "fd").iterdir()):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                yield int(folder.name), command[:80]


def _listening(port: int) -> Iterator[str]:
    """The inodes of the sockets that listen at a port, from the kernel's tables."""
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in (_PROC / "net" / table).read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == _LISTENING and int(local.rpartition(":")[2], 16) == port:
                    yield rest[5]
