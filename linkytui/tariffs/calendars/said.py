"""A calendar out of a grid's own words: what its periods are called, and what it says of when they are.

Nothing is guessed: off-peak hours of which a grid gives no hours, or says that the network's operator sets them, are
those of the address, peak hours are the rest, and a period that cannot be known is left unclear.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from linkytui.civil.days import DAY, HOUR, MINUTE
from linkytui.civil.off_peak import Season, Window
from linkytui.tariffs.calendars.calendar import HOLIDAYS, MOST, Calendar, Period
from linkytui.wording.plain import bare

_WEEK: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY: Final = "|".join(_WEEK)
_MONTHS: Final = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_MONTH: Final = "|".join(_MONTHS)
_LAST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months; a season that ends in February holds on the 29th too."""

_TIME: Final = r"(?:(\d{1,2}) ?(?:h(?:eures?)?|:) ?(\d{2})?|(minuit)|(midi))"
_WINDOW: Final = re.compile(rf"(?<!\d){_TIME}\s*(?:-|–|a|et|jusqu ?a|jusqu'a)\s*(?:la nuit )?{_TIME}(?!\d)")
_AT: Final = r"(?:,? (?:a )?(\d{1,2} ?h ?\d{0,2}|minuit))?"
_DAYS: Final = re.compile(rf"(?:du |de )?({_DAY})s?{_AT} (?:au|a) ({_DAY}){_AT}")
_WHOLE: Final = (re.compile(r"0?0 ?h ?(?:00)?|minuit"), re.compile(r"23 ?h ?59|24 ?h ?(?:00)?|minuit"))
"""When the first of some days begins, and the last one ends."""
_ONE_DAY: Final = re.compile(rf"\b({_DAY})s?\b")
_DATES: Final = re.compile(
    rf"(?:(\d{{1,2}})(?:er)? )?({_MONTH})(?: inclus)? (?:au|a|-|–|et) (?:fin )?(?:(\d{{1,2}})(?:er)? )?({_MONTH})"
    r"|(\d{1,2})/(\d{1,2})(?:/\d{2,4})? (?:au|a|-|–) (\d{1,2})/(\d{1,2})"
)
_LOCAL: Final = re.compile(
    r"(?:definies?|fixees?|determinees?|attribuees?|communiquees?|choisies?) par "
    r"(?:le |l')?(?:gestionnaire|distribut|enedis|grd)|"
    r"gestionnaire de (?:votre )?reseau|varient|variables?|localement|selon (?:la commune|les communes|votre|le lieu)|"
    r"\b8 ?h(?:eures)? (?:par jour|/ ?j)|au nombre de"
)
"""What says that the network's operator sets the hours, each home's own."""
_WORKDAYS: Final = frozenset(range(5))
_WEEKEND: Final = frozenset({5, 6})
_HIGH: Final = Season((11, 1), (3, 31))
_LOW: Final = Season((4, 1), (10, 31))
"""The network's seasons, where a grid says no more than high and low (TURPE: November to March is the high one)."""
_STATED: Final = ("super HC", "heures solaires")
"""Periods whose hours only the supplier can say."""
_ANNOUNCED: Final = ("jour éco", "jour sobriété")
"""Days that the supplier announces one by one."""


class _Said(NamedTuple):
    """What a name and a text say of a period."""

    period: Period
    rank: int
    """Which of two periods counts where both could: the lower one."""
    clear: bool


@lru_cache(maxsize=256)
def _calendar(names: tuple[str, ...], texts: tuple[str, ...]) -> Calendar:
    said = [_said(name, text, names) for name, text in zip(names, texts, strict=True)]
    ordered = sorted(said, key=lambda one: one.rank)
    unclear = [one.period.name for one in ordered if not one.clear]
    if len(names) > MOST:
        unclear = list(names)
    return Calendar(tuple(one.period for one in ordered), tuple(unclear))


def calendar_said(names: Sequence[str], hours: Mapping[str, str]) -> Calendar:
    """The calendar of an offer.

    `names`: what its prices are called, as `grid.periods` names them; `hours`: what the grid says of when they are.
    """
    return _calendar(tuple(names), tuple(hours.get(name, "") for name in names))


def _said(name: str, text: str, names: Sequence[str]) -> _Said:
    words = bare(f"{name}; {text}")
    kind = next((kind for kind in ("super HC", "HP", "HC") if name == kind or name.startswith(f"{kind} ")), "")
    rest = name.removeprefix(kind).strip()
    days, seasons, clear = _days(rest, words), _seasons(rest, words), rest not in _ANNOUNCED
    windows = _windows(bare(text))
    if kind == "HP" or rest == "semaine":
        # Peak hours are what the others leave.
        windows = windows if kind == "HP" and _without_hours(name, names) else ()
    off_peak = kind == "HC" and (not windows or bool(_LOCAL.search(words)))
    if kind == "super HC" or rest in _STATED:
        clear = clear and bool(windows)
    if (rest in ("hiver", "été") and not seasons) or not _is_of_whole_days(words):
        clear = False
    period = Period(name=name, days=days, seasons=seasons, hours=() if off_peak else windows, off_peak=off_peak)
    return _Said(period, _rank(kind, rest), clear)


def _without_hours(name: str, names: Sequence[str]) -> bool:
    """No off-peak period stands beside a peak period."""
    return name.replace("HP", "HC", 1) not in names


def _rank(kind: str, rest: str) -> int:
    if rest in _ANNOUNCED or rest == "jours fériés":
        return 0
    if rest == "week-end" and not kind:
        return 1
    if kind == "super HC" or rest == "heures solaires":
        return 2
    if kind == "HC":
        return 3
    return 4 if rest == "week-end" or (kind == "HP" and rest) else 5


def _days(rest: str, words: str) -> frozenset[int]:
    holidays = (
        {HOLIDAYS} if "ferie" in words and "hors jours ferie" not in words and "hors ferie" not in words else set()
    )
    if rest == "jours fériés":
        return frozenset({HOLIDAYS})
    if rest == "week-end":
        named = frozenset(_WEEK.index(day) for day in _ONE_DAY.findall(words))
        return (named if named and not _spans(words) else _span_days(words) or _WEEKEND) | holidays
    if rest == "semaine":
        return _span_days(words) or _WORKDAYS
    return frozenset()


def _spans(words: str) -> bool:
    return bool(_DAYS.search(words))


def _is_of_whole_days(words: str) -> bool:
    """No span of days begins or ends within a day."""
    return all(
        pattern.fullmatch(time.strip())
        for match in _DAYS.finditer(words)
        for pattern, time in zip(_WHOLE, (match[2], match[4]), strict=True)
        if time
    )


def _span_days(words: str) -> frozenset[int]:
    """The days from one to another."""
    found = _DAYS.search(words)
    if found is None:
        return frozenset()
    first, last = _WEEK.index(found[1]), _WEEK.index(found[3])
    return frozenset(day % 7 for day in range(first, (last if last >= first else last + 7) + 1))


def _seasons(rest: str, words: str) -> tuple[Season, ...]:
    found = [_season(match) for match in _DATES.finditer(words)]
    if found and rest:
        return tuple(season for season in found if season is not None)
    return {"saison haute": (_HIGH,), "saison basse": (_LOW,)}.get(rest, ())


def _season(match: re.Match[str]) -> Season | None:
    if match[5]:
        first, last = (int(match[6]), int(match[5])), (int(match[8]), int(match[7]))
    else:
        start, end = _MONTHS.index(match[2]) + 1, _MONTHS.index(match[4]) + 1
        first, last = (start, int(match[1] or 1)), (end, int(match[3] or _LAST[end - 1]))
    valid = all(1 <= month <= 12 and 1 <= day <= _LAST[month - 1] for month, day in (first, last))
    return Season(first, last) if valid else None


def _windows(words: str) -> tuple[Window, ...]:
    """The stretches of hours in a text; what goes over midnight is an evening and a morning."""
    found: list[Window] = []
    for match in _WINDOW.finditer(words):
        if _ONE_DAY.search(words[max(0, match.start() - 12) : match.start()]) or _ONE_DAY.match(words, match.end() + 4):
            continue
        first, last = _clock(match.groups()[:4]), _clock(match.groups()[4:])
        # Suppliers count minutes from 1: from 3:01 is what comes after 3:00, and until 23:59 includes that minute.
        first -= MINUTE if first % HOUR == MINUTE else 0
        last += MINUTE if last % HOUR == HOUR - MINUTE else 0
        if not (0 <= first < DAY and 0 <= last <= DAY) or first == last:
            continue
        found += [(first, last)] if first < last else [part for part in ((first, DAY), (0, last)) if part[0] < part[1]]
    return _joined(found)


def _clock(time: Iterable[str | None]) -> int:
    hour, minute, midnight, noon = time
    if midnight:
        return 0
    return 12 * HOUR if noon else int(hour or 0) * HOUR + int(minute or 0) * MINUTE


def _joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    joined: list[Window] = []
    for first, last in sorted(set(windows)):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
