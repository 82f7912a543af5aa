"""Runs an import, or a dry run that only says what it would do."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history.importing import Importer
from linkytui.history.reader import HistoryReader
from linkytui.history.samples import Sample
from linkytui.history.told import Told
from linkytui.i18n import _
from linkytui.imports.model import Hours, Older, Samples, SourceError

_TOLD_EVERY: Final = 500  # samples between two words on how far it is

_AHEAD: Final = 600.0  # seconds by which the clock of the records may be ahead of ours

_HOUR: Final = 3600
_PRM: Final = "PRM "
"""Begins the name of a meter that is known by its delivery point."""

ImportProgress = Callable[[float], None]
"""Is told the share that is done, from 0 to 1."""


@dataclass(slots=True)
class Outcome:
    """What was in the records, and what of it was new."""

    rows: int = 0
    """Samples or hours."""
    new: int = 0
    """Those whose time was not recorded yet, or less finely."""
    first_at: Timestamp | None = None
    """Seconds since 1970 at which they begin."""
    last_at: Timestamp | None = None
    """Seconds since 1970 at which they end."""
    wh: dict[str, int] = field(default_factory=dict)
    """Wh per register over all of them."""
    new_wh: dict[str, int] | None = None
    """Wh per register of the new ones, where rows are hours."""
    _last: dict[str, int] = field(default_factory=dict)

    def see_sample(self, sample: Sample) -> None:
        """Take a sample in."""
        self._see(sample.at, sample.at)
        for name, value in sample.registers.items():
            rise = value - self._last.get(name, value)
            self.wh[name] = self.wh.get(name, 0) + max(rise, 0)
            self._last[name] = value

    def see_told(self, told: Told, changed: set[int]) -> None:
        """Take in what somebody else counted.

        Args:
            told: in some stretch of time.
            changed: hours since 1970 that are new or other than they were.
        """
        hours = range(round(told.start) // _HOUR, round(told.end) // _HOUR)
        new = [hour for hour in hours if hour in changed]
        self._see(told.start, told.end, len(hours))
        self.new += len(new)
        self.new_wh = self.new_wh or {}
        for name, wh in told.wh.items():
            self.wh[name] = self.wh.get(name, 0) + wh
            self.new_wh[name] = self.new_wh.get(name, 0) + wh * len(new) // len(hours)

    def _see(self, start: float, end: float, rows: int = 1) -> None:
        self.rows += rows
        self.first_at = start if self.first_at is None else min(self.first_at, start)
        self.last_at = end if self.last_at is None else max(self.last_at, end)


def look_at(
    older: Older, reader: HistoryReader, *, now: Timestamp, progress: ImportProgress = lambda _share: None
) -> Outcome:
    """Say what taking these records in would do. Changes nothing, and may run while the history is written.

    Raises LinkytuiError: the records or the history cannot be read.
    """
    outcome = Outcome()
    for part, tell in _parts(older, progress):
        if isinstance(part, Hours):
            _refuse_other(part, reader)
            _refuse_future(part.told[-1].start, now)
            changed = reader.would_change(part.told)
            for told in part.told:
                outcome.see_told(told, changed)
        else:
            recorded = _Recorded(reader)
            for sample in _followed(part, tell, now):
                outcome.new += sample.at not in recorded
                outcome.see_sample(sample)
    return outcome


def take_in(
    older: Older,
    reader: HistoryReader,
    *,
    now: Timestamp,
    raw_days: int,
    minute_days: int,
    progress: ImportProgress = lambda _share: None,
) -> Outcome:
    """Take these records in. What is recorded already stays as it is; after an interruption it goes on where it was.

    `raw_days`: days for which single samples are kept; `minute_days`: days for which minutes are kept. Raises
    LinkytuiError: the records cannot be read, the history cannot be written, or another program writes it.
    """
    outcome = Outcome()
    for part, tell in _parts(older, progress):
        if isinstance(part, Samples):
            _refuse_twice(part, reader)
        else:
            _refuse_other(part, reader)
            _refuse_future(part.told[-1].start, now)
        gap_seconds = 120.0 if isinstance(part, Hours) else part.gap_seconds
        with _importer(reader.folder, raw_days, minute_days, gap_seconds) as importer:
            if isinstance(part, Hours):
                importer.import_told(part.told, part.meter)
                for told in part.told:
                    outcome.see_told(told, importer.changed)
            else:
                outcome.new += importer.import_samples(_seen(_followed(part, tell, now), outcome)).added
    return outcome


def _importer(folder: Path, raw_days: int, minute_days: int, gap_seconds: float) -> Importer:
    try:
        return Importer(folder, raw_days=raw_days, minute_days=minute_days, gap_seconds=gap_seconds)
    except HistoryError as error:
        if isinstance(error.__cause__, BlockingIOError):
            text = _("{reason}: stop it (as a service: systemctl stop linkytui), import, and start it again.")
            raise HistoryError(text.format(reason=error)) from error
        if isinstance(error.__cause__, PermissionError):
            text = _("{reason}: import as the user who owns the history, with sudo -u.")
            raise HistoryError(text.format(reason=error)) from error
        raise


def _parts(older: Older, progress: ImportProgress) -> Iterator[tuple[Samples | Hours, ImportProgress]]:
    """Each part, and whom to tell how far it is: parts count by their duration."""
    lengths = [max(part.end - part.start, 1.0) if isinstance(part, Samples) else 1.0 for part in older.parts]
    done, whole = 0.0, sum(lengths)
    for part, length in zip(older.parts, lengths, strict=True):

        def tell(share: float, done: float = done, length: float = length) -> None:
            progress((done + length * share) / whole)

        yield part, tell
        done += length
        progress(done / whole)


def _followed(part: Samples, tell: ImportProgress, now: Timestamp) -> Iterator[Sample]:
    for number, sample in enumerate(part.read()):
        _refuse_future(sample.at, now)
        if number % _TOLD_EVERY == 0 and part.end > part.start:
            tell(min(max((sample.at - part.start) / (part.end - part.start), 0.0), 1.0))
        yield sample


def _seen(samples: Iterable[Sample], outcome: Outcome) -> Iterator[Sample]:
    for sample in samples:
        outcome.see_sample(sample)
        yield sample


class _Recorded:
    """The times of which there is a record."""

    def __init__(self, reader: HistoryReader) -> None:
        recorded = reader.recorded()
        self._edges: list[float] = []
        if recorded is not None:
            self._edges.append(recorded[0])
            for gap in reader.gaps(*recorded):
                self._edges += [gap.start, gap.end]
            self._edges.append(recorded[1])

    def __contains__(self, at: Timestamp) -> bool:
        place = bisect_right(self._edges, at)
        return place % 2 == 1 or (place > 0 and self._edges[place - 1] == at)


def _refuse_future(at: Timestamp, now: Timestamp) -> None:
    """See that a moment is none that is still to come: what is recorded then would make the clock look wrong.

    Raises SourceError: it is.
    """
    if at > now + _AHEAD:
        text = _("Records dated {date} are in the future: check this machine's clock, and --start if you gave it.")
        raise SourceError(text.format(date=f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"))


def _refuse_other(part: Hours, reader: HistoryReader) -> None:
    """See that no other delivery point was told at that time: two homes are no one's consumption.

    Raises:
        SourceError: one was.
    """
    if not part.meter.startswith(_PRM):
        return
    for meter in reader.meters():
        if not meter.number.startswith(_PRM) or meter.number == part.meter:
            continue
        if meter.first_at < part.told[-1].end and part.told[0].start < meter.last_at:
            text = _(
                "This is {this}, but the history has {other} at that time: two homes cannot be mixed. Remove the wrong "
                "one first, as in linkytui history forget --from 2026-01-01 --to 2026-01-31."
            )
            raise SourceError(text.format(this=part.meter, other=meter.number))


def _refuse_twice(part: Samples, reader: HistoryReader) -> None:
    """See that no other meter's registers were recorded at that time; SourceError when some were."""
    if part.meter is None:
        return
    for meter in reader.meters():
        own = meter.number in ("", part.meter)
        if own or not reader.registers_at(meter.last_at, meter.id):
            continue
        if meter.first_at < part.end and part.start < meter.last_at:
            text = _(
                "This is meter {this}, but the history has meter {other} at that time: energy would count twice. "
                "Nothing was imported."
            )
            raise SourceError(text.format(this=part.meter, other=meter.number))
