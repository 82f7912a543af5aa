"""Tempo's colours from public calendars: what they answer, how they fail, and how seldom they are asked."""

import json
import logging
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.civil.tempo import RED_DAYS, WHITE_DAYS, can_be_red, can_be_white, days_left
from linkytui.tariffs.fetch import Limits, fetch
from linkytui.tariffs.tempo_calendar import (
    CalendarSource,
    TempoColours,
    ask_tempo,
    is_due,
    read_mirror,
    read_rte,
    read_tempo,
    update_tempo,
)
from linkytui.tic import PARIS, Colour
from tests.tariffs.site import Site, status

NOW = datetime(2026, 1, 13, 11, tzinfo=PARIS).timestamp()
RTE = json.dumps(
    {
        "values": {
            "2025-12-31": "WHITE",
            "2026-01-13": "BLUE",
            "2026-01-13-fallback": "false",
            "2026-01-14": "RED",
            "2026-01-15": "BLUE",
            "2026-01-15-fallback": "true",
            "2026-01-16": "NOT_DEFINED",
            "2026-09-01": "BLUE",
        }
    }
).encode()
MIRROR = json.dumps(
    [
        {"dateJour": "2026-01-13", "codeJour": 1},
        {"dateJour": "2026-01-14", "codeJour": 3},
        {"dateJour": "2026-01-15", "codeJour": 0},
    ]
).encode()
FAST = Limits(connect=5, silence=5, whole=10, pauses=())


def sources(site: Site) -> tuple[CalendarSource, ...]:
    return (
        CalendarSource("RTE", site.url + "/rte?season={first}-{last}", read_rte),
        CalendarSource("mirror", site.url + "/mirror?season={first}-{last}", read_mirror),
    )


def ask(site: Site, known: TempoColours | None = None) -> TempoColours:
    return ask_tempo(known or TempoColours(), NOW, lambda url: fetch(url, limits=FAST), sources(site))


def test_rte_answers_first_and_a_colour_that_it_only_supposes_is_none(site: Site) -> None:
    site.answers["/rte?season=2025-2026"] = status(200, RTE)
    told = ask(site)
    assert told.colours == {
        date(2025, 12, 31): Colour.WHITE,
        date(2026, 1, 13): Colour.BLUE,
        date(2026, 1, 14): Colour.RED,
    }
    assert (told.source, told.trouble, told.told_at) == ("RTE", "", NOW)
    assert [path for path, _headers in site.asked] == ["/rte?season=2025-2026"]


@pytest.mark.parametrize(
    ("code", "body"),
    [(403, b""), (404, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"values": {"x": "RED"}}'), (200, b"")],
)
def test_the_mirror_stands_in_and_each_failure_is_said(
    site: Site, code: int, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    site.answers["/rte?season=2025-2026"] = status(code, body)
    site.answers["/mirror?season=2025-2026"] = status(200, MIRROR)
    with caplog.at_level(logging.INFO):
        told = ask(site)
    assert told.colours == {date(2026, 1, 13): Colour.BLUE, date(2026, 1, 14): Colour.RED}
    assert told.source == "mirror"
    texts = [record.getMessage() for record in caplog.records if "Tempo" in record.getMessage()]
    assert len(texts) == 2
    assert "RTE: " in texts[0]
    assert "browser" not in texts[0]
    assert "asked of mirror" in texts[1]


def test_what_was_known_stays_where_nobody_answers(site: Site) -> None:
    known = TempoColours({date(2026, 1, 13): Colour.WHITE}, "RTE", NOW - 9999, NOW - 9999)
    told = ask(site, known)
    assert told.colours == known.colours
    assert told.trouble.startswith("RTE: ")
    assert "mirror: " in told.trouble
    assert (told.asked_at, told.told_at) == (NOW, NOW - 9999)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
    )
)
def test_no_answer_whatever_it_is_stops_the_asking(answer: Any) -> None:
    class Given:
        data = json.dumps(answer).encode()

    told = ask_tempo(TempoColours(), NOW, lambda _url: Given())  # type: ignore[arg-type, return-value]
    assert told.colours == {}


def test_it_is_asked_seldom_and_more_often_while_tomorrow_is_not_known() -> None:
    assert is_due(TempoColours(), NOW)
    unknown = TempoColours({date(2026, 1, 13): Colour.BLUE}, "RTE", NOW, NOW)
    assert not is_due(unknown, NOW + 1700)
    assert is_due(unknown, NOW + 1800)
    known = TempoColours({date(2026, 1, 14): Colour.BLUE}, "RTE", NOW, NOW)
    assert not is_due(known, NOW + 3 * 3600)
    assert is_due(known, NOW + 6 * 3600)
    assert is_due(known, NOW - 1)


def test_what_was_told_is_kept(tmp_path: Path, site: Site) -> None:
    file = tmp_path / "tempo.json"
    site.answers["/rte?season=2025-2026"] = status(200, RTE)
    asked = []

    def through(url: str) -> Any:
        asked.append(url)
        return fetch(site.url + "/rte?season=2025-2026", limits=FAST)

    for later in (0, 60, 1700):
        update_tempo(NOW + later, file, through)
    assert len(asked) == 1
    assert asked[0].startswith("https://www.services-rte.com/")
    assert read_tempo(file, tmp_path / "none").colours[date(2026, 1, 14)] is Colour.RED
    file.write_bytes(b"{")
    assert read_tempo(file, tmp_path / "none") == TempoColours()


def test_the_days_that_are_left_are_counted_down_by_colour() -> None:
    first = date(2025, 9, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    red = [day for day in days if can_be_red(day)][:RED_DAYS]
    white = [day for day in days if can_be_white(day) and day not in red][:WHITE_DAYS]
    colours = {day: Colour.RED if day in red else Colour.WHITE if day in white else Colour.BLUE for day in days}
    for day in days:
        left = days_left(day, colours)
        assert left[Colour.RED] == len([each for each in red if each > day])
        assert left[Colour.WHITE] == len([each for each in white if each > day])
        assert sum(left.values()) == (days[-1] - day).days
