"""What cannot be true is heard by nobody: registers that leap or fall, powers that no breaker passes, noise."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkytui.line.listener import Arrival
from linkytui.reading import Contract, Judge, Meter
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Frame, FrameReader, Group, Mode, encode_frame

START = 1_790_000_000.0
STEP = 1.5
LEAP = 23_573_000


def historic(base: int, power: int = 460, *, isousc: str = "45", bad: bool = False) -> Frame:
    """A frame of a 9 kVA meter with the base option; `bad`: its last group was damaged."""
    groups = [
        Group("ADCO", "012345678901"),
        Group("OPTARIF", "BASE"),
        Group("ISOUSC", isousc),
        Group("BASE", f"{base:09}"),
        Group("PTEC", "TH.."),
        Group("IINST", f"{power // 230:03}"),
        Group("PAPP", f"{power:05}"),
        Group("HHPHC", "A"),
    ]
    data = encode_frame(groups, Mode.HISTORIC)
    (frame,) = FrameReader().feed(data.replace(b"HHPHC A", b"HHPHC B") if bad else data)
    return frame


def heard(frames: list[Frame], *, step: float = STEP) -> list[tuple[int | None, int | None]]:
    """Register and power of each frame, as those hear them who stand behind the judge."""
    meter = Meter(judged=True)
    readings = [meter.admit(frame, START + number * step)[1] for number, frame in enumerate(frames)]
    return [(reading.registers.get("BASE"), reading.power) for reading in readings]


def registers(values: list[int]) -> list[int | None]:
    return [base for base, _power in heard([historic(value) for value in values])]


def test_what_can_be_true_passes_untouched() -> None:
    judge = Judge()
    for number in range(20):
        frame = historic(1_000_000 + number)
        assert judge.hear(frame, START + number, 1) is frame


@pytest.mark.parametrize("value", [1_000_000 + LEAP, 1_000_300, 0, 999_000])
def test_one_register_that_cannot_be_is_heard_by_nobody(value: int) -> None:
    assert registers([1_000_000, 1_000_001, value, 1_000_002]) == [1_000_000, 1_000_001, None, 1_000_002]


def test_what_is_not_believed_is_rejected_by_a_reason_and_kept_to_be_shown() -> None:
    meter = Meter(judged=True)
    meter.admit(historic(1_000_000), START)
    frame, reading = meter.admit(historic(1_000_000 + LEAP), START + STEP)
    assert [(item.label, item.reason) for item in frame.rejected] == [("BASE", "implausible")]
    assert "BASE" not in {group.label for group in frame.groups}
    assert reading.power == 460
    assert meter.rejections == {"BASE": 1}
    seen = meter.labels["BASE"]
    assert (seen.group.data, seen.doubted) == ("001000000", Group("BASE", "024573000"))
    meter.admit(historic(1_000_001), START + 2 * STEP)
    assert meter.labels["BASE"].doubted is None


def test_a_register_that_goes_on_from_elsewhere_is_believed_after_a_minute() -> None:
    values = [1_000_000 + number for number in range(5)] + [500 + number for number in range(60)]
    got = registers(values)
    assert got[:5] == values[:5]
    assert set(got[5:45]) == {None}
    assert got[46:] == values[46:]


def test_a_first_value_that_nothing_bears_out_is_given_up_soon() -> None:
    assert registers([1_000_000 + LEAP, 1_000_000, 1_000_001, 1_000_002, 1_000_003])[1:] == [
        None,
        None,
        1_000_002,
        1_000_003,
    ]


def test_small_steps_pass_no_more_than_the_breaker() -> None:
    """62 kW in steps of 26 Wh on a meter of 9 kVA, each below what is granted for a short peak."""
    values = [1_000_000 + 26 * number for number in range(400)]
    last = [value for value in registers(values) if value is not None][-1]
    assert last - values[0] <= 9 * 2 * 400 * STEP / 3.6 + 50


def test_what_the_breaker_passes_for_a_while_passes() -> None:
    values = [1_000_000 + round(15_000 * number * STEP / 3600) for number in range(200)]
    assert registers(values) == values


def test_after_an_absence_what_could_be_drawn_meanwhile_is_believed() -> None:
    assert [base for base, _ in heard([historic(1_000_000), historic(1_009_000)], step=3600.0)] == [
        1_000_000,
        1_009_000,
    ]


@pytest.mark.parametrize(("power", "passes"), [(11_000, True), (12_000, False), (40_000, False)])
def test_one_power_that_no_breaker_passes_is_heard_by_nobody(power: int, passes: bool) -> None:
    powers = [power for _, power in heard([historic(1), historic(1, power), historic(1)])]
    assert powers == [460, power if passes else None, 460]


def test_a_power_above_the_limit_that_stays_is_believed() -> None:
    assert [power for _, power in heard([historic(1), *[historic(1, 14_000)] * 5])] == [460, None, None] + [14_000] * 3


def test_the_limit_is_not_raised_by_one_damaged_frame() -> None:
    frames = [historic(1), historic(1, 20_000, isousc="90"), historic(1)]
    assert [power for _, power in heard(frames)] == [460, None, 460]


def test_on_a_noisy_line_a_rise_waits_until_it_is_borne_out() -> None:
    frames = [historic(100), historic(100, bad=True), historic(109), historic(101), historic(102), historic(103)]
    assert [base for base, _ in heard(frames)] == [100, 100, 100, 100, 100, 101]


def test_the_same_bad_group_in_every_frame_is_a_masked_number_and_no_noise() -> None:
    frames = [historic(100 + number, bad=True) for number in range(5)]
    assert [base for base, _ in heard(frames)][1:] == [101, 102, 103, 104]


def damaged(data: bytes, share: float, chance: random.Random) -> bytes:
    """The bytes, a share of their digits replaced by others."""
    return bytes(
        chance.choice(b"0123456789") if byte in b"0123456789" and chance.random() < share else byte for byte in data
    )


def noisy(meter: SimulatedMeter, share: float, seed: int, frames: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311 -- noise, no secret
    for number in range(frames):
        yield damaged(meter.frame(START + (number + 1) * 2.0), share, chance)


@settings(max_examples=12)
@example(share=0.1, seed=717387, mode=Mode.HISTORIC, contract=Contract.HPHC)
@given(
    share=st.sampled_from([0.02, 0.1]),
    seed=st.integers(0, 1 << 20),
    mode=st.sampled_from(list(Mode)),
    contract=st.sampled_from([Contract.BASE, Contract.HPHC, Contract.TEMPO, Contract.OTHER]),
)
def test_noise_draws_no_energy_and_no_power(share: float, seed: int, mode: Mode, contract: Contract) -> None:
    simulated = SimulatedMeter(contract, mode, start=START, subscribed_kva=9, seed=seed)
    names = set(simulated.registers)
    meter, reader = Meter(judged=True), FrameReader()
    for data in noisy(simulated, share, seed, 150):
        for frame in reader.feed(data):
            admitted, reading = meter.admit(frame, simulated.at)
            if Arrival(admitted, reading, meter).foreign:
                continue  # its number is damaged: nobody takes it for the meter's
            if reading.contract is contract:
                assert set(reading.registers) <= names
            for name, wh in reading.registers.items():
                assert wh <= simulated.registers.get(name, 0)
            assert (reading.power or 0) <= 9000 * 1.3
