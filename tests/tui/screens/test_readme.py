"""The pictures in the README and the documents: one household throughout, its past, its last minutes and its bill."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from linkytui.history import HistoryReader, Importer
from linkytui.i18n import LANGUAGES, Language
from linkytui.reading import Contract, Meter
from linkytui.settings.model import TariffSettings
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
    return SimulatedMeter(Contract.HPHC, start=NOW - _PAST, seed=247)


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


def _pressing(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """The last minutes, then keys, each with its effect awaited."""

    async def run(pilot: Pilot[None]) -> None:
        await _last_minutes(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> HistoryReader:
    """What the household drew up to now."""
    folder = tmp_path_factory.mktemp("readme")
    with Importer(folder, now=NOW, gap_seconds=2 * _STEP) as importer:
        importer.import_samples(kept(row, Contract.HPHC) for row in _household().samples(NOW, _STEP))
    return HistoryReader(folder, ZoneInfo("Europe/Paris"))


def _app(past: HistoryReader, book: Path, spoken: Language) -> LinkyApp:
    app = make_app(spoken=spoken, history=past, book=book)
    tariff = TariffSettings(provider="EDF", offer="Tarif Bleu", off_peak=("22:30-06:30",))
    app.session.settings = replace(app.session.settings, tariff=tariff)
    return app


def test_the_picture_in_the_readme(past: HistoryReader, tmp_path: Path, snap_compare: Compare) -> None:
    app = _app(past, tmp_path / "book.json", "en")
    assert snap_compare(app, terminal_size=SIZES["120x40"], run_before=_last_minutes)


def test_the_picture_in_the_french_readme(past: HistoryReader, tmp_path: Path, snap_compare: Compare) -> None:
    app = _app(past, tmp_path / "book.json", "fr")
    assert snap_compare(app, terminal_size=SIZES["120x40"], run_before=_last_minutes)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize(
    ("size", "keys"),
    [("46x19", ""), ("120x40", "hn"), ("120x40", "hd"), ("120x40", "o")],
    ids=["phone", "month", "day", "offers"],
)
def test_pictures_in_the_documents(
    size: str, keys: str, spoken: Language, past: HistoryReader, tmp_path: Path, snap_compare: Compare
) -> None:
    app = _app(past, tmp_path / "book.json", spoken)
    assert snap_compare(app, terminal_size=SIZES[size], run_before=_pressing(*keys))
