"""A made-up year for the screens: hours long ago, minutes of late, so that it is quickly recorded."""

from collections.abc import Iterator
from pathlib import Path

from linkytui.history import Importer, Sample
from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from tests.tui.screens.past import kept
from tests.tui.screens.states import NOW

_DAY = 86_400.0
_COARSE, _FINE = 3600.0, 120.0
_BEGIN, _LATELY = NOW - 400 * _DAY, NOW - 2 * _DAY


def record_year(folder: Path, contract: Contract = Contract.HPHC) -> None:
    """Fill a history with 400 days, up to now."""
    with Importer(folder, now=NOW, gap_seconds=2 * _COARSE) as importer:
        importer.import_samples(_samples(contract))


def _samples(contract: Contract) -> Iterator[Sample]:
    meter = SimulatedMeter(contract, start=_BEGIN, seed=6)
    for end, step in ((_LATELY, _COARSE), (NOW, _FINE)):
        yield from (kept(row, contract) for row in meter.samples(end, step))
