"""Meters of every kind on lines that damage digits: the history books what was drawn, to the watt-hour."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from linkytui.history import HistoryReader
from linkytui.line.listener import Arrival
from linkytui.reading import Contract, Meter
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import FrameReader, Mode
from tests.history.household import at, quiet_writer, total
from tests.reading.test_judge import damaged

pytestmark = pytest.mark.usefixtures("heavy")

START = at("2026-11-24 05:00")
STEP = 2.0
NOISY = 2700
"""Frames on the noisy line: an hour and a half, over a change of period."""
CLEAN = 60


@pytest.mark.parametrize("share", [0.02, 0.1])
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("contract", [Contract.BASE, Contract.HPHC, Contract.TEMPO, Contract.EJP, Contract.OTHER])
@pytest.mark.parametrize("phases", [1, 3])
def test_the_history_of_a_noisy_line_is_right(
    tmp_path: Path,
    share: float,
    mode: Mode,
    contract: Contract,
    phases: int,
    record_property: Callable[[str, object], None],
) -> None:
    if contract is Contract.OTHER and mode is Mode.HISTORIC:
        pytest.skip("historic meters know no calendar of the supplier's own")
    chance = random.Random(f"{share} {mode} {contract} {phases}")  # noqa: S311 -- noise, no secret
    simulated = SimulatedMeter(contract, mode, phases=phases, start=START, subscribed_kva=9, seed=7)
    before = dict(simulated.registers)
    meter, reader, writer = Meter(judged=True), FrameReader(), quiet_writer(tmp_path)
    for number in range(NOISY + CLEAN):
        data = simulated.frame(START + (number + 1) * STEP)
        for frame in reader.feed(damaged(data, share, chance) if CLEAN // 2 <= number < NOISY else data):
            admitted, reading = meter.admit(frame, simulated.at)
            arrival = Arrival(admitted, reading, meter)
            writer.frame_came(arrival)
            assert arrival.foreign or (reading.power or 0) <= 9000 * 1.3
        if number % 100 == 0:
            writer.flush()
    writer.close()
    drawn = {name: wh - before[name] for name, wh in simulated.registers.items() if wh != before[name]}
    booked = {name: wh for name, wh in total(tmp_path).items() if wh}
    first = HistoryReader(tmp_path).samples(limit=1)[0].registers
    missing = {
        name: wh - booked.get(name, 0) - (first.get(name, before[name]) - before[name]) for name, wh in drawn.items()
    }
    record_property("wh", sum(map(abs, missing.values())))
    assert set(booked) <= set(drawn), "a register counts that did not"
    assert all(abs(wh) <= 1 for wh in missing.values()), missing
