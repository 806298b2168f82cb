"""Names that came with a later version reach a database that an earlier one filled."""

from sqlalchemy import delete, func, select, update

from api import models
from api.services import names


def test_names_that_are_missing_are_added_once(app):
    database = app.extensions["database"]
    with database.connect() as connection:  # what is written here is never committed
        alias = models.RegionAlias
        whole = connection.execute(select(func.count()).select_from(alias)).scalar_one()
        connection.execute(delete(alias).where(alias.alias.in_(["Shepway", "UKC12"])))
        connection.execute(update(alias).values(kind=None))
        connection.execute(update(alias).where(alias.alias == "Brum").values(kind="ours"))
        assert names.complete(connection) == 2
        assert names.complete(connection) == 0
        assert connection.execute(select(func.count()).select_from(alias)).scalar_one() == whole
        kinds = {row.alias: row.kind for row in connection.execute(select(alias.alias, alias.kind))}
        assert (kinds["Shepway"], kinds["Brum"], kinds["UKC12"]) == ("former-name", "ours", None)
