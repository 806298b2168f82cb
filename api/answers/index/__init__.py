"""Indices: editions of those that are published, calculations of one's own, and how far either can be trusted."""
