"""Reads: a filter and a connection in, rows out. SQLAlchemy Core only; no Flask, no marshmallow."""
