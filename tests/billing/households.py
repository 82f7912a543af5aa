"""Energy by the hour, as figures that a person can add up, for the tests of the bill."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy
from linkytui.civil.days import midnight
from linkytui.settings.model import Prices, TariffSettings
from linkytui.tariffs.book import PriceBook

PARIS = ZoneInfo("Europe/Paris")
BOOK = PriceBook()
"""The regulated tariff alone."""

HOUR = 3600

Flow = Callable[[datetime], Mapping[str, int]]
"""Wh per register in the hour that begins at a local time."""


def moment(*when: int) -> float:
    """Seconds since 1970 at which the French clock shows this."""
    return datetime(*when, tzinfo=PARIS).timestamp()  # type: ignore[misc,arg-type]


def hours(start: float, end: float, flow: Flow) -> Iterator[Energy]:
    """Every hour from a moment to another, recorded whole."""
    at = start
    while at < end:
        yield Energy(at, at + HOUR, dict(flow(datetime.fromtimestamp(at, PARIS))))
        at += HOUR


def days(first: date, end: date, flow: Flow) -> list[Energy]:
    """Every hour from the first day to the one before the end."""
    return list(hours(midnight(first, PARIS), midnight(end, PARIS), flow))


def base(wh: int) -> Flow:
    """The same in every hour, on one register."""
    return lambda _: {"BASE": wh}


def off_peak(hc: int, hp: int) -> Flow:
    """Off-peak from 23:00 to 07:00: eight hours a day."""
    return lambda when: {"HC": hc, "HP": 0} if when.hour >= 23 or when.hour < 7 else {"HC": 0, "HP": hp}


def tariff(**settings: object) -> TariffSettings:
    """Settings of the tariff; prices by hand as `prices={...}`."""
    prices = settings.pop("prices", {})
    assert isinstance(prices, Mapping)
    return TariffSettings(prices=Prices(**prices), **settings)  # type: ignore[arg-type]
