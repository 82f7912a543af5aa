"""Off-peak hours by the clock, for those whose meter does not count them: several a day, to the minute, by season."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from linkytui.billing.energy import local
from linkytui.civil.hours import window_of
from linkytui.settings.model import OffPeakSeason

_DAY: Final = 86_400
_MINUTE: Final = 60

_Window = tuple[int, int]
"""Seconds after midnight, from and to."""


class Piece(NamedTuple):
    """A stretch of time that lies whole within the off-peak hours or without."""

    start: float
    """Seconds since 1970."""
    end: float
    """Seconds since 1970."""
    off_peak: bool


class _Season(NamedTuple):
    first: tuple[int, int]
    """Month and day."""
    last: tuple[int, int]
    """Month and day, included."""
    windows: tuple[_Window, ...]

    def holds(self, day: date) -> bool:
        """Whether a day lies in the season, which may go over New Year."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class OffPeak:
    """The off-peak hours of an address."""

    def __init__(self, windows: Iterable[_Window] = (), seasons: Iterable[_Season] = ()) -> None:
        self._always = tuple(windows)
        self._seasons = tuple(seasons)

    @classmethod
    def of(cls, items: Iterable[str | OffPeakSeason]) -> Self | None:
        """The hours that the settings tell (`tariff.off_peak`); None when they tell none."""
        always: list[_Window] = []
        seasons = []
        for item in items:
            if isinstance(item, str):
                always += _windows(item)
            else:
                windows = tuple(window for text in item.windows for window in _windows(text))
                seasons.append(_Season(_month_day(item.first), _month_day(item.last), windows))
        return cls(always, seasons) if always or seasons else None

    def windows(self, day: date) -> tuple[_Window, ...] | None:
        """The off-peak hours of a day, in order; None for a day that lies in no season that was set."""
        found = [season.windows for season in self._seasons if season.holds(day)]
        if not found and not self._always:
            return None
        return tuple(sorted((*self._always, *(window for windows in found for window in windows))))

    def pieces(self, start: float, end: float, zone: ZoneInfo) -> list[Piece] | None:
        """A time cut where off-peak hours begin and end; None on a day of which they are not known.

        Args:
            start: seconds since 1970.
            end: seconds since 1970; the clock does not change and no day begins in between.
            zone: whose clock shows the hours.
        """
        when = local(start, zone)
        windows = self.windows(when.date())
        if windows is None:
            return None
        return list(_cut(start, end, _seconds(when.hour, when.minute, when.second), windows))


TEMPO_HOURS: Final = OffPeak(((0, 6 * 3600), (22 * 3600, _DAY)))
"""Tempo's own, the same for everyone."""


def _cut(start: float, end: float, clock: float, windows: tuple[_Window, ...]) -> Iterator[Piece]:
    edges = sorted({edge for window in windows for edge in window})
    at = start
    while at < end:
        here = clock + (at - start)
        after = next((edge for edge in edges if edge > here), _DAY)
        until = min(end, start + (after - clock)) if after > here else end
        yield Piece(at, until, any(first <= here < last for first, last in windows))
        at = until


def _windows(text: str) -> list[_Window]:
    """`22:30-06:30` as the parts of one day: what goes over midnight is its evening and its morning.

    Raises:
        ValueError: the text is no stretch of hours.
    """
    window = window_of(text)
    if window is None:
        raise ValueError(text)
    first, last = (minutes * _MINUTE for minutes in window)
    if first < last:
        return [(first, last)]
    return [(first, _DAY), (0, last)] if last else [(first, _DAY)]


def _seconds(hour: int, minute: int, second: int) -> int:
    return hour * 3600 + minute * _MINUTE + second


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
