"""`python -m api.work.checking UPLOAD`: check one file, in a process whose memory and time are bounded."""

from __future__ import annotations

import resource
import sys

from api import processes
from api.database import Database
from api.services.drafts import checking, uploads
from api.settings import Settings

MEMORY = 6_000_000_000
"""Bytes of addresses that the process may have; polars sets far more of them aside than it uses."""
SECONDS = 600
"""Seconds of processor that it may take."""
FILE = 2_000_000_000
"""Bytes that it may write to one file."""


def main() -> None:
    """Check the file of a number."""
    processes.stop_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    settings = Settings.from_environment()
    database = Database(settings.database_url, settings)
    database.take_time()
    with database.connect() as connection:
        upload = uploads.by_number(connection, int(sys.argv[1]))
    if upload is not None:
        checking.check_upload(database, settings, upload)


if __name__ == "__main__":
    main()
