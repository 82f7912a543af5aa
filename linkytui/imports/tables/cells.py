"""Cells of tables: headings, moments, numbers."""

import re
import unicodedata
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from linkytui.i18n import _
from linkytui.imports.model import SourceError

_SERIAL: Final = re.compile(r"\d{5}(\.\d{1,12}(E-\d{1,2})?)?")
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- day 0 of Excel, by the clock on the wall
_DATE: Final = re.compile(r"(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})|(\d{4})([/.-])(\d{1,2})\6(\d{1,2}))")
_CLOCK: Final = re.compile(r"(\d{1,2})\s?[:hH]\s?(\d{2})?(?::(\d{2})(?:[.,]\d{1,9})?)?")
_OFFSET: Final = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_YEARS: Final = range(2000, 2100)
"""Meters that tell a curve are younger; a year beyond is a slip."""

_NUMBER: Final = re.compile(r"[+-]?(\d{1,15}(\.\d{0,20})?|\.\d{1,20})(E[+-]?\d{1,2})?", re.IGNORECASE)
_NUMBER_AND_UNIT: Final = re.compile(r"([-+\d.,\s]+?)\s*([kM]?[Ww][Hh]?)")
_NOTHING: Final = {"", "na", "n/a", "nan", "-", "--", "null", "none", "nd", "unavailable", "unknown"}
_TOO_MUCH: Final = 10**9
"""More than a register of nine digits holds, in Wh; no power and no energy of these files comes near it."""


def plain(text: str) -> str:
    """A heading without accents, capitals, colons and doubled spaces, for comparing."""
    bare = "".join(part for part in unicodedata.normalize("NFKD", text) if not unicodedata.combining(part))
    return " ".join(bare.lower().replace("’", "'").replace(":", " ").split())


class Line(NamedTuple):
    """A line of a table."""

    number: int
    """For a person."""
    row: list[str]

    def cell(self, place: int) -> str:
        """A cell; empty where the line ends before."""
        return self.row[place] if place < len(self.row) else ""


class NonsenseError(ValueError):
    """A cell holds what cannot stand there."""


def moment_of(text: str) -> datetime:
    """A date with or without a time of day, as it is written: with the offset from UTC that it may have.

    Days come before months, as France writes them; a whole date may begin with the year. 24:00 is the next midnight.

    Raises:
        NonsenseError: it is none, or of a year in which no meter told any.
    """
    text = text.strip().replace("\u202f", " ").replace("\xa0", " ")
    if _SERIAL.fullmatch(text):
        return _checked(_FIRST_DAY + timedelta(minutes=round(float(text) * 1440)))
    match = _DATE.match(text)
    if match is None:
        raise NonsenseError(text)
    try:
        if match[1]:
            year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
            day = datetime(year, int(match[3]), int(match[1]))  # noqa: DTZ001 -- the zone comes later
        else:
            day = datetime(int(match[5]), int(match[7]), int(match[8]))  # noqa: DTZ001 -- likewise
        rest = text[match.end() :].strip(" T,à")
        zone = _OFFSET.search(rest)
        clock = clock_of(rest[: zone.start()] if zone else rest) if rest else timedelta()
        whole = _checked(day) + clock
        if zone is not None:
            offset = "+00:00" if zone[1] == "Z" else zone[1]
            whole = whole.replace(tzinfo=datetime.strptime(offset, "%z").tzinfo)
    except ValueError:
        raise NonsenseError(text) from None
    return whole


def clock_of(text: str) -> timedelta:
    """A time of day as it is written: 00:30, 00:30:00, 0h30, or the share of a day that Excel makes of it.

    Raises:
        NonsenseError: it is none.
    """
    text = text.strip()
    match = _CLOCK.fullmatch(text)
    if match is None:
        if re.fullmatch(r"0?\.\d{1,12}|0|1", text):
            return timedelta(minutes=round(float(text) * 1440))
        raise NonsenseError(text)
    clock = timedelta(hours=int(match[1]), minutes=int(match[2] or 0), seconds=int(match[3] or 0))
    if clock > timedelta(days=1) or int(match[2] or 0) >= 60 or int(match[3] or 0) >= 60:
        raise NonsenseError(text)
    return clock


def is_clock(text: str) -> bool:
    """Whether a cell is a time of day alone."""
    try:
        clock_of(text)
    except NonsenseError:
        return False
    return ":" in text or "h" in text.lower()


def is_moment(text: str) -> bool:
    """Whether a cell is a date, with or without a time of day."""
    try:
        moment_of(text)
    except NonsenseError:
        return False
    return True


def number_of(text: str) -> Fraction | None:
    """A number with a point or a comma, or with both, of which the last is the decimal one; None where there is none.

    Raises:
        NonsenseError: it is none, is below zero, or is more than any meter counts.
    """
    bare = "".join(text.split()).replace("\u202f", "").replace("\xa0", "").strip("'")
    if bare.lower() in _NOTHING:
        return None
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "," if comma < point else "."
        if bare.count("." if thousands == "," else ",") > 1:
            raise NonsenseError(text)
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if _NUMBER.fullmatch(bare) is None:
        raise NonsenseError(text)
    value = Fraction(bare)
    if not 0 <= value < _TOO_MUCH:
        raise NonsenseError(text)
    return value


def with_unit(text: str) -> tuple[str, str]:
    """A number, and the unit that stands behind it in its own cell; an empty one where none does."""
    match = _NUMBER_AND_UNIT.fullmatch(text.strip())
    return (match[1], match[2].lower()) if match is not None else (text, "")


def midnight_of(moment: datetime) -> bool:
    """Whether it is 00:00."""
    return moment.time().replace(tzinfo=None) == time(0)


def wrong(path: str, line: Line, text: str) -> SourceError:
    """What to say of a cell that makes no sense."""
    said = _("{path}, line {number}: {text} makes no sense there. Download the file anew, or remove the line.")
    return SourceError(said.format(path=path, number=line.number, text=text[:40] or '""'))


def _checked(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise NonsenseError(moment.isoformat())
    return moment
