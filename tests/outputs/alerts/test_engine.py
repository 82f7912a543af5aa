"""One message when an incident begins, one when it ends."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.outputs.alerts.engine import Alert, AlertEngine
from linkytui.reading import Contract, Peak, Reading
from linkytui.reading.meter_hours import HoursChange
from linkytui.settings.model import AlertKind, AlertRule
from linkytui.tic import Colour, Mode

CALM = Reading(at=0.0, mode=Mode.HISTORIC, contract=Contract.HPHC, power=460, subscribed=9.0, over_subscription=False)


def begun(alerts: Iterable[Alert]) -> list[bool]:
    return [alert.began for alert in alerts]


class Story:
    """A meter that speaks each second."""

    def __init__(self, *rules: AlertRule, **options: Any) -> None:
        self.engine = AlertEngine(rules, **options)
        self.now = 0.0

    def goes_on(self, reading: Reading, seconds: int = 1) -> list[Alert]:
        alerts = []
        for _ in range(seconds):
            self.now += 1
            alerts += self.engine.heard(reading, self.now)
        return alerts

    def is_silent(self, seconds: int) -> list[Alert]:
        alerts = []
        for _ in range(seconds):
            self.now += 1
            alerts += self.engine.tick(self.now)
        return alerts


def test_over_subscription_is_said_once_and_so_is_its_end() -> None:
    story = Story(AlertRule(kind="over_subscription"))
    assert story.goes_on(CALM, 5) == []
    (first,) = story.goes_on(replace(CALM, over_subscription=True, power=9600), 30)
    assert first.began
    assert first.text == "Subscribed power exceeded: 9,600 VA"
    (last,) = story.goes_on(CALM, 5)
    assert not last.began


def test_an_incident_must_last_and_two_must_lie_apart() -> None:
    story = Story(AlertRule(kind="power", threshold=6000, duration=10, interval=60))
    high = replace(CALM, power=6500)
    assert story.goes_on(high, 10) == []
    assert story.goes_on(CALM, 3) == []
    (first,) = story.goes_on(high, 14)
    assert first.began
    assert first.text == "Drawing 6,500 VA, above 6,000 VA"
    assert begun(story.goes_on(CALM, 3)) == [False]
    # Again at once: not before a minute has passed since the first.
    alerts = story.goes_on(high, 40)
    assert alerts == []
    alerts = story.goes_on(high, 40)
    assert begun(alerts) == [True]


def test_power_without_a_threshold_is_judged_by_the_subscription() -> None:
    story = Story(AlertRule(kind="power"))
    assert story.goes_on(replace(CALM, power=9000), 3) == []
    assert begun(story.goes_on(replace(CALM, power=9010), 3)) == [True]
    assert Story(AlertRule(kind="power")).goes_on(replace(CALM, subscribed=None, power=99999), 3) == []


def test_a_silent_meter_is_said_once_and_so_is_its_return() -> None:
    story = Story(AlertRule(kind="silent", threshold=60), AlertRule(kind="power", threshold=100, duration=100))
    story.goes_on(CALM)
    alerts = story.is_silent(600)
    assert [(alert.rule.kind, alert.began) for alert in alerts] == [("silent", True)]
    assert alerts[0].text == "The meter has been silent for 60 s"
    (back,) = story.goes_on(CALM)
    assert back.text == "The meter is sending again"


def test_a_meter_that_never_spoke_is_silent_too() -> None:
    story = Story(AlertRule(kind="silent", threshold=30))
    assert begun(story.is_silent(40)) == [True]


def test_what_cannot_be_told_neither_begins_nor_ends_an_incident() -> None:
    story = Story(AlertRule(kind="over_subscription"))
    assert begun(story.goes_on(replace(CALM, over_subscription=True), 3)) == [True]
    assert story.goes_on(replace(CALM, over_subscription=None), 20) == []
    assert story.is_silent(100) == []
    assert begun(story.goes_on(CALM, 3)) == [False]


ALARMS: dict[AlertKind, Reading] = {
    "over_subscription": replace(CALM, over_subscription=True),
    "power": replace(CALM, power=9999),
    "tempo_red": replace(CALM, contract=Contract.TEMPO, tomorrow=Colour.RED),
    "ejp_notice": replace(CALM, contract=Contract.EJP, peak=Peak(None, running=False)),
}


@pytest.mark.parametrize("kind", ALARMS)
def test_a_damaged_frame_or_two_neither_begin_nor_end_an_incident(kind: AlertKind) -> None:
    story, alarm = Story(AlertRule(kind=kind, interval=0)), ALARMS[kind]
    assert [story.goes_on(*turn) for turn in ((alarm, 2), (CALM, 1), (alarm, 2), (CALM, 9), (alarm, 1))] == [[]] * 5
    assert begun(story.goes_on(alarm, 2)) == [True]
    assert [story.goes_on(*turn) for turn in ((CALM, 2), (alarm, 1), (CALM, 2), (alarm, 9))] == [[]] * 4
    assert begun(story.goes_on(CALM, 3)) == [False]


def test_a_red_day_is_announced_once_and_ends_when_it_begins() -> None:
    tempo = replace(CALM, contract=Contract.TEMPO, today=Colour.WHITE, tomorrow=None)
    story = Story(AlertRule(kind="tempo_red"))
    assert story.goes_on(tempo, 3) == []
    (announced,) = story.goes_on(replace(tempo, tomorrow=Colour.RED), 3600)
    assert announced.text == "Tomorrow is a red Tempo day"
    (begins,) = story.goes_on(replace(tempo, today=Colour.RED, tomorrow=None), 60)
    assert begins.text == "The red Tempo day has begun"
    assert not begins.began


def test_the_ejp_notice_covers_the_peak() -> None:
    ejp = replace(CALM, contract=Contract.EJP)
    story = Story(AlertRule(kind="ejp_notice"))
    (notice,) = story.goes_on(replace(ejp, peak=Peak(None, running=False)), 1800)
    assert notice.text == "EJP mobile peak starts soon"
    assert story.goes_on(replace(ejp, peak=Peak(None, running=True)), 1800) == []
    (over,) = story.goes_on(ejp, 3)
    assert over.text == "EJP mobile peak is over"
    # A white Tempo day is a mobile peak as well, but none of EJP's.
    tempo = replace(CALM, contract=Contract.TEMPO, peak=Peak(1, running=True))
    assert Story(AlertRule(kind="ejp_notice")).goes_on(tempo, 3) == []


def test_the_estimate_is_judged_by_the_rules_limit_or_the_budget() -> None:
    engine = AlertEngine([AlertRule(kind="budget"), AlertRule(kind="budget", threshold=200)], budget=90.0)
    assert engine.estimated(None, 1) == []
    (first,) = engine.estimated(95.5, 2)
    assert first.text == "The month is estimated at 95.50 EUR, above 90.00 EUR"
    assert [alert.rule.threshold for alert in engine.estimated(210, 3)] == [200]
    assert begun(engine.estimated(80, 4)) == [False, False]
    assert AlertEngine([AlertRule(kind="budget")]).estimated(1000, 1) == []


def test_a_growing_backlog_is_said() -> None:
    engine = AlertEngine([AlertRule(kind="backlog", threshold=1800)])
    assert engine.waiting(500, 1200, 1) == []
    (first,) = engine.waiting(1200, 1900, 2)
    assert first.text == "1,200 samples are waiting for InfluxDB; the oldest is 32 min old"
    assert engine.running == (first.rule,)
    assert begun(engine.waiting(0, 0, 3)) == [False]


@given(
    st.lists(st.tuples(st.floats(0.1, 30), st.sampled_from([100, 7000])), max_size=200),
    st.integers(0, 20),
    st.integers(0, 200),
)
def test_beginnings_and_ends_take_turns_and_keep_their_distance(
    steps: list[tuple[int, int]], duration: int, interval: int
) -> None:
    engine = AlertEngine([AlertRule(kind="power", threshold=6000, duration=duration, interval=interval)])
    now, told = 0.0, []
    for seconds, power in steps:
        now += seconds
        told += [(now, alert.began) for alert in engine.heard(replace(CALM, power=power), now)]
    assert [began for _, began in told] == [count % 2 == 0 for count in range(len(told))]
    starts = [at for at, began in told if began]
    assert all(later - earlier >= interval for earlier, later in pairwise(starts))


@pytest.mark.parametrize("kind", get_args(AlertKind))
def test_no_rule_says_anything_before_anything_is_known(kind: AlertKind) -> None:
    assert AlertEngine([AlertRule(kind=kind)], now=100.0).tick(101.0) == []


def test_off_peak_hours_that_run_already_do_not_start() -> None:
    story = Story(AlertRule(kind="off_peak_starts"))
    cheap, dear = replace(CALM, period="HC"), replace(CALM, period="HP")
    assert story.goes_on(cheap, 30) == []
    assert story.goes_on(dear, 30) == []
    (first,) = story.goes_on(cheap, 30)
    assert (first.began, first.text) == (True, "Off-peak hours have begun")
    (last,) = story.goes_on(dear, 30)
    assert (last.began, last.text) == (False, "Off-peak hours are over")
    one_price = Story(AlertRule(kind="off_peak_starts"))
    assert one_price.goes_on(replace(CALM, contract=Contract.BASE, period="BASE"), 30) == []


@pytest.mark.parametrize(
    ("calendar", "registers", "begins"),
    [("HC et Week-End", (2, 1), True), ("HC SEM WE MERCR", (6, 5), True), ("HC et Week-End", (2, 3), False)],
)
def test_off_peak_hours_of_a_suppliers_own_calendar_start_by_its_registers(
    calendar: str, registers: tuple[int, int], begins: bool
) -> None:
    story = Story(AlertRule(kind="off_peak_starts"))
    own = replace(CALM, mode=Mode.STANDARD, contract=Contract.OTHER, calendar=calendar)
    alerts = [alert for number in registers for alert in story.goes_on(replace(own, register_number=number), 10)]
    assert begun(alerts) == [True] * begins


def test_other_hours_are_told_once_the_day_before_and_once_on_the_day() -> None:
    day = date(2026, 11, 3)
    night, later = ((0, 1), (23400, 2), (81000, 1)), ((0, 1), (27000, 2), (84600, 1))
    change = HoursChange(day, night, later)
    engine = AlertEngine([AlertRule(kind="hours_changed"), AlertRule(kind="silent")])
    assert engine.changed(None, day) == []
    (before,) = engine.changed(change, day - timedelta(days=1))
    assert before.text == "Your off-peak hours change tomorrow: 23:30-07:30 instead of 22:30-06:30"
    assert engine.changed(change, day - timedelta(days=1)) == []
    (on_the_day,) = engine.changed(change, day)
    assert on_the_day.text == "Your off-peak hours have changed: 23:30-07:30 instead of 22:30-06:30"
    assert engine.changed(change, day) == []
