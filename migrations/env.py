"""Alembic's environment: migrations run on the DATABASE_URL, or on a connection that a caller hands in."""

from alembic import context

from api.database import Database
from api.models import Base
from api.settings import Settings


def run(connection) -> None:
    # Batch mode: SQLite cannot alter most things in place; Alembic then copies the table.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(Settings.from_environment().database_url)
    database.create()
    with database.begin() as connection:
        run(connection)
