"""The application on a PostgreSQL that takes its time over observations: only to be tested."""

from sqlalchemy import text

from api.answers import observations
from wsgi import app

__all__ = ["app"]

_select = observations.select_observations


def _slowly(connection, selection, **options):
    connection.execute(text("SELECT pg_sleep(3600)"))
    return _select(connection, selection, **options)


observations.select_observations = _slowly
