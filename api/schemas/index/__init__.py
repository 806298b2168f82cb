"""Indices: definitions and choices as callers write them, read strictly, and answers as they are sent."""
