"""From the clock on the wall to moments: the hour that comes twice, the one that does not come, and 24:00."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.civil.days import DAY, ONE_DAY, local, midnight
from linkytui.imports.tables.cells import midnight_of

FRENCH: Final = frozenset(
    {
        "Europe/Paris",
        "America/Guadeloupe",
        "America/Martinique",
        "America/Cayenne",
        "America/Marigot",
        "America/Miquelon",
        "America/St_Barthelemy",
        "Indian/Reunion",
        "Indian/Mayotte",
        "Pacific/Noumea",
        "Pacific/Tahiti",
    }
)
"""Zones whose clocks French files may show. A file of a French meter knows no other, whatever the machine's zone."""


class UnknownClockError(ValueError):
    """A time that France's clocks did not show; the argument is that time."""


def legal_zone(zone: ZoneInfo) -> ZoneInfo:
    """The zone of files without offsets: the one that was set where it is French, else Paris."""
    return zone if zone.key in FRENCH else ZoneInfo("Europe/Paris")


def newest_first(moments: Sequence[datetime]) -> bool:
    """Whether most moments come before the one above them."""
    steps = Counter(after > before for before, after in pairwise(moments) if after != before)
    return steps[False] > steps[True]


def with_late_midnights(moments: Sequence[datetime]) -> tuple[list[datetime], bool]:
    """Days that end with their own 00:00 mean the next one; whether there were such.

    Args:
        moments: dates and times that stood apart, in the order of the file, without offset.
    """
    found: list[datetime] = []
    late = False
    for _day, group in groupby(moments, key=lambda moment: moment.date()):
        times = list(group)
        order = times[::-1] if len(times) > 1 and newest_first(times) else times
        shifted = [
            moment + ONE_DAY if place and midnight_of(moment) and order[place - 1] > moment else moment
            for place, moment in enumerate(order)
        ]
        late = late or shifted != order
        found += shifted[::-1] if order is not times else shifted
    return found, late


def instants(moments: Sequence[datetime], told: Sequence[bool], zone: ZoneInfo) -> list[int | None]:
    """Seconds since 1970 of each moment; None for one of an hour that came twice where it is not clear which is meant.

    Args:
        moments: in the order of the file, whichever that is.
        told: whether anything is told of each; else a time that the clock left out is None, too.
        zone: whose clock those show that have no offset.

    Raises:
        UnknownClockError: something is told of a time that the clock left out.
    """
    found: list[int | None] = [None if moment.tzinfo is None else round(moment.timestamp()) for moment in moments]
    days: dict[date, list[int]] = {}
    for place, moment in enumerate(moments):
        if moment.tzinfo is None:
            days.setdefault(moment.date(), []).append(place)
    for day, places in days.items():
        if midnight(day + ONE_DAY, zone) - midnight(day, zone) > DAY:
            times = _with_an_hour_twice([moments[place] for place in places], zone)
            for place, at in zip(places, times, strict=True):
                found[place] = at
        else:
            for place in places:
                found[place] = _shown_once(moments[place], told[place], zone)
    return found


def _shown_once(moment: datetime, told: bool, zone: ZoneInfo) -> int | None:
    at = _at(moment, zone)
    if local(at, zone).replace(tzinfo=None) == moment:
        return at
    # 02:00 of the night in March is the end of the last half hour before: the clock shows 03:00 then.
    before = moment - timedelta(seconds=1)
    if local(_at(before, zone), zone).replace(tzinfo=None) == before:
        return at
    if told:
        raise UnknownClockError(moment)
    return None


def _with_an_hour_twice(times: Sequence[datetime], zone: ZoneInfo) -> list[int | None]:
    """The times of a day on which the clock was put back."""
    backwards = len(times) > 1 and newest_first(times)
    order = times[::-1] if backwards else times
    often = Counter(order)
    shift = _shift(sorted(moment for moment in often if often[moment] > 1), zone)
    seen: Counter[datetime] = Counter()
    found: list[int | None] = []
    for moment in order:
        first, second = (_at(moment - shift, zone, fold) for fold in (0, 1))
        seen[moment] += 1
        if first != second and often[moment] == 1:
            found.append(None)
        else:
            found.append((first if seen[moment] == 1 else second) + round(shift.total_seconds()))
    return found[::-1] if backwards else found


def _shift(twice: Sequence[datetime], zone: ZoneInfo) -> timedelta:
    """Some tools write an end as the beginning and half an hour more: then 03:00 comes twice, and 02:00 once."""
    if not twice or all(_is_ambiguous(moment, zone) for moment in twice):
        return timedelta()
    shift = min((after - before for before, after in pairwise(twice)), default=timedelta(hours=1))
    return shift if all(_is_ambiguous(moment - shift, zone) for moment in twice) else timedelta()


def _is_ambiguous(moment: datetime, zone: ZoneInfo) -> bool:
    return _at(moment, zone) != _at(moment, zone, fold=1)


def _at(moment: datetime, zone: ZoneInfo, fold: int = 0) -> int:
    return round(moment.replace(tzinfo=zone, fold=fold).timestamp())
