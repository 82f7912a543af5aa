"""Every frame that a simulated meter sends is one that the specification allows."""

from datetime import datetime
from itertools import pairwise, product

import pytest

from linkytui.reading import Contract, Meter
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import LABELS, PARIS, Frame, FrameReader, Mode

EVENING = datetime(2026, 1, 14, 18, 50, tzinfo=PARIS).timestamp()

EVERY_METER = pytest.mark.parametrize(
    ("contract", "mode", "phases", "producer"),
    list(product(Contract, Mode, (1, 3), (False, True))),
    ids=lambda value: str(value),
)

HISTORIC_BYTES = {
    (1, Contract.BASE): 152,
    (1, Contract.HPHC): 170,
    (1, Contract.EJP): 173,
    (1, Contract.TEMPO): 275,
    (1, Contract.OTHER): 152,
    (3, Contract.BASE): 233,
    (3, Contract.HPHC): 251,
    (3, Contract.EJP): 254,
    (3, Contract.TEMPO): 356,
    (3, Contract.OTHER): 233,
}
STANDARD_BYTES = {(1, False): 865, (1, True): 1093, (3, False): 1214, (3, True): 1442}


def decode(data: bytes) -> list[Frame]:
    reader = FrameReader()
    frames = reader.feed(data)
    assert reader.close() is None
    assert not reader.rejected
    assert not reader.noise
    return frames


@EVERY_METER
def test_every_group_is_accepted_known_and_in_the_meters_order(
    contract: Contract, mode: Mode, phases: int, producer: bool
) -> None:
    meter = SimulatedMeter(contract, mode, start=EVENING, phases=phases, producer=producer)
    data = b"".join(meter.frame(EVENING + 347 * number) for number in range(260))
    frames = decode(data)
    assert len(frames) == 260
    order = {label: place for place, label in enumerate(LABELS[mode])}
    for frame in frames:
        assert frame.mode is mode
        assert not frame.rejected
        labels = [group.label for group in frame.groups]
        if frame.short:
            labels = [label for label in labels if not label.startswith("ADIR")]
        assert all(order[before] < order[after] for before, after in pairwise(labels))
        known = [LABELS[mode][label] for label in labels]
        assert not any(label.three_phase for label in known) or phases == 3
        assert not any(label.producer for label in known) or producer


@EVERY_METER
def test_a_frame_reads_as_what_the_meter_is_and_counts(
    contract: Contract, mode: Mode, phases: int, producer: bool
) -> None:
    meter = SimulatedMeter(contract, mode, start=EVENING, phases=phases, producer=producer)
    observer = Meter()
    for number in range(60):
        at = EVENING + 1201 * number
        for frame in decode(meter.frame(at)):
            reading = observer.observe(frame, at)
            if frame.short or not frame.complete:
                continue
            hidden = contract is Contract.OTHER and mode is Mode.HISTORIC
            assert reading.contract is (Contract.BASE if hidden else contract)
            assert reading.phases == phases
            assert reading.meter_id == meter.meter_id
            assert reading.period == meter.period
            assert dict(reading.registers) == dict(meter.registers)
            assert reading.total == sum(meter.registers.values())
            assert reading.subscribed == meter.subscribed_kva
            assert reading.power == (meter.power if mode is Mode.STANDARD else round(meter.power, -1))


@EVERY_METER
def test_frames_are_as_long_as_the_specification_makes_them(
    contract: Contract, mode: Mode, phases: int, producer: bool
) -> None:
    noon = datetime(2026, 7, 14, 12, 0, tzinfo=PARIS).timestamp()  # no peak, no warning
    frame = SimulatedMeter(contract, mode, start=noon, phases=phases, producer=producer).frame(noon)
    expected = HISTORIC_BYTES[phases, contract] if mode is Mode.HISTORIC else STANDARD_BYTES[phases, producer]
    assert len(frame) == expected
