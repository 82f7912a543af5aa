"""The day so far from the history, for the dashboard."""

from dataclasses import dataclass
from datetime import date, datetime

from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.history.reader import HistoryReader
from linkytui.history.results import CurvePoint, Span

_CURVE_COLUMNS = 288  # points of a day's curve: one every five minutes


@dataclass(frozen=True, slots=True)
class Today:
    """One day, from midnight to midnight."""

    day: date
    span: Span  # energy, peak and mean, as far as they are written
    curve: tuple[CurvePoint, ...]  # apparent power by time
    curve_before: tuple[CurvePoint, ...]  # that of the day before
    start: datetime
    end: datetime


def today(reader: HistoryReader, now: datetime) -> Today:
    """Ask the history about the day that `now` lies in. Raises HistoryError: the history cannot be read."""
    zone = reader.zone
    day = now.astimezone(zone).date()
    before, start, end = (midnight(each, zone) for each in (day - ONE_DAY, day, day + ONE_DAY))
    return Today(
        day=day,
        span=reader.today(now),
        curve=tuple(reader.curve(start, end, _CURVE_COLUMNS)),
        curve_before=tuple(reader.curve(before, start, _CURVE_COLUMNS)),
        start=local(start, zone),
        end=local(end, zone),
    )
