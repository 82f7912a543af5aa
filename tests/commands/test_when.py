"""`linkytui when`: hours set, hours of the meter, Tempo, one price, and days of 23 and 25 hours."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.billing.kept_hours import write_hours
from linkytui.commands import accounts
from linkytui.history.reader import HistoryReader
from linkytui.reading import Contract
from linkytui.reading.meter_hours import KnownHours
from linkytui.tic import PARIS, Colour
from tests.billing.recordings import keep, night_and_day, samples

Capture = pytest.CaptureFixture[str]
At = Callable[[str], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    def set_clock(when: str) -> None:
        moment = datetime.fromisoformat(when).replace(tzinfo=PARIS).timestamp()
        monkeypatch.setattr(accounts, "now", lambda: moment)

    return set_clock


@pytest.fixture
def short(tmp_path: Path) -> None:
    """The person has recorded for some hours."""
    folder = tmp_path / "xdg" / "data" / "linkytui"
    start = datetime(2026, 2, 1, tzinfo=PARIS).timestamp()
    rows = samples(start, start + 7200, Contract.HPHC, night_and_day, before={"HC": 4_000_000, "HP": 7_000_000})
    keep(folder, rows, start + 7200)


def when(capsys: Capture, *options: str) -> dict[str, Any]:
    assert cli.run(["when", *options, "--json"]) == 0
    out, _err = capsys.readouterr()
    shown: dict[str, Any] = json.loads(out)
    return shown


@pytest.mark.usefixtures("short")
def test_the_night_is_cheaper_by_what_the_prices_differ(
    capsys: Capture, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30 kWh at 0.1589 and at 0.2142 until 22:30: 4.2857 h, of which none are off-peak at 18:00."""
    monkeypatch.setenv("LINKYTUI_TARIFF_OFF_PEAK", "22:30-06:30")
    at("2026-11-24T18:00")
    assert when(capsys, "--kwh", "30", "--kw", "7", "--before", "07:00") == {
        "start": "2026-11-24T22:30:00+01:00",
        "end": "2026-11-25T02:47:09+01:00",
        "eur": 4.77,
        "eur_now": 6.43,
        "known_until": "2026-11-26T00:00:00+01:00",
    }
    assert cli.run(["when", "--kwh", "30", "--kw", "7"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Start at 22:30: 4.77 EUR, done by 02:47 tomorrow.",
        "Now it would cost 6.43 EUR: waiting saves 1.66 EUR.",
        "Prices are known until Thu 26 Nov 00:00; hours: your settings.",
    ]


@pytest.mark.usefixtures("short")
def test_now_where_now_is_cheapest(capsys: Capture, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_TARIFF_OFF_PEAK", "22:30-06:30")
    at("2026-11-24T23:00")
    assert cli.run(["when", "--kwh", "3", "--kw", "2,5", "--before", "7h00"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Start now: 0.48 EUR, done by 00:12 tomorrow.",
        "No later time up to 07:00 tomorrow is cheaper.",
    ]


@pytest.mark.usefixtures("short")
def test_one_price_does_not_matter(capsys: Capture, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_TARIFF_OPTION", "BASE")
    at("2026-11-24T18:00")
    shown = when(capsys, "--kwh", "10", "--kw", "2")
    assert shown["eur"] == shown["eur_now"]
    assert shown["start"] == "2026-11-24T18:00:00+01:00"
    assert cli.run(["--lang", "fr", "when", "--kwh", "10", "--kw", "2"]) == 0
    assert capsys.readouterr().out.startswith("Peu importe l'heure : ")


@pytest.mark.usefixtures("short")
def test_what_is_not_known_is_said(capsys: Capture, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    at("2026-11-24T18:00")
    assert cli.run(["when", "--kwh", "10", "--kw", "2"]) == 1
    assert "off-peak hours are not known yet" in capsys.readouterr().err
    monkeypatch.setenv("LINKYTUI_TARIFF_OFF_PEAK", "22:30-06:30")
    assert cli.run(["when", "--kwh", "100", "--kw", "2"]) == 1
    assert "It takes 50.0 h, and prices are known only until Thu 26 Nov 00:00." in capsys.readouterr().err
    assert cli.run(["when", "--kwh", "10", "--kw", "1", "--before", "22:00"]) == 1
    assert "It takes 10.0 h, too long to be done by 22:00." in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--kwh", "0", "--kw", "2"),
        ("--kwh", "nan", "--kw", "2"),
        ("--kwh", "inf", "--kw", "2"),
        ("--kwh", "-3", "--kw", "2"),
        ("--kwh", "3", "--kw", "two"),
        ("--kwh", "3", "--kw", "2", "--before", "24:00"),
        ("--kwh", "3"),
    ],
)
def test_what_is_no_amount_and_no_time_is_refused(options: tuple[str, ...]) -> None:
    assert cli.run(["when", *options]) == 2


@pytest.mark.parametrize(
    ("eve", "hours", "kwh", "kw"),
    [
        ("2026-03-28", "22:30-06:30", "21", "3"),
        ("2026-10-24", "22:30-06:30", "17", "2"),
        ("2026-10-24", "01:00-07:00", "9", "9"),
        ("2026-03-28", "01:00-07:00", "16", "2"),
        ("2026-11-24", "02:10-08:10", "14", "2"),
    ],
)
def test_a_search_through_every_minute_finds_nothing_cheaper(
    short: None, capsys: Capture, at: At, monkeypatch: pytest.MonkeyPatch, eve: str, hours: str, kwh: str, kw: str
) -> None:
    """Nights of 7, 8 and 9 hours. The clock of each minute is asked of the zone, not of the program."""
    for name, value in (("HC", "0.1"), ("HP", "0.2"), ("SUBSCRIPTION", "10")):
        monkeypatch.setenv(f"LINKYTUI_TARIFF_PRICES_{name}", value)
    monkeypatch.setenv("LINKYTUI_TARIFF_OFF_PEAK", hours)
    at(f"{eve}T17:20")
    shown = when(capsys, "--kwh", kwh, "--kw", kw)
    first, last = (int(text[:2]) * 60 + int(text[3:]) for text in hours.split("-"))
    begin = datetime.fromisoformat(f"{eve}T17:20").replace(tzinfo=PARIS).astimezone(UTC)
    end = (datetime.fromisoformat(eve).replace(tzinfo=PARIS) + timedelta(days=2)).astimezone(UTC)
    prices = []
    for minute in range(int((end - begin).total_seconds()) // 60):
        clock = (begin + timedelta(minutes=minute)).astimezone(PARIS)
        here = clock.hour * 60 + clock.minute
        cheap = first <= here < last if first < last else not last <= here < first
        prices.append(1 if cheap else 2)
    length = int(Decimal(kwh) / Decimal(kw) * 60)
    costs = [sum(prices[start : start + length]) for start in range(len(prices) - length + 1)]
    start = begin + timedelta(minutes=costs.index(min(costs)))
    assert shown["eur"] == round(min(costs) * float(kw) / 600 + 1e-9, 2)
    assert shown["eur_now"] == round(costs[0] * float(kw) / 600 + 1e-9, 2)
    assert datetime.fromisoformat(shown["start"]) == start


@pytest.mark.usefixtures("short")
def test_the_timetable_that_the_meter_told_needs_no_setting(capsys: Capture, at: At, tmp_path: Path) -> None:
    folder = tmp_path / "xdg" / "data" / "linkytui"
    (meter,) = HistoryReader(folder).meters()
    text = " ".join(["0000C001", "061E8002", "161EC001", *["NONUTILE"] * 8])
    write_hours(
        folder,
        KnownHours(
            meter.number, Contract.HPHC, base="hexadecimal", numbered={0: text}, days={date(2026, 11, 25): text}
        ),
    )
    at("2026-11-24T18:00")
    assert when(capsys, "--kwh", "7", "--kw", "7")["start"] == "2026-11-24T22:30:00+01:00"
    assert cli.run(["when", "--kwh", "7", "--kw", "7"]) == 0
    assert "hours: meter's timetable." in capsys.readouterr().out


def test_tempo_is_planned_as_far_as_the_colours_are_known(
    capsys: Capture, at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A red day until 06:00, and nobody knows yet what the next one is: the red night is all that there is to plan."""
    folder = tmp_path / "xdg" / "data" / "linkytui"
    start = datetime(2026, 1, 13, 18, tzinfo=PARIS).timestamp()

    def tempo(when: datetime) -> tuple[str, int]:
        return ("HCJR" if when.hour >= 22 else "HPJR", 300)

    before = dict.fromkeys(("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"), 1000)
    rows = samples(start, start + 7200, Contract.TEMPO, tempo, before=before, colour=lambda _when: Colour.RED)
    keep(folder, rows, start + 7200)
    monkeypatch.setenv("LINKYTUI_TARIFF_OFF_PEAK", "22:00-06:00")
    at("2026-01-13T20:00")
    shown = when(capsys, "--kwh", "7", "--kw", "7")
    assert shown["start"] == "2026-01-13T22:00:00+01:00"
    assert shown["known_until"] == "2026-01-14T06:00:00+01:00"
    assert shown["eur_now"] > 3 * shown["eur"]
