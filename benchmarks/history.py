"""The history on a synthetic year: importing a month of frames, disk, and what the screens ask.

    python benchmarks/history.py [--contract tempo] [--folder DIR]

The year before is told every 10 s, the last month every 1.44 s: 1.8 million frames, as a meter in historic mode sends.
"""

import argparse
import asyncio
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from textual.screen import Screen

sys.path.insert(0, str(Path(__file__).parents[1]))

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, Importer, ImportReport, Sample
from linkytui.history.recorder import Recorder
from linkytui.history.samples import Heard
from linkytui.history.schema import FILE_NAME, open_for_writing
from linkytui.history.store import Store
from linkytui.reading import Contract
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import load_settings
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tui.app import LinkyApp
from linkytui.tui.screens.history import HistoryScreen
from linkytui.tui.session import Session

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2025, 11, 1, tzinfo=PARIS)
MONTH = datetime(2026, 10, 1, tzinfo=PARIS)
END = datetime(2026, 11, 1, tzinfo=PARIS)
FRAMES = 1_800_000


def frames(meter: SimulatedMeter, end: datetime, step: float) -> Iterator[Sample]:
    """What the meter says, frame by frame."""
    contract, number, limit = meter.calendar.contract, meter.meter_id, float(meter.subscribed_kva)
    for said in meter.samples(end.timestamp(), step):
        yield Sample(said.at, said.power, said.period, said.registers, None, number, contract, limit)


def memory() -> float:
    """MB that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def best(ask: Callable[[], object], times: int = 15) -> str:
    """Median and worst time of a question, in ms."""
    taken = []
    for _number in range(times):
        begin = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begin) * 1000)
    return f"{statistics.median(taken):6.1f} ms, worst {max(taken):6.1f} ms"


def size(folder: Path, *tables: str) -> float:
    """MB that tables and their indexes take."""
    with sqlite3.connect(folder / FILE_NAME) as connection:
        pages: dict[str, int] = {}
        try:
            rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
        except sqlite3.OperationalError:
            return float("nan")
        pages.update(rows.fetchall())
    return sum(size for name, size in pages.items() if not tables or name in tables) / 1e6


def fill(folder: Path, contract: Contract) -> None:
    """Import the eleven months, then the twelfth, and say what the latter took."""
    meter = SimulatedMeter(contract, start=START.timestamp())
    now = END.timestamp()
    with Importer(folder, now=now) as importer:
        importer.import_samples(frames(meter, MONTH, 10.0))
    before = (folder / FILE_NAME).stat().st_size
    step = (END - MONTH).total_seconds() / FRAMES
    meter = SimulatedMeter(contract, start=START.timestamp())
    readings: list[float] = []

    def note(_report: ImportReport) -> None:
        readings.append(memory())

    produced = _production_time(contract, step)
    begin = time.perf_counter()
    with Importer(folder, now=now) as importer:
        meter.advance(MONTH.timestamp())
        report = importer.import_samples(frames(meter, END, step), progress=note)
    taken = time.perf_counter() - begin
    growth = max(readings) - readings[len(readings) // 10]
    print(f"month of frames: {report.added:,} in {taken:.1f} s (limit 60), of which the simulator {produced:.1f} s")
    print(f"memory: {max(readings):.0f} MB, {growth:+.1f} MB over nine tenths of the import (limit: flat)")
    print(f"file: {before / 1e6:.1f} MB before the month, {(folder / FILE_NAME).stat().st_size / 1e6:.1f} MB after it")


def _production_time(contract: Contract, step: float) -> float:
    meter = SimulatedMeter(contract, start=MONTH.timestamp())
    begin = time.perf_counter()
    for _sample in frames(meter, MONTH + timedelta(days=3), step):
        pass
    return (time.perf_counter() - begin) * (END - MONTH).days / 3


def ask(folder: Path) -> None:
    """Time what screens and bills ask."""
    reader = HistoryReader(folder)
    october, september = (MONTH, END), (datetime(2026, 9, 1, tzinfo=PARIS), MONTH)
    noon = datetime(2026, 10, 20, 12, tzinfo=PARIS)
    midnight = datetime(2026, 10, 20, tzinfo=PARIS).timestamp()

    def month_view() -> None:
        for start, end in (october, september):
            reader.spans(By.DAY, start, end)
        reader.base_load(date(2026, 10, 1), date(2026, 10, 31))
        reader.gaps(MONTH.timestamp(), END.timestamp())

    print(f"year by months:  {best(lambda: reader.spans(By.MONTH, START, END))} (limit 50)")
    print(f"year by days:    {best(lambda: reader.spans(By.DAY, START, END))} (limit 50)")
    print(f"month view:      {best(month_view)} (limit 100): two months by days, base load, gaps")
    print(f"day by hours:    {best(lambda: reader.spans(By.HOUR, noon, noon + timedelta(days=1)))}")
    print(f"curve of a day:  {best(lambda: reader.curve(midnight, midnight + 86_400, 200))}")
    print(f"curve of a year: {best(lambda: reader.curve(START.timestamp(), END.timestamp(), 200), 3)}")
    print(f"today:           {best(lambda: reader.today(noon))}")
    print(f"hours of a year: {best(lambda: list(reader.hours(START, END)))} (for a bill)")
    print(f"registers then:  {best(lambda: reader.registers_at(midnight))}")


class _PastSession(Session):
    """A past, and nothing that comes; it is not billed."""

    keeps_history = True
    billed = False

    def __init__(self, history: HistoryReader, now: float) -> None:
        super().__init__(SettingsKeeper(load_settings({}), lambda: load_settings({})), now=lambda: now)
        self.history = history


class _TimedApp(LinkyApp):
    """Notes when it last drew something."""

    drawn_at = 0.0

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        self.drawn_at = time.perf_counter()


async def open_months(folder: Path) -> None:
    """Open the history screen, then month after month on it, and time each until it is drawn."""
    now = END.timestamp() - 60
    app = _TimedApp(_PastSession(HistoryReader(folder), now), environment={})
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()

        async def timed(go: Callable[[], object]) -> float:
            await pilot.pause()
            begin = time.perf_counter()
            go()
            await pilot.pause()
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.pause()
            return (app.drawn_at - begin) * 1000

        first = await timed(app.action_history)
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        taken = [await timed(lambda: screen.action_zoom("month"))]
        taken += [await timed(lambda: screen.action_move(-1)) for _number in range(10)]
        assert screen.shown is not None
        assert screen.shown.figures.total_wh > 0
    print(f"history screen:  {first:6.1f} ms for the first time, what it needs loaded included")
    print(f"month on screen: {statistics.median(taken):6.1f} ms, worst {max(taken):6.1f} ms (limit 200)")


def flushes(folder: Path, contract: Contract) -> None:
    """Time the flushes of a collector: seven frames each."""
    meter = SimulatedMeter(contract, start=END.timestamp())
    batch = [Heard(sample, 0.0) for sample in frames(meter, END + timedelta(minutes=30), 1.44)]
    recorder = Recorder(Store(open_for_writing(folder / FILE_NAME)), None, raw_days=7, minute_days=730)
    taken = []
    for place in range(0, len(batch), 7):
        begin = time.perf_counter()
        recorder.record(batch[place : place + 7])
        taken.append((time.perf_counter() - begin) * 1000)
    recorder.store.connection.close()
    print(f"a flush of 10 s: {statistics.median(taken):6.1f} ms, worst {max(taken):6.1f} ms, its sync included")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contract", choices=["base", "hphc", "tempo"], default="tempo")
    parser.add_argument("--folder", type=Path, help="keep the history there")
    options = parser.parse_args()
    contract = Contract[options.contract.upper()]
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        fill(folder, contract)
        total, raw = size(folder), size(folder, "samples", "samples_at")
        print(f"a year beside the raw tail: {total - raw:.1f} MB (limit 40); raw tail of 7 days: {raw:.1f} MB")
        for table in ("minutes", "hours"):
            print(f"  {table}: {size(folder, table):.1f} MB")
        ask(folder)
        asyncio.run(open_months(folder))
        flushes(folder, contract)


if __name__ == "__main__":
    main()
