"""What standard frames mean: calendars, the status register, producers, three phases."""

from datetime import datetime

import pytest

from linkytui.reading import REGISTERS, Contract, Maximum, Peak, Reading, read_groups
from linkytui.tic import PARIS, Colour, Group, Mode

AT = 1_790_000_000.0
NUMBER = "012361456789"


def groups(*dated: Group, **labels: str) -> dict[str, Group]:
    """Groups with these labels; those with a horodate come first."""
    return {group.label: group for group in (*dated, *(Group(label, data) for label, data in labels.items()))}


def read(*dated: Group, **labels: str) -> Reading:
    """The reading of a frame with these labels."""
    return read_groups(groups(*dated, **labels), Mode.STANDARD, at=AT)


def indexes(*values: int) -> dict[str, str]:
    return {f"EASF{number:02}": f"{value:09}" for number, value in enumerate((*values, *[0] * 10)[:10], 1)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_a_consumer_frame_says_all_this_and_nothing_else() -> None:
    reading = read(
        Group("DATE", "", "E260714074553"),
        Group("SMAXSN", "05120", "E260714061502"),
        Group("SMAXSN-1", "06560", "E260713195606"),
        Group("UMOY1", "235", "E260714074000"),
        ADSC=NUMBER,
        NGTF="H PLEINE/CREUSE ",
        LTARF=" HEURE  PLEINE  ",
        EAST="016834707",
        **indexes(8_534_695, 8_300_012),
        IRMS1="009",
        URMS1="234",
        PREF="09",
        PCOUP="10",
        SINSTS="02104",
        STGE="003A0401",
        MSG1="PAS DE          MESSAGE         ",
        NTARF="02",
    )
    assert reading == Reading(
        at=AT,
        mode=Mode.STANDARD,
        meter_id=NUMBER,
        contract=Contract.HPHC,
        calendar="H PLEINE/CREUSE",
        period="HP",
        period_text="HEURE PLEINE",
        register_number=2,
        registers={"HC": 8_534_695, "HP": 8_300_012},
        total=16_834_707,
        power=2104,
        currents=(9,),
        voltages=(234,),
        phases=1,
        subscribed=9,
        cutoff=10,
        over_subscription=False,
        injecting=False,
        clock_degraded=False,
        maximum_today=Maximum(5120, at("2026-07-14 06:15:02")),
        maximum_yesterday=Maximum(6560, at("2026-07-13 19:56:06")),
        meter_time=at("2026-07-14 07:45:53"),
    )


@pytest.mark.parametrize(
    ("calendar", "contract"),
    [
        ("      BASE      ", Contract.BASE),
        ("base            ", Contract.BASE),
        ("H PLEINE/CREUSE ", Contract.HPHC),
        ("     TEMPO      ", Contract.TEMPO),
        ("      EJP       ", Contract.EJP),
        (" HC et Week-End ", Contract.OTHER),
        ("H SUPER CREUSES ", Contract.OTHER),
        ("   PRODUCTEUR   ", Contract.OTHER),
    ],
)
def test_the_calendar_names_the_contract(calendar: str, contract: Contract) -> None:
    reading = read(NGTF=calendar, NTARF="01", **indexes(100, 200, 300, 400, 500, 600))
    assert reading.contract is contract
    assert reading.calendar == " ".join(calendar.split())
    assert tuple(reading.registers)[:6] == REGISTERS[contract][:6]


def test_a_calendar_of_the_suppliers_own_keeps_the_registers_that_are_used() -> None:
    reading = read(NGTF="HC SEM WE LUNDI ", NTARF="04", **indexes(100, 0, 300, 0))
    assert reading.registers == {"EASF01": 100, "EASF03": 300, "EASF04": 0}
    assert reading.period == "EASF04"


def test_a_meter_without_a_calendar_has_a_contract_of_its_own() -> None:
    assert read(NTARF="01", **indexes(100)).contract is Contract.OTHER
    part = groups(NTARF="01", **indexes(100))
    assert read_groups(part, Mode.STANDARD, at=AT, tells_absence=False).contract is None


def test_the_status_register_tells_the_running_register_where_ntarf_is_lost() -> None:
    assert read(NGTF="H PLEINE/CREUSE ", STGE="003A0401").period == "HP"
    assert read(NGTF="H PLEINE/CREUSE ", STGE="003A0001").period == "HC"


def test_a_register_that_the_contract_does_not_have_is_no_period() -> None:
    assert read(NGTF="      BASE      ", NTARF="05").period is None


def test_tempo_is_told_by_its_colours_whatever_the_calendar_is_called() -> None:
    reading = read(NGTF="B00000000       ", STGE="2D3A8000", NTARF="01", **indexes(1, 2, 3, 4, 5, 6))
    assert reading.contract is Contract.TEMPO
    assert (reading.today, reading.tomorrow) == (Colour.BLUE, Colour.RED)
    assert reading.period == "HCJB"


def test_an_announced_peak_comes_with_its_hours() -> None:
    reading = read(Group("DPM2", "00", " 241203060000"), Group("FPM2", "00", " 241204060000"), STGE="2D3A8000")
    assert reading.peak == Peak(2, running=False, start=at("2024-12-03 06:00:00"), end=at("2024-12-04 06:00:00"))


def test_a_running_peak_wins_over_an_announced_one() -> None:
    assert read(STGE="633A0800").peak == Peak(1, running=True)
    assert read(STGE="003A0001").peak is None


def test_the_status_register_says_that_too_much_is_drawn() -> None:
    assert read(STGE="003A0481").over_subscription is True
    assert read(SINSTS="09999", PREF="09").over_subscription is None  # not said


def test_a_producer_says_what_it_gives_and_a_consumer_does_not() -> None:
    producer = read(STGE="003A0301", EAST="000001000", EAIT="012345678", SINSTS="00000", SINSTI="00920")
    assert (producer.injected, producer.injected_power, producer.injecting) == (12_345_678, 920, True)
    assert producer.power == 0
    consumer = read(STGE="003A0001", SINSTS="00345")
    assert (consumer.injected, consumer.injected_power, consumer.injecting) == (None, None, False)


def test_a_consumer_that_injects_says_so_in_its_status_only() -> None:
    reading = read(STGE="010A4601", SINSTS="00000", IRMS1="002")
    assert reading.injecting is True
    assert reading.injected_power is None


def test_a_three_phase_meter_has_three_of_each() -> None:
    reading = read(
        Group("SMAXSN1", "01000", "E260714061502"),
        IRMS1="001",
        IRMS2="002",
        IRMS3="003",
        URMS1="230",
        URMS2="231",
        URMS3="232",
        SINSTS="01400",
        SINSTS1="00230",
        SINSTS2="00470",
        SINSTS3="00700",
    )
    assert reading.phases == 3
    assert reading.currents == (1, 2, 3)
    assert reading.voltages == (230, 231, 232)
    assert reading.phase_powers == (230, 470, 700)


def test_a_phase_power_that_cannot_be_gives_way_to_volts_times_amperes() -> None:
    currents = {"IRMS1": "001", "IRMS2": "000", "IRMS3": "001"}
    nonsense = {"SINSTS": "00443", "SINSTS1": "74474", "SINSTS2": "00012", "SINSTS3": "84144"}
    reading = read(**currents, URMS1="231", URMS3="233", **nonsense)
    assert reading.phase_powers == (231, 12, 233)
    assert read(**currents, **nonsense).phase_powers == (None, 12, None)


def test_a_first_current_alone_tells_the_phases_only_without_a_maximum_per_phase() -> None:
    assert read(IRMS1="001").phases == 1
    assert read(Group("SMAXSN1", "01000", "E260714061502"), IRMS1="001").phases is None
    assert read(ADSC="012376456789").phases == 3


def test_a_clock_that_cannot_be_trusted_says_so() -> None:
    assert read(STGE="003B0001").clock_degraded is True
    assert read(Group("DATE", "", "e260714074553")).clock_degraded is True
    assert read(Group("DATE", "", "E260714074553")).clock_degraded is False
    assert read(SINSTS="00100").clock_degraded is None


def test_a_clock_that_was_never_set_has_no_time() -> None:
    reading = read(Group("DATE", "", "E000000000000"), Group("SMAXSN", "00000", "E000000000000"))
    assert reading.meter_time is None
    assert reading.maximum_today == Maximum(0, None)


def test_the_short_message_wins_and_no_message_is_none() -> None:
    assert read(MSG1="COUPURE PREVUE LE 12 MARS       ").message == "COUPURE PREVUE LE 12 MARS"
    assert read(MSG1="COUPURE PREVUE LE 12 MARS       ", MSG2="RAPPEL          ").message == "RAPPEL"
    assert read(MSG1="PAS DE          MESSAGE         ").message is None
    assert read(MSG1=" " * 32).message is None


def test_absent_is_not_zero() -> None:
    reading = read_groups(groups(ADSC=NUMBER), Mode.STANDARD, at=AT, tells_absence=False)
    assert reading == Reading(at=AT, mode=Mode.STANDARD, meter_id=NUMBER)


def test_a_meter_of_the_pilot_series_says_its_power_under_older_names() -> None:
    maxima = Group("SMAXN", "03420", "H261130063000"), Group("SMAXN-1", "05120", "H261129190000")
    reading = read(*maxima, ADSC="012367890123", IRMS1="003", URMS1="230", SINST1="00780")
    assert (reading.power, reading.phases, reading.phase_powers) == (780, 1, ())
    assert reading.maximum_today == Maximum(3420, at("2026-11-30 06:30"))
    assert reading.maximum_yesterday == Maximum(5120, at("2026-11-29 19:00"))


def test_a_three_phase_meter_of_the_pilot_series_says_one_power_a_phase() -> None:
    phases = {"IRMS1": "003", "IRMS2": "001", "IRMS3": "000", "SINST1": "00780", "SINST2": "00200", "SINST3": "00020"}
    reading = read(Group("SMAXN1", "03420", "H261130063000"), ADSC="012368890123", **phases)
    assert (reading.power, reading.phases, reading.phase_powers) == (1000, 3, (780, 200, 20))
    # One that was lost leaves no total, and the sum that the meter itself says counts before ours.
    assert read(**{**phases, "IRMS2": "001"} | {"SINSTS": "01010"}).power == 1010
    del phases["SINST2"]
    assert read(ADSC="012368890123", **phases).power is None
