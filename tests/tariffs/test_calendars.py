"""Suppliers' own calendars: which period runs when, out of a grid's words or of the settings."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.off_peak import OffPeak
from linkytui.settings.model import CalendarPeriod, TariffCalendar
from linkytui.tariffs.calendars.calendar import Calendar, CalendarClock, Unknown
from linkytui.tariffs.calendars.own import calendar_set, counted_by, why_unclear
from linkytui.tariffs.calendars.said import calendar_said
from linkytui.tic import Colour

PARIS = ZoneInfo("Europe/Paris")
LOCAL = OffPeak.of(["22:30-06:30"])
HOUR = 3600

WEEK_END = calendar_said(
    ["HP semaine", "HC semaine", "week-end"],
    {
        "HC semaine": "Les heures creuses semaine sont au nombre de 8 et sont situées entre 23h et 7h la nuit, et 11h "
        "et 17h en journée. Ces heures creuses sont définies par le Gestionnaire de Réseau de Distribution.",
        "week-end": "Les heures week-end sont du samedi à 00h00 au dimanche à 23h59, soit 48h.",
    },
)
SUPER = calendar_said(
    ["super HC", "HC", "HP"],
    {"super HC": "Super Heures Creuses De 3h01 à 7h00", "HC": "Heures Creuses De 1h01 à 3h00 & 13h01 à 15h"},
)


def running(
    calendar: Calendar, *when: int, off_peak: OffPeak | None = LOCAL, colours: Mapping[date, Colour] | None = None
) -> str | Unknown:
    """The name of the period that runs at a local time."""
    at = datetime(*when, tzinfo=PARIS).timestamp()  # type: ignore[misc,arg-type]
    spans = CalendarClock(calendar, PARIS, off_peak, colours).spans(at, at + 1)
    if isinstance(spans, Unknown):
        return spans
    names = {register: name for name, register in calendar.registers.items()}
    return names[spans[0].register]


def test_a_week_end_begins_on_saturday_and_ends_before_monday() -> None:
    assert [running(WEEK_END, 2026, 11, day, 12) for day in (20, 21, 22, 23)] == [
        "HP semaine",
        "week-end",
        "week-end",
        "HP semaine",
    ]
    assert running(WEEK_END, 2026, 11, 20, 23, 59) == "HC semaine"
    assert running(WEEK_END, 2026, 11, 21, 0) == "week-end"


def test_hours_that_the_network_sets_are_those_of_the_address_not_those_between_which_they_lie() -> None:
    assert running(WEEK_END, 2026, 11, 20, 12) == "HP semaine"
    assert running(WEEK_END, 2026, 11, 20, 6, 29) == "HC semaine"
    assert running(WEEK_END, 2026, 11, 20, 6, 30) == "HP semaine"
    assert running(WEEK_END, 2026, 11, 20, 12, off_peak=None) is Unknown.HOURS
    assert running(WEEK_END, 2026, 11, 21, 12, off_peak=None) == "week-end"


def test_a_public_holiday_is_a_weekday_unless_the_grid_says_otherwise() -> None:
    assert running(WEEK_END, 2026, 11, 11, 12) == "HP semaine"
    festive = calendar_said(["semaine", "week-end"], {"week-end": "samedi, dimanche et jours fériés"})
    assert running(festive, 2026, 11, 11, 12) == "week-end"
    assert running(festive, 2026, 11, 12, 12) == "semaine"
    without = calendar_said(["semaine", "week-end"], {"week-end": "samedi et dimanche, hors jours fériés"})
    assert running(without, 2026, 11, 11, 12) == "semaine"


def test_minutes_that_a_grid_counts_from_one_begin_with_the_hour() -> None:
    assert [running(SUPER, 2026, 5, 5, *clock) for clock in ((0, 59), (1, 0), (2, 59), (3, 0), (6, 59), (7, 0))] == [
        "HP",
        "HC",
        "HC",
        "super HC",
        "super HC",
        "HP",
    ]
    assert [running(SUPER, 2026, 5, 5, hour) for hour in (13, 14, 15)] == ["HC", "HC", "HP"]


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("de 22h à 6h", (23, 0), (6, 0)),
        ("22h30-6h30", (6, 29), (22, 29)),
        ("entre 11:00 et 17:00", (11, 0), (17, 0)),
        ("de minuit à 7h et de midi à 14h", (12, 0), (7, 0)),
        ("de 22 h 00 à minuit", (23, 59), (0, 0)),
        ("de 22h à 23h59", (23, 59), (0, 0)),
    ],
)
def test_stated_hours_are_understood_however_they_are_written(
    text: str, inside: tuple[int, int], outside: tuple[int, int]
) -> None:
    calendar = calendar_said(["HC", "HP"], {"HC": f"Heures creuses : {text}"})
    assert running(calendar, 2026, 5, 5, *inside, off_peak=None) == "HC"
    assert running(calendar, 2026, 5, 5, *outside, off_peak=None) == "HP"


@pytest.mark.parametrize(
    "texts",
    [
        {"HP hiver": "Hiver (novembre à mars)", "HP été": "Été (avril à octobre)"},
        {"HP hiver": "du 1er novembre au 31 mars", "HP été": "du 1er avril au 31 octobre"},
        {"HP hiver": "du 01/11 au 31/03", "HP été": "du 01/04 au 31/10"},
    ],
)
def test_seasons_begin_on_their_days(texts: dict[str, str]) -> None:
    hours = {**texts, "HC hiver": texts["HP hiver"], "HC été": texts["HP été"]}
    calendar = calendar_said(["HP hiver", "HC hiver", "HP été", "HC été"], hours)
    assert running(calendar, 2026, 10, 31, 12) == "HP été"
    assert running(calendar, 2026, 10, 31, 23) == "HC été"
    assert running(calendar, 2026, 11, 1, 0) == "HC hiver"
    assert running(calendar, 2027, 3, 31, 12) == "HP hiver"
    assert running(calendar, 2027, 4, 1, 12) == "HP été"


def test_the_networks_seasons_hold_where_a_grid_says_only_high_and_low() -> None:
    calendar = calendar_said(["HP saison haute", "HP saison basse", "HC saison haute", "HC saison basse"], {})
    assert running(calendar, 2026, 11, 1, 12) == "HP saison haute"
    assert running(calendar, 2026, 10, 31, 12) == "HP saison basse"


@pytest.mark.parametrize(
    ("names", "texts", "unclear"),
    [
        (["heures solaires", "HP", "HC"], {}, ("heures solaires",)),
        (["super HC", "HP", "HC"], {"HC": "de 22h à 6h"}, ("super HC",)),
        (["HP hiver", "HP été"], {}, ("HP hiver", "HP été")),
        (["jour éco", "jour sobriété"], {}, ("jour éco", "jour sobriété")),
        (["semaine", "week-end"], {"week-end": "du vendredi 18h au dimanche minuit"}, ("week-end",)),
    ],
)
def test_what_cannot_be_known_is_not_guessed(names: list[str], texts: dict[str, str], unclear: tuple[str, ...]) -> None:
    calendar = calendar_said(names, texts)
    assert calendar.unclear == unclear
    reason = why_unclear(calendar, names)
    assert reason is not None
    assert "[[tariff.calendars]]" in reason


def test_a_calendar_of_the_settings_says_everything_itself() -> None:
    calendar = calendar_set(
        TariffCalendar(
            periods=(
                CalendarPeriod(name="sobriété", dates=("2026-12-03",)),
                CalendarPeriod(name="rouge", colours=("red",), hours=("06:00-22:00",)),
                CalendarPeriod(name="solaire", first="04-01", last="09-30", hours=("11:00-17:00",), register="EASF05"),
                CalendarPeriod(name="fête", days=("sunday", "holidays")),
                CalendarPeriod(name="creuses", hours=("local",)),
                CalendarPeriod(name="reste"),
            )
        )
    )
    red = {date(2026, 12, day): Colour.RED if day == 4 else Colour.BLUE for day in range(1, 31)}
    red |= {date(2026, month, day): Colour.BLUE for month in (5, 11) for day in range(1, 31)}
    assert running(calendar, 2026, 12, 3, 12, colours=red) == "sobriété"
    assert running(calendar, 2026, 12, 4, 12, colours=red) == "rouge"
    assert running(calendar, 2026, 12, 5, 5, colours=red) == "creuses"
    assert running(calendar, 2026, 5, 5, 12, colours=red) == "solaire"
    assert running(calendar, 2026, 11, 11, 12, colours=red) == "fête"
    assert running(calendar, 2026, 11, 12, 12, colours=red) == "reste"
    assert running(calendar, 2027, 1, 12, 12) is Unknown.COLOURS
    assert calendar.registers == {
        "sobriété": "EASF01",
        "rouge": "EASF02",
        "solaire": "EASF05",
        "fête": "EASF03",
        "creuses": "EASF04",
        "reste": "EASF06",
    }
    assert not calendar.is_counted


def test_a_calendar_without_a_rest_says_when_nothing_holds() -> None:
    calendar = calendar_set(TariffCalendar(periods=(CalendarPeriod(name="nuit", hours=("22:00-06:00",)),)))
    assert running(calendar, 2026, 5, 5, 23) == "nuit"
    assert running(calendar, 2026, 5, 5, 12) is Unknown.UNCOVERED


def test_the_meters_own_words_tell_which_register_counts_a_period() -> None:
    texts = {"EASF01": "HC SEMAINE", "EASF02": "HEURES PLEINES SEMAINE", "EASF03": "WEEK-END", "EASF04": "INUTILISE"}
    calendar = counted_by(WEEK_END, texts)
    assert calendar.registers == {"HC semaine": "EASF01", "HP semaine": "EASF02", "week-end": "EASF03"}
    assert calendar.is_counted
    assert not counted_by(WEEK_END, {"EASF01": "HC SEMAINE"}).is_counted


WINDOWS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] != pair[1] % 1440),
    min_size=1,
    max_size=3,
)


@given(WINDOWS, st.integers(0, 366 * 24 - 1))
def test_an_hour_is_cut_without_a_rest_and_each_piece_is_what_runs_in_it(
    windows: list[tuple[int, int]], number: int
) -> None:
    texts = tuple(f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}" for first, last in windows)
    calendar = calendar_set(
        TariffCalendar(
            periods=(
                CalendarPeriod(name="a", hours=texts),
                CalendarPeriod(name="b", days=("sunday",)),
                CalendarPeriod(name="c"),
            )
        )
    )
    clock = CalendarClock(calendar, PARIS)
    start = datetime(2026, 1, 1, tzinfo=PARIS).timestamp() + number * HOUR
    spans = clock.spans(start, start + HOUR)
    assert isinstance(spans, list)
    assert [span.start for span in spans] == [start, *(span.end for span in spans[:-1])]
    assert spans[-1].end == start + HOUR
    for span in spans:
        when = datetime.fromtimestamp(span.start, PARIS)
        minute = when.hour * 60 + when.minute
        inside = any(a <= minute < b if a < b else minute >= a or minute < b for a, b in windows)
        assert span.register == ("EASF01" if inside else "EASF02" if when.weekday() == 6 else "EASF03")
