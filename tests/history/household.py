"""A small household with exact figures, for tests of the history."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, HistoryWriter, Sample
from linkytui.history.recorder import Recorder
from linkytui.history.samples import Heard
from linkytui.history.schema import FILE_NAME, open_for_writing
from linkytui.history.store import Store
from linkytui.reading import Contract

PARIS = ZoneInfo("Europe/Paris")
METER = "041234567890"


def at(text: str) -> float:
    """Seconds since 1970 of a moment of Paris, `2026-03-29 01:30`."""
    return moment(text).timestamp()


def moment(text: str) -> datetime:
    """A moment of Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def steady(
    start: float,
    end: float,
    *,
    watts: int = 1200,
    step: float = 10.0,
    base: int = 5_000_000,
    since: float | None = None,
    meter: str | None = METER,
    register: str = "BASE",
) -> Iterator[Sample]:
    """A meter whose register rises evenly: at 1200 W by one Wh every 3 s.

    `base` is what it said at `since`, which is `start` when it is not told.
    """
    origin = start if since is None else since
    for number in range(round((end - start) / step)):
        now = start + number * step
        yield Sample(
            at=now,
            power=watts,
            period=register,
            registers={register: base + int((now - origin) * watts) // 3600},
            meter=meter,
            contract=Contract.BASE,
            limit_kva=6.0,
        )


def record(folder: Path, samples: Iterator[Sample]) -> None:
    """Record samples whose times are true."""
    recorder = open_recorder(folder)
    assert recorder.record([Heard(sample, 0.0) for sample in samples]) == []
    recorder.store.connection.close()


def open_recorder(folder: Path, *, boot: str | None = None, raw_days: int = 7, minute_days: int = 730) -> Recorder:
    """A recorder on the file in a folder."""
    folder.mkdir(exist_ok=True)
    connection = open_for_writing(folder / FILE_NAME)
    connection.execute("PRAGMA synchronous = OFF")  # no test cuts the power
    return Recorder(Store(connection), boot, raw_days=raw_days, minute_days=minute_days)


def quiet_writer(folder: Path, **options: object) -> HistoryWriter:
    """A writer that writes only when it is told."""
    return HistoryWriter(folder, **{"flush_seconds": 3600.0, "monotonic": None, **options})  # type: ignore[arg-type]


def total(folder: Path) -> dict[str, int]:
    """Wh per register over all that is recorded, added up from its hours."""
    reader = HistoryReader(folder)
    known = reader.recorded()
    assert known is not None
    wh: dict[str, int] = {}
    start, end = (datetime.fromtimestamp(moment, PARIS) for moment in known)
    for hour in reader.hours(start, datetime.fromtimestamp(end.timestamp() + 3600, PARIS)):
        assert all(rise >= 0 for rise in hour.wh.values())
        assert 0 <= hour.estimated_wh <= sum(hour.wh.values())
        for name, rise in hour.wh.items():
            wh[name] = wh.get(name, 0) + rise
    for by in By:
        sums: dict[str, int] = {}
        for span in reader.spans(by, start, end):
            for name, rise in span.wh.items():
                sums[name] = sums.get(name, 0) + rise
        assert sums == wh, by
    return wh
