"""The days on which the regulated tariff is expected to change."""

from datetime import date
from typing import Final

CHANGES: Final = ((2, 1), (8, 1))
"""Month and day. The rule since 2013; a few changes came on other days, and a few of these days brought none."""


def next_change(after: date) -> date:
    """The first day after this one on which the regulated tariff is expected to change."""
    days = (date(year, month, day) for year in (after.year, after.year + 1) for month, day in CHANGES)
    return next(day for day in days if day > after)


def last_change(on: date) -> date:
    """The last day up to this one, itself included, on which the regulated tariff was expected to change."""
    days = (date(year, month, day) for year in (on.year, on.year - 1) for month, day in reversed(CHANGES))
    return next(day for day in days if day <= on)
