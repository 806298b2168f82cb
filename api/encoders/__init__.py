"""Encoders: an answer in, bytes out. One module a format; `negotiate` holds the only table of media types."""
