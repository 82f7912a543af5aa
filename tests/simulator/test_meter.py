"""A simulated meter counts exactly what its household draws, and says the same thing in every way it has to say it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from math import hypot, sqrt

import pytest

from linkytui.civil.days import local, midnight, moment
from linkytui.reading import REGISTERS, Contract, Meter, Reading
from linkytui.simulator.household import Household
from linkytui.simulator.meter import SimulatedMeter, synthetic
from linkytui.tic import PARIS, Frame, FrameReader, Horodate, Mode, Status, closed_relays
from linkytui.tic.profiles import DayProfile

MORNING = datetime(2026, 1, 14, 5, 30, tzinfo=PARIS).timestamp()

EVERY_METER = pytest.mark.parametrize(
    ("contract", "phases", "producer"), list(product(Contract, (1, 3), (False, True))), ids=str
)


def standard_frames(meter: SimulatedMeter, start: float, count: int, step: float) -> Iterator[dict[str, str]]:
    """The data of frames in standard mode, by label."""
    reader = FrameReader()
    for number in range(count):
        (frame,) = reader.feed(meter.frame(start + number * step))
        assert frame.complete
        yield {group.label: group.horodate if group.label == "DATE" else group.data for group in frame.groups}  # type: ignore[misc]
    assert not reader.rejected


def flow(household: Household, start: float, end: float) -> tuple[float, float]:
    """Wh drawn and given between two moments, from the household's own steps."""
    drawn = given = 0.0
    day = local(start).date()
    while midnight(day) < end:
        steps = household.steps(day)
        ends = [*(step.start for step in steps[1:]), midnight(day + timedelta(days=1))]
        for step, stop in zip(steps, ends, strict=True):
            watts = sum(load.watts for load in step.loads)
            energy = watts * max(0.0, min(stop, end) - max(step.start, start)) / 3600
            drawn += max(0.0, energy)
            given += max(0.0, -energy)
        day += timedelta(days=1)
    return drawn, given


@EVERY_METER
def test_registers_hold_exactly_what_the_household_drew(contract: Contract, phases: int, producer: bool) -> None:
    start = datetime(2026, 3, 27, 12, 17, tzinfo=PARIS).timestamp()  # two days before the clock changes
    meter = SimulatedMeter(contract, Mode.STANDARD, start=start, phases=phases, producer=producer)
    before = next(standard_frames(meter, start, 1, 0))
    end = start + 3 * 86_400 + 0.7
    after = next(standard_frames(meter, end, 1, 0))
    drawn, given = flow(meter.household, start, end)
    assert int(after["EAST"]) - int(before["EAST"]) == pytest.approx(drawn, abs=1)
    if producer:
        assert int(after["EAIT"]) - int(before["EAIT"]) == pytest.approx(given, abs=1)
        assert given > 1000


@EVERY_METER
def test_registers_never_fall_and_all_of_them_add_up(contract: Contract, phases: int, producer: bool) -> None:
    meter = SimulatedMeter(contract, Mode.STANDARD, start=MORNING, phases=phases, producer=producer)
    frames = list(standard_frames(meter, MORNING, 200, 611))
    indexes = [label for label in frames[0] if label.startswith(("EAS", "EAI", "ERQ"))]
    for before, after in pairwise(frames):
        assert all(int(before[label]) <= int(after[label]) for label in indexes)
        total = int(after["EAST"])
        assert sum(int(after[f"EASF{number:02}"]) for number in range(1, 11)) == total
        assert sum(int(after[f"EASD{number:02}"]) for number in range(1, 5)) == total


@EVERY_METER
def test_only_the_register_of_the_running_period_counts(contract: Contract, phases: int, producer: bool) -> None:
    meter = SimulatedMeter(contract, Mode.STANDARD, start=MORNING, phases=phases, producer=producer)
    for before, after in pairwise(standard_frames(meter, MORNING, 400, 307)):
        moved = {n for n in range(1, 11) if after[f"EASF{n:02}"] != before[f"EASF{n:02}"]}
        assert moved <= {int(before["NTARF"]), int(after["NTARF"])}


@EVERY_METER
def test_every_label_tells_the_same_period(contract: Contract, phases: int, producer: bool) -> None:
    meter = SimulatedMeter(contract, Mode.STANDARD, start=MORNING, phases=phases, producer=producer)
    for data in standard_frames(meter, MORNING, 300, 1213):
        status = Status.parse(data["STGE"])
        assert status.supplier_index == int(data["NTARF"])
        assert status.standard_mode
        assert not status.clock_degraded
        assert status.producer is producer
        assert status.contact_open is not closed_relays(data["RELAIS"])[0]
        assert status.injecting is (int(data.get("SINSTI", "0")) > 0)
        if producer:
            assert int(data["SINSTS"]) == 0 or int(data["SINSTI"]) == 0
        assert (status.today is not None) is (contract is Contract.TEMPO)
        peak_labels = {label for label in data if label.startswith("DPM")}
        assert peak_labels == {f"DPM{number}" for number in (status.peak, status.notice) if number}
        assert ("PPOINTE" in data) is (status.notice is not None)
        if contract is Contract.TEMPO and status.today:
            assert int(data["NTARF"]) in (2 * status.today - 1, 2 * status.today)


@pytest.mark.parametrize("contract", [Contract.BASE, Contract.HPHC, Contract.OTHER, Contract.TEMPO])
def test_the_profile_of_tomorrow_says_when_registers_change(contract: Contract) -> None:
    meter = SimulatedMeter(contract, Mode.STANDARD, start=MORNING)
    data = next(standard_frames(meter, MORNING, 1, 0))
    profile = DayProfile.parse(data["PJOURF+1"], meter_id=data["ADSC"])
    assert not profile.guessed
    tomorrow = local(MORNING).date() + timedelta(days=1)
    changes = {f"{local(at):%H:%M}": period.register for at, period in meter.calendar.periods(tomorrow)}
    said = {f"{slot.start:%H:%M}": slot.index for slot in profile.slots}
    if contract is Contract.TEMPO:  # blue hours stand for those of every colour
        assert said == {hour: 2 - register % 2 for hour, register in changes.items()}
    else:
        assert said == changes


@pytest.mark.parametrize("contract", [Contract.TEMPO, Contract.EJP])
def test_the_profile_of_a_peak_agrees_with_its_registers(contract: Contract) -> None:
    start = datetime(2026, 1, 1, 5, tzinfo=PARIS).timestamp()
    meter = SimulatedMeter(contract, Mode.STANDARD, start=start)
    announced = 0
    for data in standard_frames(meter, start, 700, 3000):
        if "PPOINTE" not in data:
            continue
        announced += 1
        registers = {slot.index for slot in DayProfile.parse(data["PPOINTE"]).slots}
        window = next(window for window in meter.calendar.windows(meter.at) if window.start > meter.at)
        assert window.register in registers
    assert announced > 3


def test_historic_and_standard_mode_are_two_ways_to_say_one_thing() -> None:
    for contract, phases in product((Contract.BASE, Contract.HPHC, Contract.EJP, Contract.TEMPO), (1, 3)):
        said: list[Reading] = []
        for mode in Mode:
            meter = SimulatedMeter(contract, mode, start=MORNING, phases=phases, subscribed_kva=12)
            (frame,) = FrameReader().feed(meter.frame(MORNING + 20_000))
            said.append(Meter().observe(frame, meter.at))
        historic, standard = said
        for name in ("meter_id", "contract", "period", "registers", "total", "subscribed", "currents", "today"):
            assert getattr(historic, name) == getattr(standard, name), name
        assert historic.power == round(standard.power or 0, -1)
        assert historic.over_subscription is standard.over_subscription is False
        if phases == 3:
            assert historic.maximum_yesterday is not None
            assert standard.maximum_yesterday is not None
            assert historic.maximum_yesterday.power == standard.maximum_yesterday.power


def test_the_same_seed_sends_the_same_bytes_and_another_others() -> None:
    def bytes_of(seed: int, mode: Mode) -> bytes:
        meter = SimulatedMeter(Contract.TEMPO, mode, start=MORNING, phases=3, producer=True, seed=seed)
        return b"".join(meter.frame(MORNING + 60 * number) for number in range(50))

    for mode in Mode:
        assert bytes_of(4, mode) == bytes_of(4, mode)
        assert bytes_of(4, mode) != bytes_of(5, mode)


def test_how_often_a_meter_is_asked_changes_nothing_that_it_counts() -> None:
    often, seldom = (SimulatedMeter(Contract.HPHC, Mode.STANDARD, start=MORNING, producer=True) for _ in range(2))
    for number in range(3000):
        often.frame(MORNING + 7 * number)
    end = MORNING + 7 * 3000
    first, second = (next(standard_frames(meter, end, 1, 0)) for meter in (often, seldom))
    different = {label for label in first if first[label] != second[label]}
    assert not different


def test_time_does_not_go_back() -> None:
    meter = SimulatedMeter(start=MORNING)
    meter.frame(MORNING + 10)
    meter.frame(MORNING + 10)
    with pytest.raises(ValueError, match="does not go back"):
        meter.frame(MORNING + 9)


@pytest.mark.parametrize("wrong", [{"phases": 2}, {"subscribed_kva": 2}, {"subscribed_kva": 24}])
def test_a_meter_that_no_household_has_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        SimulatedMeter(start=MORNING, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_dates_go_on_evenly_when_the_clock_changes(day: date, hours: int) -> None:
    start = midnight(day)
    meter = SimulatedMeter(Contract.HPHC, Mode.STANDARD, start=start)
    seasons = ""
    for number, data in enumerate(standard_frames(meter, start, hours * 6, 600)):
        date_ = Horodate.parse(data["DATE"])
        assert date_.when is not None
        assert date_.when.timestamp() == start + 600 * number
        seasons += data["DATE"][0]
    assert meter.at == midnight(day + timedelta(days=1)) - 600
    assert seasons == ("H" * 12 + "E" * 126 if hours == 23 else "E" * 18 + "H" * 132)


def test_the_highest_powers_are_those_of_the_breakers_filter() -> None:
    day = date(2026, 1, 14)
    start, end = midnight(day), midnight(day + timedelta(days=1))
    meter = SimulatedMeter(Contract.BASE, Mode.STANDARD, start=start, phases=3)
    meter.advance(end - 1)
    said = [maximum.today.power for maximum in meter.snapshot().counters.maxima]
    # The filter as the specification has it, once a second.
    squares, highest = [0.0] * 4, [0.0] * 4
    household = meter.household
    begin = midnight(day - timedelta(days=1))
    for second in range(begin, end):
        phases = [hypot(*load) for load in household.loads(second)]
        for place, power in enumerate([sum(phases), *phases]):
            squares[place] += 0.008 * (power**2 - squares[place])
        if second >= start:
            highest = [max(pair) for pair in zip(highest, squares, strict=True)]
    assert said == pytest.approx([sqrt(square) for square in highest], rel=0.01, abs=5)


def test_a_day_is_over_at_midnight_and_its_highest_power_stays_known() -> None:
    day = date(2026, 1, 14)
    meter = SimulatedMeter(Contract.BASE, Mode.STANDARD, start=moment(day, 23 * 3600 + 3599))
    today = meter.snapshot().counters.maxima[0].today
    meter.advance(midnight(day + timedelta(days=1)) + 1)
    after = meter.snapshot().counters.maxima[0]
    assert after.before == today
    assert local(today.at).date() == day
    assert after.today.at >= midnight(day + timedelta(days=1))


def test_the_load_curve_is_the_mean_of_each_half_hour() -> None:
    meter = SimulatedMeter(Contract.BASE, Mode.STANDARD, start=MORNING + 1, producer=True)
    noon = datetime(2026, 1, 14, 12, 10, tzinfo=PARIS).timestamp()
    meter.advance(noon)
    points = meter.snapshot().counters.curve
    assert [f"{local(point.end):%H:%M}" for point in points] == ["12:00", "11:30"]
    for point in points:
        drawn, given = flow(meter.household, point.end - 1800, point.end)
        assert (point.drawn, point.injected) == pytest.approx((2 * drawn, 2 * given), abs=1)


def test_samples_say_what_frames_say() -> None:
    for contract, mode in product(Contract, Mode):
        sampled, framed = (SimulatedMeter(contract, mode, start=MORNING) for _ in range(2))
        for sample in sampled.samples(MORNING + 6 * 3600, 1800):
            (frame,) = FrameReader().feed(framed.frame(sample.at))
            reading = Meter().observe(frame, sample.at)
            assert reading.power == (sample.power if mode is Mode.STANDARD else round(sample.power, -1))
            assert reading.period == sample.period
            assert dict(reading.registers) == dict(sample.registers)


def test_a_meter_goes_on_where_its_samples_ended() -> None:
    meter = SimulatedMeter(Contract.TEMPO, Mode.STANDARD, start=MORNING)
    *_, last = meter.samples(MORNING + 86_400, 600)
    data = next(standard_frames(meter, MORNING + 86_400, 1, 0))
    drawn, _given = flow(meter.household, last.at, MORNING + 86_400)
    assert int(data["EAST"]) - sum(last.registers.values()) == pytest.approx(drawn, abs=1)


@pytest.mark.parametrize("contract", list(Contract))
def test_synthetic_samples_name_registers_as_readings_do(contract: Contract) -> None:
    samples = list(synthetic(MORNING, MORNING + 3 * 86_400, 3600, contract))
    assert len(samples) == 72
    for sample in samples:
        # Historic mode, which samples speak, knows a supplier's own calendar only as one register.
        names = REGISTERS[Contract.BASE if contract is Contract.OTHER else contract]
        assert tuple(sample.registers) == names
        assert sample.period in names


def test_numbers_are_made_up_and_tell_the_phases() -> None:
    for phases, kind in ((1, "61"), (3, "63")):
        meter = SimulatedMeter(Contract.BASE, Mode.STANDARD, start=MORNING, phases=phases)
        assert meter.meter_id[:6] == f"0123{kind}"
        frame: Frame
        (frame,) = FrameReader().feed(meter.frame(MORNING))
        data = {group.label: group.data for group in frame.groups}
        assert data["PRM"].startswith("01234567")
