"""Splits energy by the clock, the way the registers of another option or calendar would have counted it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.billing.hour_rows import HourRow, HourTable, hour_rows
from linkytui.billing.record import Record
from linkytui.civil.days import DAY, HOUR
from linkytui.civil.times import Timestamp
from linkytui.i18n import _, ngettext, number
from linkytui.reading.contracts import INJECTED, Contract
from linkytui.tariffs.calendars.calendar import Calendar, CalendarClock, Hours, Span, Unknown
from linkytui.tariffs.calendars.regulated import CALENDARS
from linkytui.tic.horodate import PARIS


class Obstacle(StrEnum):
    """Why energy cannot be split, beside what a calendar's clock does not know."""

    PEAK_DAYS = "peak days"  # only an EJP meter tells the peak days of EJP
    OWN_CALENDAR = "own calendar"  # only the meter tells when the registers of a supplier's own calendar count


class Target(NamedTuple):
    """What energy is to be counted by."""

    option: Contract
    calendar: Calendar | None = None  # of a supplier's own; None where its registers are the meter's

    @property
    def is_counted(self) -> bool:
        """What the meter counts for this option is counted by this calendar."""
        return self.calendar is None or self.calendar.is_counted


class Split:
    """Splits energy anew for one option. What the option's own registers counted stays as it was counted."""

    def __init__(self, target: Target, record: Record) -> None:
        """The record knows the zone, the off-peak hours, the colours and the minutes."""
        self.missing: Counter[Obstacle | Unknown] = Counter()
        """Seconds of the energy taken so far that could not be split, by reason."""
        self._own = {target.option, None} if target.is_counted else {None}
        self._minutes = record.minute_sums
        self._zone = record.zone
        self._obstacle = Obstacle.PEAK_DAYS if target.option is Contract.EJP else Obstacle.OWN_CALENDAR
        calendar = target.calendar or CALENDARS.get(target.option)
        # Tempo is the same all over France; other hours are those of the address.
        zone = PARIS if target.option is Contract.TEMPO else record.zone
        self._clock = CalendarClock(calendar, zone, record.off_peak, record.colours) if calendar is not None else None

    def apply(self, energies: Iterable[Energy]) -> Iterator[Energy]:
        """The energy by the option's registers; times whose energy cannot be split are left out."""
        return self.apply_rows(hour_rows(energies, self._zone))

    def apply_rows(self, rows: Sequence[HourRow]) -> Iterator[Energy]:
        """The same of hours of which is known what they hold."""
        for row, shares in self._each(rows):
            energy = row.energy
            if shares is None:
                yield energy
                continue
            own, marked = self._others(energy, row)
            if not own and not energy.estimated:
                yield Energy(energy.start, energy.end, shares, covered=energy.covered)
                continue
            if energy.estimated:
                estimated = sum(energy.estimated.values()) - sum(marked.values())
                for name, part in zip(shares, _spread(estimated, list(shares.values())), strict=True):
                    marked[name] = marked.get(name, 0) + part
            for name, wh in shares.items():
                own[name] = own.get(name, 0) + wh
            yield Energy(energy.start, energy.end, own, marked, energy.covered)

    def sums(self, table: HourTable) -> tuple[dict[str, int], float]:
        """What that comes to: Wh drawn by register, and the seconds of which they are known."""
        sums: Counter[str] = Counter()
        seconds = 0.0
        rest = list(table.others)
        cuts: list[tuple[list[HourRow], list[Span]]] = []
        for contract, days in table.days.items():
            if contract in self._own:
                counted, known = table.own(contract)
                sums.update(counted)
                seconds += known
                continue
            for hours, alike in self._alike(days):
                whs = [sum(each) for each in zip(*[days[day].wh for day in alike], strict=True)]
                knowns = [sum(each) for each in zip(*[days[day].known for day in alike], strict=True)]
                for hour, (register, wh, known) in enumerate(zip(hours, whs, knowns, strict=True)):
                    if register is None:
                        rows = [row for day in alike for row in days[day].rows[hour]]
                        self._cut(rows, alike[0], hour, cuts, rest)
                    elif isinstance(register, Unknown | Obstacle):
                        if known:
                            self.missing[register] += round(known)
                    else:
                        sums[register] += wh
                        seconds += known
        seconds += self._add_cuts(cuts, sums)
        for row, shares in self._each(rest):
            seconds += row.known
            for name, wh in (shares or {}).items():
                sums[name] += wh
            kept = row.energy.wh if shares is None else self._others(row.energy, row)[0]
            for name, wh in kept.items():
                if name != INJECTED:
                    sums[name] += wh
        return dict(sums), seconds

    def _cut(
        self,
        rows: Sequence[HourRow],
        day: date,
        hour: int,
        cuts: list[tuple[list[HourRow], list[Span]]],
        rest: list[HourRow],
    ) -> None:
        """Sort hours that a period begins or ends in: whole ones, alike on alike days, and others."""
        inside = self._clock.within(day, hour) if self._clock is not None else []
        if sum(span.end - span.start for span in inside) != HOUR:
            rest += rows
            return
        cuts.append(([row for row in rows if row.energy.end - row.energy.start == HOUR], inside))
        rest += [row for row in rows if row.energy.end - row.energy.start != HOUR]

    def _add_cuts(self, cuts: list[tuple[list[HourRow], list[Span]]], sums: Counter[str]) -> float:
        """Add up whole hours that a period begins or ends in, and return the seconds of which they are known."""
        self._minutes.want(
            (row.energy.start + span.start, row.energy.start + span.end)
            for rows, spans in cuts
            for row in rows
            for span in spans
        )
        seconds = 0.0
        for rows, spans in cuts:
            for row in rows:
                seconds += row.known
                for name, wh in self._by_clock(row.energy.start, spans, row.drawn).items():
                    sums[name] += wh
        return seconds

    def _alike(self, days: Iterable[date]) -> Iterable[tuple[Hours | tuple[Obstacle, ...], list[date]]]:
        """The days with what counts in each of their hours, those together that are alike."""
        if self._clock is None:
            return [((self._obstacle,) * 24, list(days))]
        kinds: dict[int, tuple[Hours, list[date]]] = {}
        for day in days:
            hours = self._clock.hours(day)
            kinds.setdefault(id(hours), (hours, []))[1].append(day)
        return kinds.values()

    def _each(self, rows: Sequence[HourRow]) -> Iterator[tuple[HourRow, Mapping[str, int] | None]]:
        """Each hour with what its foreign registers come to by those of the option; None where it has none."""
        clock, own = self._clock, self._own
        tables: dict[date, Hours] = {}
        cuts: dict[int, list[Span]] = {}
        found: list[str | Unknown | Obstacle | None] = []
        for place, row in enumerate(rows):
            if row.contract in own and not self._has_foreign(row):
                found.append(None)
                continue
            if clock is None:
                found.append(self._obstacle)
                continue
            register: str | Unknown | None = None
            if row.hour >= 0:
                table = tables.get(row.day)
                if table is None:
                    table = tables[row.day] = clock.hours(row.day)
                register = table[row.hour]
            if register is None:
                spans = clock.spans(row.energy.start, row.energy.end)
                if isinstance(spans, Unknown):
                    register = spans
                else:
                    cuts[place] = spans
                    register = spans[0].register
            found.append(register)
        self._minutes.want((span.start, span.end) for spans in cuts.values() if len(spans) > 1 for span in spans)
        for place, (row, register) in enumerate(zip(rows, found, strict=True)):
            if register is None:
                yield row, None
            elif isinstance(register, Unknown | Obstacle):
                self.missing[register] += round(row.known)
            else:
                foreign = row.drawn if row.contract is not None else self._foreign(row.energy)
                cut = cuts.get(place)
                yield row, {register: foreign} if cut is None else self._by_clock(0, cut, foreign)

    def _has_foreign(self, row: HourRow) -> bool:
        return row.contract is None and any(contract_of_register(name) not in self._own for name in row.energy.wh)

    def _foreign(self, energy: Energy) -> int:
        return sum(wh for name, wh in energy.wh.items() if contract_of_register(name) not in self._own)

    def _others(self, energy: Energy, row: HourRow) -> tuple[dict[str, int], dict[str, int]]:
        """What registers counted that stay as they are, and the estimated part of it."""
        if row.contract is not None and len(energy.wh) == 1 and not energy.estimated:
            return {}, {}
        kept = [name for name in energy.wh if contract_of_register(name) in self._own]
        return (
            {name: energy.wh[name] for name in kept},
            {name: energy.estimated[name] for name in kept if name in energy.estimated},
        )

    @property
    def reason(self) -> str | None:
        """Why some of the energy taken so far could not be split, for a person; None when all could."""
        if not self.missing:
            return None
        obstacle, seconds = self.missing.most_common(1)[0]
        match obstacle:
            case Unknown.HOURS:
                return _("Your off-peak hours are not known: set off_peak in [tariff].")
            case Unknown.SEASON:
                return _("Your off-peak hours are known for part of the year only: complete off_peak in [tariff].")
            case Unknown.COLOURS:
                days = max(1, round(seconds / DAY))
                return ngettext(
                    "The colour of {days} day is unknown: only a meter with a Tempo contract reports it.",
                    "The colour of {days} days is unknown: only a meter with a Tempo contract reports it.",
                    days,
                ).format(days=number(days))
            case Unknown.UNCOVERED:
                return _("The calendar has no period for some of the time: complete it in [[tariff.calendars]].")
            case Obstacle.PEAK_DAYS:
                return _("EJP peak days are unknown: only a meter with an EJP contract reports them.")
            case Obstacle.OWN_CALENDAR:
                return why_own_calendar()

    def register_at(self, at: float) -> str | None:
        """The register that counts at a moment; None where it is not known."""
        spans = self._clock.spans(at, at + 1) if self._clock is not None else None
        return spans[0].register if isinstance(spans, list) else None

    def _by_clock(self, origin: Timestamp, spans: list[Span], wh: int) -> dict[str, int]:
        """Wh by register; by the minute where minutes are recorded, else by the time that passed.

        Spans are in seconds from the origin.
        """
        if len(spans) == 2:
            (start, cut, early), (_cut, end, late) = spans
            middle = origin + cut
            before, after = self._minutes[origin + start, middle], self._minutes[middle, origin + end]
            rest = max(0, wh - before - after)
            first = min(wh, before + round(rest * (cut - start) / (end - start)))
            return {early: first, late: wh - first} if early != late else {early: wh}
        seconds: dict[str, float] = {}
        for span in spans:
            seconds[span.register] = seconds.get(span.register, 0.0) + span.end - span.start
        if len(seconds) == 1:
            return dict.fromkeys(seconds, wh)
        seen = dict.fromkeys(seconds, 0)
        for span in spans:
            seen[span.register] += self._minutes[origin + span.start, origin + span.end]
        rest = max(0, wh - sum(seen.values()))
        spread = _spread(rest, list(seconds.values()))
        shares: dict[str, int] = {}
        left = wh
        for register, more in zip(seconds, spread, strict=True):
            shares[register] = min(left, seen[register] + more)
            left -= shares[register]
        return shares


def why_own_calendar() -> str:
    """Why energy cannot be split by a supplier's own calendar, for a person."""
    return _("Only a meter with this offer knows when its registers count.")


def _spread(total: int, weights: list[float] | list[int]) -> list[int]:
    """A number of Wh in proportion to weights; the sum is exact."""
    whole = sum(weights)
    parts, given, weight = [], 0, 0.0
    for each in weights:
        weight += each
        upto = round(total * weight / whole) if whole else 0
        parts.append(upto - given)
        given = upto
    if parts and not whole:
        parts[-1] = total
    return parts
