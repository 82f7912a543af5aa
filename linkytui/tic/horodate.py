"""Dates as the meter writes them: a season letter and twelve digits."""

import re
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
"""French legal time, which every horodate is written in (Enedis-NOI-CPT_54E, 6.2.1.1)."""

_SHAPE: Final = re.compile(r"([EeHh ])(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
_OFFSETS: Final = {"E": timezone(timedelta(hours=2)), "H": timezone(timedelta(hours=1))}
_UNSET: Final = "0" * 12


class Horodate(NamedTuple):
    """A date of the meter, `SAAMMJJhhmmss` (Enedis-NOI-CPT_54E, 6.2.1.1).

    Attributes:
        text: the thirteen characters as sent.
        when: the moment, with its offset from UTC; None on a meter whose clock was never set (twelve zeros).
    """

    text: str
    when: datetime | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a horodate.

        `E` is summer time and `H` winter time, so the hour that October repeats is never ambiguous; the lower-case
        letters say that the clock ran on its reserve for too long. A space (mobile peaks) leaves the season to the
        civil calendar. Raises ValueError: the text is not thirteen characters of that shape, or names no day or hour of
        the calendar.
        """
        match = _SHAPE.fullmatch(text)
        if match is None:
            raise ValueError(f"not a horodate: {text!r}")
        if text[1:] == _UNSET:
            return cls(text, None)
        season, *digits = match.groups()
        year, month, day, hour, minute, second = map(int, digits)
        zone = _OFFSETS.get(season.upper(), PARIS)
        return cls(text, datetime(2000 + year, month, day, hour, minute, second, tzinfo=zone))

    @property
    def degraded(self) -> bool:
        """True when the meter's clock could not be trusted at that moment (lower-case season)."""
        return self.text[0].islower()
