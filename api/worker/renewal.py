"""New code without a gap: on SIGHUP the server runs itself anew, in the same process, with the same sockets.

Gunicorn's own reload starts workers from the code that the server loaded once. Its USR2 loads new code in another
process, which then has to take the place of the first: a supervisor loses sight of it, and a container ends with its
first process. Here the process stays what it is, to a terminal, to systemd and to a container:

    SIGHUP -> does the code load, in a process beside this one? -> exec: same process, same sockets, new code
           -> new workers; those that were there answer what they have begun, and end

They stay children of the same process all along, so that the new server counts them among its workers: it ends the
oldest, as gunicorn does, and kills one that hangs. Where the code does not load, all goes on with what was there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

from gunicorn import systemd
from gunicorn.arbiter import Arbiter
from gunicorn.workers.workertmp import WorkerTmp

OLD_WORKERS = "OLD_WORKERS"
"""The variable of the environment that names them to the server that takes over: `PID:FILE,PID:FILE`."""
LOADING_SECONDS = 60
"""How long new code may take to load before it counts as code that does not."""


class OldWorker:
    """A worker of the code before, in what gunicorn asks of those that it looks after."""

    age = 0
    """Older than all that will be made: the first to be ended."""

    def __init__(self, pid: int, heartbeat: int) -> None:
        self.pid = pid
        self.aborted = False
        self.tmp = WorkerTmp.__new__(WorkerTmp)
        self.tmp._tmp = os.fdopen(heartbeat, "w+b", 0)  # noqa: SLF001
        os.set_inheritable(heartbeat, False)  # noqa: FBT003


def renew(server: Arbiter) -> None:
    """Run anew what this process was started as. Returns only where the code does not load, having said why."""
    environment, folder = server.cfg.env_orig, server.START_CTX["cwd"]
    # As it was typed: started as a module, its first argument would be a file among gunicorn's own modules.
    command = [sys.executable, *sys.orig_argv[1:]]
    if not _loads([*command, "--check-config"], environment, folder):
        server.log.error("The code does not load, so that this server goes on with what it has.")
        return
    handed = {"GUNICORN_PID": str(os.getpid()), OLD_WORKERS: _named(server)}
    if server.systemd:
        handed |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(server.LISTENERS))}
    else:
        handed["GUNICORN_FD"] = ",".join(str(listener.fileno()) for listener in server.LISTENERS)
    server.log.info("Loading new code ...")
    systemd.sd_notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1_000}", server.log)
    os.chdir(folder)
    _let_signals_wait(server)
    os.execve(command[0], command, {**environment, **handed})  # noqa: S606


def prepare(server: Arbiter) -> None:
    """Have a server that is ready take SIGHUP for new code, and hear every signal that it is sent.

    What came while the code was loaded is heard now. From here on a signal that a worker is sent before it knows what
    to do with it waits for that (`hear`): else it would be lost, and a server that is told to stop right after its
    start would wait for workers that never end.
    """
    master, waited_for = os.getpid(), server.wait_for_signals

    def reload_last(timeout: float = 1.0) -> list[int]:
        # What came along is heard before, since nothing is after. Several times is once: the newest code is loaded.
        found = waited_for(timeout)
        others = [number for number in found if number != signal.SIGHUP]
        return others if len(others) == len(found) else [*others, signal.SIGHUP]

    def let_wait() -> None:
        if os.getpid() == master:
            signal.pthread_sigmask(signal.SIG_BLOCK, Arbiter.SIGNALS)

    server.wait_for_signals = reload_last
    server.handle_hup = partial(renew, server)
    os.register_at_fork(before=let_wait, after_in_parent=hear)
    hear()
    # Workers that ended while the code was loaded are not seen but by this.
    os.kill(master, signal.SIGCHLD)


def hear() -> None:
    """Hear signals, those that have waited among them."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, Arbiter.SIGNALS)


def take_over(server: Arbiter, named: str) -> None:
    """Count the workers of the code before, as `OLD_WORKERS` names them, among those of a server, to be ended."""
    for pid, heartbeat in (map(int, item.split(":")) for item in named.split(",") if item):
        server.WORKERS[pid] = OldWorker(pid, heartbeat)


def _let_signals_wait(server: Arbiter) -> None:
    """Have signals stay with the process until `prepare`: a new program would not know them, and end by them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, Arbiter.SIGNALS)
    while not server.SIG_QUEUE.empty():
        waiting = server.SIG_QUEUE.get_nowait()
        if waiting in Arbiter.SIGNALS:
            signal.pthread_kill(threading.get_ident(), waiting)


def _loads(command: list[str], environment: dict[str, str], folder: str) -> bool:
    try:
        done = subprocess.run(command, env=environment, cwd=folder, timeout=LOADING_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _named(server: Arbiter) -> str:
    for worker in server.WORKERS.values():
        os.set_inheritable(worker.tmp.fileno(), True)  # noqa: FBT003
    return ",".join(f"{pid}:{worker.tmp.fileno()}" for pid, worker in server.WORKERS.items())
