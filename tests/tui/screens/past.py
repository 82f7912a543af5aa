"""A made-up past for the screens: two months of a simulated household, with a gap."""

from collections.abc import Iterator
from pathlib import Path

from linkytui.history import Importer, Sample
from linkytui.reading import Contract
from linkytui.simulator.meter import MeterSample, synthetic
from tests.tui.screens.states import NOW

DAYS = 70
STEP = 300.0
GAP = (NOW - 12.4 * 86_400, NOW - 11.9 * 86_400)
"""Seconds since 1970 between which nothing was recorded."""


def record_past(folder: Path) -> None:
    """Fill a history, up to now."""
    with Importer(folder, now=NOW, gap_seconds=2 * STEP) as importer:
        importer.import_samples(_samples())


def _samples() -> Iterator[Sample]:
    for row in synthetic(NOW - DAYS * 86_400, NOW, STEP, Contract.HPHC, seed=6):
        if not GAP[0] < row.at < GAP[1]:
            yield kept(row, Contract.HPHC)


def kept(row: MeterSample, contract: Contract) -> Sample:
    """What a simulated meter counted, as the history keeps it."""
    return Sample(
        at=row.at,
        power=row.power,
        period=row.period,
        registers=row.registers,
        meter="012461456789",
        contract=contract,
        limit_kva=9,
    )
