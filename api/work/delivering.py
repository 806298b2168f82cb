"""`python -m api.work.delivering`: tells receivers of releases, in a process of its own."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path

from api.services.drafts import wanted
from api.services.webhooks.deliverer import Deliverer, stop_by_signal
from api.settings import Settings


def main() -> None:
    """Tell receivers, unless another process does."""
    parser = argparse.ArgumentParser(prog="python -m api.work.delivering", description=__doc__)
    parser.add_argument("--parent", type=int, help="The process that this one ends with.")
    parser.add_argument("--lock", type=int, help="The file that is locked already, as whoever began this one has it.")
    given = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    lock = (
        wanted.held(Path(settings.drafts_path), wanted.DELIVERY) if given.lock is None else os.fdopen(given.lock, "w")
    )
    if lock is None:
        return
    deliverer = Deliverer(settings, parent=given.parent)
    with lock:
        stop_by_signal(deliverer)
        deliverer.run()


if __name__ == "__main__":
    main()
