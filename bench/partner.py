"""A partner for measurements: a database with the project's figures, a server on it, a key, and requests."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.database import Database
from api.services import keys
from api.services.seed import fill
from api.settings import ROOT

PATIENCE = 600.0
INDICATOR = {
    "title": "A figure of ours",
    "description": "Made up for a measurement.",
    "component": "digital-skills",
    "unit": "per 1,000 residents",
    "measure": "rate",
    "polarity": "neutral",
    "frequency": "monthly",
    "decimals": 2,
}


class Partner:
    """A server in processes of its own, and the holder of a key who asks it."""

    def __init__(self, url: str, folder: Path, *, workers: int = 2) -> None:
        """`url` is an empty database, `folder` where all else is kept."""
        self.url, self.drafts = fill(url), folder / "drafts"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._environment = os.environ | {
            "DATABASE_URL": self.url,
            "DOWNLOADS_PATH": str(folder / "downloads"),
            "DRAFTS_PATH": str(self.drafts),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WORKERS": str(workers),
        }
        database = Database(self.url)
        with database.begin() as connection:
            _, self.key = keys.create(connection, owner="A council", scopes=["upload", "publish"])
        database.engine.dispose()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf", "wsgi:app"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if self.ask("GET", "/readyz", once=True)[0] == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("the server does not start")

    def stop(self, number: int = signal.SIGKILL) -> None:
        """Stop the server with its workers."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait()

    def processes(self) -> dict[int, str]:
        """The processes of the server and of what works beside it, by number, with what each is."""
        found = {} if self.process is None else {self.process.pid: "master"}
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                said = (path / "environ").read_bytes()
                if f"DRAFTS_PATH={self.drafts}\0".encode() in said and int(path.name) not in found:
                    command = (path / "cmdline").read_bytes().decode().replace("\0", " ")
                    kinds = {"api.work.checking": "checker", "api.work": "background", "gunicorn": "worker"}
                    found[int(path.name)] = next((kind for part, kind in kinds.items() if part in command), "other")
        return found

    def ask(
        self, method: str, path: str, body: bytes | Any = None, *, once: bool = False, **headers: str
    ) -> tuple[int, Any]:
        """Status and JSON of an answer. A write is sent again under the same name until it is answered."""
        own = {"Authorization": f"Bearer {self.key}"} if path.startswith("/v1/drafts") else {}
        if method != "GET":
            own["Idempotency-Key"] = str(uuid.uuid4())
        if body is not None and not isinstance(body, bytes):
            body, own["Content-Type"] = json.dumps(body).encode(), "application/json"
        until = time.monotonic() + PATIENCE
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                with contextlib.closing(connection):
                    connection.request(method, path, body, own | headers)
                    answer = connection.getresponse()
                    text = answer.read()
                    if answer.status != 503 or once:
                        return answer.status, json.loads(text) if text else None
            except (OSError, http.client.HTTPException):
                if once:
                    raise
            if time.monotonic() > until:
                raise SystemExit(f"{method} {path} is never answered")
            time.sleep(0.2)

    def draft(self, indicators: list[str], *, reason: str = "Measured", **more: Any) -> str:
        """A new draft with some indicators."""
        status, told = self.ask("POST", "/v1/drafts", {"reason": reason, **more})
        if status != 201:
            raise SystemExit(f"no draft: {told}")
        draft = str(told["data"]["id"])
        for name in indicators:
            status, told = self.ask("PUT", f"/v1/drafts/{draft}/indicators/{name}", INDICATOR)
            if status not in {200, 201}:
                raise SystemExit(f"no indicator: {told}")
        return draft

    def upload(self, draft: str, file: bytes) -> None:
        """Upload a file."""
        status, told = self.ask("POST", f"/v1/drafts/{draft}/uploads", file, **{"Content-Type": "text/csv"})
        if status != 202:
            raise SystemExit(f"no upload: {told}")

    def wait(self, draft: str, *, until: str) -> dict[str, Any]:
        """The draft, once all of its files are checked, it can be read (`preview`), or it is `published`."""
        while True:
            told = dict(self.ask("GET", f"/v1/drafts/{draft}")[1]["data"])
            states = {item["state"] for item in told["uploads"]}
            met = {
                "checked": states <= {"checked", "refused"},
                "preview": told["preview"] or told["problem"] is not None,
                "published": told["state"] == "published" or (told["state"] == "open" and told["problem"]),
            }
            if met[until]:
                return told
            time.sleep(0.1)


@contextlib.contextmanager
def partner(url: str, folder: Path) -> Iterator[Partner]:
    """A partner with a running server."""
    made = Partner(url, folder)
    made.start()
    try:
        yield made
    finally:
        made.stop()
