"""The periods ahead from all that is known: the meter's profile, the settings, what was learned, Tempo's colours."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from functools import partial
from typing import Final

from linkytui.civil.days import DAY, HOUR, ONE_DAY, local
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.tempo import DAY_START, colour_of, register, tempo_day
from linkytui.civil.times import Timestamp
from linkytui.reading.ahead import Origin, Outlook, Period, Stretch, Turn, look_ahead
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.meter_hours import EDGE, MeterHours
from linkytui.reading.model import Reading
from linkytui.tic.horodate import PARIS
from linkytui.tic.status import Colour

_OWN_CALENDARS: Final[Mapping[str, Mapping[int, bool]]] = {"HC ET WEEK-END": {1: True, 2: False}}
"""Which registers are off-peak (True) and peak in suppliers' calendars of which that is known, by NGTF."""

_OFF_PEAK_NUMBERS: Final[Mapping[str, frozenset[int]]] = {
    "HC ET WEEK-END": frozenset({1}),
    "HC SEM WE MERCR": frozenset({1, 3, 5}),
}
_PEAK_COLOURS: Final = {1: Colour.WHITE, 2: Colour.RED}  # mobile peaks of Tempo, by number


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What is known of a household's hours beside what the meter says."""

    settings: OffPeak | None = None  # as the person set them
    learned: OffPeak | None = None  # from the switches in the record
    option: Contract | None = None  # the option that the person set
    colours: Mapping[date, Colour] = field(default_factory=dict)  # of Tempo days, from elsewhere than the meter
    calendar: str = ""  # the public calendar that told some of these colours; empty where none is asked
    calendar_trouble: str = ""  # why it did not answer, in one line; empty when it did
    zone: tzinfo = PARIS  # whose clock the settings and the record mean


def is_off_peak(reading: Reading) -> bool | None:
    """Whether off-peak hours run now, as the meter says; None where its contract has none, or it does not say."""
    match reading.contract:
        case Contract.HPHC | Contract.TEMPO if reading.period is not None:
            return reading.period.startswith("HC")
        case Contract.OTHER if reading.register_number is not None:
            numbers = _OFF_PEAK_NUMBERS.get((reading.calendar or "").upper())
            return None if numbers is None else reading.register_number in numbers
    return None


def meter_now(latest: Reading, now: Timestamp) -> Timestamp:
    """The moment by the meter's clock, by which it switches; the machine's where the meter says none."""
    if latest.meter_time is None:
        return now
    return latest.meter_time.timestamp() + max(0.0, now - latest.at)


def outlook(latest: Reading, meter: MeterHours, hours: Hours, now: Timestamp) -> Outlook | None:
    """The periods from a moment on, by the best that is known of the hours.

    The meter's own profile first; then what the person set, unless the record of the last days shows other hours; then
    what was learned. Nothing is told that the running period contradicts, and nothing from a guess.
    """
    told = _by_meter(latest, meter, hours, meter_now(latest, now))
    if told is not None and not told.from_tomorrow:
        return told
    by_clock = [(hours.settings, Origin.SETTINGS), (hours.learned, Origin.LEARNED)]
    if hours.settings is not None and hours.learned is not None:
        by_clock.sort(key=lambda each: each[1] is Origin.SETTINGS and not _same(hours, now))
    for windows, origin in by_clock:
        if windows is not None and (found := _by_clock(latest, windows, origin, hours, now)) is not None:
            return found
    return told


def _same(hours: Hours, now: Timestamp) -> bool:
    """Whether what was set is what was learned, to some minutes."""
    if hours.settings is None or hours.learned is None:
        return True
    today = local(now, hours.zone).date()
    told, seen = hours.settings.windows(today), hours.learned.windows(today)
    if told is None or seen is None or len(told) != len(seen):
        return told is None or seen is None
    return all(
        abs(a - b) <= 2 * EDGE for one, other in zip(told, seen, strict=True) for a, b in zip(one, other, strict=True)
    )


# The meter ----------------------------------------------------------------------------------------------------------


def _by_meter(latest: Reading, meter: MeterHours, hours: Hours, now: Timestamp) -> Outlook | None:
    if latest.meter_time is None or latest.meter_id != meter.known.meter_id:
        return None
    if latest.contract is Contract.EJP:
        return _ejp(latest, now)
    if latest.contract in (None, Contract.BASE) or meter.one_price:
        return None
    colours = _colours(latest, hours, now)

    def turns(day: date) -> tuple[Turn, ...] | None:
        switches = meter.day(day, latest)
        if switches is None:
            return None
        if latest.contract is Contract.TEMPO:
            return _tempo_turns(day, [(second, number % 2 == 1) for second, number in switches], colours)
        return tuple(Turn(second, _period(latest, number)) for second, number in switches)

    found = look_ahead(turns, Origin.METER, now, PARIS)
    if found is None or (found.from_tomorrow and latest.day_number == latest.next_day_number):
        return None  # a day like the next one, whose hours the running register contradicts
    return replace(found, names=dict(meter.known.names))


def _period(latest: Reading, number: int) -> Period:
    names = REGISTERS[latest.contract or Contract.OTHER]
    name = names[number - 1] if number <= len(names) else REGISTERS[Contract.OTHER][number - 1]
    if latest.contract is Contract.HPHC:
        return Period(name, {"HC": True, "HP": False}.get(name))
    return Period(name, _OWN_CALENDARS.get((latest.calendar or "").upper(), {}).get(number))


def _ejp(latest: Reading, now: Timestamp) -> Outlook | None:
    """A mobile peak that runs or is told, and what is before and after it."""
    peak = latest.peak
    if peak is None or peak.end is None or (peak.start is None and not peak.running):
        return None
    normal, dear = Period("HN", None), Period("PM", None)
    start = now if peak.start is None or peak.running else max(now, peak.start.timestamp())
    end = peak.end.timestamp()
    if end <= start:
        return None
    stretches = [Stretch(start, end, dear, ends=True, sure=True)]
    if start > now:
        stretches.insert(0, Stretch(now, start, normal, ends=True, sure=True))
    stretches.append(Stretch(end, end, normal, ends=False, sure=True))
    return Outlook(origin=Origin.METER, stretches=tuple(stretches))


# Tempo --------------------------------------------------------------------------------------------------------------


def _colours(latest: Reading, hours: Hours, now: Timestamp) -> dict[date, Colour]:
    """What is known of the Tempo days around now; the meter's word counts most."""
    colours = dict(hours.colours)
    if latest.contract is not Contract.TEMPO:
        return colours
    day = tempo_day(now)
    peak = latest.peak
    if peak is not None and peak.start is not None and peak.number in _PEAK_COLOURS:
        colours[tempo_day(peak.start.timestamp())] = _PEAK_COLOURS[peak.number]
    if latest.tomorrow is not None:
        colours[day + ONE_DAY] = latest.tomorrow
    if latest.today is not None:
        colours[day] = latest.today
    return colours


def _tempo_turns(day: date, switches: list[tuple[int, bool]], colours: Mapping[date, Colour]) -> tuple[Turn, ...]:
    """A day's off-peak and peak hours with the colours of the two Tempo days that share it."""
    change = DAY_START * HOUR
    edges = sorted({second for second, _off_peak in switches} | {change})
    turns = []
    for second in edges:
        off_peak = next(each for start, each in reversed(switches) if start <= second)
        colour = colour_of(day if second >= change else day - ONE_DAY, colours)
        turns.append(Turn(second, Period(None if colour is None else register(colour, off_peak=off_peak), off_peak)))
    return tuple(turns)


# The settings, and what was learned ---------------------------------------------------------------------------------


def _by_clock(latest: Reading, windows: OffPeak, origin: Origin, hours: Hours, now: Timestamp) -> Outlook | None:
    """Off-peak hours by the clock, where the contract has such hours and the running period does not contradict."""
    contract = latest.contract
    if contract is Contract.BASE and hours.option is Contract.HPHC:
        contract = Contract.HPHC  # the meter counts all in one register, the bill does not
    if contract not in (Contract.HPHC, Contract.TEMPO):
        return None
    turns = partial(_clock_turns, windows=windows, contract=contract, colours=_colours(latest, hours, now))
    found = look_ahead(turns, origin, now, hours.zone)
    running = is_off_peak(latest)
    if found is None or found.from_tomorrow or running is None or found.stretches[0].period.off_peak is running:
        return found
    clock = local(now, hours.zone)
    here = clock.hour * HOUR + clock.minute * 60 + clock.second
    edges = {edge % DAY for window in windows.windows(clock.date()) or () for edge in window}
    # Around a switch the two clocks may disagree for a moment.
    return found if any(min(abs(here - edge), DAY - abs(here - edge)) <= EDGE for edge in edges) else None


def _clock_turns(
    day: date, *, windows: OffPeak, contract: Contract, colours: Mapping[date, Colour]
) -> tuple[Turn, ...] | None:
    here = windows.windows(day)
    if here is None:
        return None
    edges = sorted({0} | {edge for window in here for edge in window if edge < DAY})
    switches = [(edge, any(first <= edge < last for first, last in here)) for edge in edges]
    if contract is Contract.TEMPO:
        return _tempo_turns(day, switches, colours)
    return tuple(Turn(edge, Period("HC" if off_peak else "HP", off_peak)) for edge, off_peak in switches)
