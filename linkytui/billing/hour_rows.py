"""Recorded hours with what every split of them wants to know, found out once."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.civil.days import DAY, HOUR, MINUTE, ONE_DAY, local, midnight
from linkytui.reading.contracts import INJECTED, Contract


class HourRow(NamedTuple):
    """An hour, or a part of one."""

    energy: Energy
    day: date  # by the local clock
    hour: int  # by the local clock; -1 where it reaches over two of its hours
    drawn: int  # Wh by all registers of energy drawn
    contract: Contract | None  # whose registers counted; None where none did, or those of several
    known: float  # seconds of which the energy is known


def hour_rows(energies: Iterable[Energy], zone: ZoneInfo) -> list[HourRow]:
    """The rows of some hours, in their order."""
    rows = []
    contracts = _Contracts()
    begin = end = 0.0
    day, even = date.min, False
    for energy in energies:
        start = energy.start
        if not begin <= start < end:
            day = local(start, zone).date()
            begin, end = midnight(day, zone), midnight(day + ONE_DAY, zone)
            even = end - begin == DAY
        if even:
            hour, second = divmod(start - begin, HOUR)
        else:
            when = local(start, zone)
            hour, second = when.hour, when.minute * MINUTE + when.second
        within = second + energy.end - start <= HOUR
        drawn, only, several = 0, None, False
        for name, wh in energy.wh.items():
            contract = contracts[name]
            if contract is not None:
                drawn += wh
                several = several or (only is not None and only is not contract)
                only = contract
        rows.append(HourRow(energy, day, int(hour) if within else -1, drawn, None if several else only, energy.known))
    return rows


class _Contracts(dict[str, Contract | None]):
    def __missing__(self, name: str) -> Contract | None:
        found = self[name] = contract_of_register(name)
        return found


_HOURS: Final = 24


class HoursOfDay:
    """The hours of a day that the registers of one option counted."""

    __slots__ = ("known", "rows", "wh")

    def __init__(self) -> None:
        self.wh = [0] * _HOURS
        self.known = [0.0] * _HOURS  # seconds
        self.rows: list[list[HourRow]] = [[] for _ in range(_HOURS)]  # by hour; two of one that comes twice


class HourTable:
    """Hours summed up by day and hour of the clock, so that many calendars can be tried on them."""

    def __init__(self, rows: Iterable[HourRow]) -> None:
        self.known = 0.0
        """Seconds of which the energy is known."""
        self.days: dict[Contract, dict[date, HoursOfDay]] = {}
        """By option, of hours that only its registers counted."""
        self.others: list[HourRow] = []
        """Hours that are none of the clock's, and those that the registers of no option counted, or of several."""
        for row in rows:
            self.known += row.known
            if row.contract is None or row.hour < 0:
                self.others.append(row)
                continue
            days = self.days.get(row.contract)
            if days is None:
                days = self.days[row.contract] = {}
            hours = days.get(row.day)
            if hours is None:
                hours = days[row.day] = HoursOfDay()
            hours.wh[row.hour] += row.drawn
            hours.known[row.hour] += row.known
            hours.rows[row.hour].append(row)

    def own(self, contract: Contract) -> tuple[dict[str, int], float]:
        """Wh of an option's own registers in the hours that only they counted, and the seconds that are known."""
        sums: dict[str, int] = {}
        seconds = 0.0
        for hours in self.days[contract].values():
            seconds += sum(hours.known)
            for rows in hours.rows:
                for row in rows:
                    for name, wh in row.energy.wh.items():
                        if name != INJECTED:
                            sums[name] = sums.get(name, 0) + wh
        return sums, seconds
