"""Every meter of a fleet as it said last: who is in trouble, in which order, and their sums. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.link import LinkState
from linkytui.outputs.callbacks.upstream.live import Live
from linkytui.outputs.callbacks.upstream.topics import Source

_LATE: Final = 1.25  # times what it said, after which a collector that says nothing is in trouble
_GRACE: Final = 1.0  # seconds more, for the way


class Trouble(IntEnum):
    """What is wrong with a meter, the worst first."""

    GONE = 0  # its collector says nothing any more
    LINE = 1  # the collector hears nothing of the meter
    OVER = 2  # more than the subscribed power is drawn
    NONE = 3


class Order(StrEnum):
    """By what rows are sorted, trouble first in each."""

    NAME = "name"
    POWER = "power"
    SHARE = "share"
    ENERGY = "energy"


@dataclass(slots=True)
class Known:
    """One meter."""

    source: Source
    live: Live
    heard_at: Timestamp  # when it was said, by the clock here

    def trouble(self, now: Timestamp) -> Trouble:
        """What is wrong with it."""
        live = self.live
        if now - self.heard_at > live.every * _LATE + _GRACE:
            return Trouble.GONE
        if live.link != LinkState.LIVE:
            return Trouble.LINE
        return Trouble.OVER if (self.share or 0.0) > 1.0 else Trouble.NONE

    @property
    def share(self) -> float | None:
        """Part of the subscribed power that is drawn."""
        power, subscribed = self.live.power, self.live.subscribed
        return None if power is None or not subscribed else power / (subscribed * 1000)


@dataclass(frozen=True, slots=True)
class Sums:
    """Some meters together."""

    meters: int = 0
    troubled: int = 0
    power: int = 0  # VA drawn, of those that say it now
    injected_power: int = 0  # VA given to the grid
    today_wh: int = 0
    today_eur: float | None = None  # None when none of them knows


@dataclass(frozen=True, slots=True)
class Site:
    """The meters of one site together."""

    name: str
    sums: Sums
    trouble: Trouble  # the worst


class Fleet:
    """The meters. For one thread."""

    def __init__(self) -> None:
        self.meters: dict[Source, Known] = {}

    def hear(self, source: Source, live: Live, now: Timestamp, *, kept: bool) -> None:
        """Take in a message. `kept`: the broker had it from before, it may be old."""
        # Clocks differ: what comes now was said now. Of what was kept only its own time tells.
        at = min(live.at / 1000, now) if kept else now
        known = self.meters.get(source)
        if known is None:
            self.meters[source] = Known(source, live, at)
        elif not kept or live.at >= known.live.at:
            known.live, known.heard_at = live, at

    def forget(self, source: Source) -> None:
        """A meter was taken out: its kept message was removed."""
        self.meters.pop(source, None)

    def rows(
        self, now: Timestamp, order: Order = Order.NAME, *, among: Iterable[Known] | None = None
    ) -> list[tuple[Trouble, Known]]:
        """Meters with what is wrong, those in trouble first."""
        key = _KEYS[order]
        rows = [(known.trouble(now), known) for known in (self.meters.values() if among is None else among)]
        rows.sort(key=lambda row: (row[0], key(row[1]), row[1].source))
        return rows

    def sites(self, now: Timestamp, order: Order = Order.NAME, *, among: Iterable[Known] | None = None) -> list[Site]:
        """Sites with their sums, those in trouble first."""
        by_site: dict[str, list[Known]] = {}
        for known in self.meters.values() if among is None else among:
            by_site.setdefault(known.source.site, []).append(known)
        sites = [
            Site(name, sums_of(meters, now), min(known.trouble(now) for known in meters))
            for name, meters in by_site.items()
        ]
        key = _SITE_KEYS[order]
        sites.sort(key=lambda site: (site.trouble, key(site), site.name))
        return sites


def sums_of(meters: Iterable[Known], now: Timestamp) -> Sums:
    """Some meters together."""
    count = troubled = power = injected = energy = 0
    cost: float | None = None
    for known in meters:
        live, trouble = known.live, known.trouble(now)
        count += 1
        troubled += trouble is not Trouble.NONE
        if trouble is not Trouble.GONE:
            power += live.power or 0
            injected += live.injected_power or 0
        energy += live.today_wh or 0
        if live.today_eur is not None:
            cost = (cost or 0.0) + live.today_eur
    return Sums(count, troubled, power, injected, energy, cost)


_KEYS: Final[Mapping[Order, Callable[[Known], float]]] = {
    Order.NAME: lambda _known: 0,
    Order.POWER: lambda known: -(known.live.power or 0),
    Order.SHARE: lambda known: -(known.share or 0.0),
    Order.ENERGY: lambda known: -(known.live.today_wh or 0),
}
_SITE_KEYS: Final[Mapping[Order, Callable[[Site], float]]] = {
    Order.NAME: lambda _site: 0,
    Order.POWER: lambda site: -site.sums.power,
    Order.SHARE: lambda site: -site.sums.troubled,
    Order.ENERGY: lambda site: -site.sums.today_wh,
}
