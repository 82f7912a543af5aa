"""Dates as people write them on the command line."""

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from linkytui.civil.days import local, midnight
from linkytui.civil.spans import By, following
from linkytui.errors import HistoryError, UsageError
from linkytui.history import HistoryReader
from linkytui.i18n import _

_CIVIL: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?)?)?")
_YEARS: Final = range(2000, 2100)
_TODAY: Final = {"today", "aujourd'hui", "aujourdhui", "aujourd’hui"}
_YESTERDAY: Final = {"yesterday", "hier"}


class Period(NamedTuple):
    """A stretch of time."""

    start: datetime
    end: datetime  # its next moment; that of a minute's beginning is the beginning itself


def parse_period(text: str, zone: tzinfo, now: float) -> Period:
    """The day, month or year that a text names; of a day with a time of day, that moment.

    `text`: `2026-11-24`, `2026-11`, `2026`, `2026-11-24T18:30`, `today` or `yesterday`. Raises UsageError: it is none
    of these.
    """
    word = text.strip().lower()
    today = local(now, zone).date()
    if word in _TODAY or word in _YESTERDAY:
        return _span(today - timedelta(days=word in _YESTERDAY), By.DAY, zone)
    match = _CIVIL.fullmatch(text.strip())
    try:
        if match is None or int(match[1]) not in _YEARS:
            raise ValueError
        year, month, day, hour, minute = (None if part is None else int(part) for part in match.groups())
        assert year is not None  # noqa: S101 -- the first part is always there
        if hour is not None and minute is not None and month is not None and day is not None:
            naive = datetime(year, month, day, hour, minute, tzinfo=zone)
            moment = local(naive.timestamp(), zone)
            return Period(moment, moment)
        by = By.YEAR if month is None else By.MONTH if day is None else By.DAY
        return _span(date(year, month or 1, day or 1), by, zone)
    except ValueError:
        wrong = _("{text} is not a date: write 2026-11-24, 2026-11, 2026, today or yesterday.")
        raise UsageError(wrong.format(text=text)) from None


def parse_range(
    first: str | None, last: str | None, zone: tzinfo, now: float
) -> tuple[datetime | None, datetime | None]:
    """From the beginning of one period to the end of another; None where none was named.

    Raises UsageError: one is no date, or they are the wrong way round.
    """
    start = None if first is None else parse_period(first, zone, now).start
    end = None if last is None else parse_period(last, zone, now).end
    if start is not None and end is not None and end <= start:
        raise UsageError(_("--from ({first}) must be before --to ({last}).").format(first=first, last=last))
    return start, end


def recorded_range(reader: HistoryReader) -> tuple[datetime, datetime]:
    """From the first moment of the record to the one after its last; HistoryError when nothing is recorded."""
    recorded = reader.recorded()
    if recorded is None:
        text = _("Nothing recorded yet: run linkytui collect, or import older records with linkytui import.")
        raise HistoryError(text)
    oldest, newest = (local(at, reader.zone) for at in recorded)
    return oldest, newest + timedelta(milliseconds=1)


def nothing_then(oldest: datetime, newest: datetime) -> HistoryError:
    """What to say when a period lies outside the record, which goes from `oldest` to `newest`."""
    text = _("Nothing was recorded then: the history runs from {first} to {last}.")
    return HistoryError(text.format(first=f"{oldest:%Y-%m-%d}", last=f"{newest:%Y-%m-%d}"))


def _span(day: date, by: By, zone: tzinfo) -> Period:
    start = local(midnight(day, zone), zone)
    return Period(start, following(start, by))
