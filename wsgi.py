"""The WSGI application: `gunicorn -c python:api.gunicorn_conf wsgi:app`, or `flask --app wsgi`."""

from api import create_app

app = create_app()
