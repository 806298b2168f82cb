"""Writes: bringing the database to the current schema, loading data, publishing. No Flask here."""
