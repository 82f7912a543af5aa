"""Reads the energy for bills from the history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from linkytui.billing.energy import Energy
from linkytui.billing.invoice import Index
from linkytui.billing.record import MinuteEnergy, MinuteSums, Record
from linkytui.civil.days import HOUR, MINUTE, ONE_DAY, local
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import INJECTED, Contract

if TYPE_CHECKING:
    from linkytui.history.reader import HistoryReader
    from linkytui.history.results import GapSpan, HourEnergy


class Connection(NamedTuple):
    """What the history knows of the household's connection to the grid."""

    contract: Contract | None  # what the meter said last
    subscribed_kva: float | None
    """The meter's limit; the breaker's threshold where that is higher than the subscribed power."""


def connection_of(reader: "HistoryReader") -> Connection:
    """The contract and the power of the meter that was recorded last; what others counted has no contract.

    Raises HistoryError: the history cannot be read.
    """
    meters = sorted((meter for meter in reader.meters() if meter.contract), key=lambda meter: meter.last_at)
    return Connection(meters[-1].contract, meters[-1].limit_kva) if meters else Connection(None, None)


def read_record(
    reader: "HistoryReader", times: Sequence[tuple[float, float]], zone: ZoneInfo, *, off_peak: OffPeak | None = None
) -> Record:
    """What is recorded of some times, each from and to, in order. Raises HistoryError: the history cannot be read."""
    whole = reader.recorded() or (0.0, 0.0)
    energies: list[Energy] = []
    for start, end in times:
        hours = reader.hours(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        energies += _energies(hours, reader.gaps(start, end), whole)
    first, last = local(times[0][0], zone).date(), local(times[-1][1], zone).date()
    return Record(
        zone=zone,
        energies=energies,
        # Tomorrow's colour is announced the evening before; the first hours of a day belong to the day before.
        colours=reader.colours(first - ONE_DAY, last + 2 * ONE_DAY),
        off_peak=off_peak,
        minutes=partial(_minutes, reader),
        sums=MinuteSums(reader.minute_sums),
    )


def read_indexes(reader: "HistoryReader", start: Timestamp, end: Timestamp) -> dict[str, Index]:
    """The registers of energy drawn at both ends of some time, of the meter that was read for most of it.

    Raises HistoryError: the history cannot be read.
    """
    meters = reader.meters()
    if not meters:
        return {}
    meter = max(meters, key=lambda meter: min(meter.last_at, end) - max(meter.first_at, start))
    first = reader.registers_at(start, meter.id) if meter.first_at <= start + MINUTE else {}
    last = reader.registers_at(end, meter.id) if meter.last_at > start else {}
    exact = not any(True for at in (start, end) for _gap in reader.gaps(at - MINUTE, at + MINUTE))
    found = {}
    for name, value in last.items():
        before = first.get(name)
        if name != INJECTED and value.wh:
            found[name] = Index(None if before is None else before.wh, value.wh, exact)
    return found


def _energies(hours: Iterable["HourEnergy"], gaps: Iterable["GapSpan"], whole: tuple[float, float]) -> Iterator[Energy]:
    first, last = whole
    coming = iter(gaps)
    gap = next(coming, None)
    for hour in hours:
        start, end = float(hour.start), float(hour.start + HOUR)
        if (start < first or last < end) and first <= end and start <= last:
            # The record may begin or end within the hour.
            start, end = max(start, first), min(end, last)
            if end <= start:
                continue
        without = 0.0
        while gap is not None and gap.start < end:
            without += max(0.0, min(gap.end, end) - max(gap.start, start))
            if gap.end > end:
                break
            gap = next(coming, None)
        wh = hour.wh
        if hour.injected_wh:
            wh = {**wh, INJECTED: hour.injected_wh}
        yield Energy(start, end, wh, _estimated(hour.wh, hour.estimated_wh), end - start - without)


def _estimated(wh: Mapping[str, int], estimated: int) -> dict[str, int]:
    """The estimated part by register: an hour's gap takes from each register what it takes from all."""
    total = sum(wh.values())
    if not estimated or not total:
        return {}
    parts: dict[str, int] = {}
    given = upto = 0
    for name, each in wh.items():
        upto += each
        part = estimated * upto // total - given
        given += part
        if part:
            parts[name] = part
    return parts


def _minutes(reader: "HistoryReader", start: Timestamp, end: Timestamp) -> Iterator[MinuteEnergy]:
    for row in reader.minutes(start, end):
        if row.register != INJECTED and row.wh:
            yield MinuteEnergy(row.start, row.wh)
