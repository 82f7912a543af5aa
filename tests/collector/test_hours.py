"""The hours that are kept from one run to the next, and told when they change."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from linkytui.billing.kept_hours import read_hours, write_hours
from linkytui.civil.days import HOUR, MINUTE, local, moment
from linkytui.collector.hours import HoursKeeper
from linkytui.history.results import MinuteRow
from linkytui.line.listener import Arrival
from linkytui.reading import Contract, Reading
from linkytui.reading.learned import as_switches
from linkytui.reading.meter_hours import HoursChange, KnownHours
from linkytui.tic import PARIS, Frame, Mode

NIGHT = "0000C001 061E8002 161EC001"  # 22:30-06:30
LATER = "0000C001 071E8002 171EC001"  # 23:30-07:30
OLD, NEW = ((0, 1), (23400, 2), (81000, 1)), ((0, 1), (27000, 2), (84600, 1))


def profile(used: str) -> str:
    return " ".join([*used.split(), *["NONUTILE"] * (11 - len(used.split()))])


def arrival(when: str, used: str | None, *, register: int = 2) -> Arrival:
    clock = datetime.fromisoformat(when).replace(tzinfo=PARIS)
    reading = Reading(
        at=clock.timestamp(),
        mode=Mode.STANDARD,
        meter_id="812361456789",
        contract=Contract.HPHC,
        period="HP",
        register_number=register,
        day_number=0,
        next_day_number=0,
        next_profile=None if used is None else profile(used),
        meter_time=clock,
    )
    mine: Any = SimpleNamespace(meter_id=reading.meter_id)
    return Arrival(Frame(Mode.STANDARD, (), (), complete=True, offset=0), reading, mine)


class Clock:
    def __init__(self, when: str) -> None:
        self.set(when)

    def set(self, when: str) -> None:
        self.at = datetime.fromisoformat(when).replace(tzinfo=PARIS).timestamp()

    def __call__(self) -> float:
        return self.at


class Recorded:
    """A history of some days' minutes."""

    zone = PARIS

    def __init__(self, folder: Path, days: Sequence[tuple[date, tuple[tuple[int, int], ...]]] = ()) -> None:
        self.folder = folder
        self._rows: list[MinuteRow] = []
        for day, switches in days:
            windows = [
                (first, end)
                for (first, number), end in zip(switches, [*(s for s, _n in switches[1:]), 24 * HOUR], strict=True)
                if number == 1
            ]
            for second in range(0, 24 * HOUR, MINUTE):
                name = "HC" if any(first <= second < end for first, end in windows) else "HP"
                self._rows.append(MinuteRow(int(moment(day, second)), name, 40, 500, 400, 600, 8))

    def minutes(self, start: float, end: float) -> list[MinuteRow]:
        return [row for row in self._rows if start <= row.start < end]


def keeper(reader: Any, clock: Clock, **more: Any) -> HoursKeeper:
    return HoursKeeper(reader, clock=clock, glance=3600, **more)


def test_what_the_meter_said_is_there_after_a_restart(tmp_path: Path) -> None:
    clock = Clock("2026-06-10T12:00")
    first = keeper(Recorded(tmp_path), clock)
    for _frame in range(4):
        first.frame_came(arrival("2026-06-10T12:00", NIGHT))
    first.close()
    known = read_hours(tmp_path)
    assert known.meter_id == "812361456789"
    assert known.days == {date(2026, 6, 11): profile(NIGHT)}
    assert known.base == "hexadecimal"


def test_a_timetable_that_changes_is_told_the_day_before_and_on_the_day(tmp_path: Path) -> None:
    clock = Clock("2026-06-10T12:00")
    first = keeper(Recorded(tmp_path), clock)
    for when, used in (("2026-06-10T12:00", NIGHT), ("2026-06-11T00:05", LATER)):
        clock.set(when)
        for _frame in range(4):
            first.frame_came(arrival(when, used))
    change = HoursChange(date(2026, 6, 12), OLD, NEW)
    assert first.change == change
    first.close()
    second = keeper(Recorded(tmp_path), clock)
    clock.set("2026-06-12T08:00")
    assert second.change == change
    clock.set("2026-06-13T08:00")
    assert second.change is None
    second.close()


@pytest.mark.parametrize("glimpses", [1, 2])
def test_a_damaged_timetable_changes_nothing(tmp_path: Path, glimpses: int) -> None:
    one = keeper(Recorded(tmp_path), Clock("2026-06-10T12:00"))
    for used, times in ((NIGHT, 5), (LATER, glimpses), (NIGHT, 5)):
        for _frame in range(times):
            one.frame_came(arrival("2026-06-10T12:00", used))
    assert one.change is None
    one.close()


def test_the_record_of_a_meter_without_a_timetable_tells_other_hours_on_their_day(tmp_path: Path) -> None:
    first = date(2026, 6, 1)
    days = [(first + timedelta(days=number), OLD if number < 6 else NEW) for number in range(9)]
    clock = Clock("2026-06-07T00:00")
    one = keeper(Recorded(tmp_path, days), clock)
    while read_change(one) is None:
        clock.at += 10 * MINUTE
        one.look(clock.at)
    assert f"{local(clock.at):%d %H:%M}" == "07 23:40"  # the evening's switch was the last that was not known
    assert read_change(one) == HoursChange(date(2026, 6, 7), OLD, NEW)
    one.close()
    assert read_hours(tmp_path).learned == NEW


def read_change(keeper: HoursKeeper) -> HoursChange | None:
    return keeper._meter.known.change


def test_nothing_is_kept_where_no_history_is(tmp_path: Path) -> None:
    one = keeper(Recorded(tmp_path), Clock("2026-06-10T12:00"), keeps=False)
    for _frame in range(4):
        one.frame_came(arrival("2026-06-10T12:00", NIGHT))
    one.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b'{"days": {"x": 1}}', b"[]"])
def test_a_file_that_cannot_be_read_is_no_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hours.json").write_bytes(content)
    assert read_hours(tmp_path) == KnownHours()


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    known = KnownHours(
        "812361456789",
        Contract.OTHER,
        "HC et Week-End",
        "decimal",
        {date(2026, 6, 10): profile(NIGHT)},
        {date(2026, 6, 10): 1},
        {1: profile(NIGHT)},
        {"EASF03": "WEEK-END"},
        as_switches(((0, 3600),)),
        HoursChange(date(2026, 6, 11), OLD, NEW),
    )
    write_hours(tmp_path, known)
    assert read_hours(tmp_path) == known
