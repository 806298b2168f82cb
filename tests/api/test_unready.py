"""Before there is anything to answer: the service says so, and recovers by itself."""

from api import create_app
from api.database import Database
from api.services import schema
from api.settings import Settings


def test_an_empty_database_is_not_ready(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    database = Database(url)
    database.create()
    app = create_app(Settings(database_url=url))
    client = app.test_client()
    assert client.get("/livez").status_code == 200
    unready = client.get("/readyz")
    assert unready.status_code == 503 and "make migrate" in unready.json["detail"]
    assert unready.headers["Retry-After"] == "5"
    with database.begin() as connection:
        schema.migrate(connection)
    unpublished = client.get("/v1/levels")
    assert unpublished.status_code == 503
    assert "make serve" in unpublished.json["detail"]
    assert unpublished.headers["Retry-After"] == "5"
    page = client.get("/")
    assert page.status_code == 503 and page.json["type"].endswith("#not-ready")
    for each in (database, app.extensions["database"]):
        each.engine.dispose()


def test_a_database_that_is_not_there(tmp_path):
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}"))  # a folder
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert "database" in response.json["detail"]
    app.extensions["database"].engine.dispose()
