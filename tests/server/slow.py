"""The application with time between the pages that it reads and the pieces that it sends: only to be tested."""

import time

from api.answers import observations
from api.http import spooled
from wsgi import app

__all__ = ["app"]

_select = observations.select_observations
_pieces = spooled.Spool.__iter__


def _slowly_read(connection, selection, **options):
    time.sleep(0.02)
    return _select(connection, selection, **options)


def _slowly_sent(spool):
    for piece in _pieces(spool):
        time.sleep(0.002)
        yield piece


observations.select_observations = _slowly_read
spooled.Spool.__iter__ = _slowly_sent
