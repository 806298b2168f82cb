"""The application on a database that fails after two pages of figures: only to be tested."""

from api.answers import observations
from wsgi import app

__all__ = ["app"]

_select = observations.select_observations


def _failing(connection, selection, **options):
    found, after = _select(connection, selection, **options)
    if selection.after is not None and after is not None:
        raise OSError("the disk is gone")
    return found, after


observations.select_observations = _failing
