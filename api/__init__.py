"""An open REST API for the UK's regional digital capital.

`create_app` joins the parts. A request goes v1 -> schemas -> http (release, conditional) -> answers -> queries ->
encoders; nothing reaches back up. Pages for people (`api.pages`) ask that API in process.
"""

from __future__ import annotations

from flask import Flask

from api import build, pages
from api.caches import Caches
from api.cli import data_commands
from api.database import Database
from api.http import compression, gauges, health, metrics_page, quotas, spooled
from api.http.application import Application
from api.http.blueprint import Api
from api.http.clean import CleanQuestions
from api.http.lines import Lines
from api.http.metrics import Metrics
from api.http.ranges import Ranges
from api.http.releases import Releases
from api.http.request_log import RequestLog
from api.http.response_cache import ResponseCache
from api.http.security import SecurityHeaders
from api.http.turns import Turns
from api.limits import enforce, enforcing
from api.openapi import OPENAPI
from api.settings import Settings
from api.v1 import BLUEPRINTS


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with the settings given or those of the environment."""
    settings = settings or Settings.from_environment()
    build.fingerprint()  # of the code as it is now
    app = Application(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config.update(OPENAPI)
    # A doubled slash is a page that is not there, not a redirect to whatever host the caller names.
    app.url_map.merge_slashes = False
    database = Database(settings.database_url, settings)
    app.extensions["settings"] = settings
    app.extensions["database"] = database
    releases = Releases(database, check_seconds=settings.release_check_seconds)
    app.extensions["releases"] = releases
    app.extensions["turns"] = Turns(at_once=settings.calculations_at_once, waiting=settings.calculations_may_wait)
    caches = Caches(settings.cache_bytes, used=settings.used_caches)
    app.extensions["caches"] = caches
    api = Api(app)
    with enforcing(settings.limits):
        for blueprint in BLUEPRINTS:
            api.register_blueprint(blueprint, url_prefix="/v1")
    app.before_request(lambda: enforce(settings.limits))
    for probes in (health.blp, metrics_page.blp):
        app.register_blueprint(probes)
    pages.register(app)
    # The last one is the first to see a response: it is packed, then given a length.
    spooled.register(app)
    quotas.register(app, settings)
    compression.register(app)
    responses = ResponseCache(
        SecurityHeaders(app.wsgi_app),
        caches.responses,
        newest=releases.newest,
        unseen_for=releases.unseen_for,
        below=("/v1", *pages.MADE),
    )
    app.extensions["responses"] = responses
    metrics = Metrics()
    lines = Lines(settings.access_log, slow_ms=settings.access_log_slow_ms)
    log = RequestLog(CleanQuestions(Ranges(responses)), metrics=metrics, lines=lines)
    app.extensions.update(metrics=metrics, request_log=log)
    gauges.register(app)
    app.wsgi_app = log  # type: ignore[method-assign]
    app.cli.add_command(data_commands)
    return app
