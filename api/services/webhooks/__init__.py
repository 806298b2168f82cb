"""Receivers of messages about releases, after the Standard Webhooks specification.

`receivers` makes, finds and changes them; `addresses` says which addresses may be asked at all. What a receiver is to
be told follows from the releases after the last one that it was told of: `outbox` makes messages of them, in one
transaction with that number, so that publishing writes nothing for it and a process that is killed loses nothing.
`sending` sends one, `backoff` is when it is tried again, and `deliverer` does both, in a process of its own
(`api.work.delivering`).
"""
