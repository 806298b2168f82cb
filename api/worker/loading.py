"""What a worker loads before it takes requests, the first of which would wait for it: others answer meanwhile."""

from __future__ import annotations

import threading
from typing import Any

from api.worker.memory import memory

_SECONDS = 5.0
"""How long it is waited for, whatever the database does. Requests are taken after that all the same."""


def load(extensions: dict[str, Any]) -> None:
    """Have an application load its newest release, and keep that out of each look for reference cycles."""
    if "releases" not in extensions:
        return
    loading = threading.Thread(target=extensions["releases"].load, name="load", daemon=True)
    loading.start()
    loading.join(_SECONDS)
    memory.keep()
