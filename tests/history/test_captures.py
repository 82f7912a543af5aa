"""Captures, real ones too: the history's figures are the differences of their registers."""

from datetime import date
from pathlib import Path

import pytest

from linkytui.history import HistoryReader, HistoryWriter
from linkytui.line.listener import Arrival
from linkytui.reading import Meter
from linkytui.reading.contracts import INJECTED
from linkytui.tic import FrameReader
from tests.history.household import at, quiet_writer, total

NOON = at("2026-06-01 11:59:30")

CAPTURES = (
    "historic-base-3phase-6frames.tic",
    "historic-base-3phase-noisy-no-etx.tic",
    "historic-hphc-13frames-leading-nul.tic",
    "historic-hphc-3min-123frames.tic",
    "historic-hphc-6frames-13digit-adco.tic",
    "historic-tempo-cut-in-group.tic",
    "historic-tempo-tail-frame-head.tic",
    "standard-base-12frames.tic",
    "standard-producer-24frames.tic",
)


def play(history: HistoryWriter, path: Path) -> tuple[dict[str, int], int]:
    """Hear a capture, a frame each 1.5 s; returns what its registers rose by, and how many frames told a power."""
    reader, meter = FrameReader("auto"), Meter()
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    powers = 0
    for number, frame in enumerate((*reader.feed(path.read_bytes()), reader.close())):
        if frame is None:
            continue
        arrival = Arrival(frame, meter.observe(frame, NOON + 1.5 * number), meter)
        history.frame_came(arrival)
        powers += arrival.reading.power is not None
        for name, value in arrival.reading.registers.items():
            first.setdefault(name, value)
            last[name] = value
    return {name: last[name] - value for name, value in first.items() if last[name] > value}, powers


@pytest.mark.parametrize("name", CAPTURES)
def test_the_energy_of_a_capture_is_the_difference_of_its_registers(captures: Path, tmp_path: Path, name: str) -> None:
    history = quiet_writer(tmp_path)
    rises, powers = play(history, captures / name)
    history.close()
    wh = {register: rise for register, rise in total(tmp_path).items() if rise and register != INJECTED}
    assert wh == rises
    reader = HistoryReader(tmp_path)
    assert sum(sample.power is not None for sample in reader.samples()) == powers
    assert reader.counters(date(2026, 6, 1), date(2026, 6, 2)) == {}
