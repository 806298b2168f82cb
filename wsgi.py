"""The WSGI application: `gunicorn -c python:api.server wsgi:app`, or `flask --app wsgi`."""

from api import create_app

app = create_app()
