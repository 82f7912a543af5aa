"""The picture in the README: one household throughout, its past, its last minutes and its bill."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from textual.pilot import Pilot

from linkytui.history import HistoryReader, Importer
from linkytui.reading import Contract, Meter
from linkytui.settings.model import Settings, TariffSettings
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import FrameReader
from linkytui.tui.app import LinkyApp
from linkytui.tui.messages import FramesArrived, LinkChanged, PowerSample
from tests.tui.screens.conftest import make_app, settle
from tests.tui.screens.past import kept
from tests.tui.screens.states import LIVE, NOW
from tests.tui.screens.test_look import SIZES

_PAST = 40 * 86_400.0
_STEP = 60.0
_STRIP = 900.0
_BETWEEN_FRAMES = 2.0

Compare = Callable[..., bool]


def _household() -> SimulatedMeter:
    return SimulatedMeter(Contract.TEMPO, start=NOW - _PAST, seed=247)


async def _last_minutes(pilot: Pilot[None]) -> None:
    """Post what the meter said up to now, as the reading thread would."""
    simulated, reader, meter = _household(), FrameReader(), Meter()
    points = []
    at = NOW - _STRIP
    while at < NOW:
        for frame in reader.feed(simulated.frame(at)):
            reading = meter.observe(frame, at)
            points.append(PowerSample(at, reading.power or 0, reading.period))
        at += _BETWEEN_FRAMES
    latest = meter.latest
    assert latest is not None
    await settle(pilot)
    pilot.app.post_message(FramesArrived(latest, tuple(points), dict(meter.labels)))
    pilot.app.post_message(LinkChanged(LIVE))
    await pilot.pause()
    app = pilot.app
    assert isinstance(app, LinkyApp)
    app.ask_history()
    await settle(pilot)


def test_the_picture_in_the_readme(tmp_path: Path, snap_compare: Compare) -> None:
    with Importer(tmp_path / "history", now=NOW, gap_seconds=2 * _STEP) as importer:
        importer.import_samples(kept(row, Contract.TEMPO) for row in _household().samples(NOW, _STEP))
    history = HistoryReader(tmp_path / "history", ZoneInfo("Europe/Paris"))
    settings = replace(Settings(), tariff=TariffSettings(provider="EDF", offer="Tarif Bleu"))
    app = make_app(history=history, book=tmp_path / "book.json")
    app.session.settings = settings
    assert snap_compare(app, terminal_size=SIZES["120x40"], run_before=_last_minutes)
