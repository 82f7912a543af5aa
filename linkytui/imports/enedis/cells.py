"""Cells of Enedis files: headings, times, numbers."""

import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.i18n import _
from linkytui.imports.model import SourceError
from linkytui.wording.plain import bare

_SERIAL: Final = re.compile(r"\d{5}(\.\d+)?")
_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- day 0 of Excel, by the clock on the wall
_NOTHING: Final = {"", "na", "n/a", "nan", "-", "null"}
_TOO_MUCH: Final = 10**9
"""More than a register of nine digits holds, in Wh; no power and no energy of these files comes near it."""


def plain(text: str) -> str:
    """A heading without accents, capitals, colons and doubled spaces, for comparing."""
    return " ".join(bare(text).replace(":", " ").split())


class FileLine(NamedTuple):
    """A line of a table."""

    number: int
    row: list[str]

    def cell(self, place: int) -> str:
        """A cell; empty where the line ends before."""
        return self.row[place] if place < len(self.row) else ""


class Times:
    """Reads moments and numbers; each moment after the one before, where the clock shows an hour twice."""

    def __init__(self, name: str, zone: ZoneInfo) -> None:
        self.zone = zone
        self._name = name
        self._before: int | None = None

    def naive(self, line: FileLine, text: str) -> datetime:
        """A moment as it is written, with the offset from UTC that it may have."""
        try:
            if _SERIAL.fullmatch(text):
                return _FIRST_DAY + timedelta(minutes=round(float(text) * 1440))
            if "/" in text:
                date, _space, clock = text.partition(" ")
                day, month, year = date.split("/")
                text = f"{year}-{month:0>2}-{day:0>2} {clock or '00:00'}"
            return datetime.fromisoformat(text)
        except ValueError:
            raise self.wrong(line, text) from None

    def at(self, moment: datetime) -> int:
        """Seconds since 1970 of a moment, later than the one asked for before if it can be."""
        if moment.tzinfo is not None:
            seconds = round(moment.timestamp())
        else:
            local = moment.replace(tzinfo=self.zone)
            seconds = round(local.timestamp())
            if self._before is not None and seconds <= self._before:
                seconds = round(local.replace(fold=1).timestamp())
        self._before = seconds
        return seconds

    def number(self, line: FileLine, text: str) -> Fraction | None:
        """A number with a point or a comma; None where there is none."""
        bare = "".join(text.split()).replace(",", ".")
        if bare.lower() in _NOTHING:
            return None
        try:
            value = Fraction(bare)
        except (ValueError, ZeroDivisionError):
            raise self.wrong(line, text) from None
        if not 0 <= value < _TOO_MUCH:
            raise self.wrong(line, text)
        return value

    def wrong(self, line: FileLine, text: str) -> SourceError:
        """What to say of a cell that makes no sense."""
        wrong = _("{path}, line {number}: {text} makes no sense there. Download the file anew, or remove the line.")
        return SourceError(wrong.format(path=self._name, number=line.number, text=text[:40] or '""'))
