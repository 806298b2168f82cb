"""The worker of the service, made quick or slow to give up, or to answer when it is told to, for tests to go by."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

from api import worker
from api.http import not_now
from api.worker import arrivals, departures, outgoing

AN_HOUR = 3_600


class Impatient(worker.Worker):
    """Lets go of a silent connection soon."""

    def init_process(self) -> None:
        arrivals.HEAD_SECONDS = arrivals.BODY_SECONDS = 0.5
        super().init_process()


class Patient(worker.Worker):
    """Never lets go of a connection by itself: what does not hold others up even so, never does."""

    def init_process(self) -> None:
        arrivals.HEAD_SECONDS = arrivals.BODY_SECONDS = departures.LINGER_SECONDS = outgoing.STALL_SECONDS = AN_HOUR
        super().init_process()


class Strict(worker.Worker):
    """Puts little aside for slow callers, and lets go of those who read nothing soon."""

    def init_process(self) -> None:
        outgoing.STALL_SECONDS = 0.5
        self._aside.most = 3_000_000
        super().init_process()


class Waiting(worker.Worker):
    """Answers `/livez?waiting` once a file `go` stands in the folder FOLDER; a file `asked` has a line for each."""

    def init_process(self) -> None:
        arrivals.HEAD_SECONDS = AN_HOUR
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        application, folder = self.wsgi, Path(os.environ["FOLDER"])

        def waiting(environ, start_response):
            if environ["QUERY_STRING"] == "waiting":
                if not_now.IN_MEMORY_ONLY.get():
                    raise not_now.NotNow  # as any answer that is not in memory does
                with (folder / "asked").open("a") as file:
                    file.write("asked\n")
                while not (folder / "go").exists():
                    time.sleep(0.05)
            return application(environ, start_response)

        self.wsgi = waiting


class Ending(worker.Worker):
    """Waits for the rest of a request for as long as it takes, when it is told to stop too."""

    def init_process(self) -> None:
        arrivals.HEAD_SECONDS = arrivals.STOP_SECONDS = AN_HOUR
        super().init_process()


class Crowded(Patient):
    """May have few files open."""

    def init_process(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (140, hard))
        super().init_process()


class Narrow(Waiting):
    """Holds few bytes of requests."""

    def init_process(self) -> None:
        arrivals.MOST_HELD_BYTES = 1_000_000
        super().init_process()


CROWDED = f"--worker-class tests.server.workers.Crowded --keep-alive {AN_HOUR}"
NARROW = f"--worker-class tests.server.workers.Narrow --keep-alive {AN_HOUR}"
PATIENT = f"--worker-class tests.server.workers.Patient --keep-alive {AN_HOUR}"
WAITING = f"--worker-class tests.server.workers.Waiting --keep-alive {AN_HOUR} --graceful-timeout {AN_HOUR}"
ENDING = f"--worker-class tests.server.workers.Ending --keep-alive {AN_HOUR} --graceful-timeout {AN_HOUR}"
"""What gunicorn is started with (GUNICORN_CMD_ARGS) for these workers, its own time-outs out of the way."""
