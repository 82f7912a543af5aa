"""Off-peak hours by the clock, for meters that do not count them: several a day, to the minute, by season."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, tzinfo
from typing import Final, NamedTuple, Protocol, Self

from linkytui.civil.days import DAY, HOUR, MINUTE, local
from linkytui.civil.times import Timestamp

_TIME: Final = r"([01]?[0-9]|2[0-4])[:hH]([0-5][0-9])"
_WINDOW: Final = re.compile(rf"{_TIME}-{_TIME}").fullmatch

Window = tuple[int, int]  # seconds after midnight, from and to, within one day


def is_window(text: str) -> bool:
    """Whether a text is a stretch of hours, `22:30-06:30`, or `22H30-6H30` as bills print it.

    It may go over midnight or end at 24:00, and is never empty.
    """
    try:
        windows_of(text)
    except ValueError:
        return False
    return True


class SeasonOfHours(Protocol):
    """Hours that hold for a part of the year, as the settings tell them."""

    @property
    def first(self) -> str:
        """First day, `04-01`."""

    @property
    def last(self) -> str:
        """Last day, included; before the first one where the season goes over New Year."""

    @property
    def windows(self) -> Iterable[str]:
        """Stretches of hours."""


class Piece(NamedTuple):
    """A stretch of time that lies whole within the off-peak hours or without."""

    start: Timestamp
    end: Timestamp
    off_peak: bool


class Season(NamedTuple):
    """A part of the year."""

    first: tuple[int, int]  # month and day
    last: tuple[int, int]  # month and day, included; before the first one where it goes over New Year

    @classmethod
    def of(cls, first: str, last: str) -> Self:
        """From the first to the last day, `04-01`."""
        return cls(_month_day(first), _month_day(last))

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class OffPeak:
    """The off-peak hours of an address."""

    def __init__(self, windows: Iterable[Window] = (), seasons: Iterable[tuple[Season, Iterable[Window]]] = ()) -> None:
        self._always = tuple(sorted(windows))
        self._seasons = tuple(seasons)

    @classmethod
    def of(cls, items: Iterable[str | SeasonOfHours]) -> Self | None:
        """The hours that the settings tell (`tariff.off_peak`); None when they tell none."""
        always: list[Window] = []
        seasons = []
        for item in items:
            if isinstance(item, str):
                always += windows_of(item)
            else:
                windows = tuple(window for text in item.windows for window in windows_of(text))
                seasons.append((Season.of(item.first, item.last), windows))
        return cls(always, seasons) if always or seasons else None

    def windows(self, day: date) -> tuple[Window, ...] | None:
        """The off-peak hours of a day, in order; None for a day that lies in no season that was set."""
        if not self._seasons:
            return self._always or None
        found = [windows for season, windows in self._seasons if season.holds(day)]
        if not found and not self._always:
            return None
        return tuple(sorted((*self._always, *(window for windows in found for window in windows))))

    def pieces(self, start: Timestamp, end: Timestamp, zone: tzinfo) -> list[Piece] | None:
        """A time cut where off-peak hours begin and end; None on a day of which they are not known.

        In between, the zone's clock does not change and no day begins.
        """
        when = local(start, zone)
        windows = self.windows(when.date())
        if windows is None:
            return None
        return list(_cut(start, end, when.hour * HOUR + when.minute * MINUTE + when.second, windows))


def _cut(start: Timestamp, end: Timestamp, clock: float, windows: tuple[Window, ...]) -> Iterator[Piece]:
    edges = sorted({edge for window in windows for edge in window})
    at = start
    while at < end:
        here = clock + (at - start)
        after = next((edge for edge in edges if edge > here), DAY)
        until = min(end, start + (after - clock)) if after > here else end
        yield Piece(at, until, any(first <= here < last for first, last in windows))
        at = until


def windows_of(text: str) -> list[Window]:
    """A stretch of hours as the parts of one day: what goes over midnight is its evening and its morning.

    Raises ValueError: the text is no stretch of hours.
    """
    found = _WINDOW(text)
    if found is None:
        raise ValueError(text)
    hour, minute, last_hour, last_minute = map(int, found.groups())
    first, last = hour * HOUR + minute * MINUTE, last_hour * HOUR + last_minute * MINUTE
    if first >= DAY or last > DAY or first == last:
        raise ValueError(text)
    if first < last:
        return [(first, last)]
    return [(first, DAY), (0, last)] if last else [(first, DAY)]


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
