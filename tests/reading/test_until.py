"""Until when, and what then: day profiles of meters in the field, and others drawn by the rules that hold in all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.i18n import use_language
from linkytui.reading import Contract, Reading
from linkytui.reading.meter_hours import MeterHours
from linkytui.reading.model import Peak
from linkytui.reading.outlook import Hours, outlook
from linkytui.tic import PARIS, Colour, Mode
from linkytui.wording.until import until_text

NAMES = {Contract.HPHC: ("HC", "HP"), Contract.TEMPO: ("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR")}

A1 = "00008001"
H1 = "00008002 0210C001 08108002 1440C001 16408002"
H2 = "00008002 0050C001 06508002 1220C001 14208002"
H3 = "00008002 0100C001 06008002 1230C001 15308002"
H4 = "00008002 0200C001 08008002 0F00C001 11008002"
H5 = "00008002 0038C001 07388002 0D1A8001 0E1A8002"
H6 = "0000C001 07008002 1700C001"
H8 = "0000C001 061E8002 161EC001"
W1 = "00008002 0256C001 07568002 1156C001 14568002"
W2 = "0000C001 053A8002 153AC001"
T1 = "00004001 06004002 22004001"
T2 = "00004001 06004002 16004001"


def profile(used: str) -> str:
    blocks = used.split()
    return " ".join([*blocks, *["NONUTILE"] * (11 - len(blocks))])


def said(
    used: str,
    when: str,
    register: int,
    *,
    maker: str = "03",
    contract: Contract = Contract.HPHC,
    calendar: str | None = None,
    days: tuple[int, int] = (0, 0),
    **more: Any,
) -> Reading:
    clock = datetime.fromisoformat(when).replace(tzinfo=PARIS)
    names = NAMES.get(contract, tuple(f"EASF{n:02}" for n in range(1, 11)))
    return Reading(
        at=clock.timestamp(),
        mode=Mode.STANDARD,
        meter_id=f"{maker}2361456789",
        contract=contract,
        calendar=calendar,
        period=names[register - 1],
        register_number=register,
        day_number=days[0],
        next_day_number=days[1],
        next_profile=profile(used),
        meter_time=clock,
        **more,
    )


def sentence(*readings: Reading, meter: MeterHours | None = None, hours: Hours | None = None) -> str:
    """What is said after each of these was heard in some frames."""
    meter = meter or MeterHours()
    for reading in readings:
        for _frame in range(6):
            meter.hear(reading)
    latest = readings[-1]
    return until_text(outlook(latest, meter, hours or Hours(), latest.at))


OWN: dict[str, Any] = {"contract": Contract.OTHER, "calendar": "HC et Week-End"}
WEDNESDAY: dict[str, Any] = {"contract": Contract.OTHER, "calendar": "HC SEM WE MERCR", "period_text": "HP MERCREDI"}
TEMPO: dict[str, Any] = {"contract": Contract.TEMPO, "today": Colour.BLUE}
WHITE_TOMORROW = Peak(
    1, running=False, start=datetime(2026, 1, 14, 6, tzinfo=PARIS), end=datetime(2026, 1, 15, 6, tzinfo=PARIS)
)

FIELD = [
    (said(A1, "2026-01-13T12:00", 1, contract=Contract.BASE), "", ""),
    (said(A1, "2026-01-13T12:00", 1, contract=Contract.OTHER, calendar="PRODUCTEUR"), "", ""),
    (
        said(H1, "2026-01-13T12:00", 2),
        "peak until 14:40, then 2 h off-peak",
        "heures pleines jusqu'à 14:40, puis 2 h en heures creuses",
    ),
    (
        said(H1, "2026-01-13T15:00", 1),
        "off-peak until 16:40, then 9 h 30 peak",
        "heures creuses jusqu'à 16:40, puis 9 h 30 en heures pleines",
    ),
    (
        said(H1, "2026-01-13T20:00", 2),
        "peak until 02:10, then 6 h off-peak",
        "heures pleines jusqu'à 02:10, puis 6 h en heures creuses",
    ),
    (
        said(H2, "2026-01-13T09:25", 2, maker="06", period_text="INDEX INACTIF 2"),
        "peak until 12:20, then 2 h off-peak",
        "heures pleines jusqu'à 12:20, puis 2 h en heures creuses",
    ),
    (
        said(H4, "2026-01-13T15:05", 1, maker="02"),
        "off-peak until 17:00, then 9 h peak",
        "heures creuses jusqu'à 17:00, puis 9 h en heures pleines",
    ),
    (
        said(H5, "2026-01-13T13:30", 1, maker="39"),
        "off-peak until 14:26, then 10 h 30 peak",
        "heures creuses jusqu'à 14:26, puis 10 h 30 en heures pleines",
    ),
    (
        said(H6, "2026-01-13T23:30", 1, maker="81"),
        "off-peak until 07:00, then 16 h peak",
        "heures creuses jusqu'à 07:00, puis 16 h en heures pleines",
    ),
    (
        said(H8, "2026-01-13T18:00", 2, maker="39"),
        "peak until 22:30, then 8 h off-peak",
        "heures pleines jusqu'à 22:30, puis 8 h en heures creuses",
    ),
    (
        said(H8, "2026-03-28T18:00", 2, maker="39"),
        "peak until 22:30, then 7 h off-peak",
        "heures pleines jusqu'à 22:30, puis 7 h en heures creuses",
    ),
    (
        said(H8, "2026-10-24T18:00", 2, maker="39"),
        "peak until 22:30, then 9 h off-peak",
        "heures pleines jusqu'à 22:30, puis 9 h en heures creuses",
    ),
    (
        said(W1, "2026-01-13T12:58", 1, maker="39", **OWN),
        "off-peak until 14:56, then 12 h peak",
        "heures creuses jusqu'à 14:56, puis 12 h en heures pleines",
    ),
    (
        said(W2, "2026-01-14T10:15", 6, maker="39", days=(1, 0), **WEDNESDAY),
        "tomorrow: register 1 until 05:58",
        "demain : index 1 jusqu'à 05:58",
    ),
    (
        said(T2, "2026-01-13T15:20", 2, maker="81", **TEMPO),
        "blue peak until 22:00, then blue off-peak until 06:00",
        "heures pleines bleues jusqu'à 22:00, puis heures creuses bleues jusqu'à 06:00",
    ),
    (
        said(T1, "2026-01-13T23:00", 1, maker="04", **TEMPO, peak=WHITE_TOMORROW),
        "blue off-peak until 06:00, then white peak until 22:00",
        "heures creuses bleues jusqu'à 06:00, puis heures pleines blanches jusqu'à 22:00",
    ),
    (said(H3, "2026-01-13T17:37", 2, maker="36"), "", ""),
]


@pytest.mark.parametrize(("reading", "english", "french"), FIELD)
def test_profiles_of_meters_in_the_field_say_until_when(reading: Reading, english: str, french: str) -> None:
    assert sentence(reading) == english
    use_language("fr")
    assert sentence(reading) == french


def test_a_guess_is_settled_by_the_register_that_counts_where_the_two_readings_differ() -> None:
    meter = MeterHours()
    assert sentence(said(H3, "2026-01-13T12:20", 2, maker="36"), meter=meter) == ""
    assert sentence(said(H3, "2026-01-13T12:31", 1, maker="36"), meter=meter) == ""  # the switch may be a moment late
    expected = "off-peak until 15:30, then 9 h 30 peak"
    assert sentence(said(H3, "2026-01-13T12:40", 1, maker="36"), meter=meter) == expected
    assert sentence(said(H3, "2026-01-13T17:37", 2, maker="36"), meter=meter) == "peak until 01:00, then 5 h off-peak"
    other = MeterHours()
    assert sentence(said(H3, "2026-01-13T12:40", 2, maker="36"), meter=other) == "peak until 18:48, then 3 h off-peak"
    assert sentence(said(H3, "2026-01-13T12:40", 1, maker="03")) == expected  # a maker of whom the base is known


def test_one_damaged_frame_settles_nothing_and_changes_no_hours() -> None:
    meter = MeterHours()
    sentence(said(H8, "2026-01-13T18:00", 2, maker="39"), meter=meter)
    meter.hear(said(H6, "2026-01-13T18:01", 2, maker="39"))
    meter.hear(said(H6, "2026-01-13T18:01", 2, maker="39"))
    assert sentence(said(H8, "2026-01-13T18:02", 2, maker="39"), meter=meter) == "peak until 22:30, then 8 h off-peak"
    assert meter.known.change is None


def test_todays_hours_are_those_that_were_kept_from_the_day_before() -> None:
    meter = MeterHours()
    tuesday = said(W2, "2026-01-13T10:15", 2, maker="39", days=(0, 1), **{**WEDNESDAY, "period_text": "HP SEMAINE"})
    wednesday = said(H8, "2026-01-14T10:15", 6, maker="39", days=(1, 0), **WEDNESDAY)
    assert sentence(tuesday, meter=meter) == "tomorrow: register 1 until 05:58"
    # Wednesday's registers are 5 and 6: the profile kept for it does not name them here, so it is not believed.
    assert sentence(wednesday, meter=meter) == "tomorrow: register 1 until 06:30"
    own = "0000C005 053A8006 153AC005"
    meter = MeterHours()
    sentence(said(own, "2026-01-13T10:15", 2, maker="39", days=(0, 1), **WEDNESDAY), meter=meter)
    assert sentence(wednesday, meter=meter) == "HP mercredi until 21:58, then 2 h 02 register 5"


def test_a_days_number_tells_its_hours_a_week_later() -> None:
    meter = MeterHours()
    friday = said("0000C003", "2026-01-16T20:00", 2, days=(0, 1), **OWN)
    sentence(friday, meter=meter)
    saturday = said("0000C003", "2026-01-24T10:00", 3, days=(1, 1), **OWN, period_text="WEEK-END")
    assert sentence(saturday, meter=meter) == "week-end until at least midnight tomorrow"
    sunday = said(W1, "2026-01-25T10:00", 3, days=(1, 0), **OWN, period_text="WEEK-END")
    assert sentence(sunday, meter=meter) == "week-end until 00:00, then 2 h 56 peak"


def test_hours_that_the_running_register_contradicts_are_not_told() -> None:
    assert sentence(said(H1, "2026-01-13T15:00", 2)) == ""


def test_a_switch_in_the_hour_that_the_clock_skips_or_repeats_is_left_out() -> None:
    for eve in ("2026-03-28", "2026-10-24"):
        assert sentence(said(H1, f"{eve}T20:00", 2)) == ""
        assert sentence(said(H1, f"{eve}T15:00", 1)) == "off-peak until 16:40, then peak"
        assert sentence(said(H1, f"{eve}T12:00", 2)) == "peak until 14:40, then 2 h off-peak"


def test_the_countdown_follows_the_clock_of_the_meter() -> None:
    meter, late = MeterHours(), said(H8, "2026-01-13T18:00", 2, maker="39")
    for _frame in range(3):
        meter.hear(late)
    ahead = outlook(late, meter, Hours(), late.at + 3.5 * 3600)
    assert until_text(ahead) == "peak until 22:30, then 8 h off-peak"


def test_mobile_peaks_of_ejp_are_told_from_their_start_and_end() -> None:
    start, end = datetime(2026, 1, 14, 7, tzinfo=PARIS), datetime(2026, 1, 15, 1, tzinfo=PARIS)
    ejp: dict[str, Any] = {"contract": Contract.EJP}
    told = said("0000C001", "2026-01-14T06:40", 1, **ejp, peak=Peak(1, running=False, start=start, end=end))
    assert sentence(told) == "normal hours until 07:00, then 18 h mobile peak"
    runs = said("0000C001", "2026-01-14T09:40", 2, **ejp, peak=Peak(1, running=True, start=start, end=end))
    assert sentence(runs) == "mobile peak until 01:00, then normal hours"
    assert sentence(said("0000C001", "2026-01-14T09:40", 1, **ejp)) == ""


def test_the_colour_that_is_not_announced_is_not_invented() -> None:
    night = said(T1, "2026-01-13T23:00", 1, maker="04", **TEMPO)
    assert sentence(night) == "blue off-peak until 06:00, then peak until 22:00"
    saturday = said(T1, "2026-01-17T23:00", 1, maker="04", **TEMPO)
    assert sentence(saturday) == "blue off-peak until 06:00, then blue peak until 22:00"  # no Sunday has another colour
    odd = said("00004001 06384002 22384001", "2026-01-13T23:00", 1, maker="04", **TEMPO, tomorrow=Colour.RED)
    assert sentence(odd) == "blue off-peak until 06:00, then red off-peak until 06:38"


# Drawn by the rules -------------------------------------------------------------------------------------------------

MAKERS = {"02": 16, "81": 16, "03": 10, "04": 10}


@st.composite
def timetables(draw: st.DrawFn) -> list[tuple[int, int]]:
    """One or two off-peak windows a day, eight hours in all, at even minutes; the last may go over midnight."""
    lengths = [480] if draw(st.booleans()) else [(night := draw(st.integers(120, 210)) * 2), 480 - night]
    start = draw(st.integers(0, 719)) * 2
    windows = [(start, start + lengths[0])]
    if len(lengths) == 2:
        room = 1440 - 480
        pause = draw(st.integers(1, room // 2 - 1)) * 2
        second = windows[0][1] + pause
        windows.append((second, second + lengths[1]))
    return [(first % 1440, (first % 1440) + (end - first)) for first, end in windows]


def off_peak_at(windows: list[tuple[int, int]], minute: int) -> bool:
    return any(first <= minute < end or first <= minute + 1440 < end for first, end in windows)


def written(windows: list[tuple[int, int]], radix: int) -> str:
    blocks, before = [], None
    for minute in range(1440):
        now = off_peak_at(windows, minute)
        if now is not before:
            digits = f"{minute // 60:02X}{minute % 60:02X}" if radix == 16 else f"{minute // 60:02}{minute % 60:02}"
            blocks.append(digits + ("C001" if now else "8002"))
            before = now
    return " ".join(blocks)


def expected_sentence(windows: list[tuple[int, int]], now: datetime) -> str:
    """The same sentence by walking minute by minute, on a day on which no clock changes."""
    minute = now.hour * 60 + now.minute
    edges = [
        m
        for m in range(minute + 1, minute + 2880)
        if off_peak_at(windows, m % 1440) != off_peak_at(windows, (m - 1) % 1440)
    ]
    first, second = edges[:2]
    names = ["off-peak", "peak"] if off_peak_at(windows, minute) else ["peak", "off-peak"]
    hours, minutes = divmod(second - first, 60)
    length = f"{minutes} min" if not hours else f"{hours} h {minutes:02}" if minutes else f"{hours} h"
    return f"{names[0]} until {first % 1440 // 60:02}:{first % 60:02}, then {length} {names[1]}"


@given(
    windows=timetables(),
    maker=st.sampled_from(["02", "81", "03", "04", "06", "36", "39"]),
    minute=st.integers(0, 1439),
    radix=st.sampled_from([10, 16]),
)
def test_a_timetable_drawn_at_random_is_told_right_or_not_at_all(
    windows: list[tuple[int, int]], maker: str, minute: int, radix: int
) -> None:
    use_language("en")
    radix = MAKERS.get(maker, radix)
    now = datetime(2026, 6, 10, tzinfo=PARIS) + timedelta(minutes=minute)
    register = 1 if off_peak_at(windows, minute) else 2
    told = sentence(said(written(windows, radix), f"{now:%Y-%m-%dT%H:%M}", register, maker=maker))
    if maker in MAKERS:
        assert told == expected_sentence(windows, now)
    else:
        assert told in ("", expected_sentence(windows, now))
