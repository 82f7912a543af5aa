"""What repeats in a household's days: the hours of many days side by side, and the typical day of each weekday."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from linkytui.civil.days import local, next_month
from linkytui.history.reader import HistoryReader
from linkytui.history.results import HourEnergy

HOURS: Final = 24
WEEKDAYS: Final = 7

_ENOUGH: Final = 3  # days from which on an hour of a weekday is typical of anything

Hours = Mapping[date, Mapping[int, float]]
"""Wh drawn by day and by the hour of its clock, as far as that was recorded and not spread over a gap."""


class Spread(NamedTuple):
    """What an hour draws on most days, in Wh."""

    low: float  # one day in ten draws less
    middle: float  # the median
    high: float  # one day in ten draws more


@dataclass(frozen=True, slots=True)
class BaseLoads:
    """What is always drawn, VA, month by month."""

    months: Sequence[date]  # their first days
    loads: Sequence[int | None]
    before: Sequence[int | None]  # a year earlier


def hours_of_days(reader: HistoryReader, start: datetime, end: datetime) -> Hours:
    """The hours of the days between two midnights, both aware. Raises HistoryError: the history cannot be read.

    An hour that comes twice, when the clocks go back, counts as one of mean energy.
    """
    found: dict[date, dict[int, list[float]]] = {}
    for hour in reader.hours(start, end) if end > start else ():
        if _is_known(hour):
            clock = local(hour.start, reader.zone)
            found.setdefault(clock.date(), {}).setdefault(clock.hour, []).append(sum(hour.wh.values()))
    return {day: {hour: sum(wh) / len(wh) for hour, wh in hours.items()} for day, hours in found.items()}


def _is_known(hour: HourEnergy) -> bool:
    """Whether most of an hour was recorded; what was spread evenly over a gap says nothing of its hours."""
    return 2 * hour.estimated_wh <= sum(hour.wh.values())


def typical_days(hours: Hours) -> list[dict[int, Spread]]:
    """For each weekday, Monday first, the spread of each hour of which there are enough days."""
    days: list[dict[int, list[float]]] = [{} for _weekday in range(WEEKDAYS)]
    for day, by_hour in hours.items():
        for hour, wh in by_hour.items():
            days[day.weekday()].setdefault(hour, []).append(wh)
    return [
        {hour: spread(values) for hour, values in sorted(by_hour.items()) if len(values) >= _ENOUGH} for by_hour in days
    ]


def spread(values: Iterable[float]) -> Spread:
    """The spread of values, one at least; between two of them it is interpolated."""
    ordered = sorted(values)

    def quantile(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

    return Spread(quantile(0.1), quantile(0.5), quantile(0.9))


def base_loads(reader: HistoryReader, year: int) -> BaseLoads:
    """The base load of each month of a year and of the one before. Raises HistoryError: the history cannot be read."""
    months = [date(year, number, 1) for number in range(1, 13)]
    earlier = [month.replace(year=year - 1) for month in months]
    told = [
        [reader.base_load(month, next_month(month) - timedelta(days=1)) for month in those]
        for those in (months, earlier)
    ]
    return BaseLoads(months, *told)
