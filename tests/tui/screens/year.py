"""A made-up year for the screens: half hours, and minutes of late, by a formula, so that it is quickly recorded."""

from collections.abc import Iterator
from datetime import datetime
from math import cos, pi
from pathlib import Path
from typing import Final

from linkytui.history import Importer, Sample
from linkytui.reading import Contract
from linkytui.tic import PARIS
from tests.tui.screens.states import NOW

_DAY: Final = 86_400.0
_COARSE, _FINE = 1800.0, 120.0  # seconds between two samples
_LATELY: Final = NOW - 2 * _DAY
YEAR: Final = 400.0  # days


def record_year(folder: Path, days: float = YEAR) -> None:
    """Fill a history with so many days of a meter with peak and off-peak hours, up to now."""
    with Importer(folder, now=NOW, gap_seconds=2 * _COARSE) as importer:
        importer.import_samples(_samples(NOW - days * _DAY))


def power(at: float) -> int:
    """VA at a moment: a base load, heating in winter, hot water at night, meals, and something that comes and goes."""
    clock = datetime.fromtimestamp(at, PARIS)
    hour = clock.hour + clock.minute / 60
    winter = (1 + cos(2 * pi * (clock.timetuple().tm_yday - 15) / 365)) / 2
    heating = 900 * winter * (0.6 + 0.4 * cos(2 * pi * (hour - 7) / 12))
    water = 2000 if 1 <= hour < 3.5 else 0
    meals = 1500 if hour // 1 in (7, 12, 19) else 0
    weekend = 400 if clock.weekday() >= 5 and 10 <= hour < 18 else 0
    chance = (int(at // _FINE) * 2654435761 >> 7) % 600
    return int(180 + heating + water + meals + weekend + chance)


def _samples(begin: float) -> Iterator[Sample]:
    wh = {"HC": 8_534_695.0, "HP": 12_300_012.0}
    at = begin
    while at < NOW:
        step = _COARSE if at < _LATELY else _FINE
        clock = datetime.fromtimestamp(at, PARIS)
        minute = clock.hour * 60 + clock.minute
        period = "HP" if 390 <= minute < 1350 else "HC"
        drawn = power(at)
        yield Sample(
            at=at,
            power=drawn,
            period=period,
            registers={name: int(value) for name, value in wh.items()},
            meter="012461456789",
            contract=Contract.HPHC,
            limit_kva=9,
        )
        wh[period] += drawn * step / 3600
        at += step
