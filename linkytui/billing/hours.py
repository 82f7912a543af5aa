"""The household's hours: what the meter said of them, what the person set, and what the record shows."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from linkytui.billing.kept_hours import read_hours
from linkytui.civil.days import DAY, ONE_DAY, local
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.tempo import season
from linkytui.civil.times import Timestamp
from linkytui.reading.ahead import Outlook
from linkytui.reading.contracts import INJECTED, Contract
from linkytui.reading.learned import DAYS_BACK, SeenMinute, Windows, as_off_peak, learn
from linkytui.reading.meter_hours import KnownHours, MeterHours
from linkytui.reading.model import Reading
from linkytui.reading.outlook import Hours, outlook
from linkytui.tariffs.tempo_calendar import TempoColours, read_tempo
from linkytui.tic.horodate import PARIS
from linkytui.tic.labels import Mode
from linkytui.tic.status import Colour

if TYPE_CHECKING:
    from linkytui.billing.account import Account
    from linkytui.history.reader import HistoryReader
    from linkytui.history.results import MinuteRow


def hours_of(account: "Account", now: Timestamp, *, learned: bool = True) -> Hours:
    """What is known beside the meter's word. `learned`: whether to look through the record, which takes a while.

    Raises HistoryError: the history cannot be read.
    """
    tariff, reader = account.settings.tariff, account.reader
    windows = learned_hours(reader, now) if learned else None
    calendar = read_tempo() if tariff.tempo_calendar else TempoColours()
    return Hours(
        calendar=calendar.source,
        calendar_trouble=calendar.trouble,
        settings=OffPeak.of(tariff.off_peak),
        learned=None if windows is None else as_off_peak(windows),
        option=Contract(tariff.option) if tariff.option else None,
        colours=known_colours(reader, calendar, now),
        zone=account.zone,
    )


def kept_hours(reader: "HistoryReader") -> KnownHours:
    """What was kept of the meter's word."""
    return read_hours(reader.folder)


def known_colours(reader: "HistoryReader", calendar: TempoColours, now: Timestamp) -> Mapping[date, Colour]:
    """The colours of this season's Tempo days, tomorrow's too once it was announced: the meter's as they are recorded,
    else a public calendar's where the person wants that asked.
    """
    today = local(now, PARIS).date()
    first, _end = season(today - ONE_DAY)
    return calendar.colours | reader.colours(first, today + 2 * ONE_DAY)


def learned_hours(reader: "HistoryReader", now: Timestamp) -> Windows | None:
    """The off-peak hours that the last days of the record show."""
    return learn(seen_minutes(reader.minutes(now - (DAYS_BACK + 1) * DAY, now)), reader.zone)


def seen_minutes(rows: Iterable["MinuteRow"]) -> list[SeenMinute]:
    """The minutes of a record in which registers of peak and off-peak hours counted."""
    seen: list[SeenMinute] = []
    for row in rows:
        if not row.frames or row.register == INJECTED or row.register[:2] not in ("HC", "HP"):
            continue
        minute = SeenMinute(row.start, row.register.startswith("HC"))
        if not seen or seen[-1].start != minute.start:
            seen.append(minute)
        elif minute.off_peak is not seen[-1].off_peak:
            # Both counted in this minute: after the switch counts what did not count in the minute before.
            before = seen[-2].off_peak if len(seen) > 1 else minute.off_peak
            seen[-1] = SeenMinute(minute.start, not before)
    return seen


def recorded_outlook(account: "Account", hours: Hours, now: Timestamp) -> Outlook | None:
    """The periods ahead without asking the meter: as it said last, else as set or learned.

    Raises HistoryError: the history cannot be read.
    """
    meters = sorted((meter for meter in account.reader.meters() if meter.contract), key=lambda meter: meter.last_at)
    if not meters:
        return None
    last = meters[-1]
    known = read_hours(account.reader.folder)
    meter = MeterHours(known if known.meter_id == last.number else None)
    latest = Reading(
        at=now,
        mode=Mode.STANDARD,
        meter_id=last.number,
        contract=last.contract,
        calendar=meter.known.calendar,
        meter_time=local(now, PARIS),
    )
    return outlook(latest, meter, hours, now)
