"""The application without the lock that lets one thread of a process read SQLite at a time: only to be measured."""

from wsgi import app

app.extensions["database"]._reading = None  # noqa: SLF001
