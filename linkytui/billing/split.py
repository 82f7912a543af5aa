"""Splits energy the way another option's registers would have counted it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from linkytui.billing.energy import Energy, contract_of_register
from linkytui.billing.record import Record
from linkytui.civil.days import DAY
from linkytui.civil.off_peak import Piece
from linkytui.civil.tempo import TEMPO_HOURS, colour_of, register, tempo_day
from linkytui.i18n import _, ngettext, number
from linkytui.reading.contracts import Contract
from linkytui.tic.horodate import PARIS


class Obstacle(StrEnum):
    """Why energy cannot be split."""

    HOURS = "hours"  # the off-peak hours are not known
    SEASON = "season"  # the off-peak hours are known for another part of the year only
    COLOURS = "colours"  # the colour of the Tempo day is not known
    PEAK_DAYS = "peak days"  # only an EJP meter tells the peak days of EJP
    OWN_CALENDAR = "own calendar"  # only the meter tells when the registers of a supplier's own calendar count


class Split:
    """Splits energy anew for one option. What the option's own registers counted stays as it was counted."""

    def __init__(self, option: Contract, record: Record) -> None:
        """Its registers are to count; the record knows the zone, the off-peak hours, the colours and the minutes."""
        self.option = option
        self.missing: Counter[Obstacle] = Counter()
        """Seconds of the energy taken so far that could not be split, by reason."""
        self._record = record

    def apply(self, energies: Iterable[Energy]) -> Iterator[Energy]:
        """The energy by the option's registers; times whose energy cannot be split are left out."""
        for energy in energies:
            foreign = {
                name: wh for name, wh in energy.wh.items() if contract_of_register(name) not in (self.option, None)
            }
            if not foreign:
                yield energy
                continue
            own = {name: wh for name, wh in energy.wh.items() if name not in foreign}
            shares = self._shares(energy, sum(foreign.values()))
            if isinstance(shares, Obstacle):
                self.missing[shares] += round(energy.known)
                continue
            estimated = sum(wh for name, wh in energy.estimated.items() if name in foreign)
            marked = {name: wh for name, wh in energy.estimated.items() if name not in foreign}
            for name, part in zip(shares, _spread(estimated, list(shares.values())), strict=True):
                own[name] = own.get(name, 0) + shares[name]
                if estimated:
                    marked[name] = marked.get(name, 0) + part
            yield energy._replace(wh=own, estimated=marked)

    @property
    def reason(self) -> str | None:
        """Why some of the energy taken so far could not be split, for a person; None when all could."""
        if not self.missing:
            return None
        obstacle, seconds = self.missing.most_common(1)[0]
        match obstacle:
            case Obstacle.HOURS:
                return _("Your off-peak hours are not known: set off_peak in [tariff].")
            case Obstacle.SEASON:
                return _("Your off-peak hours are known for part of the year only: complete off_peak in [tariff].")
            case Obstacle.COLOURS:
                days = max(1, round(seconds / DAY))
                return ngettext(
                    "The colour of {days} day is unknown: only a meter with a Tempo contract reports it.",
                    "The colour of {days} days is unknown: only a meter with a Tempo contract reports it.",
                    days,
                ).format(days=number(days))
            case Obstacle.PEAK_DAYS:
                return _("EJP peak days are unknown: only a meter with an EJP contract reports them.")
            case Obstacle.OWN_CALENDAR:
                return why_own_calendar()

    def _shares(self, energy: Energy, wh: int) -> dict[str, int] | Obstacle:
        """Wh by register of the option."""
        match self.option:
            case Contract.BASE:
                return {"BASE": wh}
            case Contract.HPHC:
                if self._record.off_peak is None:
                    return Obstacle.HOURS
                pieces = self._record.off_peak.pieces(energy.start, energy.end, self._record.zone)
                if pieces is None:
                    return Obstacle.SEASON
                low, high = self._by_clock(pieces, wh)
                return {"HC": low, "HP": high}
            case Contract.TEMPO:
                colour = colour_of(tempo_day(energy.start), self._record.colours)
                hours = TEMPO_HOURS.pieces(energy.start, energy.end, PARIS)
                if colour is None or hours is None:
                    return Obstacle.COLOURS
                low, high = self._by_clock(hours, wh)
                return {register(colour, off_peak=True): low, register(colour, off_peak=False): high}
            case Contract.EJP:
                return Obstacle.PEAK_DAYS
            case Contract.OTHER:
                return Obstacle.OWN_CALENDAR

    def _by_clock(self, pieces: list[Piece], wh: int) -> tuple[int, int]:
        """Wh in off-peak hours and outside; by the minute where minutes are recorded, else by the time that passed."""
        seconds = [0.0, 0.0]
        for piece in pieces:
            seconds[piece.off_peak] += piece.end - piece.start
        if not seconds[0] or not seconds[1]:
            return (wh, 0) if seconds[1] else (0, wh)
        seen = [0, 0]
        for minute in self._record.minutes(pieces[0].start, pieces[-1].end):
            place = next((piece.off_peak for piece in pieces if piece.start <= minute.start < piece.end), False)
            seen[place] += minute.wh
        rest = max(0, wh - sum(seen))
        low = min(wh, seen[True] + _spread(rest, seconds)[True])
        return low, wh - low


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
