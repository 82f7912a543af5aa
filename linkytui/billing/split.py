"""Splits energy by the clock, the way the registers of another option or calendar would have counted it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.billing.record import Record
from linkytui.civil.days import DAY
from linkytui.i18n import _, ngettext, number
from linkytui.reading.contracts import Contract
from linkytui.tariffs.calendars.calendar import Calendar, CalendarClock, Span, Unknown
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
        self._record = record
        self._obstacle = Obstacle.PEAK_DAYS if target.option is Contract.EJP else Obstacle.OWN_CALENDAR
        calendar = target.calendar or CALENDARS.get(target.option)
        # Tempo is the same all over France; other hours are those of the address.
        zone = PARIS if target.option is Contract.TEMPO else record.zone
        self._clock = CalendarClock(calendar, zone, record.off_peak, record.colours) if calendar is not None else None

    def apply(self, energies: Iterable[Energy]) -> Iterator[Energy]:
        """The energy by the option's registers; times whose energy cannot be split are left out."""
        for energy in energies:
            foreign = {name: wh for name, wh in energy.wh.items() if contract_of_register(name) not in self._own}
            if not foreign:
                yield energy
                continue
            own = {name: wh for name, wh in energy.wh.items() if name not in foreign}
            shares = self._shares(energy, sum(foreign.values()))
            if isinstance(shares, StrEnum):
                self.missing[shares] += round(energy.known)
                continue
            marked = energy.estimated
            if marked:
                estimated = sum(wh for name, wh in marked.items() if name in foreign)
                marked = {name: wh for name, wh in marked.items() if name not in foreign}
                for name, part in zip(shares, _spread(estimated, list(shares.values())), strict=True):
                    marked[name] = marked.get(name, 0) + part
            for name, wh in shares.items():
                own[name] = own.get(name, 0) + wh
            yield energy._replace(wh=own, estimated=marked)

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

    def _shares(self, energy: Energy, wh: int) -> dict[str, int] | Obstacle | Unknown:
        """Wh by register of the option."""
        if self._clock is None:
            return self._obstacle
        spans = self._clock.spans(energy.start, energy.end)
        if isinstance(spans, Unknown):
            return spans
        return {spans[0].register: wh} if len(spans) == 1 else self._by_clock(spans, wh)

    def _by_clock(self, spans: list[Span], wh: int) -> dict[str, int]:
        """Wh by register; by the minute where minutes are recorded, else by the time that passed."""
        seconds: dict[str, float] = {}
        for span in spans:
            seconds[span.register] = seconds.get(span.register, 0.0) + span.end - span.start
        if len(seconds) == 1:
            return dict.fromkeys(seconds, wh)
        seen = dict.fromkeys(seconds, 0)
        for minute in self._record.minutes(spans[0].start, spans[-1].end):
            register = next((span.register for span in spans if span.start <= minute.start < span.end), None)
            if register is not None:
                seen[register] += minute.wh
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
