"""The day so far, as the history knows it: what the dashboard shows beside the power of now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkytui.history import CurvePoint, HistoryReader, Span, midnight

_CURVE_COLUMNS = 288
"""Points of a day's curve: one every five minutes."""


@dataclass(frozen=True, slots=True)
class Today:
    """One day, from midnight to midnight."""

    day: date
    span: Span
    """Energy, peak and mean, as far as they are written."""
    curve: tuple[CurvePoint, ...]
    """Apparent power by time."""
    curve_before: tuple[CurvePoint, ...]
    """That of the day before."""
    start: datetime
    end: datetime


def today(reader: HistoryReader, now: datetime) -> Today:
    """Ask the history about the day that `now` lies in.

    Raises:
        HistoryError: the history cannot be read.
    """
    day = now.astimezone(reader.zone).date()
    start, end = midnight(day, reader.zone), midnight(day + timedelta(days=1), reader.zone)
    before = midnight(day - timedelta(days=1), reader.zone)
    return Today(
        day=day,
        span=reader.today(now),
        curve=tuple(reader.curve(start.timestamp(), end.timestamp(), _CURVE_COLUMNS)),
        curve_before=tuple(reader.curve(before.timestamp(), start.timestamp(), _CURVE_COLUMNS)),
        start=start,
        end=end,
    )
