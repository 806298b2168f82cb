"""The profile of a place: all that is measured of it, against whom, how sure, and what is not measured and why."""

from api.answers.profile.answer import one_profile

__all__ = ["one_profile"]
